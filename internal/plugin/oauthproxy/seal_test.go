package oauthproxy

import (
	"crypto/rand"
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/secure"
)

// original is what better-auth 1.7.25 has made of one sign-in.
type original struct{ Secret, State, Stored, Parcel, Profile string }

func readOriginal(t *testing.T) (original, keys) {
	t.Helper()
	text, err := os.ReadFile("testdata/original.json")
	if err != nil {
		t.Fatal(err)
	}
	var o original
	if err := json.Unmarshal(text, &o); err != nil {
		t.Fatal(err)
	}
	secrets, err := secure.NewSecrets(o.Secret, nil)
	if err != nil {
		t.Fatal(err)
	}
	return o, newKeys(secrets)
}

func TestParcelsOfBetterAuth(t *testing.T) {
	o, k := readOriginal(t)
	p, err := k.open(o.Parcel)
	if err != nil || p.state != o.State || p.text != o.Stored {
		t.Errorf("%+v, %v", p, err)
	}
	again, err := k.seal(p, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := k.open(again); err != nil || got != p || again == o.Parcel {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestPayloadsOfBetterAuth(t *testing.T) {
	o, k := readOriginal(t)
	text, err := k.profile.Decrypt(o.Profile)
	if err != nil {
		t.Fatal(err)
	}
	p, err := decodePayload(text)
	if err != nil {
		t.Fatal(err)
	}
	if p.user != (userInfo{id: "g-1", email: "ann@example.test", name: "Ann", image: "https://p/x", verified: true}) {
		t.Errorf("the user is %+v", p.user)
	}
	a := p.account
	if a.provider != "google" || a.id != "g-1" || a.access != "at" || a.refresh != "rt" || strings.Join(p.scopes, " ") != "email profile" || a.accessExpiresAt.Year() != 2026 {
		t.Errorf("the account is %+v", a)
	}
	if sub, _ := p.profile.Get("sub"); sub != "g-1" || p.callbackURL != "/dash" || p.newUserURL != "/new" || p.errorURL != "/err" || p.state != o.State || p.disableSignUp {
		t.Errorf("%+v", p)
	}
	own, err := p.encode()
	if err != nil {
		t.Fatal(err)
	}
	again, err := decodePayload(own)
	if err != nil || !reflect.DeepEqual(again, p) {
		t.Errorf("encoded and decoded it is %+v, %v", again, err)
	}
}

// What is missing, or is something else than it must be, is refused.
func TestBrokenPayloads(t *testing.T) {
	whole := payload{
		user: userInfo{id: "1", email: "a@example.test"}, account: account{provider: "google", id: "1", accessExpiresAt: time.Unix(1, 0)},
		profile: api.Object{}, scopes: []string{"a"}, state: "s", callbackURL: "/", at: 1,
	}
	text, err := whole.encode()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := decodePayload(text); err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{
		{`"id":"1",`, ``},
		{`"id":"1",`, `"id":1,`},
		{`"email":"a@example.test"`, `"email":null`},
		{`"name":"",`, ``},
		{`"emailVerified":false`, `"emailVerified":"yes"`},
		{`"providerId":"google",`, ``},
		{`"accountId":"1",`, `"accountId":7,`},
		{`"1970-01-01T00:00:01.000Z"`, `"soon"`},
		{`"scopes":["a"]`, `"scopes":[1]`},
		{`"scopes":["a"]`, `"scopes":"a"`},
		{`"profile":{}`, `"profile":[]`},
		{`"state":"s"`, `"state":""`},
		{`"callbackURL":"/"`, `"callbackURL":""`},
		{`"timestamp":1`, `"disableSignUp":1,"timestamp":1`},
		{`"timestamp":1`, `"timestamp":"1"`},
		{`"timestamp":1`, `"x":1`},
		{`"userInfo":{`, `"userInfo":[],"x":{`},
		{string(text), `[]`},
		{string(text), ``},
	} {
		if broken := strings.Replace(string(text), change[0], change[1], 1); broken == string(text) {
			t.Errorf("nothing was changed by %q", change)
		} else if _, err := decodePayload([]byte(broken)); err == nil {
			t.Errorf("%s instead of %s is taken", change[1], change[0])
		}
	}
}

func TestBrokenParcels(t *testing.T) {
	_, k := readOriginal(t)
	for _, text := range []string{`{}`, `[]`, `{"state":"s","stateCookie":"x","isOAuthProxy":true}`, `{"state":"s","stateCookie":"","isOAuthProxy":true}`, `{"state":1}`, `x`} {
		sealed, err := k.pack.Encrypt([]byte(text), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if p, err := k.open(sealed); err == nil {
			t.Errorf("%s is taken for %+v", text, p)
		}
	}
	if _, err := k.open("junk"); err == nil {
		t.Error("junk is taken")
	}
}
