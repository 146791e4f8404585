package oauthproxy

import (
	"errors"
	"net/url"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
	"github.com/sallyport-auth/sallyport/internal/origin"
)

// setParam writes a parameter into the query of an address, in the place of one of
// that name. It is written anew as forms are, and is as long as it has to be: what
// servers tell each other here is longer than what a client may ask for.
func setParam(address *url.URL, name, value string) string {
	var query oauth.Form
	set := false
	for _, pair := range origin.ReadForm(address.RawQuery) {
		switch {
		case pair.Name != name:
			query = append(query, oauth.Param(pair))
		case !set:
			query, set = append(query, oauth.Param{Name: name, Value: value}), true
		}
	}
	if !set {
		query = append(query, oauth.Param{Name: name, Value: value})
	}
	to := *address
	to.RawQuery = query.String()
	return to.String()
}

// param gives the first value of a parameter of an address.
func param(address *url.URL, name string) string {
	for _, pair := range origin.ReadForm(address.RawQuery) {
		if pair.Name == name {
			return pair.Value
		}
	}
	return ""
}

var errNoAddress = errors.New("no plain address of a web site")

// webAddress reads an address that a browser is sent to, out of something that
// only a holder of the secret can have written.
func webAddress(text string) (*url.URL, error) {
	safe, ok := origin.Rebuild(text)
	if !ok || !strings.HasPrefix(safe, "http://") && !strings.HasPrefix(safe, "https://") {
		return nil, errNoAddress
	}
	return url.Parse(safe)
}

// completionURL is where the production server sends the browser back to, with
// the address at which the sign-in is to end.
func completionURL(base, provider, callback string) string {
	return base + "/callback/" + provider + "/oauth-proxy?callbackURL=" + api.EncodeURIComponent(callback)
}
