package jwt

import (
	"encoding/json"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/jose"
	"github.com/sallyport-auth/sallyport/internal/secure"
	"github.com/sallyport-auth/sallyport/internal/store/db"
)

// stored is a row of jwks that Better Auth 1.7.25 wrote, with a token it
// signed and the answer of its /jwks.
type stored struct {
	Name, Alg, Secrets string
	Plain              bool
	Row                struct {
		ID, PublicKey, PrivateKey string
		CreatedAt                 time.Time
		ExpiresAt                 *time.Time
		Alg, Crv                  *string
	}
	Token, JWKS string
}

func storedRows(t *testing.T) []stored {
	t.Helper()
	text, err := os.ReadFile("testdata/rows.json")
	if err != nil {
		t.Fatal(err)
	}
	var out []stored
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func (d *deployment) insert(s stored) {
	d.t.Helper()
	d.exec(`INSERT INTO jwks (id, "publicKey", "privateKey", "createdAt", "expiresAt", alg, crv) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		s.Row.ID, s.Row.PublicKey, s.Row.PrivateKey, s.Row.CreatedAt, s.Row.ExpiresAt, s.Row.Alg, s.Row.Crv)
}

func TestKeysOfTheOriginalAreUsed(t *testing.T) {
	t.Parallel()
	for _, s := range storedRows(t) {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			d := newDeployment(t)
			d.now = s.Row.CreatedAt.Add(time.Minute)
			d.insert(s)
			var cfg Config
			cfg.JWKS.KeyPairConfig.Alg = Algorithm(s.Alg)
			cfg.JWKS.DisablePrivateKeyEncryption = s.Plain
			one := d.instance(cfg, testSecret)
			if s.Secrets != "" {
				_, secret, _ := strings.Cut(s.Secrets, ":")
				var err error
				if one.keys.auth.Secrets, err = secure.NewSecrets("", []secure.Version{{Number: 2, Secret: secret}}); err != nil {
					t.Fatal(err)
				}
			}
			one.read()
			if got := string(one.keySet()); got != s.JWKS {
				t.Errorf("/jwks\n%s\nwant\n%s", got, s.JWKS)
			}
			token, kid := one.sign()
			if kid != s.Row.ID {
				t.Fatalf("%s signs; log:\n%s", kid, one.log)
			}
			for _, token := range []string{token, s.Token} {
				if _, err := jose.Verify(token, []byte(s.JWKS)); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// TestForeignRowsHarmNobody is promise R24 for signing keys.
func TestForeignRowsHarmNobody(t *testing.T) {
	t.Parallel()
	rows := storedRows(t)
	good := rows[0]
	text := func(s string) *string { return &s }
	ended := good.Row.CreatedAt.Add(time.Second)
	for name, c := range map[string]struct {
		change    func(*stored)
		published bool
		signs     bool
	}{
		"sealed with another secret": {func(s *stored) { s.Row.PrivateKey = rows[6].Row.PrivateKey }, true, false},
		"no ciphertext":              {func(s *stored) { s.Row.PrivateKey = "" }, true, false},
		"cut ciphertext":             {func(s *stored) { s.Row.PrivateKey = s.Row.PrivateKey[:40] + `"` }, true, false},
		"not encrypted":              {func(s *stored) { s.Row.PrivateKey = rows[5].Row.PrivateKey; s.Row.PublicKey = rows[5].Row.PublicKey }, true, false},
		"broken public key":          {func(s *stored) { s.Row.PublicKey = `{"kty":` }, false, false},
		"empty public key":           {func(s *stored) { s.Row.PublicKey = `` }, false, false},
		"public key is a list":       {func(s *stored) { s.Row.PublicKey = `[1]` }, false, false},
		"public key of another":      {func(s *stored) { s.Row.PublicKey = rows[5].Row.PublicKey }, true, false},
		"private key as public":      {func(s *stored) { s.Row.PublicKey = rows[5].Row.PrivateKey }, false, false},
		"shared secret":              {func(s *stored) { s.Row.PublicKey = `{"kty":"oct","k":"c2VjcmV0"}`; s.Row.Alg = text("HS256") }, false, false},
		"alg NULL":                   {func(s *stored) { s.Row.Alg, s.Row.Crv = nil, nil }, true, true},
		"alg of another key type":    {func(s *stored) { s.Row.Alg = text("RS256") }, true, false},
		"unknown alg":                {func(s *stored) { s.Row.Alg = text("ES384") }, true, false},
		"alg none":                   {func(s *stored) { s.Row.Alg = text("none") }, true, false},
		"expired":                    {func(s *stored) { s.Row.ExpiresAt = &ended }, true, false},
		"made in the future":         {func(s *stored) { s.Row.CreatedAt = s.Row.CreatedAt.AddDate(9, 0, 0) }, true, true},
		"id with quotes":             {func(s *stored) { s.Row.ID = `k"\é` }, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDeployment(t)
			d.now = good.Row.CreatedAt.Add(time.Minute)
			s := good
			c.change(&s)
			d.insert(s)
			one := d.instance(Config{}, testSecret)
			one.read()
			token, kid := one.sign()
			if (kid == s.Row.ID) != c.signs {
				t.Errorf("%s signs", kid)
			}
			set := one.keySet()
			if _, err := jose.Verify(token, set); err != nil {
				t.Error(err)
			}
			quoted, _ := api.JSON(s.Row.ID)
			if published := strings.Contains(string(set), `"kid":`+string(quoted)); published != c.published || !json.Valid(set) {
				t.Errorf("published: %t, want %t: %s", published, c.published, set)
			}
			for _, secret := range []string{`"d":`, `"k":`} {
				if strings.Contains(string(set), secret) {
					t.Errorf("the key set holds a secret: %s", set)
				}
			}
			checkRestart(t, d, one, kid)
		})
	}
}

