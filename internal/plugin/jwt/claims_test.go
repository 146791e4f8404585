package jwt

import (
	"crypto/rand"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/jose"
	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/store"
)

var recorded = time.Unix(1700000000, 0)

// claimsAuth is what claims need of the server, under the options and at the
// moment of the recording.
func claimsAuth(t testing.TB, extra ...schema.Field) *auth.Auth {
	t.Helper()
	set, err := schema.NewSet(schema.Core, []schema.Table{{Model: "user", Fields: extra}})
	if err != nil {
		t.Fatal(err)
	}
	a, err := auth.New(auth.Config{BaseURL: "http://localhost:3000"}, auth.Deps{
		Schema: set, Now: func() time.Time { return recorded },
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// recordedCall is the session of the recording.
func recordedCall() *api.Call {
	empty := ""
	created := time.UnixMilli(1699999999123)
	return &api.Call{
		User: &store.User{
			ID: "user1", Name: "Ünï <b>&\u2028", Email: "a@x.co",
			CreatedAt: created, UpdatedAt: time.UnixMilli(1699999999456),
		},
		Session: &store.Session{
			ID: "sess1", Token: "tok", UserID: "user1", ExpiresAt: time.UnixMilli(1700604800000),
			CreatedAt: created, UpdatedAt: created, IPAddress: &empty,
		},
	}
}

// recordedConfig reads options as they stand in a recording.
func recordedConfig(t *testing.T, options map[string]any, payload [][2]string, subject string) Config {
	t.Helper()
	var cfg Config
	for name, v := range options {
		switch name {
		case "expirationTime":
			cfg.JWT.ExpirationTime = v.(string)
		case "issuer":
			cfg.JWT.Issuer = v.(string)
		case "audience":
			cfg.JWT.Audience = audience(v)
		default:
			t.Fatalf("unknown option %s", name)
		}
	}
	if payload != nil {
		cfg.JWT.DefinePayload = config.Ordered[string]{}
	}
	for _, p := range payload {
		cfg.JWT.DefinePayload = append(cfg.JWT.DefinePayload, config.Entry[string]{Name: p[0], Value: p[1]})
	}
	cfg.JWT.GetSubject = subject
	config.SetDefaults(&cfg)
	return cfg
}

func audience(v any) config.OneOrMany {
	if one, ok := v.(string); ok {
		return config.One(one)
	}
	var many []string
	for _, m := range v.([]any) {
		many = append(many, m.(string))
	}
	return config.Many(many...)
}

// TestClaimsAsTheOriginal compares whole payloads, byte for byte, with those
// that Better Auth 1.7.25 signed for the same session and like functions.
func TestClaimsAsTheOriginal(t *testing.T) {
	text, err := os.ReadFile("testdata/claims.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Name          string
		Options       map[string]any
		DefinePayload [][2]string
		GetSubject    string
		Claims        string
	}
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			cfg := recordedConfig(t, c.Options, c.DefinePayload, c.GetSubject)
			claims, err := newClaims(claimsAuth(t), &cfg)
			if err != nil {
				t.Fatal(err)
			}
			payload, err := claims.of(recordedCall())
			if err != nil {
				t.Fatal(err)
			}
			got, err := api.JSON(payload)
			if err != nil || string(got) != c.Claims {
				t.Errorf("got  %s\nwant %s (%v)", got, c.Claims, err)
			}
		})
	}
}

