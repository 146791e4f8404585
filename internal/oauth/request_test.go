package oauth_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/oauth"
	"github.com/sallyport-auth/sallyport/internal/transcript/oracle"
)

// urls gives the addresses of the original, and null where it makes none.
const urls = `
import { createAuthorizationURL } from "@better-auth/core/oauth2";
import { text } from "node:stream/consumers";
const out = [];
for (const r of JSON.parse(await text(process.stdin))) {
  try { out.push(String(await createAuthorizationURL(r))); } catch { out.push(null); }
}
console.log(JSON.stringify(out));
`

// requests are written as the original's function takes them.
const requests = `[
{},
{"clientId":""},
{"scopes":[]}, {"scopes":["a"]}, {"scopes":["a","b c","é&="]}, {"scopes":["a","b"],"scopeJoiner":","},
{"redirectURI":"https://app.test/cb?x=1&y=é#f"}, {"state":"s +/~*-._!'()"},
{"duration":"permanent","display":"popup","loginHint":"a+b@c.test","nonce":"n","prompt":"select_account consent","hd":"*","accessType":"offline","responseMode":"form_post","responseType":"code id_token"},
{"codeVerifier":"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"},
{"claims":[]}, {"claims":["email","picture"]},
{"additionalParams":{"state":"no","scope":"no","nonce":"no","foo":"bar","login_hint":"own","é":"&"},"loginHint":"h"},
{"additionalParams":{"b":"1","2":"x","a":"","1":"y"}},
{"endpoint":"https://idp.test"}, {"endpoint":"https://idp.test/?"}, {"endpoint":"https://IDP.test:443/A/../b?x"},
{"endpoint":"https://idp.test/a?keep=%20x+y&scope=old&&state=1&sc%6Fpe=old&b=%zz&=e&c#frag"}, {"endpoint":"https://idp.test/a?x=1&"},
{"endpoint":"https://idp.test/a?q=é&r='\"<>|{}^"}, {"endpoint":"https://idp.test/ü x/%7C"}, {"endpoint":"http://[::1]:8080/a?client_id=x&client_id=y"},
{"endpoint":"not an address"}, {"endpoint":""}
]`

func TestRequestsAreWrittenAsTheOriginal(t *testing.T) {
	t.Parallel()
	var all []map[string]json.RawMessage
	if err := json.Unmarshal([]byte(requests), &all); err != nil {
		t.Fatal(err)
	}
	given := make([]map[string]any, len(all))
	for i, r := range all {
		m := map[string]any{"state": "the-state", "redirectURI": "https://app.test/cb", "options": map[string]any{"clientId": "id"}, "authorizationEndpoint": "https://idp.test/authorize"}
		for name, value := range r {
			m[name] = value
		}
		if id, ok := r["clientId"]; ok {
			m["options"] = map[string]any{"clientId": id}
		}
		if endpoint, ok := r["endpoint"]; ok {
			m["authorizationEndpoint"] = endpoint
		}
		given[i] = m
	}
	var want []*string
	if err := oracle.Script(t.Context(), urls, given, &want); err != nil {
		t.Fatal(err)
	}
	for i, m := range given {
		got, err := requestOf(t, m).URL()
		switch {
		case want[i] == nil:
			if err == nil {
				t.Errorf("%s gives %s, and the original nothing", all[i], got)
			}
		case err != nil || got != *want[i]:
			t.Errorf("%s:\n got %s, %v\nwant %s", all[i], got, err, *want[i])
		}
	}
}

func requestOf(t *testing.T, m map[string]any) oauth.Request {
	t.Helper()
	text, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	var in struct {
		Options                                     struct{ ClientID string }
		AuthorizationEndpoint, ResponseType, State  string
		RedirectURI, ScopeJoiner, Duration, Display string
		LoginHint, Nonce, Prompt, HD, AccessType    string
		ResponseMode, CodeVerifier                  string
		Scopes, Claims                              []string
		AdditionalParams                            json.RawMessage
	}
	if err := json.Unmarshal(text, &in); err != nil {
		t.Fatal(err)
	}
	r := oauth.Request{
		Endpoint: in.AuthorizationEndpoint, ResponseType: in.ResponseType, ClientID: in.Options.ClientID, State: in.State,
		RedirectURI: in.RedirectURI, Scopes: in.Scopes, ScopeJoiner: in.ScopeJoiner, Duration: in.Duration, Display: in.Display,
		LoginHint: in.LoginHint, Nonce: in.Nonce, Prompt: in.Prompt, HD: in.HD, AccessType: in.AccessType,
		ResponseMode: in.ResponseMode, Verifier: in.CodeVerifier, Claims: in.Claims,
	}
	if len(in.AdditionalParams) > 0 {
		extra, err := oauth.ParseObject(in.AdditionalParams)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range extra {
			r.Extra = append(r.Extra, oauth.Param{Name: p.Key, Value: p.Value.(string)})
		}
	}
	return r
}

// Parameters of the options stand before those of a request, of which a number takes
// the first place, as in the objects that the original joins.
func TestNumbersComeFirstAmongFurtherParameters(t *testing.T) {
	r := oauth.Request{Endpoint: "https://idp.test/", ClientID: "app", Extra: []oauth.Param{
		{Name: "own", Value: "x"}, {Name: "2", Value: "b"}, {Name: "1", Value: "a"}, {Name: "own", Value: "y"},
	}}
	if got, err := r.URL(); err != nil || !strings.HasSuffix(got, "&1=a&2=b&own=y") {
		t.Errorf("%s, %v", got, err)
	}
}

const forms = `
import { text } from "node:stream/consumers";
const out = [];
for (const s of JSON.parse(await text(process.stdin))) out.push([String(new URLSearchParams([[s, s]])), ...([...new URLSearchParams(s)][0] ?? ["", ""])]);
console.log(JSON.stringify(out));
`

func TestFormsAreWrittenAndReadAsURLSearchParams(t *testing.T) {
	t.Parallel()
	texts := []string{
		"a", "é ü", "a+b c%20d", "%zz=%2", "%C3%A9=%c3", "=", "a=b=c", "\u0000\u007f\r\n", "😀=😀", "*-._~!'()", "%", "%4", "a%3Db=%26", "+=+", "%E2%82=x",
	}
	for c := range 0x100 {
		if c != '&' && c != '?' { // those are read before this
			texts = append(texts, "x"+string(rune(c))+"y")
		}
	}
	var want [][3]string
	if err := oracle.Script(t.Context(), forms, texts, &want); err != nil {
		t.Fatal(err)
	}
	for i, text := range texts {
		p := oauth.ParsePair(text)
		got := [3]string{oauth.Form{{Name: text, Value: text}}.String(), p.Name, p.Value}
		if got != want[i] {
			t.Errorf("%q: %q, want %q", text, got, want[i])
		}
	}
}
