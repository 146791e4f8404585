package transcript

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/postgres/pgtest"
	"github.com/sallyport-auth/sallyport/internal/transcript/oracle"
)

// description is what tools rely on in an OpenAPI document.
type description struct {
	OpenAPI    string
	Servers    []struct{ URL string }
	Components struct {
		Schemas         map[string]objectSchema
		SecuritySchemes map[string]any
	}
	Paths map[string]map[string]struct {
		Tags        []string
		OperationID string
		Parameters  []struct{ Name, In string }
		RequestBody struct {
			Content map[string]struct{ Schema objectSchema }
		}
		Responses map[string]any
	}
}

type objectSchema struct {
	Properties map[string]any
	Required   []string
}

const described = `{"baseURL":"http://auth.test","emailAndPassword":{"enabled":true},"rateLimit":{"enabled":false},
"user":{"additionalFields":{"nick":{"type":"string","required":false},"level":{"type":"string","required":true},"points":{"type":"number","required":false,"input":false}}},
"plugins":{"jwt":{},"bearer":{},"openAPI":{}}}`

// fuller are the operations of which our document tells more parameters.
var fuller = map[string]bool{"get /account-info": true}

// The document has the names of Better Auth's: every path, operation, tag,
// parameter, body member, model and security scheme that both servers have.
func TestDocumentsHaveTheSameNames(t *testing.T) {
	if testing.Short() {
		t.Skip("needs Node")
	}
	t.Parallel()
	process, err := oracle.Start(t.Context(), oracle.Options{Config: described, DatabaseURL: pgtest.URL(t)}, authtest.Secret)
	if err != nil {
		t.Fatal(err)
	}
	defer process.Stop()
	want := readDescription(t, process.URL+"/api/auth/open-api/generate-schema")
	got := readDescription(t, authtest.New(t, described).Base+"/open-api/generate-schema")

	if got.OpenAPI != want.OpenAPI || got.Servers[0] != want.Servers[0] {
		t.Errorf("OpenAPI %s of %v, want %s of %v", got.OpenAPI, got.Servers, want.OpenAPI, want.Servers)
	}
	equalNames(t, "security schemes", got.Components.SecuritySchemes, want.Components.SecuritySchemes)
	for name, schema := range want.Components.Schemas {
		equalNames(t, name, got.Components.Schemas[name].Properties, schema.Properties)
		equalLists(t, name+"'s required members", got.Components.Schemas[name].Required, schema.Required)
	}
	for path, item := range got.Paths {
		for method, op := range item {
			name := method + " " + path
			original, ok := want.Paths[path][method]
			if !ok {
				t.Errorf("%s is not in Better Auth's document", name)
				continue
			}
			if original.OperationID != "" && op.OperationID != original.OperationID {
				t.Errorf("%s is called %s, want %s", name, op.OperationID, original.OperationID)
			}
			equalLists(t, "tags of "+name, op.Tags, original.Tags)
			if !fuller[name] {
				equalLists(t, "parameters of "+name, parameterNames(op.Parameters), parameterNames(original.Parameters))
			}
			body, originalBody := op.RequestBody.Content["application/json"].Schema, original.RequestBody.Content["application/json"].Schema
			equalNames(t, "body of "+name, body.Properties, originalBody.Properties)
			equalLists(t, "required body of "+name, body.Required, originalBody.Required)
		}
	}
}

func readDescription(t *testing.T, url string) (d description) {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatalf("%s: %v\n%s", url, err, text)
	}
	return d
}

func parameterNames(list []struct{ Name, In string }) (out []string) {
	for _, p := range list {
		out = append(out, p.In+" "+p.Name)
	}
	return out
}

func equalNames(t *testing.T, what string, got, want map[string]any) {
	t.Helper()
	equalLists(t, what, slices.Collect(maps.Keys(got)), slices.Collect(maps.Keys(want)))
}

func equalLists(t *testing.T, what string, got, want []string) {
	t.Helper()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}
