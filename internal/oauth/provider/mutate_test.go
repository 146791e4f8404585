package provider_test

import (
	"slices"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// removed stands for a member that is left out.
type removed struct{}

// strange are values that may stand in the place of any other.
var strange = []any{
	removed{}, nil, "", "text", "true", 12345678901234567890.0, -1e-7, 0.0, true, false, api.Object{}, []any{}, []any{"text"},
}

// mutations give every text in which one value of the JSON, or all of it, is a
// strange one.
func mutations(t *testing.T, text []byte) []string {
	t.Helper()
	whole, err := oauth.ParseValue(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	var out []string
	for _, changed := range changes(whole) {
		if changed == (removed{}) {
			continue
		}
		body, err := api.JSON(changed)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(body))
	}
	return out
}

// changes are all the values that v is changed to.
func changes(v any) []any {
	out := slices.Clone(strange)
	switch v := v.(type) {
	case api.Object:
		for i, m := range v {
			for _, to := range changes(m.Value) {
				changed := slices.Clone(v)
				if to == (removed{}) {
					changed = slices.Delete(changed, i, i+1)
				} else {
					changed[i].Value = to
				}
				out = append(out, changed)
			}
		}
	case []any:
		for i := range v {
			for _, to := range changes(v[i]) {
				changed := slices.Clone(v)
				if to == (removed{}) {
					changed = slices.Delete(changed, i, i+1)
				} else {
					changed[i] = to
				}
				out = append(out, changed)
			}
		}
	}
	return out
}
