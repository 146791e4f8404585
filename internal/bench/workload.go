package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
)

// basePath is where both servers have their endpoints.
const basePath = "/api/auth"

// person is an account that the measurement made for itself.
type person struct{ email, cookie string }

// password is everybody's.
const password = "correct horse battery staple"

// workload is one kind of request.
type workload struct {
	name   string
	method string
	path   string
	marker string              // part of a right answer
	body   func(person) string // nil: no body
	signed bool                // sends the session cookie
	slow   bool                // hashes a password: needs longer rounds
	cached bool                // against servers with a session cookie cache
}

var workloads = []workload{
	{name: "GET /get-session", method: "GET", path: "/get-session", marker: `"session":`, signed: true},
	{name: "GET /token", method: "GET", path: "/token", marker: `"token":`, signed: true},
	{name: "GET /jwks", method: "GET", path: "/jwks", marker: `"keys":`},
	{name: "POST /sign-in/email", method: "POST", path: "/sign-in/email", marker: `"user":`, body: signIn, slow: true},
	{name: "GET /get-session, cookie cache", method: "GET", path: "/get-session", marker: `"session":`, signed: true, cached: true},
}

func signIn(p person) string {
	return fmt.Sprintf(`{"email":%q,"password":%q}`, p.email, password)
}

// requests are the workload's requests, one for each person.
func (w workload) requests(address string, people []person) []request {
	var all []request
	for _, p := range people {
		var raw bytes.Buffer
		fmt.Fprintf(&raw, "%s %s%s HTTP/1.1\r\nHost: %s\r\n", w.method, basePath, w.path, address)
		if w.signed {
			fmt.Fprintf(&raw, "Cookie: %s\r\n", p.cookie)
		}
		if w.body != nil {
			body := w.body(p)
			fmt.Fprintf(&raw, "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
		} else {
			raw.WriteString("\r\n")
		}
		all = append(all, request{raw: raw.Bytes(), marker: []byte(w.marker)})
	}
	return all
}

// accounts counts the people, so that servers with the same database have each
// their own.
var accounts atomic.Int64

// signUp makes n accounts, each with a session.
func signUp(ctx context.Context, address string, n int) ([]person, error) {
	people := make([]person, n)
	for i := range people {
		people[i].email = fmt.Sprintf("person%d@example.com", accounts.Add(1))
		var err error
		if people[i].cookie, err = signUpOne(ctx, address, people[i].email); err != nil {
			return nil, fmt.Errorf("signing up for the measurement: %w", err)
		}
	}
	return people, nil
}

func signUpOne(ctx context.Context, address, email string) (cookie string, err error) {
	body := fmt.Sprintf(`{"name":"Person","email":%q,"password":%q}`, email, password)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+address+basePath+"/sign-up/email", strings.NewReader(body))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		return "", fmt.Errorf("status %d, body %.200q: %w", answer.StatusCode, text, err)
	}
	var pairs []string
	for _, c := range answer.Cookies() {
		pairs = append(pairs, c.Name+"="+c.Value)
	}
	return strings.Join(pairs, "; "), nil
}
