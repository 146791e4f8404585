package config

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// FuzzLoad feeds mutated files: the reader must not panic, every problem is one line, and a file that is
// accepted has no key that is no option.
func FuzzLoad(f *testing.F) {
	f.Add(everyForm)
	for _, c := range problems {
		f.Add(c.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 4096 {
			return
		}
		_, _, err := read(text, "WORD=x")
		if err == nil {
			requireKnownKeys(t, text)
			return
		}
		var problems Problems
		if !errors.As(err, &problems) {
			t.Fatalf("a %T: %v", err, err)
		}
		for _, problem := range problems {
			if strings.ContainsAny(problem.Error(), "\n\r") {
				t.Errorf("more than one line: %q", problem.Error())
			}
		}
	})
}

// requireKnownKeys reads the file a second time by the library's own strict decoder.
func requireKnownKeys(t *testing.T, text string) {
	var got map[string]any
	if err := yaml.Unmarshal([]byte(text), &got); err != nil {
		return // the library is stricter about something else
	}
	known := map[string]bool{}
	for _, f := range fieldsOf(reflect.TypeFor[tree]()) {
		known[f.name] = f.name != onlyVariable
	}
	for key := range got {
		if !known[key] {
			t.Errorf("%q was accepted in %q", key, text)
		}
	}
	limited, _ := got["limits"].(map[string]any)
	for key := range limited {
		if !map[string]bool{"max": true, "window": true, "enabled": true, "freshFor": true, "bytes": true}[key] {
			t.Errorf("limits.%q was accepted in %q", key, text)
		}
	}
}
