package api

import (
	"encoding/json"
	"strings"
	"testing"
)

type person struct {
	Name     string  `json:"name"`
	Email    string  `json:"email" check:"email"`
	Password string  `json:"password" check:"nonempty"`
	Image    *string `json:"image"`
	Remember *bool   `json:"rememberMe"`
	Rest     Rest
}

func decodeBody[T any](t *testing.T, body string) (T, error) {
	t.Helper()
	c := &Call{body: undefined}
	if body != "undefined" {
		v, err := parseJSON([]byte(body))
		if err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		c.body = v
	}
	var in T
	return in, shapeOf[T](inBody).decode(c, &in)
}

func TestValidationTexts(t *testing.T) {
	const wrong = "Invalid input: expected "
	tests := []struct{ name, body, want string }{
		{
			"nothing sent", "undefined",
			"[body] " + wrong + "object, received undefined; [body] " + wrong + "record, received undefined",
		},
		{"null", "null", "[body] " + wrong + "object, received null; [body] " + wrong + "record, received null"},
		{"a list", "[]", "[body] " + wrong + "object, received array; [body] " + wrong + "record, received array"},
		{
			"everything missing", "{}",
			"[body.name] " + wrong + "string, received undefined; [body.email] " + wrong + "string, received undefined; [body.password] " + wrong + "string, received undefined",
		},
		{"large number for text", `{"name":1e999,"email":"a@b.co","password":"x"}`, "[body.name] " + wrong + "string, received Infinity"},
		{"large negative number for text", `{"name":-1e999,"email":"a@b.co","password":"x"}`, "[body.name] " + wrong + "string, received -Infinity"},
		{"number for text", `{"name":1,"email":"a@b.co","password":"x"}`, "[body.name] " + wrong + "string, received number"},
		{"null for optional", `{"name":"n","email":"a@b.co","password":"x","image":null}`, "[body.image] " + wrong + "string, received null"},
		{"text for boolean", `{"name":"n","email":"a@b.co","password":"x","rememberMe":"true"}`, "[body.rememberMe] " + wrong + "boolean, received string"},
		{"object for text", `{"name":{},"email":"a@b.co","password":"x"}`, "[body.name] " + wrong + "string, received object"},
		{"bad address", `{"name":"n","email":"a@b","password":"x"}`, "[body.email] Invalid email address"},
		{"empty password", `{"name":"n","email":"a@b.co","password":""}`, "[body.password] Too small: expected string to have >=1 characters"},
		{
			"list for password", `{"name":"n","email":"a@b.co","password":[]}`,
			"[body.password] " + wrong + "string, received array; [body.password] Too small: expected array to have >=1 items",
		},
		{"exact case", `{"Name":"n","email":"a@b.co","password":"x"}`, "[body.name] " + wrong + "string, received undefined"},
		{"NUL", `{"name":"a\u0000b","email":"a@b.co","password":"x"}`, "[body.name] Invalid string: must not contain a null character"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := decodeBody[person](t, tt.body)
			if err == nil {
				t.Fatal("accepted")
			}
			e := AsError(err)
			if e.Status != 400 || e.Code != "VALIDATION_ERROR" || e.Message != tt.want {
				t.Errorf("got  %d %s %s\nwant %s", e.Status, e.Code, e.Message, tt.want)
			}
		})
	}
}

func TestDecodeFillsTheInput(t *testing.T) {
	in, err := decodeBody[person](t, `{"name":"N","email":"a@b.co","password":"p","image":"i","rememberMe":false,"age":3,"name":"last"}`)
	if err != nil {
		t.Fatal(err)
	}
	if in.Name != "last" || in.Email != "a@b.co" || *in.Image != "i" || *in.Remember {
		t.Errorf("got %+v", in)
	}
	if len(in.Rest) != 1 || in.Rest["age"] != json.Number("3") {
		t.Errorf("rest is %v", in.Rest)
	}
}

func TestOptionalInput(t *testing.T) {
	type input struct {
		State *string `json:"state"`
	}
	if in, err := decodeBody[*input](t, "undefined"); err != nil || in != nil {
		t.Errorf("no body gave %v, %v", in, err)
	}
	if in, err := decodeBody[*input](t, `{"state":"s"}`); err != nil || *in.State != "s" {
		t.Errorf("a body gave %v, %v", in, err)
	}
	if _, err := decodeBody[*input](t, `null`); err == nil || !strings.Contains(err.Error(), "expected object, received null") {
		t.Errorf("null gave %v", err)
	}
}

func TestIsEmail(t *testing.T) {
	// Answers of zod 4's z.email(), as Better Auth 1.7.25 installs it.
	for address, want := range map[string]bool{
		"a@b.co": true, "a.b+c'd-e_f@sub.example.com": true, "A@B.CO": true,
		"": false, "a": false, "a@b": false, "@b.co": false, "a@.co": false, "a..b@c.co": false, ".a@b.co": false,
		"a.@b.co": false, "a b@c.co": false, "a@b_c.co": false, "ä@b.co": false, "a@b.c": false, "a@b.co ": false, "a@b.co\n": false,
		"a@xn--bcher-kva.example": true, "a@b.xn--p1ai": false, "\"a\"@b.co": false,
	} {
		if got := IsEmail(address); got != want {
			t.Errorf("IsEmail(%q) = %v", address, got)
		}
	}
}

func TestTruthyQuery(t *testing.T) {
	for text, want := range map[string]bool{`""`: false, `"false"`: true, `"0"`: true, `["",""]`: true} {
		type input struct {
			On Truthy `json:"on"`
		}
		in, err := decodeBody[input](t, `{"on":`+text+`}`)
		if err != nil || bool(in.On) != want {
			t.Errorf("%s: %v, %v", text, in.On, err)
		}
	}
}
