package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

// listed gives the members of an object as they are found.
func listed(text string) (string, error) {
	var out []string
	err := Members([]byte(text), func(key string, value []byte) error {
		out = append(out, key+"="+string(value))
		return nil
	})
	return strings.Join(out, " | "), err
}

func TestMembers(t *testing.T) {
	for text, want := range map[string]string{
		`{}`:                       "",
		` { } `:                    "",
		`{"a":1,"b":"x","c":null}`: `a=1 | b="x" | c=null`,
		" {\n\"a\" : -1.5e3 ,\t\"b\" : true } \n": `a=-1.5e3 | b=true`,
		`{"a":{"b":[1,{"c":"}"}]},"d":[]}`:        `a={"b":[1,{"c":"}"}]} | d=[]`,
		`{"a\"\u00e4":"x\\","b":"\\\"}{,:"}`:      `a"ä="x\\" | b="\\\"}{,:"`,
		`{"a":[ 1 , 2 ],"a":{ "b" : 1 }}`:         `a=[ 1 , 2 ] | a={ "b" : 1 }`,
		"{\"\u2028<&>\":\"\U0001F600\"}":          "\u2028<&>=\"\U0001F600\"",
	} {
		if got, err := listed(text); got != want || err != nil {
			t.Errorf("%s: got %s, %v, want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "null", "[]", "1", `"{}"`, "{", `{"a"}`, `{"a":}`, `{"a":1}x`, "{'a':1}"} {
		if got, err := listed(text); !errors.Is(err, ErrNotObject) {
			t.Errorf("%s: got %s, %v", text, got, err)
		}
	}
}

func TestText(t *testing.T) {
	for value, want := range map[string]string{`""`: "", `"a b"`: "a b", `"\u00e4\n\""`: "ä\n\"", `"\ud83d\ude00"`: "😀"} {
		if got, ok := Text([]byte(value)); got != want || !ok {
			t.Errorf("%s: got %q, %v", value, got, ok)
		}
	}
	for _, value := range []string{"", `"`, "1", "null", "{}", `"\x"`} {
		if got, ok := Text([]byte(value)); ok {
			t.Errorf("%s: got %q", value, got)
		}
	}
}

// What encoding/json takes for an object has the same members here.
func FuzzMembers(f *testing.F) {
	f.Add(`{"a":{"b":[1,{"c":"}"}]},"d\\\"":[], "e" : "\u00e4"}`)
	f.Add(`{"a":`)
	f.Fuzz(func(t *testing.T, text string) {
		var want map[string]json.RawMessage
		valid := json.Unmarshal([]byte(text), &want) == nil && want != nil
		got := map[string]json.RawMessage{}
		err := Members([]byte(text), func(key string, value []byte) error {
			got[key] = value
			return nil
		})
		if (err == nil) != valid {
			t.Fatalf("error %v, valid %v", err, valid)
		}
		for key, value := range want {
			var compact bytes.Buffer
			if valid && (!bytes.Equal(got[key], value) || json.Compact(&compact, got[key]) != nil) {
				t.Fatalf("%q: got %s, want %s", key, got[key], value)
			}
		}
	})
}
