package openapi

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // for the page
	"encoding/base64"
	"html/template"
	"sync"

	"github.com/sallyport-auth/sallyport/internal/api"
)

var (
	//go:embed page.html
	pageHTML string
	//go:embed page.css
	pageCSS string
	//go:embed page.js
	pageJS string
)

// pageTemplate is parsed when the page is asked for first.
var pageTemplate = sync.OnceValue(func() *template.Template { return template.Must(template.New("page").Parse(pageHTML)) })

// page is the page and the content security policy that it is sent with.
type page struct {
	body   []byte
	policy string
}

// pageData is what the template shows.
type pageData struct {
	Theme, Title, Description, Version, Server string
	Style, Script                              template.HTML
	Groups                                     []group
	Models                                     []model
}

// render makes the page of a document.
func render(doc api.Object, cfg Config) (page, error) {
	data := view{doc}.page()
	data.Theme = cfg.Theme
	data.Style, data.Script = inline("style", pageCSS, cfg.Nonce), inline("script", pageJS, cfg.Nonce)
	var out bytes.Buffer
	err := pageTemplate().Execute(&out, data)
	return page{out.Bytes(), "default-src 'none'; style-src " + hashOf(pageCSS) + "; script-src " + hashOf(pageJS) +
		"; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"}, err
}

// inline gives an element with a text of ours in it, byte by byte as its hash in
// the policy says.
func inline(element, text, nonce string) template.HTML {
	if nonce != "" {
		nonce = ` nonce="` + template.HTMLEscapeString(nonce) + `"`
	}
	return template.HTML("<" + element + nonce + ">" + text + "</" + element + ">") //nolint:gosec // the text is embedded, the nonce escaped
}

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
