package api

import (
	"encoding/json"
	"testing"
	"time"
)

func TestJSONIsWhatJavaScriptWrites(t *testing.T) {
	text := "x"
	at := time.Date(2026, 11, 23, 5, 54, 27, 417_900_000, time.FixedZone("", 3600))
	tests := []struct {
		name string
		in   any
		want string
	}{
		{"no escaping for HTML", "<a href='x'>&", `"<a href='x'>&"`},
		{"line separators stay", "a\u2028b\u2029", "\"a\u2028b\u2029\""},
		{"control characters", "\x00\x01\b\f\n\r\t\x1f\x7f", "\"\\u0000\\u0001\\b\\f\\n\\r\\t\\u001f\x7f\""},
		{"quotes and backslashes", `"\`, `"\"\\"`},
		{"emoji", "😀é", `"😀é"`},
		{"invalid UTF-8", "a\xffb", "\"a\uFFFDb\""},
		{"dates", at, `"2026-11-23T04:54:27.417Z"`},
		{"nil", nil, "null"},
		{"nil pointer", (*string)(nil), "null"},
		{"pointer", &text, `"x"`},
		{"numbers", []any{1, int64(-2), 1.5, 1e21, json.Number("1.50")}, `[1,-2,1.5,1e+21,1.50]`},
		{"empty list", []Object{}, `[]`},
		{"object keeps order", Object{{"b", true}, {"a", []string{"x"}}}, `{"b":true,"a":["x"]}`},
		{"struct leaves out", struct {
			A string  `json:"a"`
			B *string `json:"b,omitempty"`
			C *string `json:"c"`
			D string
		}{A: "1"}, `{"a":"1","c":null}`},
		{"raw", json.RawMessage(`{"x":1}`), `{"x":1}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := JSON(tt.in)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestJSONRefusesWhatHasNoForm(t *testing.T) {
	if out, err := JSON(Object{{"f", func() {}}}); err == nil {
		t.Errorf("a function was written as %s", out)
	}
}

func TestObjectSetKeepsThePlaceOfAKey(t *testing.T) {
	o := Object{{"a", 1}, {"b", 2}}.Set("a", 3).Set("c", 4)
	got, err := JSON(o)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"a":3,"b":2,"c":4}`; string(got) != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if v, ok := o.Get("b"); !ok || v != 2 {
		t.Errorf("Get(b) = %v, %v", v, ok)
	}
	if _, ok := o.Get("z"); ok {
		t.Error("Get found a key that is not there")
	}
}

func FuzzStringIsValidJSON(f *testing.F) {
	f.Add("plain")
	f.Add("\u2028\x00\"\\")
	f.Fuzz(func(t *testing.T, s string) {
		text, err := JSON(s)
		if err != nil {
			t.Fatal(err)
		}
		var back string
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatalf("%q gave %s: %v", s, text, err)
		}
	})
}
