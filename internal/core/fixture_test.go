package core_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// credentials is the body of a sign-in of a user that Client.SignUp has made.
func credentials(email string) map[string]any {
	return map[string]any{"email": email, "password": authtest.Password}
}

// newcomer is the body of a sign-up.
func newcomer(email string) map[string]any {
	return map[string]any{"name": "Test", "email": email, "password": authtest.Password}
}

// with adds members to a body.
func with(body map[string]any, more map[string]any) map[string]any {
	for k, v := range more {
		body[k] = v
	}
	return body
}

// part gives a member of an answer that is itself an object.
func part(t *testing.T, a *authtest.Answer, name string) map[string]any {
	t.Helper()
	out, ok := a.JSON()[name].(map[string]any)
	if !ok {
		t.Fatalf("no object %q in %s", name, a.Text)
	}
	return out
}

// keys lists the members of a JSON object in the order in which they stand, the
// inner ones behind a dot.
func keys(t *testing.T, text string) string {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(text))
	var out, path []string
	wantKey := []bool{}
	for {
		token, err := dec.Token()
		if err != nil {
			return strings.Join(out, " ")
		}
		top := len(wantKey) - 1
		switch token := token.(type) {
		case json.Delim:
			if token == '{' || token == '[' {
				wantKey = append(wantKey, token == '{')
				continue
			}
			wantKey = wantKey[:top]
			path = path[:max(0, len(path)-1)]
			if top > 0 {
				wantKey[top-1] = true
			}
			continue
		case string:
			if wantKey[top] {
				path = append(path, token)
				out = append(out, strings.Join(path, "."))
				wantKey[top] = false
				continue
			}
		}
		path = path[:len(path)-1]
		wantKey[top] = true
	}
}

// setCookies gives the Set-Cookie lines whose cookie has a name that ends so.
func setCookies(a *authtest.Answer, name string) []string {
	var out []string
	for _, line := range a.Header.Values("Set-Cookie") {
		have, _, _ := strings.Cut(line, "=")
		if strings.HasSuffix(have, "."+name) {
			out = append(out, line)
		}
	}
	return out
}

// cookieLine gives the only Set-Cookie line of a cookie, or nothing.
func cookieLine(t *testing.T, a *authtest.Answer, name string) string {
	t.Helper()
	lines := setCookies(a, name)
	if len(lines) > 1 {
		t.Fatalf("%s is set twice: %q", name, lines)
	}
	return strings.Join(lines, "")
}

// cleared fails the test unless the answer removes every session cookie.
func cleared(t *testing.T, a *authtest.Answer) {
	t.Helper()
	for _, name := range []string{"session_token", "session_data", "dont_remember"} {
		if line := cookieLine(t, a, name); !strings.Contains(line, "=; Max-Age=0;") {
			t.Errorf("%s is not removed: %q", name, line)
		}
	}
}
