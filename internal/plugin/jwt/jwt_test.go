package jwt_test

import (
	"encoding/base64"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/jose"
)

// segment decodes a part of a token.
func segment(t *testing.T, token string, n int) string {
	t.Helper()
	text, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[n])
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func configured(jwt string) string {
	return "emailAndPassword: {enabled: true}\nrateLimit: {enabled: false}\nplugins: {jwt: {" + jwt + "}}"
}

func TestToken(t *testing.T) {
	t.Parallel()
	for _, alg := range []string{"EdDSA", "ES256", "ES512", "RS256", "PS256"} {
		t.Run(alg, func(t *testing.T) {
			t.Parallel()
			s := authtest.New(t, configured("jwks: {keyPairConfig: {alg: "+alg+"}}"))
			c := s.Client()
			c.Get("/token").Code(401, "UNAUTHORIZED")
			c.SignUp("a@example.com")
			answer := c.Get("/token").Is(200)
			token := answer.JSON()["token"].(string)
			set := c.Get("/jwks").Is(200)
			if _, err := jose.Verify(token, []byte(set.Text)); err != nil {
				t.Error(err)
			}
			if header := segment(t, token, 0); !regexp.MustCompile(`^\{"alg":"` + alg + `","kid":"[a-zA-Z0-9]{32}"\}$`).MatchString(header) {
				t.Errorf("header %s", header)
			}
			if !strings.HasPrefix(set.Text, `{"keys":[{"alg":"`+alg+`",`) || strings.Contains(set.Text, `"d":`) {
				t.Errorf("key set %s", set.Text)
			}
			if answer.Header.Get("Cache-Control") != "no-store" || set.Header.Get("Content-Type") != "application/json" {
				t.Errorf("headers %v, %v", answer.Header, set.Header)
			}
		})
	}
}

func TestClaimsAreTheUserOfGetSession(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, configured(""))
	c := s.Client()
	c.SignUp("a@example.com")
	session := c.Get("/get-session").Is(200)
	user := session.Text[strings.Index(session.Text, `"user":{`)+len(`"user":{`):]
	user = user[:strings.Index(user, "}")]
	token := session.Header.Get("set-auth-jwt")
	pattern := regexp.MustCompile(`^\{"iat":\d+,` + regexp.QuoteMeta(user) + `,"sub":"\w{32}","exp":\d+,"iss":"` + s.URL + `","aud":"` + s.URL + `"\}$`)
	if claims := segment(t, token, 1); !pattern.MatchString(claims) {
		t.Errorf("claims %s\nuser   %s", claims, user)
	}
	var times struct{ Iat, Exp int64 }
	if err := json.Unmarshal([]byte(segment(t, token, 1)), &times); err != nil || times.Exp-times.Iat != 900 {
		t.Errorf("%+v, %v; want 15 minutes", times, err)
	}
}

func TestHeaderOfGetSession(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, configured(""))
	c := s.Client()
	if answer := c.Get("/get-session").Is(200); answer.Header.Get("set-auth-jwt") != "" {
		t.Error("a token for nobody")
	}
	if answer := c.SignUp("a@example.com"); answer.Header.Get("set-auth-jwt") != "" {
		t.Error("signing up carries a token")
	}
	if answer := c.Get("/get-session").Is(200); answer.Header.Get("set-auth-jwt") == "" ||
		!strings.Contains(strings.ToLower(answer.Header.Get("Access-Control-Expose-Headers")), "set-auth-jwt") {
		t.Errorf("headers %v", answer.Header)
	}

	off := authtest.New(t, configured("disableSettingJwtHeader: true"))
	c = off.Client()
	c.SignUp("a@example.com")
	if answer := c.Get("/get-session").Is(200); answer.Header.Get("set-auth-jwt") != "" {
		t.Error("disableSettingJwtHeader does nothing")
	}
}

func TestJWKSPath(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, configured("jwks: {jwksPath: /.well-known/jwks.json}"))
	s.Client().Get("/.well-known/jwks.json").Is(200)
	s.Client().Get("/jwks").Is(404)
}

func TestOptionsOfTheToken(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, configured(`jwt: {issuer: "https://i.test", audience: [x, y], expirationTime: 2 hours,
	  definePayload: {mail: user.email, device: 'session.userAgent ?? "none"', verified: user.emailVerified}, getSubject: '"u-" + user.id'}`))
	c := s.Client()
	id := c.SignUp("a@example.com").JSON()["user"].(map[string]any)["id"].(string)
	claims := segment(t, c.Get("/token").Is(200).JSON()["token"].(string), 1)
	pattern := regexp.MustCompile(`^\{"iat":\d+,"mail":"a@example.com","device":"[^"]*","verified":false,"sub":"u-` + id + `","exp":\d+,"iss":"https://i.test","aud":\["x","y"\]\}$`)
	if !pattern.MatchString(claims) {
		t.Errorf("claims %s", claims)
	}
}

func TestPrivateKeysAtRest(t *testing.T) {
	t.Parallel()
	for options, pattern := range map[string]string{
		"": `^"[0-9a-f]{100,}"$`,
		"jwks: {disablePrivateKeyEncryption: true}": `^{"crv":"Ed25519","d":"[^"]+","x":"[^"]+","kty":"OKP"}$`,
	} {
		s := authtest.New(t, configured(options))
		if n := s.Count(`SELECT count(*) FROM jwks WHERE "privateKey" ~ $1 AND alg = 'EdDSA' AND crv = 'Ed25519' AND "expiresAt" IS NULL AND id ~ '^\w{32}$'`, pattern); n != 1 {
			t.Errorf("%q: %d keys look like %s", options, n, pattern)
		}
	}
}

// TestKeysMadeBesideUsAreNoticed: another instance, or a Better Auth on the
// same database, writes a row; no request asks the database for it.
func TestKeysMadeBesideUsAreNoticed(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, configured(""))
	c := s.Client()
	before := c.Get("/jwks").Is(200).Text
	s.Exec(`INSERT INTO jwks SELECT 'another', "publicKey", "privateKey", "createdAt" + interval '1 second', NULL, alg, crv FROM jwks`)
	deadline := time.Now().Add(30 * time.Second)
	for c.Get("/jwks").Is(200).Text == before {
		if time.Now().After(deadline) {
			t.Fatal("the new key is not published")
		}
		time.Sleep(200 * time.Millisecond)
	}
	c.SignUp("a@example.com")
	if header := segment(t, c.Get("/token").Is(200).JSON()["token"].(string), 0); !strings.Contains(header, `"kid":"another"`) {
		t.Errorf("header %s, want the newest key", header)
	}
}
