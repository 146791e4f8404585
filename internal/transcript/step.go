package transcript

import (
	"encoding/json"
	"fmt"
	"sort"
	"strconv"
	"strings"
)

// Step is one thing a conversation does: exactly one of Do, Raw, At, SQL, Snapshot,
// Query, Sleep and Settle says what. Every text in a request and a statement
// may hold ${...}; see [vars].
type Step struct {
	Name string `json:"name"`

	// Do is "METHOD /path" below the base path, Raw the same with the request
	// target exactly as it is sent.
	Do  string `json:"do"`
	Raw string `json:"raw"`
	// As names whose cookie jar is sent and filled; empty: no cookies at all.
	As string `json:"as"`
	// Headers map a name to its value, to a list for a repeated header, or to
	// null, which leaves out one that would be sent by default.
	Headers map[string]json.RawMessage `json:"headers"`
	// JSON, Text, Form or Base64 is the body. JSON and Form bring their media
	// type, the others none.
	JSON   json.RawMessage `json:"json"`
	Text   *string         `json:"text"`
	Form   *string         `json:"form"`
	Base64 *string         `json:"base64"`
	// Keep saves parts of the answer as variables: "body.a.b", "header.name",
	// "cookie.name" or "messages.0.data.url", counting the messages of this step.
	Keep map[string]string `json:"keep"`
	// Each repeats the step with each value put at each place; a place is
	// "json", "json.<member>", "header.<name>", "text", "form", "base64", "do" or "raw". A value of
	// "$absent" removes the member or the header.
	Each map[string][]json.RawMessage `json:"each"`
	// Wanted declares that sallyport answers otherwise than the original.
	Wanted *Wanted `json:"wanted"`

	// At is "provider" for a step at the identity provider, of which [AtProvider] has
	// the rest.
	At string `json:"at"`
	AtProvider

	// SQL changes the database, Query compares a result, Snapshot compares
	// whole tables.
	SQL      string   `json:"sql"`
	Query    string   `json:"query"`
	Snapshot []string `json:"snapshot"`
	Sleep    span     `json:"sleep"`
	Settle   bool     `json:"settle"`
}

// Wanted is a wanted difference: the parts of the original's answer that
// sallyport replaces. Row is the first words of a row of docs/compatibility.md.
type Wanted struct {
	Row     string          `json:"row"`
	Status  int             `json:"status"`
	JSON    json.RawMessage `json:"json"`
	Body    *string         `json:"body"`
	Headers []string        `json:"headers"`
	Cookies []string        `json:"cookies"`
	// First are cookies that sallyport sends before the original's.
	First []string `json:"first"`
	// Messages are all messages of the step; an empty list says that there are
	// none.
	Messages []string `json:"messages"`
	Rows     []string `json:"rows"`
	// Replace is a text of the original's body, messages and rows and what stands in its
	// place.
	Replace [2]string `json:"replace"`
	// Unasked is a part of the requests to providers that sallyport does not make.
	Unasked string `json:"unasked"`
}

func (s Step) label() string {
	for _, name := range []string{s.Name, s.Do, s.Raw, s.AtProvider.label(), s.SQL, s.Query, strings.Join(s.Snapshot, ",")} {
		if name != "" {
			return name
		}
	}
	return "pause"
}

// expand turns a step with Each into one step per value.
func (s Step) expand() ([]Step, error) {
	if len(s.Each) == 0 {
		s.Name = s.label()
		return []Step{s}, nil
	}
	places := make([]string, 0, len(s.Each))
	for place := range s.Each {
		places = append(places, place)
	}
	sort.Strings(places)
	var steps []Step
	for _, place := range places {
		for _, value := range s.Each[place] {
			one := s
			one.Each = nil
			if err := one.put(place, value); err != nil {
				return nil, err
			}
			one.Name = fmt.Sprintf("%s [%s=%s]", s.label(), place, shorten(string(value)))
			steps = append(steps, one)
		}
	}
	return steps, nil
}

// put sets one place of the request.
func (s *Step) put(place string, value json.RawMessage) error {
	kind, rest, _ := strings.Cut(place, ".")
	absent := string(value) == `"$absent"`
	switch kind {
	case "json":
		return s.putJSON(rest, value, absent)
	case "header":
		if absent {
			value = json.RawMessage("null")
		}
		s.Headers = mergeHeaders(s.Headers, map[string]json.RawMessage{rest: value})
		return nil
	}
	var text string
	if err := json.Unmarshal(value, &text); err != nil {
		return err
	}
	switch kind {
	case "text":
		s.Text = &text
	case "form":
		s.Form = &text
	case "base64":
		s.Base64 = &text
	case "do":
		s.Do = text
	case "raw":
		s.Raw = text
	default:
		return fmt.Errorf("no place %q in a request", place)
	}
	return nil
}

func (s *Step) putJSON(path string, value json.RawMessage, absent bool) error {
	v, err := parseOrdered(string(value))
	if err != nil {
		return err
	}
	if path == "" {
		s.JSON = json.RawMessage(v.String())
		return nil
	}
	body, err := parseOrdered(string(s.JSON))
	if err != nil {
		return err
	}
	if absent {
		s.JSON = json.RawMessage(body.with(strings.Split(path, "."), nil).String())
		return nil
	}
	s.JSON = json.RawMessage(body.with(strings.Split(path, "."), &v).String())
	return nil
}

// shorten keeps step names readable when a value is very long.
func shorten(text string) string {
	if len(text) <= 60 {
		return text
	}
	return text[:40] + "... " + strconv.Itoa(len(text)) + " bytes"
}
