package config

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func TestSchemaOfEveryForm(t *testing.T) {
	text, err := JSONSchema(reflect.TypeFor[tree](), "A tree")
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		AdditionalProperties bool
		Properties           map[string]json.RawMessage
	}
	if err := json.Unmarshal(text, &schema); err != nil || schema.AdditionalProperties {
		t.Fatalf("%v: %s", err, text)
	}
	for name, want := range map[string]string{
		"name":     `{"description":"A text.","type":"string"}`,
		"secret":   `{"type":"string"}`,
		"level":    `{"anyOf":[{"enum":["debug","info"]},{"$ref":"#/$defs/variable"}],"default":"info"}`,
		"site":     `{"anyOf":[{"enum":["strict","lax","Strict","Lax"]},{"$ref":"#/$defs/variable"}]}`,
		"origins":  `{"items":{"type":"string"},"type":"array"}`,
		"claims":   `{"additionalProperties":{"type":"string"},"type":"object"}`,
		"audience": `{"anyOf":[{"type":"string"},{"items":{"type":"string"},"type":"array"}]}`,
		"redis":    `{"description":"Not supported yet. ","not":{}}`,
		"hash":     `{"description":"Not honoured here: use scrypt.","not":{}}`,
	} {
		if got := compact(t, schema.Properties[name]); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	for name, want := range map[string]string{
		"limits":  `"max":{"anyOf":[{"maximum":100,"minimum":1,"type":"integer"},{"$ref":"#/$defs/variable"}]}`,
		"items":   `"required":["version","value"]`,
		"byKey":   `"additionalProperties":{"additionalProperties":false`,
		"rules":   `{"const":false}`,
		"plugins": `"jwt":{"additionalProperties":false`,
	} {
		if got := compact(t, schema.Properties[name]); !strings.Contains(got, want) {
			t.Errorf("%s is %s, which lacks %s", name, got, want)
		}
	}
	if _, there := schema.Properties["-"]; there {
		t.Error("what only the environment sets is in the schema")
	}
}

func compact(t *testing.T, text json.RawMessage) string {
	t.Helper()
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatal(err)
	}
	short, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(short)
}

func TestReferenceListsEveryOption(t *testing.T) {
	page := Reference(reflect.TypeFor[tree]())
	for _, line := range []string{
		"| `level` | `info` |  One of `debug`, `info`. |",
		"| `redis` |  | *Not supported yet.*  |",
		"| `hash` |  | Not honoured here: use scrypt. |",
		"| `limits.freshFor` |  |  |",
		"| `byKey.<key>.max` |  |  |",
		"| `items[].version` |  |  |",
		"| `rules.<key>.max` |  |  |",
		"| `BETTER_AUTH_NAME` | `name` | A text. |",
		"| `OTHER_NAME` | `name` | Read where the variables above it for the same option are not set. A value of `/` does not count. |",
		"| `OTEL_*` |  | *Not supported yet.*  |",
	} {
		if !strings.Contains(page, line+"\n") {
			t.Errorf("no line %s in\n%s", line, page)
		}
	}
}
