package idptest

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// grant is what a user has allowed a client.
type grant struct {
	provider, client, redirectURI, challenge, nonce, scope string
	script                                                 Script
	number                                                 int
}

// scriptHeader carries the script of a browser that Browse is.
const scriptHeader = "Idptest-Script"

// authorize is the authorization endpoint (RFC 6749, 4.1.1): the user says yes at
// once.
func (s *Server) authorize(p *Provider, w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	g, problem := p.request(q)
	if problem != "" {
		http.Error(w, problem, http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	g.script = s.told[p.ID].script
	if given := r.Header.Get(scriptHeader); given != "" {
		text, _ := base64.StdEncoding.DecodeString(given)
		g.script = Script{}
		if err := json.Unmarshal(text, &g.script); err != nil {
			s.mu.Unlock()
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
	}
	if !g.script.Alone {
		g.number = s.tell(p.ID, g.script)
	}
	code := random()
	s.codes[code] = g
	s.mu.Unlock()
	sendBack(w, g.redirectURI, q.Get("response_mode"), p.callback(q, g.script, code))
}

// pkceChallenge is the form of an S256 challenge (RFC 7636, 4.2).
var pkceChallenge = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)

// request reads an authorization request or says what is wrong with it.
func (p *Provider) request(q url.Values) (*grant, string) {
	g := &grant{
		provider: p.ID, client: q.Get(p.ClientParam), redirectURI: q.Get("redirect_uri"),
		nonce: q.Get("nonce"), scope: q.Get("scope"),
	}
	for name, values := range q {
		if len(values) != 1 {
			return nil, fmt.Sprintf("%s is given %d times", name, len(values)) // RFC 6749, 3.1
		}
	}
	to, err := url.Parse(g.redirectURI)
	challenge, method := q.Get("code_challenge"), q.Get("code_challenge_method")
	switch {
	case g.client == "":
		return nil, "no " + p.ClientParam
	case err != nil || to.Host == "" || to.Fragment != "":
		return nil, fmt.Sprintf("redirect_uri is %q", g.redirectURI)
	case !strings.HasPrefix(q.Get("response_type"), "code"):
		return nil, fmt.Sprintf("response_type is %q", q.Get("response_type"))
	case p.PKCE && (method != "S256" || !pkceChallenge.MatchString(challenge)):
		return nil, fmt.Sprintf("%s wants a code_challenge of S256", p.ID)
	}
	g.challenge = challenge
	return g, ""
}

// callback gives the parameters that the browser brings back.
func (p *Provider) callback(q url.Values, script Script, code string) url.Values {
	back := url.Values{"code": {code}}
	if state, ok := q["state"]; ok {
		back["state"] = state
	}
	for _, changes := range []map[string]*string{p.Callback, script.Callback} {
		for name, value := range changes {
			if value == nil {
				back.Del(name)
			} else {
				back.Set(name, *value)
			}
		}
	}
	return back
}

// sendBack sends the browser back, as a redirect or as a form that sends itself.
func sendBack(w http.ResponseWriter, to, mode string, back url.Values) {
	if mode != "form_post" {
		joint := "?"
		if strings.Contains(to, "?") {
			joint = "&"
		}
		send(w, to+joint+back.Encode())
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = fmt.Fprintf(w, `<!doctype html><body onload="document.forms[0].submit()"><form method="post" action="%s">`, html.EscapeString(to))
	for name := range back {
		_, _ = fmt.Fprintf(w, `<input type="hidden" name="%s" value="%s">`, html.EscapeString(name), html.EscapeString(back.Get(name)))
	}
	_, _ = io.WriteString(w, "</form>")
}

// Landing is where a browser is sent: to an address, with a form to post where
// the provider has asked for that.
type Landing struct {
	Address string
	Form    url.Values
}

// Browse opens the address of an authorization as a user's browser does, signs in
// as the script says, and gives where the browser is sent then.
func (s *Server) Browse(ctx context.Context, address string, script Script) (*Landing, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(script)
	if err != nil {
		return nil, err
	}
	r.Header.Set(scriptHeader, base64.StdEncoding.EncodeToString(text))
	response, err := s.Transport().RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	switch to := response.Header.Get(location); {
	case to != "":
		return &Landing{Address: to}, nil
	case response.StatusCode == http.StatusOK:
		return readForm(string(body)), nil
	}
	return nil, fmt.Errorf("the provider refuses %s: %s", address, body)
}

var (
	formAction = regexp.MustCompile(`action="([^"]*)"`)
	formInput  = regexp.MustCompile(`name="([^"]*)" value="([^"]*)"`)
)

func readForm(page string) *Landing {
	l := &Landing{Form: url.Values{}}
	if action := formAction.FindStringSubmatch(page); action != nil {
		l.Address = html.UnescapeString(action[1])
	}
	for _, input := range formInput.FindAllStringSubmatch(page, -1) {
		l.Form.Set(html.UnescapeString(input[1]), html.UnescapeString(input[2]))
	}
	return l
}
