package provider_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// commonSets are options that are tried with each provider; null takes one away.
var commonSets = []map[string]any{
	{},
	{"scope": []any{"x:y", "z & é"}},
	{"disableDefaultScope": true},
	{"disableDefaultScope": true, "scope": []any{"one"}},
	{"redirectURI": "https://other.test/back?x=1&y=é"},
	{"authorizationEndpoint": "https://begin.test/a?keep=%20x&state=no&prompt=old&scope=old&&c#part"},
	{"prompt": "select_account consent"},
	{"clientId": []any{"first id", "second"}},
	{"clientSecret": "of signs: &=+%é /"},
	{"clientSecret": nil},
	{"mapProfileToUser": map[string]any{"name": "id", "further": "a.0.b", "image": "email"}},
}

// commonAuthorizations are asked for under each set.
var commonAuthorizations = []authorization{
	{},
	{Scopes: []string{"more", "and more"}},
	{LoginHint: "anna+é@mail.test"},
	{Nonce: "the-nonce"},
	{AdditionalParams: json.RawMessage(`{"foo":"b&r é","state":"no","client_id":"no","redirect_uri":"no","response_type":"no",` +
		`"code_challenge":"no","code_challenge_method":"no","nonce":"no","scope":"no","prompt":"own","login_hint":"own","owner":"own",` +
		`"client_key":"own","appid":"own","lang":"own","claims":"own","access_type":"own","duration":"own","hd":"own","display":"own"}`)},
	{Scopes: []string{"s"}, LoginHint: "h", Nonce: "n", AdditionalParams: json.RawMessage(`{"z":"1","a":"2"}`)},
}

const (
	verifier    = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk-dBjftJeZ4CVP"
	redirectURI = "http://app.test/api/auth/callback/it"
	commonToken = `{"access_token":"the-access-token","token_type":"Bearer","expires_in":3600,"refresh_token":"the-refresh-token","scope":"a b"}`
)

// answersOfTokens are further answers of the token endpoint, to a code and to a
// refresh token.
var answersOfTokens = []reply{
	answered(`{"access_token":"a","token_type":"bearer"}`),
	answered(`{"access_token":"a","expires_in":"60","refresh_token_expires_in":1.5,"scope":["p"," q ",7,""],"id_token":null,"refresh_token":""}`),
	answered(`{"access_token":"a","expires_in":-5,"refresh_token_expires_in":0,"scope":" p\t q "}`),
	answered(`{"error":"invalid_grant","error_description":"no"}`),
	answered(`{"errcode":40029,"errmsg":"invalid code"}`),
	answered(`null`),
	{400, "application/json", `{"error":"invalid_grant"}`},
	{500, "text/html", `<h1>oh</h1>`},
	{302, "text/html", ``},
}

// plays are all that a trial is played with.
func (tr *trial) plays(t *testing.T) []*play {
	t.Helper()
	var out []*play
	for _, set := range append(append([]map[string]any{}, commonSets...), tr.Sets...) {
		for _, a := range commonAuthorizations {
			a.State, a.CodeVerifier, a.RedirectURI = "the-state", verifier, redirectURI
			p := tr.play(t, "authorize", set)
			p.Authorization = &a
			out = append(out, p)
		}
		out = append(out, tr.callback(t, set), tr.play(t, "refresh", set))
	}
	base := tr.callback(t, nil)
	base.mustWork = true
	out = append(out, base)
	for _, answer := range answersOfTokens {
		for _, p := range []*play{tr.callback(t, nil), tr.play(t, "refresh", nil)} {
			p.name += ", the token endpoint answers " + answer.Body
			p.Grant = &answer
			out = append(out, p)
		}
	}
	return append(append(out, tr.broken(t)...), tr.idTokens(t)...)
}

// play begins one with everything that the provider documents.
func (tr *trial) play(t *testing.T, act string, set map[string]any) *play {
	t.Helper()
	options := map[string]any{"clientId": "the-id", "clientSecret": "the-secret"}
	for _, further := range []map[string]any{tr.Options, set} {
		maps.Copy(options, further)
	}
	maps.DeleteFunc(options, func(_ string, v any) bool { return v == nil })
	text, err := json.Marshal(options)
	if err != nil {
		t.Fatal(err)
	}
	return &play{
		Provider: tr.id, Options: text, Act: act, Answers: map[string]reply{},
		name: act, refused: tr.refused(set), common: tr.documented(t),
	}
}

