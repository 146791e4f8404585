package auth

import (
	"testing"

	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/origin"
)

func TestBaseURL(t *testing.T) {
	t.Parallel()
	tests := []struct{ baseURL, basePath, want string }{
		{"https://auth.test", "", "https://auth.test/api/auth"},
		{"https://auth.test/", "", "https://auth.test/api/auth"},
		{"https://auth.test/custom/", "/ignored", "https://auth.test/custom"},
		{"https://auth.test", "/x/", "https://auth.test/x"},
		{"https://auth.test", "x", "https://auth.test/x"},
		{"https://auth.test", "/", "https://auth.test"},
		{"https://AUTH.test:443", "", "https://auth.test/api/auth"},
		{"http://auth.test:80", "", "http://auth.test/api/auth"},
		{"http://auth.test:443", "", "http://auth.test:443/api/auth"},
		{"http://[::1]:80", "", "http://[::1]/api/auth"},
		{"http://[::1]:8080", "", "http://[::1]:8080/api/auth"},
	}
	for _, tt := range tests {
		cfg := Config{BaseURL: tt.baseURL, BasePath: tt.basePath}
		config.SetDefaults(&cfg)
		got, err := BaseURL(cfg)
		if err != nil || got.String() != tt.want {
			t.Errorf("%s and %q: %v %v, want %s", tt.baseURL, tt.basePath, got, err, tt.want)
		}
	}
	for _, bad := range []string{"", "auth.test", "ftp://auth.test", "https://", "https://u@auth.test", "https://auth.test?x", "https://auth.test#x", "://"} {
		if got, err := BaseURL(Config{BaseURL: bad}); err == nil {
			t.Errorf("%q is accepted as %s", bad, got)
		}
	}
}

func TestPasswordLengths(t *testing.T) {
	t.Parallel()
	a := &Auth{}
	a.Config.EmailAndPassword.MinPasswordLength, a.Config.EmailAndPassword.MaxPasswordLength = 4, 8
	for password, want := range map[string]error{
		"abc": ErrPasswordTooShort, "abcd": nil, "abcdefgh": nil, "abcdefghi": ErrPasswordTooLong,
		"😀😀😀": ErrPasswordTooShort, "😀😀😀😀": nil, "😀😀😀😀a": ErrPasswordTooLong, "éééé": nil, "": ErrPasswordTooShort,
	} {
		if got := a.CheckNewPassword(password); got != want { //nolint:errorlint // package variables, as handlers return them
			t.Errorf("%q: %v, want %v", password, got, want)
		}
	}
}

func TestRedirectTarget(t *testing.T) {
	t.Parallel()
	trusted, err := origin.Parse([]string{"https://auth.test"})
	if err != nil {
		t.Fatal(err)
	}
	a := &Auth{Trusted: trusted}
	tests := []struct{ raw, on, off string }{
		{"/home?x=1#y", "/home?x=1#y", "/home?x=1#y"},
		{"https://auth.test/x", "https://auth.test/x", "https://auth.test/x"},
		{"https://evil.test/x", "/", "https://evil.test/x"},
		{"//evil.test", "/", "/"},
		{"javascript:alert(1)", "/", "/"},
		{"/a\r\nX: y", "/", "/"},
	}
	for _, tt := range tests {
		a.Config.Advanced.DisableOriginCheck = OriginCheckOff{}
		if got := a.RedirectTarget(tt.raw); got != tt.on {
			t.Errorf("%q: %q, want %q", tt.raw, got, tt.on)
		}
		a.Config.Advanced.DisableOriginCheck = OriginCheckOff{Set: true, All: true}
		if got := a.RedirectTarget(tt.raw); got != tt.off {
			t.Errorf("unchecked %q: %q, want %q", tt.raw, got, tt.off)
		}
		// That the option is given, as false, switches nothing off.
		a.Config.Advanced.DisableOriginCheck = OriginCheckOff{Set: true}
		if got := a.RedirectTarget(tt.raw); got != tt.on {
			t.Errorf("option false, %q: %q, want %q", tt.raw, got, tt.on)
		}
	}
}

func TestPartsOfACookie(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"c": true, "c.0": true, "c.12": true, "c.": false, "c.01": false, "c.-1": false, "c.x": false, "cc": false, "c.0.0": false,
	} {
		if isPartOf(name, "c") != want {
			t.Errorf("%s: %t", name, !want)
		}
	}
}
