package transcript

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// vars fills in ${source|function|...} in requests and statements. A source is
// the name of a kept value, actor/cookie for a cookie's raw value in that
// actor's jar, or a 'literal'. The functions are in [vars.apply].
type vars struct {
	kept   map[string]string
	jars   map[string]*jar
	secret string
}

var placeholder = regexp.MustCompile(`\$\{((?:'[^']*'|[^}'])+)\}`)

// fill replaces every ${...} of a text, or says which one has no value.
func (v *vars) fill(text string) (string, error) {
	var failed error
	filled := placeholder.ReplaceAllStringFunc(text, func(match string) string {
		value, err := v.value(match[2 : len(match)-1])
		if err != nil && failed == nil {
			failed = fmt.Errorf("%s: %w", match, err)
		}
		return value
	})
	return filled, failed
}

// pipe separates what a placeholder holds; a 'literal' may hold the bar too.
var pipe = regexp.MustCompile(`(?:'[^']*'|[^|'])+`)

func (v *vars) value(expression string) (string, error) {
	parts := pipe.FindAllString(expression, -1)
	value, err := v.source(strings.TrimSpace(parts[0]))
	if err != nil {
		return "", err
	}
	for _, function := range parts[1:] {
		if value, err = v.apply(strings.TrimSpace(function), value); err != nil {
			return "", err
		}
	}
	return value, nil
}

func (v *vars) source(name string) (string, error) {
	if strings.HasPrefix(name, "'") && strings.HasSuffix(name, "'") && len(name) > 1 {
		return name[1 : len(name)-1], nil
	}
	if value, ok := v.kept[name]; ok {
		return value, nil
	}
	if actor, cookie, ok := strings.Cut(name, "/"); ok && v.jars[actor] != nil {
		if value, ok := v.jars[actor].get(cookie); ok {
			return value, nil
		}
	}
	return "", fmt.Errorf("nothing is kept under %q", name)
}

// apply runs one function on a value.
func (v *vars) apply(function, value string) (string, error) {
	name, argument, _ := strings.Cut(function, ":")
	switch name {
	case "sign": // value.signature, as a signed cookie before its encoding
		return value + "." + sign(v.secret, value), nil
	case "signwith": // the same under another secret
		return value + "." + sign(argument, value), nil
	case "token": // what a signed value was signed over
		return value[:max(strings.LastIndex(value, "."), 0)], nil
	case "hs256": // claims as a JWT under the secret
		return hs256(v.secret, value), nil
	case "path": // an address without scheme and host
		u, err := url.Parse(value)
		if err != nil {
			return "", err
		}
		return u.RequestURI(), nil
	case "query": // the query of an address, "param" one of its values
		u, err := url.Parse(value)
		if err != nil {
			return "", err
		}
		return u.RawQuery, nil
	case "param":
		u, err := url.Parse(value)
		if err != nil || !u.Query().Has(argument) {
			return "", fmt.Errorf("%s has no %s", value, argument)
		}
		return u.Query().Get(argument), nil
	case "encode":
		return encodeURIComponent(value), nil
	case "decode":
		return url.PathUnescape(value)
	case "flip": // another character at the end of the first third
		i := len(value) / 3
		other := "A"
		if value[i] == 'A' {
			other = "B"
		}
		return value[:i] + other + value[i+1:], nil
	case "chop":
		return value[:len(value)-1], nil
	case "unpad":
		return strings.TrimRight(value, "="), nil
	case "urlsafe":
		return strings.NewReplacer("+", "-", "/", "_").Replace(value), nil
	case "upper":
		return strings.ToUpper(value), nil
	case "lower":
		return strings.ToLower(value), nil
	case "base64":
		return base64.StdEncoding.EncodeToString([]byte(value)), nil
	case "reseal": // a session cache with one member changed
		return v.reseal(argument, value)
	case "totp": // the code of an authenticator app, so many steps from now
		return TOTPCode(value, argument, time.Now())
	case "repeat":
		n, err := strconv.Atoi(argument)
		return strings.Repeat(value, n), err
	}
	return "", fmt.Errorf("no function %q", name)
}

// hs256 makes a JWT (RFC 7519) as Better Auth makes those of its links.
func hs256(secret, claims string) string {
	message := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256"}`)) + "." + base64.RawURLEncoding.EncodeToString([]byte(claims))
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(message))
	return message + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// encodeURIComponent escapes as the function of that name in a browser does.
func encodeURIComponent(value string) string {
	var b strings.Builder
	for i := range len(value) {
		c := value[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte("-_.!~*'()", c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
