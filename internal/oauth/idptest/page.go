package idptest

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
)

// tellOf answers with a page about the user of an access token.
func (s *Server) tellOf(p *Provider, address string, w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	g, token := s.bearer(r)
	if g == nil || g.provider != p.ID {
		w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
		refuse(w, http.StatusUnauthorized, "invalid_token", "there is no such access token")
		return
	}
	script := s.scriptOf(p.ID, g)
	if s.fail(script.User, w, r) {
		return
	}
	page, err := p.pageOf(script, r, address)
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotImplemented)
		return
	}
	write(w, filled(page, strings.NewReplacer("${client_id}", g.client, "${access_token}", token)))
}

// pageOf is what a script makes of a page.
func (p *Provider) pageOf(script Script, r *http.Request, address string) (any, error) {
	scripted := Provider{Pages: script.Pages}
	raw, replaced := scripted.page(r.Method, address, r.URL.RawQuery)
	if !replaced {
		raw, _ = p.page(r.Method, address, r.URL.RawQuery)
	}
	page, err := decoded(raw)
	if _, object := page.(map[string]any); err != nil || !object || replaced {
		return page, err
	}
	return overlaid(page, script.Profile)
}

// filled puts values of the request in the place of their names.
func filled(v any, values *strings.Replacer) any {
	switch v := v.(type) {
	case string:
		return values.Replace(v)
	case []any:
		for i := range v {
			v[i] = filled(v[i], values)
		}
	case map[string]any:
		for name := range v {
			v[name] = filled(v[name], values)
		}
	}
	return v
}

// write answers with JSON, or with what {"$base64": ..., "$type": ...} holds.
func write(w http.ResponseWriter, page any) {
	object, _ := page.(map[string]any)
	encoded, ok := object["$base64"].(string)
	if !ok {
		answer(w, http.StatusOK, page)
		return
	}
	raw, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotImplemented)
		return
	}
	mediaType, _ := object["$type"].(string)
	w.Header().Set("Content-Type", mediaType)
	_, _ = w.Write(raw)
}

// describe is the discovery document (OpenID Connect Discovery, 3).
func (s *Server) describe(p *Provider, w http.ResponseWriter, r *http.Request) {
	script := s.scriptOf(p.ID, nil)
	if s.fail(script.Discovery, w, r) {
		return
	}
	document := map[string]any{
		"issuer": p.Issuer, "authorization_endpoint": p.Authorize, "token_endpoint": p.Token, "jwks_uri": p.Keys,
		"response_types_supported": []any{"code"}, "subject_types_supported": []any{"public"},
		"id_token_signing_alg_values_supported": []any{p.Alg}, "code_challenge_methods_supported": []any{"S256"},
		"scopes_supported": []any{"openid", "profile", "email"},
	}
	for at := range p.Pages {
		if address, ok := strings.CutPrefix(at, "GET "); ok && strings.HasSuffix(address, "/userinfo") {
			document["userinfo_endpoint"] = address
		}
	}
	patched, err := overlaid(any(document), script.Document)
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotImplemented)
		return
	}
	answer(w, http.StatusOK, patched)
}

// verify tells the claims of an ID token of its own, as LINE's endpoint does.
func (s *Server) verify(p *Provider, w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		refuse(w, http.StatusBadRequest, "invalid_request", err.Error())
		return
	}
	if s.fail(s.scriptOf(p.ID, nil).Keys, w, r) {
		return
	}
	claims, err := s.check(p, r.Form.Get("id_token"))
	switch {
	case err != nil:
		refuse(w, http.StatusBadRequest, "invalid_request", err.Error())
	case claims["aud"] != r.Form.Get("client_id"):
		refuse(w, http.StatusBadRequest, "invalid_request", "Invalid IdToken Audience.")
	case r.Form.Has("nonce") && claims["nonce"] != r.Form.Get("nonce"):
		refuse(w, http.StatusBadRequest, "invalid_request", "Invalid IdToken Nonce.")
	default:
		answer(w, http.StatusOK, claims)
	}
}

// members reads an object, and is empty for anything else.
func members(raw json.RawMessage) map[string]any {
	v, err := decoded(raw)
	object, _ := v.(map[string]any)
	if err != nil || object == nil {
		return map[string]any{}
	}
	return object
}
