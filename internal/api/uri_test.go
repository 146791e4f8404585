package api

import (
	"testing"
)

func TestEncodeURIComponent(t *testing.T) {
	// Answers of Node's encodeURIComponent.
	for in, want := range map[string]string{
		"abc-_.!~*'()": "abc-_.!~*'()",
		"a b+c/d=e":    "a%20b%2Bc%2Fd%3De",
		"é😀":           "%C3%A9%F0%9F%98%80",
		"%;,?:@&=$#[]": "%25%3B%2C%3F%3A%40%26%3D%24%23%5B%5D",
	} {
		if got := EncodeURIComponent(in); got != want {
			t.Errorf("%q: got %s, want %s", in, got, want)
		}
		if back, ok := DecodeURIComponent(want); !ok || back != in {
			t.Errorf("%s: decoded to %q, %v", want, back, ok)
		}
	}
	for _, broken := range []string{"%", "%4", "%zz", "%ff", "%C3"} {
		if got, ok := DecodeURIComponent(broken); ok {
			t.Errorf("%s: decoded to %q", broken, got)
		}
	}
}
