package server_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/server"
)

// extensible are the tables that take fields of the configuration.
var extensible = []string{"user", "session", "account", "verification"}

// fieldOptions are the options of an additional field, each with the field that
// it makes beside an option type. What fields do is shown by the conversations
// of the topics fields, update-user and update-session.
var fieldOptions = []struct {
	option, yaml string
	want         schema.Field
}{
	{"type", "type: boolean", schema.Field{Type: schema.Boolean, Required: true, Lax: true}},
	{"type", "type: [low, high]", schema.Field{Type: schema.String, Enum: []string{"low", "high"}, Required: true, Lax: true}},
	{"required", "type: string, required: false", schema.Field{Type: schema.String}},
	{"required", "type: string, required: true", schema.Field{Type: schema.String, Required: true}},
	{"input", "type: string, input: false", schema.Field{Type: schema.String, Required: true, Lax: true, NoInput: true}},
	{"returned", "type: string, returned: false", schema.Field{Type: schema.String, Required: true, Lax: true, NotReturned: true}},
	{"defaultValue", "type: number, defaultValue: 3", schema.Field{Type: schema.Number, Required: true, Lax: true, Default: int64(3)}},
	{"defaultValue", "type: json, defaultValue: {a: [1, 2.5]}", schema.Field{Type: schema.JSON, Required: true, Lax: true, Default: map[string]any{"a": []any{int64(1), 2.5}}}},
	{"unique", "type: string, unique: true", schema.Field{Type: schema.String, Required: true, Lax: true, Unique: true}},
	{"index", "type: string, index: true", schema.Field{Type: schema.String, Required: true, Lax: true, Index: true}},
	{"bigint", "type: number, bigint: true", schema.Field{Type: schema.BigInt, Required: true, Lax: true}},
	{"sortable", "type: string, sortable: true", schema.Field{Type: schema.String, Required: true, Lax: true}},
	{"fieldName", "type: string, fieldName: other", schema.Field{Type: schema.String, Required: true, Lax: true, Column: "other"}},
	{"references.model", "type: string, references: {model: user, field: email}", schema.Field{Type: schema.String, Required: true, Lax: true, References: &schema.Reference{Model: "user", Field: "email"}}},
	{"references.field", "type: string, references: {model: user, field: id}", schema.Field{Type: schema.String, Required: true, Lax: true, References: &schema.Reference{Model: "user", Field: "id"}}},
	{"references.onDelete", "type: string, references: {model: user, field: id, onDelete: set null}", schema.Field{Type: schema.String, Required: true, Lax: true, References: &schema.Reference{Model: "user", Field: "id", OnDelete: "set null"}}},
}

func TestAdditionalFieldsReachTheTables(t *testing.T) {
	t.Parallel()
	for _, model := range extensible {
		for _, o := range fieldOptions {
			text := fmt.Sprintf("%s: {additionalFields: {first: {type: string}, f: {%s}}}", model, o.yaml)
			cfg, err := server.ParseConfig(text, nil)
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			set, err := server.Schema(cfg)
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			fields := set.Table(model).Fields
			want := o.want
			want.Name = "f"
			if got := fields[len(fields)-1]; !reflect.DeepEqual(got, want) {
				t.Errorf("%s\n got %+v\nwant %+v", text, got, want)
			}
		}
	}
}

func TestBadAdditionalFields(t *testing.T) {
	t.Parallel()
	for field, want := range map[string]string{
		"f: {}":                                  "f.type is missing",
		"f: {type: text}":                        "f.type must be string, number, boolean, date, json, string[], number[] or a list of texts",
		"f: {type: []}":                          "f.type must be string, number, boolean, date, json, string[], number[] or a list of texts",
		"f: {typ: string}":                       "f.typ is not an option; did you mean user.additionalFields.f.type?",
		"f: {type: string, bigint: true}":        "f has bigint, which only a number can be; take it out",
		"f: {type: number, defaultValue: x}":     "f has a defaultValue that is not a number",
		"f: {type: date, defaultValue: x}":       "f has a defaultValue that is not a date",
		"f: {type: [a], defaultValue: b}":        "f has a defaultValue that is not a string",
		"f: {type: 'string[]', defaultValue: 1}": "f has a defaultValue that is not a string[]",
		"f: {type: string, onUpdate: x}":         "f.onUpdate cannot be honoured here; use a trigger in the database",
		"f: {type: string, transform: {}}":       "f.transform cannot be honoured here; use a trigger in the database",
		"f: {type: string, validator: {}}":       "f.validator cannot be honoured here; use a CHECK constraint in the database",
		"f: {type: string, references: {model: user, field: id, onDelete: x}}": "f.references.onDelete must be no action, restrict, cascade, set null or set default",
	} {
		_, err := server.ParseConfig("user: {additionalFields: {"+field+"}}", nil)
		if err == nil || !strings.HasSuffix(err.Error(), " user.additionalFields."+want) {
			t.Errorf("%s\n got %v\nwant user.additionalFields.%s", field, err, want)
		}
	}
}

