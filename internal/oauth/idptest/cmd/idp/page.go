package main

import (
	"encoding/json"
	"hash/fnv"
	"html/template"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/oauth/idptest"
)

// page asks who it is. It has no style, so that nobody takes it for a real one.
var page = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{{.}}</title></head>
<body>
<h1>{{.}} of the tests</h1>
<form method="post">
<p><label>E-mail <input name="email" type="email" required></label></p>
<p><label>Name <input name="name" required></label></p>
<p><label><input name="unproven" type="checkbox"> Nobody has confirmed this address</label></p>
<button name="answer" value="yes">Allow</button>
<button name="answer" value="no" formnovalidate>Refuse</button>
</form>
</body>
</html>
`))

// ask puts the page before the provider. The rest it passes on.
func ask(provider *idptest.Server) (http.Handler, error) {
	to, err := url.Parse(provider.URL)
	if err != nil {
		return nil, err
	}
	rest := httputil.NewSingleHostReverseProxy(to)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/authorize") {
			rest.ServeHTTP(w, r)
			return
		}
		scheme, address, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		if r.Method != http.MethodPost {
			host, _, _ := strings.Cut(address, "/")
			_ = page.Execute(w, host) // who has left sees no page
			return
		}
		landing, err := provider.Browse(r.Context(), scheme+"://"+address+"?"+r.URL.RawQuery, script(r))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		http.Redirect(w, r, landing.Address, http.StatusSeeOther)
	}), nil
}

// script is what the form says, for providers of either kind. An address is
// always the same account.
func script(r *http.Request) idptest.Script {
	if r.FormValue("answer") == "no" {
		no := "access_denied"
		return idptest.Script{Alone: true, Callback: map[string]*string{"error": &no, "code": nil}}
	}
	email := r.FormValue("email")
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(email))
	person, _ := json.Marshal(map[string]any{
		"id": sum.Sum32(), "sub": email, "email": email, "email_verified": r.FormValue("unproven") == "", "name": r.FormValue("name"),
	}) // it has only what JSON knows
	return idptest.Script{Alone: true, Profile: person, Claims: person}
}
