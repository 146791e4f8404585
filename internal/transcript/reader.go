package transcript

import (
	"context"
	"net/url"
	"regexp"
	"sort"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/oauth/idptest"
	"github.com/sallyport-auth/sallyport/internal/scrypt"
)

// reader turns a server's words into comparable ones: it checks every signed,
// hashed or encrypted value and puts a name in its place.
type reader struct {
	*clock
	names *names
	// publicKey gives the JWK that the target stores under a kid.
	publicKey func(ctx context.Context, kid string) (string, error)
	// provider has signed ID tokens, where there is one.
	provider  *idptest.Server
	secret    string
	versions  map[int]string
	passwords []string
	// hashes are the passwords of stored hashes that have been found out.
	hashes   map[string]string
	hashCost scrypt.Cost
	// proxySecret is the secret of the plugin oAuthProxy, where it has its own.
	proxySecret string
}

// earnest is the cost of Better Auth's hashes.
var earnest = scrypt.Cost{N: 16384, R: 16}

func newReader(c Conversation, publicKey func(context.Context, string) (string, error)) *reader {
	r := &reader{clock: newClock(c.Config, c.Offsets), names: newNames(), publicKey: publicKey, hashes: map[string]string{}, hashCost: earnest}
	r.secret, r.versions = c.secrets()
	r.proxySecret = c.settings().Plugins.OAuthProxy.Secret
	return r
}

// passwordKeys are the members of requests that hold passwords.
var passwordKeys = []string{"password", "newPassword"}

// remember notes the passwords a request holds, as JSON or as a form, against
// which stored hashes are checked.
func (r *reader) remember(body []byte) {
	n, err := parseOrdered(strings.TrimPrefix(string(body), "\ufeff"))
	form, errForm := url.ParseQuery(string(body))
	for _, key := range passwordKeys {
		if password, ok := n.child(key); ok {
			if text, ok := password.text(); ok {
				r.passwords = append(r.passwords, text)
			}
		}
		if err != nil && errForm == nil && form.Has(key) {
			r.passwords = append(r.passwords, form.Get(key))
		}
	}
}

// connection lists the headers of the connection, which belong to the server's
// framing and say nothing of the product.
var connection = map[string]bool{
	"Date": true, "Connection": true, "Keep-Alive": true, "Transfer-Encoding": true, "Content-Length": true, "Set-Cookie": true,
}

// answer reads one HTTP answer. Cookies and headers come before the body, so
// that placeholders are numbered in this order.
func (r *reader) answer(ctx context.Context, got *reply) (Answer, error) {
	a := Answer{Status: got.status}
	whole := parts(got.header["Set-Cookie"])
	for _, line := range got.header["Set-Cookie"] {
		a.Cookies = append(a.Cookies, r.cookie(ctx, line, whole))
	}
	names := make([]string, 0, len(got.header))
	for name := range got.header {
		if !connection[name] {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	for _, name := range names {
		for _, value := range got.header[name] {
			if name == "Content-Security-Policy" {
				value = popupPolicy(string(got.body), value)
			}
			a.Headers = append(a.Headers, strings.ToLower(name)+": "+r.text(ctx, value))
		}
	}
	a.Body = r.body(ctx, string(got.body), got.header.Get("Content-Type"))
	return a, nil
}

// body reads JSON value by value and anything else as text.
func (r *reader) body(ctx context.Context, body, mediaType string) string {
	if !strings.HasPrefix(mediaType, "application/json") {
		return r.text(ctx, body)
	}
	n, err := parseCompact(body)
	if err != nil {
		return r.text(ctx, body)
	}
	return r.json(ctx, n).String()
}

var (
	signedValue = regexp.MustCompile(`^[^.]+\.[A-Za-z0-9+/]{43}=$`)
	jwtForm     = regexp.MustCompile(`eyJ[A-Za-z0-9_-]+\.eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*`)
)

// text reads any text: a time, a session cache, a signed value, or words with
// JWTs and ids.
func (r *reader) text(ctx context.Context, text string) string {
	if name, ok := r.clock.text(text); ok {
		return name
	}
	if read, ok := r.totpURI(text); ok {
		return read
	}
	if read, ok := r.proxied(ctx, text); ok {
		return read
	}
	if read, ok := r.popup(ctx, text); ok {
		return read
	}
	switch {
	case r.names.known("state", text):
		return r.names.of("state", text)
	case jweForm.MatchString(text):
		return r.encrypted(ctx, text)
	case compactForm.MatchString(text):
		return r.compact(ctx, text)
	case signedValue.MatchString(text):
		return r.signed(ctx, text)
	case ticketForm.MatchString(text):
		return r.ticket(text)
	}
	var read strings.Builder
	for {
		found := jwtForm.FindStringIndex(text)
		if found == nil {
			return read.String() + r.names.ids(text)
		}
		read.WriteString(r.names.ids(text[:found[0]]))
		read.WriteString(r.jwt(ctx, text[found[0]:found[1]]))
		text = text[found[1]:]
	}
}

// json reads every string of a value; keys and other scalars stay as they are.
func (r *reader) json(ctx context.Context, n node) node {
	if _, isKey := n.child("kty"); isKey {
		n = r.jwk(n)
	}
	switch {
	case n.object:
		members := make([]member, len(n.members))
		for i, m := range n.members {
			if m.key == "backupCodes" {
				m.value = r.backupCodes(ctx, m.value)
			} else {
				m.value = r.json(ctx, r.flow(ctx, r.code(m), m.key))
			}
			members[i] = m
		}
		return node{object: true, members: members}
	case n.items != nil:
		items := make([]node, len(n.items))
		for i, item := range n.items {
			items[i] = r.json(ctx, item)
		}
		return node{items: items}
	}
	if text, ok := n.text(); ok {
		if read := r.text(ctx, text); read != text {
			return node{raw: quote(read)}
		}
	}
	return n
}

// cookie reads one set-cookie value: its name, its value, and its attributes
// exactly as they stand. whole has the values that came in several parts.
func (r *reader) cookie(ctx context.Context, line string, whole map[string]string) string {
	pair, attributes, _ := strings.Cut(line, ";")
	name, raw, _ := strings.Cut(pair, "=")
	value := decodeURIComponent(raw)
	r.noteState(name, value)
	var read string
	if strings.HasSuffix(name, ".oauth_state") && value != "" {
		read = r.stateCookie(ctx, value)
	} else if base, index, ok := partOf(name); ok && value != "" {
		read = r.part(ctx, index, value, whole[base])
	} else {
		read = r.text(ctx, value)
	}
	if encodeURIComponent(value) != raw {
		read += " (not encoded as encodeURIComponent does)"
	}
	if attributes != "" {
		attributes = ";" + attributes
	}
	return r.names.ids(name) + "=" + read + attributes
}

// row reads one row of a table as a JSON object in column order.
func (r *reader) row(ctx context.Context, row row) string {
	n := node{object: true}
	for i, column := range row.columns {
		value := node{raw: "null"}
		if row.values[i] != nil {
			value.raw = quote(r.column(ctx, column, *row.values[i]))
		}
		n.members = append(n.members, member{rawKey: quote(column), key: column, value: value})
	}
	return n.String()
}