func TestExpressionsAreCheckedAtStart(t *testing.T) {
	for _, c := range []struct{ claim, expression, want string }{
		{"role", "user.rle", "jwt.definePayload.role: "},
		{"role", "usr.role", "jwt.definePayload.role: "},
		{"role", "user.", "jwt.definePayload.role: "},
		{"role", "", "jwt.definePayload.role: "},
		{"n", "user.name + 1", "jwt.definePayload.n: "},
		{"secret", "session.nothing", "jwt.definePayload.secret: "},
		{"iss", "1", "jwt.definePayload.iss: the expression gives a number"},
		{"jti", "true", "jwt.definePayload.jti: the expression gives true or false"},
		{"aud", "{\"a\": 1}", "jwt.definePayload.aud: the expression gives an object"},
		{"exp", "user.emailVerified", "jwt.definePayload.exp: the expression gives true or false"},
	} {
		cfg := recordedConfig(t, nil, [][2]string{{"ok", "user.id"}, {c.claim, c.expression}}, "")
		_, err := newClaims(claimsAuth(t), &cfg)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %s gives %v, want one line beginning with %q", c.claim, c.expression, err, c.want)
		}
	}
	cfg := recordedConfig(t, nil, nil, "user.emailVerified")
	if _, err := newClaims(claimsAuth(t), &cfg); err == nil || !strings.HasPrefix(err.Error(), "jwt.getSubject: ") {
		t.Errorf("getSubject: %v", err)
	}
	for _, span := range []string{"900", "never", "15 minutes maybe", "2000y"} {
		cfg := recordedConfig(t, map[string]any{"expirationTime": span}, nil, "")
		if _, err := newClaims(claimsAuth(t), &cfg); err == nil || !strings.HasPrefix(err.Error(), "jwt.expirationTime: ") {
			t.Errorf("%s: %v", span, err)
		}
	}
}

func TestHiddenFieldsAreNoClaims(t *testing.T) {
	a := claimsAuth(t,
		schema.Field{Name: "role", Type: schema.String}, schema.Field{Name: "note", Type: schema.String, NotReturned: true})
	call := recordedCall()
	call.User.Extra = []any{"editor", "kept to ourselves"}
	cfg := recordedConfig(t, nil, nil, "")
	claims, err := newClaims(a, &cfg)
	if err != nil {
		t.Fatal(err)
	}
	payload, err := claims.of(call)
	if err != nil {
		t.Fatal(err)
	}
	if role, _ := payload.Get("role"); role != "editor" {
		t.Errorf("role is %v", role)
	}
	if _, ok := payload.Get("note"); ok {
		t.Error("a field that clients do not see is in the token")
	}
	cfg = recordedConfig(t, nil, [][2]string{{"n", "user.note"}}, "")
	if _, err := newClaims(a, &cfg); err == nil {
		t.Error("an expression could read a field that clients do not see")
	}
}

func TestWrongValuesOfRegisteredClaimsAreErrors(t *testing.T) {
	field := schema.Field{Name: "any", Type: schema.JSON}
	for _, c := range []struct {
		claim string
		value any
	}{
		{"exp", true},
		{"exp", "soon"},
		{"nbf", map[string]any{}},
		{"iat", []any{1}},
		{"iss", 1.0},
		{"jti", false},
		{"aud", 1.0},
		{"aud", []any{"a", 1.0}},
	} {
		cfg := recordedConfig(t, nil, [][2]string{{c.claim, "user.any"}}, "")
		claims, err := newClaims(claimsAuth(t, field), &cfg)
		if err != nil {
			t.Fatal(err)
		}
		call := recordedCall()
		call.User.Extra = []any{c.value}
		if payload, err := claims.of(call); err == nil {
			t.Errorf("%s %v was accepted: %v", c.claim, c.value, payload)
		}
	}
}

// BenchmarkToken is the work of /token but for the session: claims, their JSON,
// the signature.
func BenchmarkToken(b *testing.B) {
	for name, payload := range map[string]config.Ordered[string]{
		"whole user":    nil,
		"definePayload": {{Name: "email", Value: "user.email"}, {Name: "admin", Value: `user.email endsWith "@example.com"`}},
	} {
		var cfg Config
		cfg.JWT.DefinePayload = payload
		config.SetDefaults(&cfg)
		claims, err := newClaims(claimsAuth(b), &cfg)
		if err != nil {
			b.Fatal(err)
		}
		pair, err := jose.Generate(jose.EdDSA, 0, rand.Reader)
		if err != nil {
			b.Fatal(err)
		}
		signer, err := jose.NewSigner(jose.EdDSA, "kid", pair.Private)
		if err != nil {
			b.Fatal(err)
		}
		call := recordedCall()
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				payload, err := claims.of(call)
				if err != nil {
					b.Fatal(err)
				}
				text, err := api.JSON(payload)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := signer.Sign(text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
