package oauthpopup

import (
	"crypto/sha256"
	_ "embed" // for the script
	"encoding/base64"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
)

// outcome is how a flow has ended, as the page posts it. The names are those that
// the stock client reads.
type outcome struct {
	Type       string   `json:"type"`
	Target     string   `json:"targetOrigin"`
	Nonce      string   `json:"nonce"`
	Token      string   `json:"token,omitempty"`
	RedirectTo string   `json:"redirectTo,omitempty"`
	Error      *failure `json:"error,omitempty"`
}

type failure struct {
	Code        string `json:"code"`
	Description string `json:"description,omitempty"`
}

const messageType = "better-auth:oauth-popup"

//go:embed page.js
var script string

// policy lets the one script run that the page has, and nothing else.
var policy = "default-src 'none'; script-src 'sha256-" + scriptHash() + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

func scriptHash() string {
	sum := sha256.Sum256([]byte(script))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// inScript keeps a text inside its script element: neither its end nor a comment
// can begin in it.
var inScript = strings.NewReplacer("<", `\u003c`, "\u2028", `\u2028`, "\u2029", `\u2029`)

// page gives the page as an answer.
func page(c *api.Call, out outcome) (api.File, error) {
	out.Type = messageType
	data, err := api.JSON(out)
	if err != nil {
		return api.File{}, err
	}
	c.SetHeader("Content-Security-Policy", policy)
	c.SetHeader("Pragma", "no-cache")
	return api.File{MediaType: "text/html; charset=utf-8", Body: render(string(data))}, nil
}

func render(data string) []byte {
	return []byte(`<!doctype html>
<meta charset="utf-8">
<title>Signing in</title>
<p>You may close this window.</p>
<script type="application/json" id="better-auth-oauth-popup">` + inScript.Replace(data) + `</script>
<script>` + script + `</script>
`)
}
