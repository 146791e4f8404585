package schema

import (
	"strings"
	"testing"
)

func TestColumnsAreThoseOfFields(t *testing.T) {
	t.Parallel()
	table := &Table{Model: "jwks", Fields: []Field{{Name: "publicKey"}, {Name: "crv"}}}
	for name, c := range map[string]struct {
		columns map[string]string
		want    string
	}{
		"none":           {nil, ""},
		"other names":    {map[string]string{"crv": "curve"}, ""},
		"no field":       {map[string]string{"kid": "id"}, `names a column for "kid", which is none of its fields: publicKey, crv`},
		"without a name": {map[string]string{"crv": ""}, "gives crv a column without a name"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := ""
			if err := table.CheckColumns(c.columns); err != nil {
				got = err.Error()
			}
			if !strings.HasPrefix(got, c.want) || c.want == "" && got != "" {
				t.Errorf("CheckColumns = %q, want %q", got, c.want)
			}
		})
	}
}