func TestAdditionalFieldsThatNoTableCouldHold(t *testing.T) {
	t.Parallel()
	for field, want := range map[string]string{
		"email: {type: string}":                                       "every deployment has",
		"id: {type: string}":                                          "every deployment has",
		`"": {type: string}`:                                          "every deployment has",
		"f: {type: string, fieldName: email}":                         "share the column",
		"f: {type: string, references: {model: nobody, field: id}}":   "unknown model",
		"f: {type: string, references: {model: user, field: nobody}}": "unknown field",
	} {
		cfg, err := server.ParseConfig("user: {additionalFields: {"+field+"}}", nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := server.Schema(cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want ...%s...", field, err, want)
		}
	}
}

// What the names do is shown by the conversations of the topic renames.
func TestNamesReachTheTables(t *testing.T) {
	t.Parallel()
	for _, model := range extensible {
		text := fmt.Sprintf("%s: {modelName: other, fields: {createdAt: made}}", model)
		cfg, err := server.ParseConfig(text, nil)
		if err != nil {
			t.Fatal(err)
		}
		set, err := server.Schema(cfg)
		if err != nil {
			t.Fatal(err)
		}
		if table := set.Table(model); table.TableName() != "other" || table.Field("createdAt").ColumnName() != "made" {
			t.Errorf("%s: %+v", text, table)
		}
	}
}

func TestBadNames(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"user: {fields: {mail: x}}":       `user.fields names a column for "mail", which is no field of a user; a field of additionalFields has its fieldName`,
		"user: {fields: {id: x}}":         "user.fields names a column for id, which is always called that",
		"session: {fields: {token: ''}}":  "session.fields gives token a column without a name; name one, or leave token out",
		"account: {modelName: {a: b}}":    "account.modelName must be a text; put it in quotes",
		"verification: {fields: [value]}": "verification.fields must be an object, keys with values",
	} {
		if _, err := server.ParseConfig(text, nil); err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s\n got %v\nwant %s", text, err, want)
		}
	}
	for text, want := range map[string]string{
		"user: {modelName: session}":                         "share the table name",
		"user: {fields: {name: email}}":                      "share the column",
		"user: {modelName: " + strings.Repeat("x", 64) + "}": "more than 63 bytes",
	} {
		cfg, err := server.ParseConfig(text, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := server.Schema(cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want ...%s...", text, err, want)
		}
	}
}

func TestNamesOfAPluginsTables(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, compose(`plugins: {jwt: {schema: {jwks: {modelName: "signing keys", fields: {publicKey: public, alg: order}}}}}`))
	c, _ := signUp(s, nil)
	c.Get("/token").Is(200)
	if n := s.Count(`select count(*) from "signing keys" where public like '{%' and "order" = 'EdDSA'`); n != 1 {
		t.Errorf("%d keys", n)
	}
	_, err := server.ParseConfig("plugins: {jwt: {schema: {jwks: {fields: {kid: x}}}}}", nil)
	if err == nil || !strings.Contains(err.Error(), `plugins.jwt.schema.jwks names a column for "kid"`) {
		t.Error(err)
	}
}

func TestNamesOfAPluginsColumns(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, compose(`plugins: {admin: {schema: {user: {fields: {role: "the role", banned: out}}, session: {fields: {impersonatedBy: by}}}}}`))
	_, _ = signUp(s, nil)
	if n := s.Count(`select count(*) from "user" where "the role" = 'user' and out = false`); n != 1 {
		t.Errorf("%d users", n)
	}
	if n := s.Count(`select count(*) from session where by is null`); n != 1 {
		t.Errorf("%d sessions", n)
	}
}
