package auth

import (
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/api"
)

func TestPartsForALongValue(t *testing.T) {
	age := 300
	cookie := api.Cookie{Name: "__Secure-better-auth.session_data", MaxAge: &age, Path: "/", HTTPOnly: true, Secure: true, SameSite: "lax"}
	const room = 3960 // as measured with the original
	for _, tt := range []struct {
		length, parts, last int
		fits                bool
	}{
		{0, 1, 0, true},
		{room, 1, room, true},
		{room + 1, 2, 1, true},
		{2 * room, 2, room, true},
		{100 * room, 100, room, true},
		{100*room + 1, 0, 0, false},
	} {
		cookie.Value = strings.Repeat("x", tt.length)
		parts, fits := partsOf(cookie)
		if len(parts) != tt.parts || fits != tt.fits {
			t.Errorf("%d characters: %d parts, %v", tt.length, len(parts), fits)
			continue
		}
		if fits && len(parts[len(parts)-1].Value) != tt.last {
			t.Errorf("%d characters: the last part has %d", tt.length, len(parts[len(parts)-1].Value))
		}
	}
	cookie.Path = "/" + strings.Repeat("x", 4000)
	if parts, fits := partsOf(cookie); fits || parts != nil {
		t.Error("attributes that leave no room")
	}
}

func TestPartIndexes(t *testing.T) {
	for name, want := range map[string]bool{
		"c.0": true, "c.10": true, "c": false, "c.": false, "c.00": false, "c.01": false, "c.-1": false, "c.+1": false, "c.x": false, "d.0": false, "c.0.0": false,
	} {
		if _, ok := partIndex(name, "c"); ok != want {
			t.Errorf("%s: %v", name, ok)
		}
	}
}

func TestNormalTimes(t *testing.T) {
	for text, want := range map[string]string{
		`{"a":"2026-01-02T03:04:05.678Z"}`:     "",
		`{"a":"2026-01-02T03:04:05Z","b":"Z"}`: `{"a":"2026-01-02T03:04:05.000Z","b":"Z"}`,
		`["2026-01-02T03:04:05.6789Z"]`:        `["2026-01-02T03:04:05.678Z"]`,
		`{"2026-01-02T03:04:05Z":1}`:           "",
		`{"a":"at 2026-01-02T03:04:05Z"}`:      "",
		`{"a":"\"2026-01-02T03:04:05Z"}`:       "",
		`{"a":"2026-13-02T03:04:05Z"}`:         "",
		`Z"`:                                   "",
		`"Z"`:                                  "",
		``:                                     "",
	} {
		got, changed := normalTimes([]byte(text))
		if want == "" {
			want = text
		}
		if string(got) != want || changed != (want != text) {
			t.Errorf("%s: %s, %v", text, got, changed)
		}
	}
}
