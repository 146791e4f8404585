package openapi_test

import (
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

const everything = `
emailAndPassword: {enabled: true}
rateLimit: {enabled: false}
plugins: {jwt: {}, bearer: {}, openAPI: {}}
`

// configured has fields of every type on users and sessions, and paths that are
// off.
const configured = everything + `
user: {additionalFields: {nick: {type: string, required: false}, level: {type: [low, high], required: true}, age: {type: number, required: true, defaultValue: 5},
  born: {type: date, required: false}, tags: {type: 'string[]', required: false}, about: {type: json, required: false}, secret: {type: string, required: false, returned: false},
  points: {type: number, required: false, input: false}}}
session: {additionalFields: {device: {type: string, required: false}}}
disabledPaths: [/ok]
`

// document is the description that a server gives of itself.
type document struct {
	value    map[string]any
	compiler *jsonschema.Compiler
}

func describedBy(t *testing.T, s *authtest.Server) document {
	t.Helper()
	value := parse(t, s.Client().Get("/open-api/generate-schema").Is(http.StatusOK).Text)
	d := document{value.(map[string]any), jsonschema.NewCompiler()}
	d.compiler.AssertFormat()
	if err := d.compiler.AddResource("document.json", value); err != nil {
		t.Fatal(err)
	}
	return d
}

func parse(t *testing.T, text string) any {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return value
}

// at follows keys down.
func (d document) at(keys ...string) any {
	var value any = d.value
	for _, key := range keys {
		object, _ := value.(map[string]any)
		value = object[key]
	}
	return value
}

// schema compiles what stands at the keys.
func (d document) schema(t *testing.T, keys ...string) *jsonschema.Schema {
	t.Helper()
	pointer := "document.json#"
	for _, key := range keys {
		pointer += "/" + strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D").Replace(key)
	}
	s, err := d.compiler.Compile(pointer)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// official is the OpenAPI Initiative's schema of documents.
func official(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile("testdata/openapi-3.1-schema.json")
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("openapi.json", parse(t, string(text))); err != nil {
		t.Fatal(err)
	}
	return c.MustCompile("openapi.json")
}

func TestDocumentsAreValid(t *testing.T) {
	t.Parallel()
	for name, yaml := range map[string]string{"everything": everything, "little": "plugins: {openAPI: {}}\n", "fields": configured} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := describedBy(t, authtest.New(t, yaml))
			if err := official(t).Validate(any(d.value)); err != nil {
				t.Errorf("%#v", err)
			}
			d.check(t, d.value, nil)
		})
	}
}

// A call that answers with a page is described as one, not as JSON.
func TestAPageIsNoJSON(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, strings.Replace(everything, "openAPI: {}", "openAPI: {}, oauthPopup: {}", 1))
	d := describedBy(t, s)
	a := s.Client().Get("/oauth-popup/start?provider=nobody&popupOrigin=" + url.QueryEscape(s.Server.Auth.Origin)).Is(http.StatusOK)
	media, _, _ := strings.Cut(a.Header.Get("Content-Type"), ";")
	content, _ := d.at("paths", "/oauth-popup/start", "get", "responses", "200", "content").(map[string]any)
	if content[media] == nil || len(content) != 1 {
		t.Errorf("the answer is %s, described as %v", media, content)
	}
}

// check compiles every schema in the document, and finds every reference.
func (d document) check(t *testing.T, value any, keys []string) {
	t.Helper()
	switch value := value.(type) {
	case map[string]any:
		if ref, ok := value["$ref"].(string); ok && d.at(strings.Split(ref, "/")[1:]...) == nil {
			t.Errorf("%s leads nowhere from %v", ref, keys)
		}
		for key, inner := range value {
			path := append(slices.Clone(keys), key)
			if key == "schema" || len(keys) == 2 && keys[1] == "schemas" {
				d.schema(t, path...)
			}
			d.check(t, inner, path)
		}
	case []any:
		for i, inner := range value {
			d.check(t, inner, append(slices.Clone(keys), strconv.Itoa(i)))
		}
	}
}

// What a server answers, and what it takes, is what its document says.
func TestAnswersFitTheDocument(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, configured)
	d := describedBy(t, s)
	c := s.Client()
	const signUp = `{"name":"Ann","email":"ann@example.test","password":"correct horse","level":"low","tags":["a"],"born":"2000-01-01T00:00:00.000Z"}`
	for _, q := range []struct{ method, path, body string }{
		{"GET", "/get-session", ""},
		{"POST", "/sign-up/email", signUp},
		{"POST", "/sign-up/email", signUp},
		{"POST", "/sign-in/email", `{"email":"ann@example.test","password":"wrong"}`},
		{"POST", "/sign-in/email", `{"email":"ann@example.test","password":"correct horse"}`},
		{"GET", "/get-session", ""},
		{"GET", "/get-session?disableRefresh=true", ""},
		{"GET", "/list-sessions", ""},
		{"GET", "/list-accounts", ""},
		{"GET", "/token", ""},
		{"GET", "/jwks", ""},
		{"POST", "/update-user", `{"name":"Bob","image":null,"nick":"b","age":7}`},
		{"POST", "/update-session", `{"device":"phone"}`},
		{"POST", "/get-session", ""},
		{"POST", "/verify-password", `{"password":"correct horse"}`},
		{"POST", "/change-password", `{"currentPassword":"correct horse","newPassword":"another horse"}`},
		{"POST", "/unlink-account", `{"accountId":"x"}`},
		{"POST", "/revoke-session", `{"token":"x"}`},
		{"POST", "/revoke-other-sessions", `{}`},
		{"GET", "/error", ""},
		{"POST", "/sign-out", `{}`},
	} {
		media := ""
		if q.body != "" {
			media = "application/json"
		}
		a := c.Do(q.method, q.path, media, q.body)
		path, _, _ := strings.Cut(q.path, "?")
		d.fits(t, path, strings.ToLower(q.method), q.body, a)
	}
}

// fits compares a call with its description.
func (d document) fits(t *testing.T, path, method, body string, a *authtest.Answer) {
	t.Helper()
	keys := []string{"paths", path, method, "responses", strconv.Itoa(a.Status)}
	if ref, ok := d.at(append(keys, "$ref")...).(string); ok {
		keys = strings.Split(ref, "/")[1:]
	}
	switch {
	case d.at(keys...) == nil:
		t.Errorf("%s %s: %d is not in the document", method, path, a.Status)
	case a.Text != "":
		if err := d.schema(t, append(keys, "content", "application/json", "schema")...).Validate(parse(t, a.Text)); err != nil {
			t.Errorf("%s %s: %d %s\n%#v", method, path, a.Status, a.Text, err)
		}
	}
	if body != "" && a.Status == http.StatusOK {
		schema := d.schema(t, "paths", path, method, "requestBody", "content", "application/json", "schema")
		if err := schema.Validate(parse(t, body)); err != nil {
			t.Errorf("%s %s was accepted with %s\n%#v", method, path, body, err)
		}
	}
}
