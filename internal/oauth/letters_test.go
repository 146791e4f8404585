package oauth_test

import (
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/sallyport-auth/sallyport/internal/oauth"
)

func TestOnlyASCIIBecomesASCII(t *testing.T) {
	for r := rune(utf8.RuneSelf); r <= unicode.MaxRune; r++ {
		for _, small := range oauth.SmallLetters(string(r)) {
			if small < utf8.RuneSelf {
				t.Errorf("%U becomes %q", r, small)
			}
		}
	}
	for given, want := range map[string]string{"Ann.ÄÖ@Mail.TEST": "ann.äö@mail.test", "\u212Aim@a\u0130.test": "\u212Aim@a\u0130.test", "": ""} {
		if got := oauth.SmallLetters(given); got != want {
			t.Errorf("%q is %q, want %q", given, got, want)
		}
	}
}
