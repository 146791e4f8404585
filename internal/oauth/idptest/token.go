package idptest

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
)

// location is the header of redirects.
const location = "Location"

func send(w http.ResponseWriter, to string) {
	w.Header().Set(location, to)
	w.WriteHeader(http.StatusFound)
}

// random gives 32 letters and digits.
func random() string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // it never fails
	for i, b := range raw {
		raw[i] = letters[int(b)%len(letters)]
	}
	return string(raw)
}

// token is the token endpoint (RFC 6749, 4.1.3 and 6).
func (s *Server) token(p *Provider, w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		refuse(w, http.StatusBadRequest, "invalid_request", err.Error())
		return
	}
	client, proven := p.client(r)
	if !proven {
		refuse(w, http.StatusUnauthorized, "invalid_client", "the client has not proven who it is")
		return
	}
	var g *grant
	var problem string
	switch r.Form.Get("grant_type") {
	case "authorization_code":
		g, problem = s.redeem(p, client, r.Form)
	case "refresh_token":
		g, problem = s.renew(p, client, r.Form.Get("refresh_token"))
	default:
		refuse(w, http.StatusBadRequest, "unsupported_grant_type", r.Form.Get("grant_type"))
		return
	}
	if s.fail(s.scriptOf(p.ID, g).Token, w, r) {
		return
	}
	if problem != "" {
		refuse(w, http.StatusBadRequest, "invalid_grant", problem)
		return
	}
	tokens, err := s.tokens(p, g, r.Form.Get("refresh_token"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotImplemented)
		return
	}
	answer(w, http.StatusOK, tokens)
}

// client tells who asks and whether that is proven (RFC 6749, 2.3).
func (p *Provider) client(r *http.Request) (string, bool) {
	id, secret := r.Form.Get(p.ClientParam), r.Form.Get(p.secretParam())
	basicID, basicSecret, basic := r.BasicAuth()
	if basic && secret != "" {
		return "", false // RFC 6749, 2.3: one way at a time
	}
	if basic {
		var errID, errSecret error
		id, errID = url.QueryUnescape(basicID)
		secret, errSecret = url.QueryUnescape(basicSecret)
		if errID != nil || errSecret != nil {
			return "", false
		}
	}
	public := SecretOf(id) == "" || p.Refresh != "" && r.Form.Get("grant_type") == "refresh_token"
	switch {
	case id == "":
		return id, false
	case public:
		return id, secret == ""
	case secret != SecretOf(id):
		return id, false
	}
	return id, p.Auth == "any" || basic == (p.Auth == "basic")
}

// secretParam names the secret beside the client.
func (p *Provider) secretParam() string {
	if p.ClientParam == "appid" {
		return "secret"
	}
	return "client_secret"
}

// redeem takes a code, which is good once.
func (s *Server) redeem(p *Provider, client string, form url.Values) (*grant, string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	code := form.Get("code")
	g := s.codes[code]
	delete(s.codes, code)
	sum := sha256.Sum256([]byte(form.Get("code_verifier")))
	switch {
	case g == nil || g.provider != p.ID:
		return nil, "there is no such code"
	case g.client != client:
		return g, "the code is another client's"
	case form.Has("redirect_uri") && g.redirectURI != form.Get("redirect_uri"):
		return g, "the redirect_uri is another one"
	case g.challenge != "" && g.challenge != base64.RawURLEncoding.EncodeToString(sum[:]):
		return g, "the code_verifier is wrong"
	}
	return g, ""
}

// renew takes a refresh token, which is good once where the provider rotates them.
func (s *Server) renew(p *Provider, client, token string) (*grant, string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.refresh[token]
	if g == nil || g.provider != p.ID || g.client != client {
		return nil, "there is no such refresh token, or it was used"
	}
	if p.Rotates {
		delete(s.refresh, token)
	}
	return g, ""
}

// tokens makes the answer of the token endpoint. refreshed is the token that was
// brought, if one was.
func (s *Server) tokens(p *Provider, g *grant, refreshed string) (any, error) {
	script := s.scriptOf(p.ID, g)
	tokens := map[string]any{"access_token": random(), "token_type": "Bearer", "expires_in": json.Number("3600")}
	if g.scope != "" {
		tokens["scope"] = g.scope
	}
	if refreshed == "" || p.Rotates {
		tokens["refresh_token"] = random()
	}
	if p.Claims != nil {
		id, err := s.idToken(p, g, script)
		if err != nil {
			return nil, err
		}
		if id != "" {
			tokens["id_token"] = id
		}
	}
	made, err := overlaid(any(tokens), p.Answer, script.Answer)
	if err != nil {
		return nil, err
	}
	s.keep(g, made)
	return made, nil
}

// keep remembers the tokens that were given out.
func (s *Server) keep(g *grant, made any) {
	given, _ := made.(map[string]any)
	s.mu.Lock()
	defer s.mu.Unlock()
	if token, _ := given["access_token"].(string); token != "" {
		s.access[token] = g
	}
	if token, _ := given["refresh_token"].(string); token != "" {
		s.refresh[token] = g
	}
}

// bearer finds the grant of the access token that a request has: as a header, or
// as a parameter.
func (s *Server) bearer(r *http.Request) (*grant, string) {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	for _, name := range []string{"input_token", "access_token"} {
		if !ok && r.Form.Get(name) != "" {
			token, ok = r.Form.Get(name), true
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.access[token], token
}
