package oauth_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/jose"
	"github.com/sallyport-auth/sallyport/internal/oauth"
	"github.com/sallyport-auth/sallyport/internal/transcript/oracle"
)

// judged is one token for both judges.
type judged struct {
	Name, Token, Nonce string
	Hashed, NoAge      bool
	Audience           []string
	Algorithms         []string
}

func checkOf(j judged, keys *oauth.Keys, now func() time.Time) *oauth.IDTokenCheck {
	check := &oauth.IDTokenCheck{
		Keys: keys, Algorithms: j.Algorithms, Issuers: []string{"https://issuer.test", "issuer.test"},
		Audience: j.Audience, MaxAge: oauth.MaxTokenAge, HashedNonce: j.Hashed, Now: now,
	}
	if j.NoAge {
		check.MaxAge = 0
	}
	return check
}

const judge = `
import { createRemoteJWKSet } from "jose";
import { verifyProviderIdToken } from "@better-auth/core/oauth2";
import { text } from "node:stream/consumers";
const { url, tokens, now } = JSON.parse(await text(process.stdin));
globalThis.Date = class extends Date {
  constructor(...parts) { super(...(parts.length ? parts : [now])); }
  static now = () => now;
};
const jwks = createRemoteJWKSet(new URL(url), { cooldownDuration: 0 });
const out = [];
for (const t of tokens) {
  const idToken = { jwks, issuer: ["https://issuer.test", "issuer.test"], audience: t.Audience, algorithms: t.Algorithms,
    maxTokenAge: t.NoAge ? undefined : "1h", nonceComparison: t.Hashed ? "exact-or-sha256" : undefined };
  out.push(await verifyProviderIdToken({ idToken }, t.Token, t.Nonce || undefined));
}
console.log(JSON.stringify(out));
`

func TestIDTokensAreGoodWhereTheOriginalSaysSo(t *testing.T) {
	t.Parallel()
	keys := map[string]key{}
	var public []string
	for _, alg := range []string{jose.RS256, jose.PS256, jose.ES256, jose.EdDSA, jose.ES512} {
		keys[alg] = newKey(t, alg, "k"+alg, fmt.Sprintf(`,"alg":%q`, alg))
		public = append(public, keys[alg].public)
	}
	rs := keys[jose.RS256]
	foreign, forEncryption := newKey(t, jose.ES256, "kES256", ""), newKey(t, jose.ES256, "enc", `,"use":"enc"`)
	otherAlg, bare := newKey(t, jose.RS256, "other", `,"alg":"PS256"`), newKey(t, jose.RS256, "bare", "")
	secret := `{"kty":"oct","kid":"secret","alg":"HS256","k":"c2VjcmV0"}`
	server := newKeyServer(t, append(public, forEncryption.public, otherAlg.public, bare.public, secret, `{"kty":"none"}`)...)
	now := time.Now()
	tokens := tokensToJudge(t, keys, now)
	for name, token := range map[string]string{
		"another key of the same name":  foreign.token(t, claims(now, nil)),
		"a key for encryption":          forEncryption.token(t, claims(now, nil)),
		"a key for another algorithm":   otherAlg.token(t, claims(now, nil)),
		"a key that names no algorithm": bare.token(t, claims(now, nil)),
		"an unknown key":                newKey(t, jose.RS256, "unknown", "").token(t, claims(now, nil)),
		"no signature":                  unsigned(rs.token(t, claims(now, nil)), `{"alg":"none","kid":"kRS256"}`),
		"a shared secret":               unsigned(rs.token(t, claims(now, nil)), `{"alg":"HS256","kid":"secret"}`),
		"an extension":                  unsigned(rs.token(t, claims(now, nil)), `{"alg":"RS256","kid":"kRS256","crit":["x"],"x":1}`),
		"no token":                      "x", "dots": "..", "four parts": rs.token(t, claims(now, nil)) + ".x",
	} {
		tokens = append(tokens, judged{Name: name, Token: token, Audience: []string{"app"}, Algorithms: []string{jose.RS256, jose.ES256}})
	}
	var want []bool
	if err := oracle.Script(t.Context(), judge, map[string]any{"url": server.URL, "tokens": tokens, "now": now.UnixMilli()}, &want); err != nil {
		t.Fatal(err)
	}
	good := 0
	clock := func() time.Time { return now }
	ours := server.keys(clock)
	for i, j := range tokens {
		_, err := checkOf(j, ours, clock).Verify(t.Context(), j.Token, j.Nonce)
		if (err == nil) != want[i] {
			t.Errorf("%s: %v, and the original says %v", j.Name, err, want[i])
		}
		if want[i] {
			good++
		}
	}
	if good < 15 || good > len(tokens)-25 {
		t.Errorf("the table is one-sided: %d of %d tokens are good", good, len(tokens))
	}
}

