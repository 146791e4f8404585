package provider_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"

	"github.com/sallyport-auth/sallyport/internal/api"
)

// reply is what a provider's server answers.
type reply struct {
	status int
	kind   string
	body   string
}

func answered(body string) reply { return reply{200, "application/json", body} }

// stage stands for the servers of all providers: it answers each play as that
// says, and remembers what it was asked.
type stage struct {
	mu    sync.Mutex
	plays map[string]*play
	asked map[string][]string
}

// open makes the stage ready for plays, which are numbered.
func (s *stage) open(plays []*play) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.plays, s.asked = map[string]*play{}, map[string][]string{}
	for i, p := range plays {
		p.ID = fmt.Sprint(i)
		s.plays[p.ID] = p
	}
}

// heard tells all that one side has asked for in one play.
func (s *stage) heard(side, id string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.asked[side+" "+id], "\n       ")
}

func (s *stage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	about := r.Header.Get("X-Play")
	host := r.Header.Get("X-Asked")
	_, id, _ := strings.Cut(about, " ")
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked[about] = append(s.asked[about], describe(host, r, body))
	answer, ok := s.plays[id].answers[host+r.URL.Path+query(r.URL)]
	if !ok {
		answer, ok = s.plays[id].answers[host+r.URL.Path]
	}
	if !ok {
		answer = s.plays[id].grant
	}
	if r.Header.Get("Authorization") == "Bearer undefined" {
		answer.status = http.StatusUnauthorized
	}
	w.Header().Set("Content-Type", answer.kind)
	w.WriteHeader(answer.status)
	_, _ = io.WriteString(w, answer.body)
}

func query(u *url.URL) string {
	if u.RawQuery == "" {
		return ""
	}
	return "?" + u.RawQuery
}

// ofTransport are headers of the connection or of the caller's library, by the
// values that tell nothing; an empty one stands for any.
var ofTransport = map[string]string{
	"Accept-Encoding": "", "Accept-Language": "*", "Connection": "", "Content-Length": "", "Sec-Fetch-Mode": "",
	"X-Play": "", "X-Asked": "", "Accept": "*/*",
}

var spaces = regexp.MustCompile(`(\\[nt]| )+`)

// describe writes a request so that two can be compared.
func describe(host string, r *http.Request, body []byte) string {
	headers := map[string]string{}
	for name, values := range r.Header {
		value := strings.Join(values, ", ")
		without, known := ofTransport[name]
		if known && (without == "" || without == value) || name == "User-Agent" && (value == "node" || value == "Go-http-client/1.1" || strings.HasPrefix(value, "jose/")) {
			continue
		}
		headers[name] = value
	}
	text, _ := json.Marshal(headers)
	if bytes.HasPrefix(body, []byte(`{"query":`)) { // GraphQL does not tell one space from many
		body = spaces.ReplaceAll(body, []byte(" "))
		body = bytes.ReplaceAll(bytes.ReplaceAll(body, []byte(`" `), []byte(`"`)), []byte(` "`), []byte(`"`))
	}
	return fmt.Sprintf("%s %s%s %s %s", r.Method, host, r.RequestURI, text, body)
}

// toStage is a transport that brings every request to the stage, where the
// original's go.
type toStage struct{ server, id string }

func (t toStage) RoundTrip(r *http.Request) (*http.Response, error) {
	to := r.Clone(r.Context())
	to.Header.Set("X-Asked", r.URL.Scheme+"://"+r.URL.Host)
	to.Header.Set("X-Play", "ours "+t.id)
	to.URL.Scheme, to.URL.Host, to.Host = "http", strings.TrimPrefix(t.server, "http://"), ""
	return http.DefaultTransport.RoundTrip(to)
}

// outcome writes what came of a play, as testdata/original.mjs does.
func outcome(members ...api.Member) []byte {
	text, err := api.JSON(api.Object(members))
	if err != nil {
		return []byte(err.Error())
	}
	return text
}
