package transcript

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"regexp"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/oauth/idptest"
)

// flowValues are the random values of an authorization, after what they stand
// behind in addresses, forms, identifiers and state rows.
var flowValues = []struct {
	form *regexp.Regexp
	kind string
}{
	{regexp.MustCompile(`((?:^|[?& ])state=|"(?:oauthState|state)":"|auth-state:)([A-Za-z0-9_-]{32})(?:$|[^A-Za-z0-9_-])`), "state"},
	{regexp.MustCompile(`((?:^|[?& ])code_verifier=|"codeVerifier":")([A-Za-z0-9_-]{128})(?:$|[^A-Za-z0-9_-])`), "verifier"},
	{regexp.MustCompile(`((?:^|[?& ])code_challenge=)([A-Za-z0-9_-]{43})(?:$|[^A-Za-z0-9_-])`), "challenge"},
	{regexp.MustCompile(`((?:^|[?& ])nonce=|"(?:nonce|idTokenNonce)":")([A-Za-z0-9_-]{32})(?:$|[^A-Za-z0-9_-])`), "nonce"},
}

// flows names the random values of authorizations wherever a text has them.
func (n *names) flows(text string) string {
	for _, value := range flowValues {
		for start := 0; ; {
			at := value.form.FindStringSubmatchIndex(text[start:])
			if at == nil {
				break
			}
			from, to := start+at[4], start+at[5]
			name := n.flow(value.kind, text[from:to])
			text = text[:from] + name + text[to:]
			start = from + len(name)
		}
	}
	return text
}

// flow names one of the values. A challenge is named by its verifier (RFC 7636,
// 4.2), so that one that is not the verifier's shows.
func (n *names) flow(kind, value string) string {
	switch kind {
	case "verifier":
		sum := sha256.Sum256([]byte(value))
		return n.of("verifier", base64.RawURLEncoding.EncodeToString(sum[:]))
	case "challenge":
		return "<challenge of " + n.of("verifier", value) + ">"
	}
	return n.of(kind, value)
}

// flowMembers are the members of state rows and ID tokens that hold them.
var flowMembers = map[string]string{"codeVerifier": "verifier", "oauthState": "state", "idTokenNonce": "nonce", "nonce": "nonce"}

var flowForm = regexp.MustCompile(`^(?:[A-Za-z0-9_-]{32}|[A-Za-z0-9_-]{128})$`)

// flow names the value of a member that belongs to an authorization.
func (r *reader) flow(ctx context.Context, n node, key string) node {
	text, isText := n.text()
	switch kind := flowMembers[key]; {
	case kind != "" && isText && flowForm.MatchString(text) && looksRandom(text):
		return node{raw: quote(r.names.flow(kind, text))}
	case (key == "expiresAt" || key == "timestamp") && millisForm.MatchString(n.raw):
		return node{raw: quote(r.millis(n.raw))}
	case key == "encryptedSessionToken" && isText && sealedForm.MatchString(text):
		return node{raw: quote(r.sealedFor("oauth-link-session-token", text))}
	case (key == "accessToken" || key == "refreshToken") && isText && sealedForm.MatchString(text):
		return node{raw: quote(r.storedToken(ctx, text))} // of an account in a cookie
	case key == "stateCookie" && isText && sealedForm.MatchString(text):
		return node{raw: quote(r.opened(ctx, "oauth-proxy-state", text))}
	}
	return n
}

// millisForm is a time in milliseconds since 1970, in this century.
var millisForm = regexp.MustCompile(`^1[0-9]{12}$`)

// noteState remembers the state that a cookie has, by which it is known elsewhere.
func (r *reader) noteState(cookie, value string) {
	if strings.HasSuffix(cookie, ".state") && signedState.MatchString(value) {
		r.names.of("state", value[:32])
	}
}

var signedState = regexp.MustCompile(`^[A-Za-z0-9_-]{32}\.`)

// stateCookie opens a cookie that holds all of the state.
func (r *reader) stateCookie(ctx context.Context, value string) string {
	plain, version, err := r.unsealWith(value, purposeKey("oauth-state-cookie"))
	if err != nil {
		return "<not decryptable: " + err.Error() + ">"
	}
	return "<encrypted" + version + " " + r.body(ctx, plain, "application/json") + ">"
}

// sealedFor opens a text that is encrypted for a purpose.
func (r *reader) sealedFor(purpose, value string) string {
	plain, version, err := r.unsealWith(value, purposeKey(purpose))
	if err != nil {
		return "<not decryptable: " + err.Error() + ">"
	}
	return "<encrypted" + version + " " + r.names.ids(plain) + ">"
}

// purposeKey derives a key of one purpose from a secret (RFC 5869).
func purposeKey(purpose string) func(secret string) (string, error) {
	return func(secret string) (string, error) {
		key, err := hkdf.Key(sha256.New, []byte(secret), []byte("better-auth:oauth-encryption:v1"), "better-auth:"+purpose+":v1", 32)
		return hex.EncodeToString(key), err
	}
}

// askedHeaders are the headers of a request to a provider that say something; the
// others belong to the client of HTTP.
var askedHeaders = []string{"Authorization", "Content-Type", "Accept", "User-Agent", "Notion-Version", "Dpop"}

// plainHeaders are what clients of HTTP send by themselves.
var plainHeaders = map[string]bool{
	"Accept: */*": true, "User-Agent: jose/v6.2.18": true, "User-Agent: node": true, "User-Agent: undici": true, "User-Agent: Go-http-client/1.1": true,
}

// graphQLSpace is what GraphQL does not tell from one space (its specification,
// 2.1.2), as it stands in JSON.
var (
	graphQLSpace  = regexp.MustCompile(`(\\[nt]| )+`)
	aroundGraphQL = strings.NewReplacer(`" `, `"`, ` "`, `"`)
)

// request reads a request to a provider.
func (r *reader) request(ctx context.Context, asked idptest.Request) string {
	line := asked.Method + " " + asked.URL
	for _, name := range askedHeaders {
		value := asked.Header.Get(name)
		if encoded, basic := strings.CutPrefix(value, "Basic "); basic {
			if plain, err := base64.StdEncoding.DecodeString(encoded); err == nil {
				value = "Basic of " + string(plain)
			}
		}
		if value != "" && !plainHeaders[name+": "+value] {
			line += " {" + name + ": " + value + "}"
		}
	}
	switch {
	case strings.HasPrefix(asked.Body, `{"query":`):
		line += " " + aroundGraphQL.Replace(graphQLSpace.ReplaceAllString(asked.Body, " "))
	case asked.Body != "":
		line += " " + asked.Body
	}
	var read []string
	for word := range strings.SplitSeq(line, " ") {
		read = append(read, r.text(ctx, word))
	}
	return strings.Join(read, " ")
}