// unsigned gives a token another header.
func unsigned(token, header string) string {
	_, rest, _ := strings.Cut(token, ".")
	return base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + rest
}

func tokensToJudge(t *testing.T, keys map[string]key, now time.Time) []judged {
	t.Helper()
	rs, at := keys[jose.RS256], func(seconds int64) int64 { return now.Unix() + seconds }
	var all []judged
	add := func(name string, k key, changes map[string]any, edit func(*judged)) {
		j := judged{Name: name, Token: k.token(t, claims(now, changes)), Audience: []string{"app"}, Algorithms: []string{jose.RS256}}
		if edit != nil {
			edit(&j)
		}
		all = append(all, j)
	}
	for alg, k := range keys {
		add(alg, k, nil, func(j *judged) { j.Algorithms = []string{alg} })
		add(alg+" where another is expected", k, nil, func(j *judged) { j.Algorithms = []string{"RS384"} })
	}
	for _, name := range []string{"iss", "sub", "aud", "exp", "iat", "nonce"} {
		for _, value := range []any{nil, "", 7, true, []any{}, map[string]any{}, []any{"app"}, []any{"other", "app"}, []any{1, nil}, "app"} {
			add(fmt.Sprintf("%s is %v", name, value), rs, map[string]any{name: value}, nil)
			add(fmt.Sprintf("%s is %v, without an age", name, value), rs, map[string]any{name: value}, func(j *judged) { j.NoAge = true })
		}
	}
	for name, changes := range map[string]map[string]any{
		"another issuer": {"iss": "https://issuer.test/"}, "the other issuer": {"iss": "issuer.test"},
		"expired a moment ago": {"exp": at(-20)}, "expired": {"exp": at(-40)}, "never expires": {"exp": 1e300},
		"not yet": {"nbf": at(60)}, "almost now": {"nbf": at(20)}, "nbf is a text": {"nbf": "1"}, "nbf is null": {"nbf": json.RawMessage("null")},
		"made in the future": {"iat": at(60)}, "made a moment ahead": {"iat": at(20)}, "a part of a second": {"iat": float64(at(0)) - 0.5},
		"an hour old": {"iat": at(-3615)}, "older": {"iat": at(-3650)}, "exp is infinite": {"exp": json.RawMessage("1e999")},
	} {
		add(name, rs, changes, nil)
		add(name+", without an age", rs, changes, func(j *judged) { j.NoAge = true })
	}
	for _, nonce := range []any{"n1", "n2", nil, 1, sha256Hex("n2"), sha256Hex("n1"), strings.ToUpper(sha256Hex("n1"))} {
		for _, hashed := range []bool{false, true} {
			add(fmt.Sprintf("nonce %v, hashed %v", nonce, hashed), rs, map[string]any{"nonce": nonce}, func(j *judged) { j.Nonce, j.Hashed = "n1", hashed })
		}
	}
	for _, audience := range [][]string{{}, {""}, {"", "app"}, {"other"}, {"other", "app"}} {
		add(fmt.Sprintf("audience %q", audience), rs, nil, func(j *judged) { j.Audience = audience })
	}
	add("no algorithms", rs, nil, func(j *judged) { j.Algorithms = []string{} })
	return all
}

func TestDecodeJWT(t *testing.T) {
	t.Parallel()
	part := func(text string) string { return "h." + base64.RawURLEncoding.EncodeToString([]byte(text)) + ".s" }
	got, err := oauth.DecodeJWT(part(`{"b":1,"2":2,"1":3,"a":"x","a":null}`))
	text, _ := api.JSON(got)
	if err != nil || string(text) != `{"1":3,"2":2,"b":1,"a":null}` {
		t.Errorf("%s, %v", text, err)
	}
	for _, bad := range []string{"", "..", "a.b.c", "a.b", part("[]"), part("null"), part("{}x"), part("\xff"), part(`{"a":"` + "\xff" + `"}`), part("{}") + ".x"} {
		if claims, err := oauth.DecodeJWT(bad); err == nil {
			t.Errorf("%q is %v", bad, claims)
		}
	}
}

func TestPlaceholder(t *testing.T) {
	t.Parallel()
	if got, err := oauth.Placeholder("12ab", "tiktok"); got != "12ab@tiktok.placeholder.invalid" || err != nil {
		t.Error(got, err)
	}
	for _, id := range []string{"", "a b", "a@b", "a..b", "ü", "a\n"} {
		if got, err := oauth.Placeholder(id, "reddit"); err == nil {
			t.Errorf("%q gives %s", id, got)
		}
	}
}

func sha256Hex(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
