package transcript_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/oauth/idptest"
	"github.com/sallyport-auth/sallyport/internal/oauth/provider"
	"github.com/sallyport-auth/sallyport/internal/transcript"
)

// needed are the options without which a provider does not work, beside those of
// all, and nil for one that it does not have.
var needed = map[string]map[string]any{
	"cognito": {"domain": "acme.auth.eu-west-1.amazoncognito.com", "region": "eu-west-1", "userPoolId": "eu-west-1_Acme12345"},
	"tiktok":  {"clientKey": "app", "clientId": nil},
}

// walkConfig has all the providers that there are.
func walkConfig(t *testing.T) string {
	t.Helper()
	providers := map[string]any{}
	for _, id := range provider.IDs() {
		settings := map[string]any{"clientId": "app", "clientSecret": "app-secret"}
		maps.Copy(settings, needed[id])
		maps.DeleteFunc(settings, func(_ string, v any) bool { return v == nil })
		providers[id] = settings
	}
	text, err := json.Marshal(map[string]any{
		"baseURL": "http://auth.test", "rateLimit": map[string]any{"enabled": false}, "socialProviders": providers,
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// lives are how long the tokens of providers are good, in seconds.
var lives = []int64{899, 7200, 14124, 21599, 5183999, 5184000}

// begin is the request that begins a sign-in, browse what the user does then, and
// return the way back with it.
func signInSteps(id, more, script string) []transcript.Step {
	texts := []string{
		fmt.Sprintf(`{"name":"begin","do":"POST /sign-in/social","as":"user","json":{"provider":%q,"callbackURL":"/home"%s},"keep":{"url":"body.url"}}`, id, more),
		fmt.Sprintf(`{"name":"say yes","at":"provider","follow":"${url}","script":%s,"keep":{"callback":"location","form":"form"}}`, script),
		`{"name":"callback","raw":"GET ${callback|path}","as":"user"}`,
	}
	if id == "apple" { // it posts a form
		texts[2] = `{"name":"form","raw":"POST ${callback|path}","as":"user","form":"${form}","keep":{"callback":"header.location"}}`
		texts = append(texts, `{"name":"callback","raw":"GET ${callback|path}","as":"user"}`)
	}
	steps := make([]transcript.Step, len(texts))
	for i, text := range texts {
		steps[i] = parseStep(text)
		steps[i].Name += " " + script
	}
	return steps
}

func parseStep(text string) transcript.Step {
	var s transcript.Step
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		panic(err)
	}
	if s.Headers == nil {
		s.Headers = map[string]json.RawMessage{}
	}
	s.Headers["origin"] = json.RawMessage(`"http://auth.test"`)
	return s
}

// query reads the rows of the users of a provider.
func query(id string) transcript.Step {
	return transcript.Step{Name: "rows", Query: fmt.Sprintf(
		`SELECT u.*, a.* FROM account a JOIN "user" u ON u.id = a."userId" WHERE a."providerId" = '%s' ORDER BY a."createdAt"`, id)}
}

// pair is both servers with all providers on.
type pair struct {
	config         string
	original, ours transcript.Target
}

func newPair(t *testing.T) *pair {
	t.Helper()
	p := &pair{config: walkConfig(t)}
	c := transcript.Conversation{Topic: "walk", Name: "all providers", Config: p.config}
	p.original = originals(t)(t, c, nil)
	p.ours = startSallyport(t, c, nil)
	return p
}

// play plays the same steps to both, which keep what they did before.
func (p *pair) play(t *testing.T, name string, steps ...transcript.Step) (original, ours transcript.Recording) {
	t.Helper()
	c := transcript.Conversation{Topic: "walk", Name: name, Config: p.config, Offsets: lives, Steps: steps}
	var err error
	if original, err = transcript.Play(t.Context(), c, p.original); err != nil {
		t.Fatalf("the original: %v", err)
	}
	if ours, err = transcript.Play(t.Context(), c, p.ours); err != nil {
		t.Fatal(err)
	}
	return original, ours
}

// For every provider, the address of the authorization, each request to the
// provider, and the rows of the user and the account are those of the original: of
// a new user, of one who comes again, and of one who comes with other wishes.
func TestEveryProviderSignsInAsAtTheOriginal(t *testing.T) {
	if testing.Short() {
		t.Skip("needs Node")
	}
	t.Parallel()
	p := newPair(t)
	for _, id := range provider.IDs() {
		t.Run(id, func(t *testing.T) {
			steps := append(signInSteps(id, "", "{}"), query(id))
			made := len(steps) - 1
			steps = append(steps, signInSteps(id, `,"scopes":["more:read","x y"],"loginHint":"a+b@mail.test","requestSignUp":true`, "{}")...)
			steps = append(steps, query(id), parseStep(`{"name":"who","do":"GET /get-session","as":"user"}`))
			original, ours := p.play(t, id, steps...)
			report(t, original, ours)
			if rows := original.Answers[made].Rows; len(rows) != 1 {
				t.Errorf("the original made the accounts %v", rows)
			}
		})
	}
}

// failures are answers of providers that are none.
var failures = []string{
	`{"token":"400"}`, `{"token":"500"}`, `{"token":"error200"}`, `{"token":"object"}`, `{"token":"text"}`, `{"token":"redirect"}`,
	`{"user":"401"}`, `{"user":"503"}`, userObject, userText,
	`{"callback":{"code":"another"}}`,
}

// returns are ways back that end before the provider is asked, so that one which
// sends browsers back and one that posts a form stand for all.
var returns = []string{
	`{"callback":{"error":"access_denied","error_description":"The user said no","code":null}}`,
	`{"callback":{"code":null}}`, `{"callback":{"state":"another"}}`,
}

// An empty object and a text in the place of a profile.
const userObject, userText = `{"user":"object"}`, `{"user":"text"}`

// noUser is how a sign-in ends whose provider does not tell of a user, where the
// original answers otherwise: with 500 as a rule, and without an address where it
// takes a method that every text has, String.prototype.sub, for the claim sub.
var noUser = transcript.Wanted{
	Row: "A provider's answer that does not hold", Status: 302,
	Headers: []string{"content-type: application/json", "location: /oops?error=unable_to_get_user_info"},
	Cookies: []string{"better-auth.state=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax"},
}

// noUserAt are the providers where a sign-in ends so, with a part of the address
// that the original asks all the same; empty where it asks nothing.
var noUserAt = map[string]map[string]string{
	userObject: {"discord": "", "github": "", "kick": "", "spotify": "", "tiktok": "", "twitter": "confirmed_email", "vk": ""},
	userText: {
		"discord": "", "github": "/user/emails", "kick": "", "roblox": "", "spotify": "", "tiktok": "", "twitter": "confirmed_email", "vk": "",
		"huggingface": "", "linkedin": "", "railway": "", "vercel": "",
	},
}

// noToken is how a profile is not asked for that the original asks for without a
// token, to end in the same way.
var noToken = transcript.Wanted{Row: "Without an access token no provider is asked", Unasked: "Bearer undefined"}

// wantedAt gives the wanted difference from an answer of the original; nil if none.
func wantedAt(id, script string, original transcript.Answer) *transcript.Wanted {
	if unasked, ok := noUserAt[script][id]; ok {
		wanted := noUser
		wanted.Unasked = unasked
		return &wanted
	}
	if strings.HasPrefix(script, `{"token":`) && strings.Contains(strings.Join(original.Asked, " "), noToken.Unasked) {
		return &noToken
	}
	return nil
}

// Whatever a provider answers in the place of tokens and a profile, a sign-in ends
// as at the original, and always with a redirect.
func TestEveryProviderFailsAsAtTheOriginal(t *testing.T) {
	if testing.Short() {
		t.Skip("needs Node")
	}
	t.Parallel()
	p := newPair(t)
	for _, id := range provider.IDs() {
		t.Run(id, func(t *testing.T) {
			scripts := failures
			if id == "apple" || id == "github" {
				scripts = append(slices.Clone(failures), returns...)
			}
			var steps []transcript.Step
			for _, script := range scripts {
				steps = append(steps, signInSteps(id, `,"errorCallbackURL":"/oops"`, script)...)
			}
			original, ours := p.play(t, id, steps...)
			each := len(steps) / len(scripts)
			for i, script := range scripts {
				last := (i+1)*each - 1
				if ours.Answers[last].Status != 302 {
					t.Errorf("%s: the answer is %d %s", script, ours.Answers[last].Status, ours.Answers[last].Body)
				}
				steps[last].Wanted = wantedAt(id, script, original.Answers[last])
			}
			report(t, expect(t, transcript.Conversation{Topic: "walk", Name: id, Steps: steps}, original), ours)
		})
	}
}

// The providers that are scripted are those of the original, and all are there.
func TestEveryProviderOfTheOriginalIsThere(t *testing.T) {
	ids := provider.IDs()
	for _, id := range idptest.IDs() {
		if id == "oidc" {
			continue // it is generic
		}
		if !slices.Contains(ids, id) {
			t.Errorf("there is no provider %s", id)
		}
	}
	if len(ids) != 36 {
		t.Errorf("there are %d providers: %s", len(ids), strings.Join(ids, " "))
	}
}