// documented are the answers of a provider that works.
func (tr *trial) documented(t *testing.T) *answers {
	t.Helper()
	if tr.common != nil {
		return tr.common
	}
	tr.common = &answers{Answers: map[string]reply{}, Grant: tr.grant(t, tr.Claims)}
	for address, body := range tr.Answers {
		tr.common.Answers[address] = answered(string(body))
	}
	for address, other := range tr.Alike {
		tr.common.Answers[address] = tr.common.Answers[other]
	}
	if tr.Keys != "" {
		tr.common.Answers[tr.Keys] = answered(keys())
	}
	return tr.common
}

// grant is the answer of the token endpoint with the claims of an ID token.
func (tr *trial) grant(t *testing.T, claims []byte) reply {
	t.Helper()
	text := tr.Token
	if len(text) == 0 {
		text = []byte(commonToken)
	}
	if len(claims) == 0 {
		return answered(string(text))
	}
	object, err := oauth.ParseObject(text)
	if err != nil {
		t.Fatal(err)
	}
	body, err := api.JSON(object.Set("id_token", tr.sign(t, claims)))
	if err != nil {
		t.Fatal(err)
	}
	return answered(string(body))
}

func (tr *trial) callback(t *testing.T, set map[string]any) *play {
	t.Helper()
	p := tr.play(t, "callback", set)
	p.Code = &code{
		Code: "the code/+&é", CodeVerifier: verifier, RedirectURI: redirectURI,
		DeviceID: "the-device", User: tr.User, Nonce: tr.Nonce,
	}
	return p
}

// broken are callbacks in which one answer of the provider is not as documented.
func (tr *trial) broken(t *testing.T) []*play {
	t.Helper()
	var out []*play
	for address, body := range tr.Answers {
		for _, m := range mutations(t, body) {
			p := tr.callback(t, nil)
			p.name += ", " + address + " answers " + m
			p.Answers[address] = answered(m)
			out = append(out, p)
		}
		for _, answer := range []reply{{200, "text/html", "<h1>"}, {401, "application/json", string(body)}, {500, "text/plain", "oh"}, {200, "application/json", ""}} {
			p := tr.callback(t, nil)
			p.name += ", " + address + " answers " + answer.Kind + " " + answer.Body
			p.Answers[address] = answer
			out = append(out, p)
		}
	}
	out = append(out, tr.brokenGrants(t)...)
	if len(tr.Claims) == 0 {
		return out
	}
	for _, m := range mutations(t, tr.Claims) {
		p := tr.callback(t, nil)
		p.name += ", the claims are " + m
		grant := tr.grant(t, []byte(m))
		p.Grant = &grant
		out = append(out, p)
	}
	for _, id := range []string{"", "a", "a.b.c", "a.e30.c", "a.W10.c", "a.bnVsbA.c", "..", "a.b"} {
		p := tr.callback(t, nil)
		p.name += ", the ID token is " + id
		grant := answered(strings.Replace(commonToken, "{", `{"id_token":"`+id+`",`, 1))
		p.Grant = &grant
		out = append(out, p)
	}
	return out
}

// ofEvery are members that every answer of a token endpoint has. Of them
// answersOfTokens has what is to be tried.
var ofEvery = []string{"access_token", "token_type", "refresh_token", "id_token", "expires_in", "refresh_token_expires_in"}

// brokenGrants are callbacks in which what is particular in the provider's answer
// to a code is not as documented.
func (tr *trial) brokenGrants(t *testing.T) []*play {
	t.Helper()
	documented, err := oauth.ParseObject([]byte(tr.grant(t, tr.Claims).Body))
	if err != nil {
		t.Fatal(err)
	}
	var out []*play
	for i, m := range documented {
		if slices.Contains(ofEvery, m.Key) {
			continue
		}
		for _, to := range strange {
			changed := slices.Clone(documented)
			if changed[i].Value = to; to == (removed{}) {
				changed = slices.Delete(changed, i, i+1)
			}
			body, err := api.JSON(changed)
			if err != nil {
				t.Fatal(err)
			}
			p := tr.callback(t, nil)
			p.name += ", the token endpoint answers " + string(body)
			grant := answered(string(body))
			p.Grant = &grant
			out = append(out, p)
		}
	}
	return out
}
