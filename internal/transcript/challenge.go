package transcript

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
)

var (
	// challengeForm is a sign-in that waits for its second factor, alone or with
	// what is kept beside it; trustForm is a browser that is not asked for one.
	challengeForm = regexp.MustCompile(`(^|[^A-Za-z0-9_-])((?:2fa-otp-|2fa-attempts-)?)(2fa-[A-Za-z0-9_-]{20})($|[^A-Za-z0-9_-])`)
	trustForm     = regexp.MustCompile(`trust-device-[A-Za-z0-9_-]{32}`)
	ticketForm    = regexp.MustCompile(`^[A-Za-z0-9_-]{43}!trust-device-[A-Za-z0-9_-]{32}$`)
	// storedCode is a code that was sent, however it is stored, with its tries.
	storedCode = regexp.MustCompile(`^([0-9]{4,32}|[A-Za-z0-9_-]{43}|(?:\$ba\$\d+\$)?[0-9a-f]{80,}):(\d+)$`)
	digits     = regexp.MustCompile(`^[0-9]+$`)
)

// challenges names the identifiers of challenges and of trust.
func (n *names) challenges(text string) string {
	if !strings.Contains(text, "-") {
		return text
	}
	text = challengeForm.ReplaceAllStringFunc(text, func(found string) string {
		m := challengeForm.FindStringSubmatch(found)
		return m[1] + m[2] + n.of("challenge", m[3]) + m[4]
	})
	return trustForm.ReplaceAllStringFunc(text, func(id string) string { return n.of("trust", id) })
}

// ticket says for which user a browser is trusted.
func (r *reader) ticket(text string) string {
	mac, id, _ := strings.Cut(text, "!")
	for key, name := range r.names.given {
		user, ok := strings.CutPrefix(key, "id ")
		if ok && base64.RawURLEncoding.EncodeToString(macOf(r.secret, []byte(user+"!"+id))) == mac {
			return fmt.Sprintf("<%s for %s>", r.names.of("trust", id), name)
		}
	}
	return fmt.Sprintf("<%s for nobody>", r.names.of("trust", id))
}

// code names a code that a server has sent, by the member of the message.
func (r *reader) code(m member) node {
	if text, ok := m.value.text(); ok && m.key == "otp" && digits.MatchString(text) {
		return node{raw: quote(r.names.of("code", text))}
	}
	return m.value
}

// storedCode says which of the codes that were sent a value holds, and how.
func (r *reader) storedCode(ctx context.Context, value string) string {
	m := storedCode.FindStringSubmatch(value)
	stored, form := m[1], "%s"
	if plain, version, err := r.unseal(stored); err == nil {
		stored, form = plain, "<encrypted"+version+" %s>"
	}
	for key, name := range r.names.given {
		code, ok := strings.CutPrefix(key, "code ")
		hash := sha256.Sum256([]byte(code))
		switch {
		case !ok:
		case code == stored:
			return fmt.Sprintf(form, name) + ":" + m[2]
		case base64.RawURLEncoding.EncodeToString(hash[:]) == stored:
			return "<hash of " + name + ">:" + m[2]
		}
	}
	return r.text(ctx, value)
}
