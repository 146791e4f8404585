package verify

import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestVerifiers(t *testing.T) {
	for _, p := range programs(t) {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			for name, test := range map[string]func(*testing.T, program){
				"tokens": tokens, "key set is kept": keptKeys, "unknown keys": unknownKeys,
				"rotated key": rotatedKey, "server away": serverAway,
			} {
				t.Run(name, func(t *testing.T) { t.Parallel(); test(t, p) })
			}
		})
	}
}

// tokens holds what is let in and what is refused, each different from the right token in one thing.
func tokens(t *testing.T, p program) {
	i := newIssuer(t)
	v := i.verifier(p)
	now := time.Now().Unix()
	good := i.token()
	parts := strings.Split(good, ".")
	stranger := &issuer{s: i.s, sub: i.sub, kid: i.kid, key: ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))}
	other := i.forge(nil, object{"sub": "somebody else"})
	for _, c := range []struct{ name, token, answer string }{
		{"of the server", good, "200 " + i.sub},
		{"signed by the test itself", i.forge(nil, nil), "200 " + i.sub},
		{"for several audiences", i.forge(nil, object{"aud": []string{"https://other.example.com", i.s.URL}}), "200 " + i.sub},
		{"nothing", "", "401"},
		{"no JWT", "a.b", "401"},
		{"a session token", i.user.Cookie("session_token"), "401"},
		{"expired", i.forge(nil, object{"exp": now - 120}), "401"},
		{"not valid yet", i.forge(nil, object{"nbf": now + 600}), "401"},
		{"without an end", i.forge(nil, object{"exp": nil}), "401"},
		{"for another audience", i.forge(nil, object{"aud": "https://other.example.com"}), "401"},
		{"for no audience", i.forge(nil, object{"aud": nil}), "401"},
		{"of another issuer", i.forge(nil, object{"iss": "https://other.example.com"}), "401"},
		{"of no issuer", i.forge(nil, object{"iss": nil}), "401"},
		{"of nobody", i.forge(nil, object{"sub": nil}), "401"},
		{"alg none", i.forge(object{"alg": "none"}, nil), "401"},
		{"alg none without kid", i.forge(object{"alg": "none", "kid": nil}, nil), "401"},
		{"HS256 with the public key", i.forge(object{"alg": "HS256"}, nil), "401"},
		{"another algorithm in the header", i.forge(object{"alg": "ES256"}, nil), "401"},
		{"with an extension that must be understood", i.forge(object{"crit": []string{"made-up"}, "made-up": true}, nil), "401"},
		{"with a header nested deeply", base64.RawURLEncoding.EncodeToString([]byte(strings.Repeat("[", 20_000))) + ".e30.e30", "401"},
		{"of an unknown key", i.forge(object{"kid": "unknown"}, nil), "401"},
		{"signed with another key", stranger.forge(nil, nil), "401"},
		{"signed with another key, without kid", stranger.forge(object{"kid": nil}, nil), "401"},
		{"with the claims of another", parts[0] + "." + strings.Split(other, ".")[1] + "." + parts[2], "401"},
		{"without its signature", parts[0] + "." + parts[1] + ".", "401"},
		{"still of the server", good, "200 " + i.sub},
	} {
		if got := v.ask(c.token); !strings.HasPrefix(got, c.answer) {
			t.Errorf("a token %s: %q, want %s", c.name, got, c.answer)
		}
	}
}

func keptKeys(t *testing.T, p program) {
	i := newIssuer(t)
	v := i.verifier(p)
	for range 20 {
		v.wants(i.token(), "200")
	}
	if n := i.fetches.Load(); n != 1 {
		t.Errorf("fetched the key set %d times for one key", n)
	}
}

// Strangers can name any key, and must not be able to make the verifier fetch for each.
func unknownKeys(t *testing.T, p program) {
	i := newIssuer(t)
	v := i.verifier(p)
	for n := range 200 {
		v.wants(i.forge(object{"kid": fmt.Sprint("unknown-", n)}, nil), "401")
	}
	if n := i.fetches.Load(); n > 20 {
		t.Errorf("fetched the key set %d times for 200 unknown keys", n)
	}
	v.wants(i.token(), "200")
}

func rotatedKey(t *testing.T, p program) {
	i := newIssuer(t)
	v := i.verifier(p)
	before := i.token()
	v.wants(before, "200")
	after := i.rotate()
	v.comesToAnswer(after, "200")
	v.wants(before, "200")
}

func serverAway(t *testing.T, p program) {
	i := newIssuer(t)
	token := i.token()
	faults := map[string]http.HandlerFunc{
		"no answer": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"an error":  func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) },
		"a page": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = w.Write([]byte("<!doctype html><title>Sign in to the network</title>"))
		},
	}
	var v *running
	for name, fault := range faults {
		i.fault.Store(&fault)
		v = i.verifier(p)
		if got := v.ask(token); !strings.HasPrefix(got, "503") {
			t.Errorf("with %s in place of the key set it answered %q", name, got)
		}
	}
	i.fault.Store(nil)
	v.comesToAnswer(token, "200")
	for _, fault := range faults {
		i.fault.Store(&fault)
		if got := v.ask(i.forge(object{"kid": "unknown"}, nil)); strings.HasPrefix(got, "200") {
			t.Errorf("let in a token of an unknown key: %q", got)
		}
		v.wants(token, "200")
	}
}
