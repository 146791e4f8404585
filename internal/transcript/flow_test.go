package transcript

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/oauth/idptest"
)

// flow is an authorization as chance made it.
type flow struct{ state, verifier, challenge, nonce string }

func newFlow(verifier string) flow {
	sum := sha256.Sum256([]byte(verifier))
	return flow{
		state: "aB3-x" + verifier[:27], verifier: verifier,
		challenge: base64.RawURLEncoding.EncodeToString(sum[:]), nonce: "_-9zQ" + verifier[1:28],
	}
}

// texts are where its values stand.
func (f flow) texts() []string {
	return []string{
		"https://idp.test/authorize?client_id=app&state=" + f.state + "&nonce=" + f.nonce + "&code_challenge=" + f.challenge,
		"https://idp.test/authorize?state=" + f.state + "#wechat_redirect",
		"grant_type=authorization_code&code_verifier=" + f.verifier + "&redirect_uri=x",
		"auth-state:" + f.state,
		`{"state":"` + f.state + `","nonce":"` + f.nonce + `"}`,
	}
}

func (f flow) read(t *testing.T) string {
	t.Helper()
	r := newReader(Conversation{Config: "{}"}, nil)
	r.begin(clockAt(1764144000000))
	var all []string
	for _, text := range f.texts() {
		all = append(all, r.text(t.Context(), text))
	}
	row, err := parseOrdered(`{"codeVerifier":"` + f.verifier + `","expiresAt":1764144000000,"oauthState":"` + f.state + `"}`)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(append(all, r.json(t.Context(), row).String()), "\n")
}

var verifiers = [2]string{
	strings.Repeat("Zx0-y_WvAb12Cd34", 8), strings.Repeat("q-W3r_t9EfGh5678", 8),
}

func TestAuthorizationsOfTwoRunsReadAlike(t *testing.T) {
	first, second := newFlow(verifiers[0]).read(t), newFlow(verifiers[1]).read(t)
	if first != second {
		t.Errorf("read as\n%s\nand\n%s", first, second)
	}
	for _, name := range []string{"<state 1>", "<verifier 1>", "<challenge of <verifier 1>>", "<nonce 1>", `"expiresAt":"<step 1>"`} {
		if !strings.Contains(first, name) {
			t.Errorf("there is no %s in\n%s", name, first)
		}
	}
}

func TestWrongAuthorizationsAreNoticed(t *testing.T) {
	right := newFlow(verifiers[0]).read(t)
	for what, spoil := range map[string]func(f *flow){
		"a challenge of another verifier": func(f *flow) { f.challenge = newFlow(verifiers[1]).challenge },
		"a challenge that is plain":       func(f *flow) { f.challenge = f.verifier[:43] },
		"a short state":                   func(f *flow) { f.state = f.state[:31] },
		"a long state":                    func(f *flow) { f.state += "A" },
		"a short verifier":                func(f *flow) { *f = flow{f.state, f.verifier[:127], newFlow(f.verifier[:127]).challenge, f.nonce} },
		"the state as the nonce":          func(f *flow) { f.nonce = f.state[:31] },
	} {
		f := newFlow(verifiers[0])
		spoil(&f)
		if f.read(t) == right {
			t.Errorf("not noticed: %s", what)
		}
	}
}

func TestStatesInCookiesAreTheStatesOfAddresses(t *testing.T) {
	r := newReader(Conversation{Config: "{}"}, nil)
	r.begin(clockAt(1764144000000))
	state := newFlow(verifiers[0]).state
	cookie := "better-auth.state=" + encodeURIComponent(state+"."+sign(Secret, state)) + "; Path=/"
	got := r.cookie(t.Context(), cookie, nil) + " " + r.text(t.Context(), "https://idp.test/?state="+state)
	if got != "better-auth.state=<signed <state 1>>; Path=/ https://idp.test/?state=<state 1>" {
		t.Errorf("it is read as %s", got)
	}
}

// What a server asks of a provider is compared as what it answers is.
func TestEveryPartOfARequestToAProviderIsCompared(t *testing.T) {
	made := func(change func(r *idptest.Request)) Recording {
		r := newReader(Conversation{Config: "{}"}, nil)
		r.begin(clockAt(1764144000000))
		asked := idptest.Request{
			Method: "POST", URL: "https://idp.test/token?a=b", Body: "grant_type=authorization_code&code=0123456789abcdefghijklmnopqrstuv",
			Header: http.Header{
				"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte("app:app-secret"))},
				"Content-Type":  {"application/x-www-form-urlencoded"}, "Accept": {"application/json"}, "User-Agent": {"Go-http-client/1.1"},
			},
		}
		change(&asked)
		return Recording{Answers: []Answer{{Asked: []string{r.request(t.Context(), asked)}}}}
	}
	right := made(func(*idptest.Request) {})
	if got := right.Answers[0].Asked[0]; got != "POST https://idp.test/token?a=b {Authorization: Basic of app:app-secret} {Content-Type: application/x-www-form-urlencoded} {Accept: application/json} grant_type=authorization_code&code=<id 1>" {
		t.Errorf("it is read as %s", got)
	}
	for what, change := range map[string]func(r *idptest.Request){
		"method": func(r *idptest.Request) { r.Method = "GET" },
		"query":  func(r *idptest.Request) { r.URL += "&c=d" },
		"body":   func(r *idptest.Request) { r.Body += "&scope=x" },
		"secret": func(r *idptest.Request) {
			r.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte("app:other")))
		},
		"bearer": func(r *idptest.Request) { r.Header.Set("Authorization", "Bearer x") },
		"accept": func(r *idptest.Request) { r.Header.Del("Accept") },
		"agent":  func(r *idptest.Request) { r.Header.Set("User-Agent", "better-auth") },
		"media":  func(r *idptest.Request) { r.Header.Set("Content-Type", "application/json") },
	} {
		if len(Compare(right, made(change))) == 0 {
			t.Errorf("not noticed: another %s", what)
		}
	}
	if plain := made(func(r *idptest.Request) { r.Header.Set("User-Agent", "node") }); len(Compare(right, plain)) > 0 {
		t.Error("what a client of HTTP calls itself is compared")
	}
}

func clockAt(millis int64) time.Time { return time.UnixMilli(millis) }
