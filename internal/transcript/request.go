package transcript

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"sort"
	"strings"
)

// ClientAddress is the address every request claims to come from, in the one
// form both servers believe: a single x-forwarded-for value from a peer on the
// loopback interface.
const ClientAddress = "203.0.113.7"

// request builds what a step sends.
func (p *player) request(s Step) (exchange, error) {
	x := exchange{}
	line := s.Raw
	if line == "" {
		method, path, _ := strings.Cut(s.Do, " ")
		line = method + " " + p.path + path
	}
	line, err := p.vars.fill(line)
	if err != nil {
		return x, err
	}
	var ok bool
	if x.method, x.target, ok = strings.Cut(line, " "); !ok {
		return x, fmt.Errorf("%q is not METHOD and path", line)
	}
	mediaType, err := p.body(s, &x)
	if err != nil {
		return x, err
	}
	x.headers, err = p.headers(s, mediaType)
	return x, err
}

// body fills in the body and returns the media type that goes with it.
func (p *player) body(s Step, x *exchange) (string, error) {
	mediaType, text := "", ""
	switch {
	case s.JSON != nil:
		n, err := parseOrdered(string(s.JSON))
		if err != nil {
			return "", err
		}
		mediaType, text = "application/json", n.String()
	case s.Form != nil:
		mediaType, text = "application/x-www-form-urlencoded", *s.Form
	case s.Text != nil:
		text = *s.Text
	case s.Base64 != nil:
		raw, err := base64.StdEncoding.DecodeString(*s.Base64)
		x.body, x.hasBody = raw, true
		return "", err
	default:
		return "", nil
	}
	filled, err := p.vars.fill(text)
	x.body, x.hasBody = []byte(filled), true
	return mediaType, err
}

// headers lists a step's headers, the player's own first.
func (p *player) headers(s Step, mediaType string) ([][2]string, error) {
	values := map[string][]string{
		"host":            {p.host},
		"x-forwarded-for": {ClientAddress},
		"user-agent":      {"transcript/1"},
	}
	if mediaType != "" {
		values["content-type"] = []string{mediaType}
	}
	if s.As != "" {
		if cookies := p.jar(s.As).header(); cookies != "" {
			values["cookie"] = []string{cookies}
		}
	}
	for name, raw := range s.Headers {
		given, err := headerValues(raw)
		if err != nil {
			return nil, fmt.Errorf("header %s: %w", name, err)
		}
		values[name] = given
	}
	return p.headerLines(values)
}

func (p *player) headerLines(values map[string][]string) ([][2]string, error) {
	names := make([]string, 0, len(values))
	for name := range values {
		if name != "host" {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	var lines [][2]string
	for _, name := range append([]string{"host"}, names...) {
		for _, value := range values[name] {
			filled, err := p.vars.fill(value)
			if err != nil {
				return nil, err
			}
			lines = append(lines, [2]string{name, filled})
		}
	}
	return lines, nil
}

// headerValues reads a value, a list of values, or null for none.
func headerValues(raw json.RawMessage) ([]string, error) {
	if string(raw) == "null" {
		return nil, nil
	}
	if strings.HasPrefix(string(raw), "[") {
		var list []string
		err := json.Unmarshal(raw, &list)
		return list, err
	}
	var one string
	err := json.Unmarshal(raw, &one)
	return []string{one}, err
}
