package provider_test

import (
	"math/rand/v2"
	"net/http"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// TestNoAnswerBreaksAProvider plays callbacks, refresh tokens and ID tokens in
// which many values at once are not as documented: all may fail, none may panic,
// and no user comes of an error.
func TestNoAnswerBreaksAProvider(t *testing.T) {
	t.Parallel()
	chance := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same shapes each time
	for _, tr := range trials(t) {
		shapes := documented(t, tr)
		for range 100 {
			p := tr.callback(t, nil)
			made, err := p.make(t, inPlace(func(*http.Request) reply {
				text, err := api.JSON(scramble(chance, shapes[chance.IntN(len(shapes))]))
				if err != nil {
					t.Fatal(err)
				}
				return answered(string(text))
			}))
			if err != nil {
				t.Fatal(err)
			}
			tokens, err := made.Exchange(t.Context(), oauth.Code{Code: "c", Verifier: verifier, RedirectURI: redirectURI})
			if err != nil {
				tokens = &oauth.Tokens{Access: "a"}
			}
			if claims, _ := api.JSON(scramble(chance, shapes[0])); chance.IntN(2) == 0 {
				tokens.ID = encoded([]byte("{}")) + "." + encoded(claims) + "."
			}
			tokens.User = scramble(chance, shapes[0])
			if who := whoIs(t, made, tokens); who != nil && len(who) != 3 {
				t.Errorf("%s: %v", tr.id, who)
			}
			if made.Refresh != nil {
				_, _ = made.Refresh(t.Context(), "r")
			}
			// LINE is asked to check its tokens, and here it says anything.
			if tr.id != "line" && made.CheckIDToken != nil && made.CheckIDToken(t.Context(), tokens.ID, "") == nil && tokens.ID != "" {
				t.Errorf("%s takes an unsigned ID token", tr.id)
			}
		}
	}
}

// documented are all answers of a trial, the claims first.
func documented(t *testing.T, tr *trial) []any {
	t.Helper()
	out := []any{api.Object{}}
	texts := [][]byte{tr.grant(t, nil).text()}
	for _, answer := range tr.Answers {
		texts = append(texts, answer)
	}
	if len(tr.Claims) > 0 {
		out, texts = nil, append([][]byte{tr.Claims}, texts...)
	}
	for _, text := range texts {
		v, err := oauth.ParseValue(text)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	return out
}

func (r reply) text() []byte { return []byte(r.Body) }

// scramble gives the value with some of what is in it replaced by a strange one.
func scramble(chance *rand.Rand, v any) any {
	if chance.IntN(8) == 0 {
		return api.Object{{Key: "data", Value: nil}, {Key: "user", Value: []any{nil, strange[1+chance.IntN(len(strange)-1)]}}}
	}
	if chance.IntN(5) == 0 {
		return strange[1+chance.IntN(len(strange)-1)]
	}
	switch v := v.(type) {
	case api.Object:
		out := api.Object{}
		for _, m := range v {
			if chance.IntN(6) > 0 {
				out = append(out, api.Member{Key: m.Key, Value: scramble(chance, m.Value)})
			}
		}
		return out
	case []any:
		out := []any{}
		for _, one := range v {
			out = append(out, scramble(chance, one))
		}
		return out
	}
	return v
}
