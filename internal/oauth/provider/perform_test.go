package provider_test

import (
	"errors"
	"math"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/oauth"
	"github.com/sallyport-auth/sallyport/internal/oauth/provider"
	"github.com/sallyport-auth/sallyport/internal/outbound"
)

// read are options by their text: few are many plays'.
var read sync.Map

func (p *play) options(t *testing.T) oauth.Options {
	t.Helper()
	if known, ok := read.Load(string(p.Options)); ok {
		return known.(oauth.Options)
	}
	var o oauth.Options
	if _, err := config.Load(&o, config.Source{Name: "trial", Text: p.Options}); err != nil {
		t.Fatalf("%s: %v", p.name, err)
	}
	config.SetDefaults(&o)
	read.Store(string(p.Options), o)
	return o
}

// make makes our provider.
func (p *play) make(t *testing.T, transport http.RoundTripper) (*oauth.Provider, error) {
	t.Helper()
	return provider.New(p.Provider, p.options(t), provider.Deps{
		Client: outbound.New(outbound.Options{Transport: transport}), Now: func() time.Time { return now },
	})
}

// perform plays to our provider and writes what came of it.
func perform(t *testing.T, p *play) []byte {
	t.Helper()
	made, err := p.make(t, p)
	if err != nil {
		return failed("options")
	}
	switch p.Act {
	case "authorize":
		address, err := made.Authorize(p.authorization())
		if err != nil {
			return failed("authorization")
		}
		return outcome(api.Member{Key: "url", Value: address})
	case "callback":
		return callback(t, made, p)
	case "refresh":
		return refresh(t, made)
	default:
		return idToken(t, made, p)
	}
}

func failed(at string) []byte { return outcome(api.Member{Key: "failed", Value: at}) }

func callback(t *testing.T, made *oauth.Provider, p *play) []byte {
	t.Helper()
	tokens, err := made.Exchange(t.Context(), oauth.Code{
		Code: p.Code.Code, Verifier: p.Code.CodeVerifier, RedirectURI: p.Code.RedirectURI, DeviceID: p.Code.DeviceID,
	})
	if err != nil {
		return failed("code")
	}
	tokens.Nonce = p.Code.Nonce
	if len(p.Code.User) > 0 {
		if tokens.User, err = oauth.ParseValue(p.Code.User); err != nil {
			t.Fatal(err)
		}
	}
	who := whoIs(t, made, tokens)
	if who == nil {
		return failed("user")
	}
	return outcome(append([]api.Member{{Key: "tokens", Value: told(tokens)}}, who...)...)
}

func refresh(t *testing.T, made *oauth.Provider) []byte {
	t.Helper()
	if made.Refresh == nil {
		return failed("no refresh")
	}
	tokens, err := made.Refresh(t.Context(), "the-refresh-token")
	if err != nil {
		return failed("refresh")
	}
	return outcome(api.Member{Key: "tokens", Value: told(tokens)})
}

func idToken(t *testing.T, made *oauth.Provider, p *play) []byte {
	t.Helper()
	if made.CheckIDToken == nil {
		return failed("no ID tokens")
	}
	if made.CheckIDToken(t.Context(), p.Token.ID, p.Token.Nonce) != nil {
		return failed("ID token")
	}
	who := whoIs(t, made, &oauth.Tokens{ID: p.Token.ID, Access: p.Token.Access})
	if who == nil {
		return failed("user")
	}
	return outcome(who...)
}

// whoIs asks for the user and judges the subject as a sign-in does.
func whoIs(t *testing.T, made *oauth.Provider, tokens *oauth.Tokens) []api.Member {
	t.Helper()
	info, err := made.UserInfo(t.Context(), tokens)
	if err != nil {
		if info != nil || errors.Is(err, t.Context().Err()) {
			t.Errorf("a user with an error: %v", err)
		}
		return nil
	}
	address, _ := info.User.Get("email")
	_, isText := address.(string)
	subject, ok := written(made.Subject(tokens, info.Profile))
	if !ok || !isText && address != nil && address != false && address != 0.0 {
		return nil
	}
	return []api.Member{{Key: "user", Value: info.User}, {Key: "profile", Value: info.Profile}, {Key: "subject", Value: subject}}
}

func written(subject any) (string, bool) {
	var text string
	switch subject := subject.(type) {
	case string:
		text = subject
	case float64:
		number, err := api.JSON(subject)
		if err != nil || math.IsInf(subject, 0) || math.IsNaN(subject) {
			return "", false
		}
		text = string(number)
	}
	return text, strings.TrimSpace(text) != "" && text != "undefined" && text != "null"
}

// told writes tokens; what is not there is null.
func told(t *oauth.Tokens) api.Object {
	text := func(s string) any {
		if s == "" {
			return nil
		}
		return s
	}
	at := func(when time.Time) any {
		if when.IsZero() {
			return nil
		}
		return when.UnixMilli()
	}
	return api.Object{
		{Key: "type", Value: text(t.Type)},
		{Key: "access", Value: text(t.Access)},
		{Key: "refresh", Value: text(t.Refresh)},
		{Key: "id", Value: text(t.ID)},
		{Key: "accessExpiresAt", Value: at(t.AccessExpiresAt)},
		{Key: "refreshExpiresAt", Value: at(t.RefreshExpiresAt)},
		{Key: "scopes", Value: t.Scopes},
	}
}
