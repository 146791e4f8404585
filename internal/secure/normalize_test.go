package secure

import (
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

func TestNFKC(t *testing.T) {
	for text, want := range map[string]string{
		"plain":                         "plain",
		"pa\u0308ss":                    "p\u00e4ss",
		"\ufb01 \u2163 \uff46":          "fi IV f",
		"\u1112\u1161\u11ab":            "\ud55c",       // Hangul is composed by rule
		"\u0344":                        "\u0308\u0301", // decomposes and must not compose again
		"\u0301a":                       "\u0301a",      // nothing for the mark to join
		"a\u0302\u0323":                 "\u1ead",       // reordered, then joined twice
		"a\u0327\u0301":                 "\u00e1\u0327", // joined over a mark that does not block
		"\u1100\u0301\u1161":            "\u1100\u0301\u1161",
		"q" + twist(20, "\u0301\u0323"): "q" + twist(20, "\u0323") + twist(20, "\u0301"),
	} {
		if got := nfkc(text); got != want {
			t.Errorf("nfkc(%+q) = %+q, want %+q", text, got, want)
		}
	}
}

func twist(n int, marks string) string { return strings.Repeat(marks, n) }

// FuzzNFKC compares with the library wherever the library keeps to Unicode: it inserts U+034F into
// long runs of combining marks.
func FuzzNFKC(f *testing.F) {
	for _, seed := range []string{"", "p\u00e4ssword", "\ud55c\u1161", "e\u0323\u0302", "\ufb03\u0344", "\u09c7\u09be", "\uff76\uff9e", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ToValidUTF8(text, "\ufffd")
		want := norm.NFKC.String(text)
		if strings.Count(want, "\u034f") != strings.Count(text, "\u034f") {
			return
		}
		if got := nfkc(text); got != want {
			t.Errorf("nfkc(%+q) = %+q, want %+q", text, got, want)
		}
	})
}

func TestLengths(t *testing.T) {
	for _, c := range []struct {
		text          string
		points, units int
	}{
		{"", 0, 0},
		{"abc", 3, 3},
		{"pässwörd", 8, 8},
		{"\U0001F511key", 4, 5},
		{"e\u0301", 2, 2},
	} {
		if CodePoints(c.text) != c.points || UTF16Length(c.text) != c.units {
			t.Errorf("%q: %d code points, %d units", c.text, CodePoints(c.text), UTF16Length(c.text))
		}
	}
}
