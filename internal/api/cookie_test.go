package api

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestCookieLine(t *testing.T) {
	week := 604800
	tests := []struct {
		name string
		in   Cookie
		want string
	}{
		{
			"every attribute in the original's order",
			Cookie{
				Name: "a", Value: "v.x/y+z=", MaxAge: &week, Domain: "example.com", Path: "/", HTTPOnly: true,
				Secure: true, SameSite: "lax", Partitioned: true,
			},
			"a=v.x%2Fy%2Bz%3D; Max-Age=604800; Domain=example.com; Path=/; HttpOnly; Secure; SameSite=Lax; Partitioned",
		},
		{"nothing but a name", Cookie{Name: "a"}, "a="},
		{"SameSite keeps the rest of its letters", Cookie{Name: "a", SameSite: "STRICT"}, "a=; SameSite=STRICT"},
		{"SameSite=None forces Secure", Cookie{Name: "a", SameSite: "none"}, "a=; Secure; SameSite=None"},
		{"Partitioned forces Secure", Cookie{Name: "a", Partitioned: true}, "a=; Secure; Partitioned"},
		{"__Secure- forces Secure", Cookie{Name: "__Secure-a"}, "__Secure-a=; Secure"},
		{
			"__Host- forces Secure and Path and forbids Domain",
			Cookie{Name: "__Host-a", Domain: "x.test", Path: "/p"},
			"__Host-a=; Path=/; Secure",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.in.String(); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestExpiredCookieKeepsItsAttributes(t *testing.T) {
	week := 604800
	c := Cookie{Name: "a", Value: "secret", MaxAge: &week, Path: "/", HTTPOnly: true}
	if got, want := c.Expired().String(), "a=; Max-Age=0; Path=/; HttpOnly"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if c.Value != "secret" || *c.MaxAge != week {
		t.Error("Expired changed the cookie it was made from")
	}
}

func TestCookieCheck(t *testing.T) {
	tooLong := MaxCookieAge + 1
	for name, c := range map[string]Cookie{
		"age":       {Name: "a", MaxAge: &tooLong},
		"name":      {Name: "a b"},
		"semicolon": {Name: "a", Path: "/;x"},
		"domain":    {Name: "a", Domain: "exa mple"},
	} {
		if err := c.Check(); err == nil {
			t.Errorf("%s: accepted %s", name, c)
		}
	}
	if err := (Cookie{Name: "__Secure-a", Path: "/", Domain: "x.test"}).Check(); err != nil {
		t.Error(err)
	}
}

func TestParseCookies(t *testing.T) {
	tests := []struct{ header, want string }{
		{"a=1; b=2", "a=1|b=2"},
		{"a=1; a=2", "a=1"},
		{`a="q.s="`, "a=q.s="},
		{`a="`, "a="},
		{"a=%41%2B", "a=A+"},
		{"a=%zz", "a=%zz"},
		{"a=%ff", "a=%ff"},
		{"novalue; b=2", "b=2"},
		{"a=x=y", "a=x=y"},
		{" a = 1 ", "a=1"},
		{"", ""},
	}
	for _, tt := range tests {
		var got []string
		for _, c := range parseCookies(tt.header) {
			got = append(got, c.name+"="+c.value)
		}
		if s := strings.Join(got, "|"); s != tt.want {
			t.Errorf("%q: got %s, want %s", tt.header, s, tt.want)
		}
	}
}

// As many cookies as fit into the headers take no longer than so many bytes of
// one, but for a factor that holds on any machine.
func TestManyCookiesAreReadInOnePass(t *testing.T) {
	const size = 32 << 10
	var many strings.Builder
	for n := 0; many.Len() < size; n++ {
		fmt.Fprintf(&many, "%x=;", n)
	}
	fastest := func(header string) time.Duration {
		best := time.Hour
		for range 20 {
			begin := time.Now()
			parseCookies(header)
			best = min(best, time.Since(begin))
		}
		return best
	}
	few, all := fastest(many.String()[:size/16]), fastest(many.String())
	if all > 16*5*few {
		t.Errorf("a sixteenth takes %v, all take %v", few, all)
	}
}

func FuzzParseCookies(f *testing.F) {
	f.Add(`a=1; b="2"; c=%41`)
	f.Fuzz(func(t *testing.T, header string) {
		seen := map[string]bool{}
		for _, c := range parseCookies(header) {
			if seen[c.name] {
				t.Fatalf("%q gave %q twice", header, c.name)
			}
			seen[c.name] = true
		}
	})
}
