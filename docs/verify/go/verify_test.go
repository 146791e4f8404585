package main

import (
	"crypto/ed25519"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lestrrat-go/jwx/v3/jwk"
	"github.com/lestrrat-go/jwx/v3/jws"
	"github.com/lestrrat-go/jwx/v3/jwt"
)

// A stranger's token waits for the key set of a server that hangs, and a user's does not wait for the stranger's.
func TestStrangersHoldUpNobody(t *testing.T) {
	var hangs atomic.Bool
	asked, end := make(chan struct{}), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if hangs.Load() {
			close(asked)
			<-end
			return
		}
		_ = json.NewEncoder(w).Encode(jwk.NewSet())
	}))
	defer server.Close()
	v := &Verifier{jwks: server.URL, issuer: server.URL, audience: server.URL}
	v.fetch(t.Context())
	if err := (*v.keys.Load()).AddKey(public(t, "known")); err != nil {
		t.Fatal(err)
	}
	hangs.Store(true)
	long := time.Now().Add(-2 * pause)
	v.asked.Store(&long)

	answered := make(chan error)
	go func() {
		_, err := v.Verify(t.Context(), token(t, server.URL, "made up"))
		answered <- err
	}()
	<-asked
	if _, err := v.Verify(t.Context(), token(t, server.URL, "known")); err != nil {
		t.Error(err)
	}
	if v.asked.Load() != &long {
		t.Error("it waited until the fetch had ended")
	}
	close(end)
	if err := <-answered; err == nil {
		t.Error("the stranger was let in")
	}
}

var private = ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))

func public(t *testing.T, kid string) jwk.Key {
	t.Helper()
	key, err := jwk.Import(private.Public())
	if err != nil {
		t.Fatal(err)
	}
	if err := key.Set(jwk.KeyIDKey, kid); err != nil {
		t.Fatal(err)
	}
	return key
}

func token(t *testing.T, server, kid string) string {
	t.Helper()
	claims, err := jwt.NewBuilder().Issuer(server).Audience([]string{server}).Subject("ada").Expiration(time.Now().Add(time.Minute)).Build()
	if err != nil {
		t.Fatal(err)
	}
	header := jws.NewHeaders()
	if err := header.Set(jws.KeyIDKey, kid); err != nil {
		t.Fatal(err)
	}
	signed, err := jwt.Sign(claims, jwt.WithKey(algorithm, private, jws.WithProtectedHeaders(header)))
	if err != nil {
		t.Fatal(err)
	}
	return string(signed)
}
