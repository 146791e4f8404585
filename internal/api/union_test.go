package api

import (
	"net/http"
	"net/url"
	"testing"
)

type choice struct {
	ByName *byName `form:"strict"`
	Anyone *anyone `form:"strict"`
}

type byName struct {
	Name string  `json:"name"`
	Note *string `json:"note"`
}

type anyone struct {
	Any  True    `json:"any"`
	Note *string `json:"note"`
}

func decodeChoice(t *testing.T, src source, text string) (choice, error) {
	t.Helper()
	c := &Call{body: undefined, Request: &http.Request{URL: &url.URL{RawQuery: text}}}
	if src == inBody && text != "" {
		body, err := parseJSON([]byte(text))
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		c.body, c.bodyText = body, []byte(text)
	}
	var in choice
	return in, shapeOf[choice](src).decode(c, &in)
}

func TestUnionRefusals(t *testing.T) {
	t.Parallel()
	const none = "[body] Invalid input"
	tests := map[string]string{
		"": none, "null": none, "[]": none, "5": none, "{}": none, `{"name":5}`: none, `{"name":"x","note":5}`: none,
		`{"any":false}`: none, `{"any":"true"}`: none, `{"other":1}`: none,
		`{"name":"x","any":true}`:                       none,
		`{"any":true,"name":5}`:                         `[body] Unrecognized key: "name"`,
		`{"name":"x","any":1}`:                          `[body] Unrecognized key: "any"`,
		`{"name":"x","b":{"z":1},"a":[2]}`:              `[body] Unrecognized keys: "b", "a"`,
		`{"name":"x","b":1,"10":2,"a":3,"9":4,"b":5}`:   `[body] Unrecognized keys: "9", "10", "b", "a"`,
		"\ufeff{\"name\":\"x\",\"c\":1,\"01\":2}":       `[body] Unrecognized keys: "c", "01"`,
		`{"name":"x","4294967295":1,"4294967294":{}}`:   `[body] Unrecognized keys: "4294967294", "4294967295"`,
		`{"name":"x","a\"b":1}`:                         `[body] Unrecognized key: "a"b"`,
		`{"name":"x","__proto__":1,"constructor":null}`: `[body] Unrecognized keys: "__proto__", "constructor"`,
	}
	for body, want := range tests {
		_, err := decodeChoice(t, inBody, body)
		if err == nil {
			t.Errorf("%s is accepted", body)
			continue
		}
		if e := AsError(err); e.Status != 400 || e.Code != "VALIDATION_ERROR" || e.Message != want {
			t.Errorf("%s: %v, want %s", body, e, want)
		}
	}
}

func TestUnionTakesTheFormThatFits(t *testing.T) {
	t.Parallel()
	in, err := decodeChoice(t, inBody, `{"name":"x","note":"n"}`)
	if err != nil || in.Anyone != nil || in.ByName.Name != "x" || *in.ByName.Note != "n" {
		t.Errorf("got %+v %v", in, err)
	}
	in, err = decodeChoice(t, inBody, `{"any":true}`)
	if err != nil || in.ByName != nil || !in.Anyone.Any {
		t.Errorf("got %+v %v", in, err)
	}
	in, err = decodeChoice(t, inQuery, "name=x")
	if err != nil || in.ByName.Name != "x" {
		t.Errorf("got %+v %v", in, err)
	}
	for query, want := range map[string]string{
		"name=x&name=y": "[query] Invalid input", "any=true": "[query] Invalid input",
		"b=1&name=x&1=2&a=3&1=4": `[query] Unrecognized keys: "1", "b", "a"`,
	} {
		if _, err := decodeChoice(t, inQuery, query); err == nil || AsError(err).Message != want {
			t.Errorf("%s: %v, want %s", query, err, want)
		}
	}
}
