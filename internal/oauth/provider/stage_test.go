package provider_test

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
)

// reply is what a provider's server answers.
type reply struct {
	Status int    `json:"status"`
	Kind   string `json:"kind"`
	Body   string `json:"body"`
}

func answered(body string) reply { return reply{200, "application/json", body} }

// inPlace is a transport that has a function in the place of servers.
type inPlace func(*http.Request) reply

func (answer inPlace) RoundTrip(r *http.Request) (*http.Response, error) {
	a := answer(r)
	return &http.Response{
		StatusCode: a.Status, Header: http.Header{"Content-Type": {a.Kind}}, Request: r,
		Body: io.NopCloser(strings.NewReader(a.Body)),
	}, nil
}

// RoundTrip answers ours as the play says, as testdata/original.mjs answers the
// original, and notes what was asked.
func (p *play) RoundTrip(r *http.Request) (*http.Response, error) {
	p.asked = append(p.asked, question(r))
	return inPlace(p.answer).RoundTrip(r)
}

// answer gives that of an address, with its query before without.
func (p *play) answer(r *http.Request) reply {
	address := url.URL{Scheme: r.URL.Scheme, Host: r.URL.Host, Path: r.URL.Path, RawPath: r.URL.RawPath}
	answer := p.at(address.String()+query(r.URL), address.String())
	if r.Header.Get("Authorization") == "Bearer undefined" {
		answer.Status = http.StatusUnauthorized
	}
	return answer
}

// at gives the answer of the first of some addresses that has one.
func (p *play) at(addresses ...string) reply {
	for _, address := range addresses {
		for _, known := range []map[string]reply{p.Answers, p.common.Answers} {
			if answer, ok := known[address]; ok {
				return answer
			}
		}
	}
	if p.Grant != nil {
		return *p.Grant
	}
	return p.common.Grant
}

func query(u *url.URL) string {
	if u.RawQuery == "" {
		return ""
	}
	return "?" + u.RawQuery
}

// question writes a request as testdata/original.mjs does.
func question(r *http.Request) string {
	var headers []string
	for name, values := range r.Header {
		headers = append(headers, "{"+strings.ToLower(name)+": "+strings.Join(values, ", ")+"}")
	}
	slices.Sort(headers)
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
	}
	words := slices.Concat([]string{r.Method, r.URL.Scheme + "://" + r.URL.Host + r.URL.RequestURI()}, headers, []string{string(body)})
	return strings.Join(words, " ")
}

// outcome writes what came of a play, as testdata/original.mjs does.
func outcome(members ...api.Member) []byte {
	text, err := api.JSON(api.Object(members))
	if err != nil {
		return []byte(err.Error())
	}
	return text
}
