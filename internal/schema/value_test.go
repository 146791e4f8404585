package schema

import (
	"encoding/json"
	"testing"
	"time"
)

func TestEncode(t *testing.T) {
	t.Parallel()
	tests := []struct {
		kind Type
		from any
		want any
	}{
		{String, nil, nil},
		{String, "x", "x"},
		{String, true, "true"},
		{String, json.Number("1e3"), "1000"},
		{String, json.Number("-0"), "0"},
		{String, json.Number("1e999"), "Infinity"},
		{String, []any{"a\"\\", nil, []any{json.Number("1")}, map[string]any{"b": "<"}}, `{"a\"\\",NULL,{"1"},"{\"b\":\"<\"}"}`},
		{String, map[string]any{"a": json.Number("1.50")}, `{"a":1.5}`},
		{Number, int64(3), "3"},
		{Number, "5", "5"},
		{JSON, []any{json.Number("1.0"), json.Number("1e999"), "x"}, `[1,null,"x"]`},
		{StringArray, []any{}, `[]`},
		{NumberArray, []any{2.5}, `[2.5]`},
		{JSON, "{}", "{}"},
		{Date, json.Number("5"), "5"},
		{Date, "no date", ""},
		{Date, json.Number("1e999"), ""},
		{Date, json.Number("-1e999"), ""},
	}
	for _, tt := range tests {
		f := Field{Type: tt.kind}
		if got := f.Encode(tt.from); got != tt.want {
			t.Errorf("%s of %v: %v, want %v", tt.kind, tt.from, got, tt.want)
		}
	}
}

func TestParseDate(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2000-01-02T03:04:05.000Z":      "2000-01-02T03:04:05Z",
		"2000-01-02T03:04:05.1239Z":     "2000-01-02T03:04:05.123Z",
		"2000-01-02T03:04:05+02:00":     "2000-01-02T01:04:05Z",
		"2000-01-02T03:04Z":             "2000-01-02T03:04:00Z",
		"2000-01-02":                    "2000-01-02T00:00:00Z",
		"2000-02":                       "2000-02-01T00:00:00Z",
		"1999":                          "1999-01-01T00:00:00Z",
		"Sun, 02 Jan 2000 03:04:05 GMT": "2000-01-02T03:04:05Z",
	} {
		got, err := ParseDate(text)
		if err != nil || got.Format(time.RFC3339Nano) != want {
			t.Errorf("%s: %v %v, want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "x", "now", "infinity", "2000-13-01", "2000-02-30", "2000-01-02T25:00Z", "5 "} {
		if got, err := ParseDate(text); err == nil {
			t.Errorf("%q is %v", text, got)
		}
	}
}
