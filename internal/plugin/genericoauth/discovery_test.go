package genericoauth

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/outbound"
)

const discoverAt = "https://idp.test/d"

// reading gives what comes of a document of a provider with further options.
func reading(t *testing.T, document, more string, status int) error {
	t.Helper()
	o, err := options([]byte(`{"providerId":"acme","clientId":"c","discoveryUrl":"` + discoverAt + `"` + more + `}`))
	if err != nil {
		t.Fatal(err)
	}
	g := plugin(t, &watched{web: web{discoverAt: {status, json.RawMessage(document)}}})
	d, err := fetchDocument(t.Context(), g.client, o)
	if err == nil {
		err = d.suffices(o)
	}
	return err
}

func TestDocumentsThatAreNotBelieved(t *testing.T) {
	t.Parallel()
	const ends = `"authorization_endpoint":"https://idp.test/a","token_endpoint":"https://idp.test/t"`
	for _, c := range []struct {
		document, more string
		status         int
		want           string
	}{
		{"{" + ends + "}", "", 200, ""},
		{`{"issuer":"https://idp.test",` + ends + "}", `,"issuer":"https://idp.test"`, 200, ""},
		{`{"issuer":"https://idp.test/",` + ends + "}", `,"issuer":"https://idp.test"`, 200, "another issuer"},
		{"{" + ends + "}", `,"issuer":"https://idp.test"`, 200, "another issuer"},
		{`{"issuer":"idp",` + ends + "}", "", 200, "issuer that is no address"},
		{"{" + ends + "}", "", 500, "answered 500"},
		{"{" + ends + "}", "", 302, outbound.ErrRedirect.Error()},
		{"<html>", "", 200, "JSON"},
		{"[]", "", 200, "object"},
		{"null", "", 200, "object"},
		{`{"padding":"` + strings.Repeat("x", outbound.MaxAnswer) + `",` + ends + "}", "", 200, outbound.ErrTooLong.Error()},
		{strings.Repeat("[", 5_000) + strings.Repeat("]", 5_000), "", 200, "nested"},
		{`{"authorization_endpoint":5,"token_endpoint":["https://idp.test/t"]}`, "", 200, "no authorization_endpoint"},
		{`{"authorization_endpoint":"/a"}`, "", 200, "authorization_endpoint that is no address"},
		{`{"authorization_endpoint":"javascript:alert(1)"}`, "", 200, "authorization_endpoint that is no address"},
		{`{"authorization_endpoint":"http://idp.test/a"}`, "", 200, "authorization_endpoint without TLS"},
		{`{"authorization_endpoint":"http://idp.test/a",` + `"token_endpoint":"https://idp.test/t"}`, `,"authorizationUrl":"https://own.test"`, 200, ""},
		{`{"jwks_uri":"http://idp.test/k",` + ends + "}", "", 200, "jwks_uri without TLS"},
		{`{"jwks_uri":"https://u:p@idp.test/k",` + ends + "}", "", 200, "jwks_uri that is no address"},
		{`{"userinfo_endpoint":"ftp://idp.test/k",` + ends + "}", "", 200, "userinfo_endpoint that is no address"},
		{`{"end_session_endpoint":"http://idp.test/k",` + ends + "}", "", 200, "end_session_endpoint without TLS"},
		{"{" + ends + "}", `,"requireIdTokenVerification":true`, 200, "no issuer or no jwks_uri"},
	} {
		err := reading(t, c.document, c.more, c.status)
		switch short := c.document[:min(len(c.document), 100)]; {
		case c.want == "" && err != nil:
			t.Errorf("%s%s: %v", short, c.more, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s%s: %v, want %s", short, c.more, err, c.want)
		}
	}
}

// TestHeadersStayWithTheirOrigin: those of the document may hold a secret.
func TestHeadersStayWithTheirOrigin(t *testing.T) {
	t.Parallel()
	for keys, want := range map[string]string{"https://idp.test/jwks": "s", "https://IDP.test/jwks": "s", "/jwks": "s", "https://keys.test/jwks": "", "https://idp.test:8443/jwks": ""} {
		o, err := options([]byte(`{"providerId":"acme","clientId":"c","discoveryUrl":"` + discoverAt + `","discoveryHeaders":{"X-Key":"s"}}`))
		if err != nil {
			t.Fatal(err)
		}
		d := &document{issuer: "https://idp.test", keys: keys}
		if err := d.check(o); err != nil {
			t.Fatal(err)
		}
		if got := plugin(t, http.DefaultTransport).idTokenCheck(o, d).Keys.Header.Get("X-Key"); got != want {
			t.Errorf("%s is sent %q, want %q", keys, got, want)
		}
	}
}
