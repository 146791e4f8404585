package verify

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/plugin/jwt"
	"github.com/sallyport-auth/sallyport/internal/server"
)

// configuration keeps private keys readable, so that the test can sign what the server never would.
const configuration = `
emailAndPassword: {enabled: true}
rateLimit: {enabled: false}
plugins: {jwt: {jwks: {disablePrivateKeyEncryption: true}}}
`

// issuer is a server with a user who is signed in, and a gate through which verifiers fetch its key set.
type issuer struct {
	t    *testing.T
	s    *authtest.Server
	user *authtest.Client
	sub  string
	key  ed25519.PrivateKey
	kid  string

	gate    *httptest.Server
	fetches atomic.Int32
	fault   atomic.Pointer[http.HandlerFunc] // answers in place of the server
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	i := &issuer{t: t, s: authtest.New(t, configuration)}
	i.user = i.s.Client()
	user, _ := i.user.SignUp("ada@example.com").JSON()["user"].(map[string]any)
	i.sub, _ = user["id"].(string)
	i.readKey()
	server, err := url.Parse(i.s.URL)
	if err != nil {
		t.Fatal(err)
	}
	pass := httputil.NewSingleHostReverseProxy(server)
	i.gate = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if fault := i.fault.Load(); fault != nil {
			(*fault)(w, r)
			return
		}
		i.fetches.Add(1)
		pass.ServeHTTP(w, r)
	}))
	i.gate.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	t.Cleanup(i.gate.Close)
	return i
}

// readKey reads the private key that signs.
func (i *issuer) readKey() {
	i.t.Helper()
	conn, err := pgx.Connect(i.t.Context(), i.s.Database)
	if err != nil {
		i.t.Fatal(err)
	}
	defer func() { _ = conn.Close(i.t.Context()) }()
	var text string
	if err := conn.QueryRow(i.t.Context(), `select id, "privateKey" from jwks`).Scan(&i.kid, &text); err != nil {
		i.t.Fatal(err)
	}
	var key struct{ D string }
	if err := json.Unmarshal([]byte(text), &key); err != nil {
		i.t.Fatal(err)
	}
	seed, err := base64.RawURLEncoding.DecodeString(key.D)
	if err != nil {
		i.t.Fatal(err)
	}
	i.key = ed25519.NewKeyFromSeed(seed)
}

// verifier starts a program that trusts the issuer.
func (i *issuer) verifier(p program) *running {
	i.t.Helper()
	return p.start(i.t, "AUTH_URL="+i.gate.URL, "AUTH_ISSUER="+i.s.URL, "AUTH_AUDIENCE="+i.s.URL)
}

// token gives one as the server hands it out.
func (i *issuer) token() string {
	i.t.Helper()
	token, _ := i.user.Get("/token").Is(http.StatusOK).JSON()["token"].(string)
	return token
}

type object = map[string]any

// forge signs a token that is right but for these members of header and claims; nil takes one out.
func (i *issuer) forge(header, claims object) string {
	now := time.Now().Unix()
	first := merge(object{"alg": "EdDSA", "kid": i.kid}, header)
	second := merge(object{"sub": i.sub, "iss": i.s.URL, "aud": i.s.URL, "iat": now, "exp": now + 900}, claims)
	input := encode(first) + "." + encode(second)
	var signature []byte
	switch first["alg"] {
	case "none":
	case "HS256": // with what everybody knows as its key
		mac := hmac.New(sha256.New, i.key[32:])
		mac.Write([]byte(input))
		signature = mac.Sum(nil)
	default:
		signature = ed25519.Sign(i.key, []byte(input))
	}
	return input + "." + base64.RawURLEncoding.EncodeToString(signature)
}

func merge(into, changes object) object {
	for name, value := range changes {
		into[name] = value
		if value == nil {
			delete(into, name)
		}
	}
	return into
}

func encode(part object) string {
	text, err := json.Marshal(part)
	if err != nil {
		panic(err) // it is made of texts and numbers
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// keyOf reads which key a token names.
func keyOf(t *testing.T, token string) string {
	t.Helper()
	first, _, _ := strings.Cut(token, ".")
	text, err := base64.RawURLEncoding.DecodeString(first)
	if err != nil {
		t.Fatal(err)
	}
	var header struct{ Kid string }
	if err := json.Unmarshal(text, &header); err != nil {
		t.Fatal(err)
	}
	return header.Kid
}

// rotate makes a key that signs at once, as `sallyport keys rotate --now` does, and waits until the server uses it.
func (i *issuer) rotate() (token string) {
	i.t.Helper()
	cfg := authtest.Config(i.t, configuration+"baseURL: "+i.s.URL+"\n")
	cfg.Database.URL = config.NewSecret(i.s.Database)
	if err := server.Complete(cfg, server.ModeOf(cfg)); err != nil {
		i.t.Fatal(err)
	}
	var made jwt.Info
	err := server.WithKeys(i.t.Context(), cfg, slog.New(slog.DiscardHandler), func(keys *jwt.Keys) (err error) {
		made, err = keys.Rotate(i.t.Context(), true)
		return err
	})
	if err != nil {
		i.t.Fatal(err)
	}
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		if token := i.token(); keyOf(i.t, token) == made.ID {
			return token
		}
	}
	i.t.Fatal("the server goes on with the old key")
	return ""
}
