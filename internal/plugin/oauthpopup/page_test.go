package oauthpopup

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/api"
)

// Nothing that a request brings ends the element that it stands in, and it is read
// back as it was.
func TestDataStaysInItsElement(t *testing.T) {
	empty := render("{}")
	for _, text := range []string{"</script><script>alert(1)</script>", "<!--<script>", "]]>", "\u2028\u2029", `"\'&`, "\x00\x1f", "ünï 🙂", "{{.}}"} {
		data, err := api.JSON(outcome{Type: messageType, Nonce: text, Target: text, Token: text, Error: &failure{Code: text, Description: text}})
		if err != nil {
			t.Fatal(err)
		}
		html := string(render(string(data)))
		if strings.Count(html, "<") != strings.Count(string(empty), "<") {
			t.Errorf("%q begins an element: %s", text, html)
		}
		_, rest, _ := strings.Cut(html, `id="better-auth-oauth-popup">`)
		inner, _, _ := strings.Cut(rest, "</script>")
		var got outcome
		if err := json.Unmarshal([]byte(inner), &got); err != nil || got.Nonce != text || got.Error.Description != text {
			t.Errorf("%q is read as %+v, %v", text, got, err)
		}
	}
}

// The policy lets the script run that is in the page, byte by byte.
func TestThePolicyNamesTheScript(t *testing.T) {
	html := string(render("{}"))
	if !strings.Contains(html, "<script>"+script+"</script>") || strings.Contains(script, "</") {
		t.Errorf("the script is not whole in %s", html)
	}
	if !strings.HasPrefix(policy, "default-src 'none'; script-src 'sha256-") || strings.Contains(policy, "unsafe") {
		t.Error(policy)
	}
}
