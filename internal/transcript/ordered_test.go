package transcript

import (
	"strings"
	"testing"
)

func TestOrderedKeepsTheTextOfAValue(t *testing.T) {
	for _, text := range []string{
		`{}`, `[]`, `null`, `"a"`, `1.50`, `-0`, `1e5`, `{"b":1,"a":2}`, `{"a":{"c":[1,{"d":[]}],"b":{}}}`, `{"a":1,"a":2}`,
		`{"\u0061":"\u003c\/"}`, `["x",null,true,false]`, `{"":""}`,
	} {
		n, err := parseCompact(text)
		if err != nil || n.String() != text {
			t.Errorf("%s became %s (%v)", text, n, err)
		}
	}
}

func TestOrderedRefusesWhatIsNotCompact(t *testing.T) {
	for _, text := range []string{``, ` {}`, "{}\n", `{"a": 1}`, `[1, 2]`, `{} {}`, `{`, `{"a"}`, `nul`} {
		if n, err := parseCompact(text); err == nil {
			t.Errorf("%q was read as %s", text, n)
		}
	}
}

func TestPatchKeepsTheOrderOfKeys(t *testing.T) {
	for _, c := range []struct{ base, patch, want string }{
		{`{"a":1,"b":2}`, `{"a":3}`, `{"a":3,"b":2}`},
		{`{"a":1}`, `{"c":1,"b":2}`, `{"a":1,"c":1,"b":2}`},
		{`{"a":{"x":1,"y":2},"b":2}`, `{"a":{"y":null,"z":3}}`, `{"a":{"x":1,"z":3},"b":2}`},
		{`{"a":1,"b":2}`, `{"a":null}`, `{"b":2}`},
		{`{"a":[1]}`, `{"a":[2,3]}`, `{"a":[2,3]}`},
		{`{}`, `{"a":{"b":{"c":null}}}`, `{"a":{"b":{}}}`},
		{`{"a":1}`, `{"a":{"b":1}}`, `{"a":{"b":1}}`},
	} {
		base, _ := parseOrdered(c.base)
		patch, _ := parseOrdered(c.patch)
		if got := base.patched(patch).String(); got != c.want {
			t.Errorf("%s with %s is %s, want %s", c.base, c.patch, got, c.want)
		}
	}
}

func TestWithSetsRemovesAndMakesMembers(t *testing.T) {
	value := node{raw: "9"}
	for _, c := range []struct {
		text, path string
		value      *node
		want       string
	}{
		{`{"a":1,"b":2}`, "a", &value, `{"a":9,"b":2}`},
		{`{"a":1,"b":2}`, "a", nil, `{"b":2}`},
		{`{"a":1}`, "c", nil, `{"a":1}`},
		{`{"a":{"b":1,"c":2}}`, "a.b", nil, `{"a":{"c":2}}`},
		{`{}`, "a.b.c", &value, `{"a":{"b":{"c":9}}}`},
	} {
		n, _ := parseOrdered(c.text)
		if got := n.with(strings.Split(c.path, "."), c.value).String(); got != c.want {
			t.Errorf("%s at %s: %s, want %s", c.text, c.path, got, c.want)
		}
		if n.String() != c.text {
			t.Errorf("%s was changed into %s", c.text, n)
		}
	}
}
