package server_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/server"
)

// everyPlugin is the default configuration with every plugin on that there is.
func everyPlugin() string {
	var names []string
	t := reflect.TypeFor[server.Plugins]()
	for i := range t.NumField() {
		if f := t.Field(i); f.Type.Kind() == reflect.Pointer {
			names = append(names, f.Tag.Get("yaml")+": {}")
		}
	}
	return "baseURL: http://localhost:8080\nemailAndPassword: {enabled: true}\nplugins: {" + strings.Join(names, ", ") + "}\n"
}

// described gives the document of a server.
func described(s *authtest.Server) []byte {
	return []byte(s.Client().Get("/open-api/generate-schema").Is(http.StatusOK).Text)
}

func TestOpenAPIDocumentsAreUpToDate(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := json.Indent(&out, described(authtest.New(t, everyPlugin())), "", "  "); err != nil {
		t.Fatal(err)
	}
	server.CheckGenerated(t, "../../docs/openapi.json", append(out.Bytes(), '\n'))
}

// Every route says who may call it, what it does, and what it takes and gives.
func TestEveryRouteIsDescribed(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, everyPlugin())
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string
			Responses   map[string]json.RawMessage
		}
	}
	if err := json.Unmarshal(described(s), &doc); err != nil {
		t.Fatal(err)
	}
	ids := map[string]string{}
	for plugin, routes := range server.Routes(s.Server) {
		for _, r := range routes {
			name := r.Method + " " + r.Path
			if r.Access < api.Public || r.Access > api.Fresh {
				t.Errorf("%s has no access level", name)
			}
			if !strings.HasSuffix(r.Doc, ".") {
				t.Errorf("%s has no sentence of documentation: %q", name, r.Doc)
			}
			if r.Input == nil || r.Output == nil {
				t.Errorf("%s has no types", name)
			}
			op, there := doc.Paths[r.Path][strings.ToLower(r.Method)]
			if there == (plugin == "open-api") {
				t.Errorf("%s is in the document: %v", name, there)
			}
			if !there {
				continue
			}
			if other := ids[op.OperationID]; other != "" || op.OperationID == "" {
				t.Errorf("%s and %s are both called %q", name, other, op.OperationID)
			}
			ids[op.OperationID] = name
			if member := untold(r.Output); member != "" {
				t.Errorf("%s does not say what it answers: give %s a tag model, or the route api.Answers", name, member)
			}
			if in := r.Input; in.Kind() == reflect.Struct && in.NumField() == 1 && in.Field(0).Type == reflect.TypeFor[api.Rest]() && in.Field(0).Tag.Get("model") == "" {
				t.Errorf("%s does not say what it takes: give it api.Takes", name)
			}
		}
	}
}

// untold names the first part of an output that its type says nothing of.
func untold(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[api.Object](), reflect.TypeFor[json.RawMessage](), reflect.TypeFor[any]():
		return t.String()
	case reflect.TypeFor[time.Time](), reflect.TypeFor[api.File]():
		return ""
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		return untold(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if f := t.Field(i); f.Tag.Get("model") == "" && untold(f.Type) != "" {
				return t.String() + "." + f.Name
			}
		}
	}
	return ""
}