// checkRestart makes sure that what was wrong with a row costs one key and one
// line, however often the keys are read and whoever starts again.
func checkRestart(t *testing.T, d *deployment, one *instance, signing string) {
	t.Helper()
	keys := len(one.list())
	for range 3 {
		d.advance(rereadInterval)
		one.read()
	}
	again := d.instance(Config{}, testSecret)
	again.read()
	if _, kid := again.sign(); kid != signing || len(again.list()) != keys {
		t.Errorf("after a restart %s signs and there are %d keys, want %s and %d", kid, len(again.list()), signing, keys)
	}
	if lines := strings.Count(one.log.String(), "\n"); lines > 1 {
		t.Errorf("%d lines were logged:\n%s", lines, one.log)
	}
}

// TestEachSecretHasItsKey starts two instances whose secrets differ on one
// database: both sign, and both publish everything.
func TestEachSecretHasItsKey(t *testing.T) {
	t.Parallel()
	d := newDeployment(t)
	one, two := d.instance(Config{}, testSecret), d.instance(Config{}, testSecret+"-other")
	one.read()
	d.advance(time.Second)
	two.read()
	one.read()
	first, kidOne := one.sign()
	second, kidTwo := two.sign()
	if kidOne == kidTwo || len(one.list()) != 2 {
		t.Errorf("%s and %s sign; keys %+v", kidOne, kidTwo, one.list())
	}
	for _, token := range []string{first, second} {
		for _, i := range []*instance{one, two} {
			if _, err := jose.Verify(token, i.keySet()); err != nil {
				t.Error(err)
			}
		}
	}
	if states := one.list()[1].State; states != stateUnreadable {
		t.Errorf("state %s", states)
	}
}

func TestChangedAlgorithmKeepsTheOldKeySigning(t *testing.T) {
	t.Parallel()
	d := newDeployment(t)
	before := d.instance(Config{}, testSecret)
	before.read()
	_, old := before.sign()
	d.advance(time.Minute)
	var cfg Config
	cfg.JWKS.KeyPairConfig.Alg = "ES256"
	after := d.instance(cfg, testSecret)
	after.read()
	if _, kid := after.sign(); kid != old || len(after.list()) != 1 {
		t.Errorf("%s signs, keys %+v", kid, after.list())
	}
	made, err := after.keys.Rotate(t.Context(), true)
	if err != nil || made.Alg != "ES256" {
		t.Fatalf("%+v, %v", made, err)
	}
	after.read()
	if _, kid := after.sign(); kid != made.ID {
		t.Errorf("%s signs", kid)
	}
}

func TestPublishedMembersFollowTheOriginal(t *testing.T) {
	t.Parallel()
	d := newDeployment(t)
	s := storedRows(t)[3] // RSA: no curve of its own
	s.Row.PublicKey = strings.Replace(s.Row.PublicKey, `{`, `{ "alg" : "RS256", "use":"sig", "kid":"x" , "key_ops": ["verify"],`, 1)
	d.now = s.Row.CreatedAt
	d.insert(s)
	var cfg Config
	cfg.JWKS.KeyPairConfig.Crv = "Ed25519"
	one := d.instance(cfg, testSecret)
	one.read()
	want := `{"keys":[{"alg":"RS256","crv":"Ed25519","use":"sig","kid":"` + s.Row.ID + `","key_ops":["verify"],"kty":"RSA"`
	if got := string(one.keySet()); !strings.HasPrefix(got, want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// FuzzForeignRow reads rows that anybody may have written.
func FuzzForeignRow(f *testing.F) {
	f.Add("k", `{"crv":"Ed25519","x":"AAAA","kty":"OKP"}`, `"00"`, "EdDSA", "Ed25519")
	f.Add("", `{"kty":"oct","k":"c2VjcmV0"}`, `{}`, "HS256", "")
	f.Add(`"`, `{"kty":"RSA","n":"AQ","e":"AQAB","kid":{"a":[1]},"alg":null}`, "null", "\xff", "\x00")
	secrets, err := secure.NewSecrets(testSecret, nil)
	if err != nil {
		f.Fatal(err)
	}
	keys := NewKeys(&auth.Auth{Secrets: secrets}, Config{}, slog.New(slog.DiscardHandler))
	f.Fuzz(func(t *testing.T, id, public, private, alg, crv string) {
		row := db.JWTListKeysRow{ID: id, PublicKey: public, PrivateKey: private, Alg: &alg, Crv: &crv}
		set, _ := keys.newSnapshot([]db.JWTListKeysRow{row}).keySet(recorded, time.Hour)
		var read struct {
			Keys []map[string]any `json:"keys"`
		}
		if err := json.Unmarshal(set, &read); err != nil {
			t.Fatalf("%s: %v", set, err)
		}
		for _, key := range read.Keys {
			for _, secret := range []string{"d", "k", "p", "q"} {
				if _, ok := key[secret]; ok {
					t.Errorf("the key set holds %q: %s", secret, set)
				}
			}
		}
	})
}
