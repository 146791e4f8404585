package idptest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Request is one that a server has made, as it was meant.
type Request struct {
	Method string
	// URL is the address that was asked, with its query.
	URL    string
	Header http.Header
	Body   string
}

// Asked gives the requests since it was called last, in their order. Those of
// browsers are not among them.
func (s *Server) Asked() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := s.asked
	s.asked = nil
	return asked
}

// Publishes tells whether an address is that of a provider's keys.
func (s *Server) Publishes(address string) bool {
	for _, p := range s.providers {
		if matches(p.Keys, address) {
			return true
		}
	}
	return false
}

// maxBody is more than any client sends.
const maxBody = 1 << 20

// serve finds whom the request is for.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	address, ok := addressOf(r.URL)
	if !ok {
		http.NotFound(w, r)
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		return // the client is gone
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	for _, id := range s.ids() {
		if handle := s.route(s.providers[id], r, address); handle != nil {
			if !matches(s.providers[id].Authorize, address) {
				s.note(r, address, body)
			}
			handle(w, r)
			return
		}
	}
	s.note(r, address, body)
	http.Error(w, "nobody has "+r.Method+" "+address, http.StatusNotFound)
}

func (s *Server) ids() []string {
	ids := make([]string, 0, len(s.providers))
	for id := range s.providers {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// addressOf undoes what Transport does.
func addressOf(u *url.URL) (string, bool) {
	for _, scheme := range []string{"https", "http"} {
		if rest, ok := strings.CutPrefix(u.EscapedPath(), "/"+scheme+"/"); ok {
			return scheme + "://" + rest, true
		}
	}
	return "", false
}

func (s *Server) note(r *http.Request, address string, body []byte) {
	if r.URL.RawQuery != "" {
		address += "?" + r.URL.RawQuery
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, Request{r.Method, address, r.Header.Clone(), string(body)})
}

// route finds the endpoint of a provider, nil where the address is not one of its.
func (s *Server) route(p *Provider, r *http.Request, address string) http.HandlerFunc {
	with := func(handle func(*Provider, http.ResponseWriter, *http.Request)) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { handle(p, w, r) }
	}
	switch {
	case matches(p.Authorize, address):
		return with(s.authorize)
	case matches(p.Token, address), matches(p.Refresh, address):
		return with(s.token)
	case matches(p.Keys, address):
		return with(s.publish)
	case matches(p.Verify, address):
		return with(s.verify)
	case p.Discovery && address == p.discoveryAddress():
		return with(s.describe)
	case p.has(r.Method, address, r.URL.RawQuery):
		return func(w http.ResponseWriter, r *http.Request) { s.tellOf(p, address, w, r) }
	}
	return nil
}

// decoded reads JSON and keeps numbers as they are.
func decoded(text []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var v any
	err := decoder.Decode(&v)
	return v, err
}

// answer writes JSON.
func answer(w http.ResponseWriter, code int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(v)
}

// refuse answers as RFC 6749, 5.2 says.
func refuse(w http.ResponseWriter, code int, name, description string) {
	answer(w, code, map[string]string{"error": name, "error_description": description})
}
