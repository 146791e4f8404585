package origin

import (
	"fmt"
	"testing"
)

func TestReadForm(t *testing.T) {
	// Answers of Node's URLSearchParams.
	for in, want := range map[string]string{
		"a=1&b=2":    "[{a 1} {b 2}]",
		"a=1&a=2":    "[{a 1} {a 2}]",
		"a=x+y%20z":  "[{a x y z}]",
		"a=%zz%4":    "[{a %zz%4}]",
		"a=%ff":      "[{a \uFFFD}]",
		"&&a=&=b&c":  "[{a } { b} {c }]",
		"a=b=c;d=e":  "[{a b=c;d=e}]",
		"%61%3D=%26": "[{a= &}]",
		"a=1%00b":    "[{a 1\x00b}]",
		"":           "[]",
	} {
		if got := fmt.Sprint(ReadForm(in)); got != want {
			t.Errorf("%q: got %s, want %s", in, got, want)
		}
	}
}
