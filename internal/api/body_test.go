package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"
)

// A body of few bytes may stand for many values; there is a bound to both.
func TestBodiesHoldABoundedNumberOfValues(t *testing.T) {
	for name, tt := range map[string]struct {
		media, text string
		want        error
	}{
		"as many members as allowed": {mediaJSON, "[" + strings.Repeat("0,", maxValues-2) + "0]", nil},
		"one more":                   {mediaJSON, "[" + strings.Repeat("0,", maxValues-1) + "0]", ErrTooLarge},
		"lists":                      {mediaJSON, "[" + strings.Repeat("[],", maxValues) + "0]", ErrTooLarge},
		"commas in a text":           {mediaJSON, `["` + strings.Repeat(",", maxValues) + `"]`, nil},
		"as many pairs as allowed":   {mediaForm, strings.Repeat("a=b&", maxValues-1) + "a=b", nil},
		"one pair more":              {mediaForm, strings.Repeat("a=b&", maxValues) + "a=b", ErrTooLarge},
	} {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(tt.text))
		r.Header.Set("Content-Type", tt.media)
		if _, _, err := readBody(r, &Route{MediaTypes: []string{mediaJSON, mediaForm}}); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
}

// What is taken is JSON within the bounds, and can be written again.
func FuzzParseJSON(f *testing.F) {
	for _, seed := range []string{`{"a":[1,"\u00e9",null,true]}`, "\xef\xbb\xbf{}", `[[[[]]]]`, `1e400`, `"\ud800"`, `{"a":1,"a":2}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		v, err := parseJSON(text)
		if err != nil {
			if !errors.Is(err, ErrInvalidJSON) && !errors.Is(err, ErrTooLarge) {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		if !utf8.Valid(text) || depthOf(v) > maxDepth {
			t.Fatalf("%q was taken", text)
		}
		if out, err := JSON(v); err != nil || !json.Valid(out) {
			t.Fatalf("%q became %q, %v", text, out, err)
		}
	})
}

func depthOf(v any) (deepest int) {
	switch v := v.(type) {
	case []any:
		for _, inner := range v {
			deepest = max(deepest, depthOf(inner))
		}
	case map[string]any:
		for _, inner := range v {
			deepest = max(deepest, depthOf(inner))
		}
	default:
		return 0
	}
	return deepest + 1
}
