package transcript

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// compactForm is the beginning of {"session":{"session": in base64url, and so of
// a compact session cache.
var compactForm = regexp.MustCompile(`^eyJzZXNzaW9uIjp7InNlc3Npb24iOn[A-Za-z0-9_-]+$`)

// envelope is a compact session cache, taken apart without being rewritten.
type envelope struct {
	payload   string // the JSON text of the inner object
	expiresAt string
	signature []byte
}

// envelopeForm has the members in the one order that servers write.
var envelopeForm = regexp.MustCompile(`^\{"session":(\{.*\}),"expiresAt":(\d+),"signature":"([A-Za-z0-9_-]{43})"\}$`)

func openEnvelope(value string) (envelope, error) {
	text, err := base64.RawURLEncoding.DecodeString(value)
	if err != nil {
		return envelope{}, err
	}
	match := envelopeForm.FindSubmatch(text)
	if match == nil {
		return envelope{}, fmt.Errorf("not in the form of a session cache: %s", text)
	}
	signature, err := base64.RawURLEncoding.DecodeString(string(match[3]))
	return envelope{payload: string(match[1]), expiresAt: string(match[2]), signature: signature}, err
}

// message is what the signature is made over: the inner object with the expiry
// as its last member.
func (e envelope) message() []byte {
	return []byte(strings.TrimSuffix(e.payload, "}") + `,"expiresAt":` + e.expiresAt + "}")
}

// compact opens a compact session cache.
func (r *reader) compact(ctx context.Context, value string) string {
	e, err := openEnvelope(value)
	if err != nil {
		return "<unreadable session cache: " + err.Error() + ">"
	}
	n, err := parseCompact(e.payload)
	if err != nil {
		return "<unreadable session cache: " + err.Error() + ">"
	}
	verdict := "rightly signed"
	if err := verifyHMAC(r.secret, e.message(), e.signature); err != nil {
		verdict = "NOT RIGHTLY SIGNED: " + err.Error()
	}
	return fmt.Sprintf("<session cache %s until %s %s>", r.json(ctx, r.dates(n)), r.millis(e.expiresAt), verdict)
}

// millis names a time in milliseconds since 1970.
func (r *reader) millis(number string) string {
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return number
	}
	return r.clock.name(time.UnixMilli(n), time.Millisecond)
}

// parts joins the values of cookies that came in numbered parts, in whatever order,
// by their common name.
func parts(lines []string) map[string]string {
	values := map[string]map[int]string{}
	for _, line := range lines {
		name, value := nameAndValue(line)
		base, index, ok := partOf(name)
		n, err := strconv.Atoi(index)
		if !ok || err != nil || value == "" {
			continue
		}
		if values[base] == nil {
			values[base] = map[int]string{}
		}
		values[base][n] = value
	}
	whole := map[string]string{}
	for base, numbered := range values {
		for _, n := range slices.Sorted(maps.Keys(numbered)) {
			whole[base] += numbered[n]
		}
	}
	return whole
}

func nameAndValue(line string) (name, value string) {
	pair, _, _ := strings.Cut(line, ";")
	name, value, _ = strings.Cut(pair, "=")
	return name, value
}

// partOf splits a name such as session_data.0.
func partOf(name string) (base, index string, ok bool) {
	dot := strings.LastIndexByte(name, '.')
	if dot < 0 || !wholeNumber.MatchString(name[dot+1:]) {
		return "", "", false
	}
	return name[:dot], name[dot+1:], true
}

// part reads one of several parts of a value: the first shows the whole.
func (r *reader) part(ctx context.Context, index, value, whole string) string {
	read := fmt.Sprintf("<part %s, %d of %d characters>", index, len(value), len(whole))
	if index == "0" {
		read += " " + r.text(ctx, whole)
	}
	return read
}

// reseal changes one member of a session cache and signs or encrypts it anew. The
// change is "path=json"; the value "$absent" removes the member. The expiry of
// a compact one is expiresAt, that of the others exp.
func (v *vars) reseal(change, value string) (string, error) {
	path, text, ok := strings.Cut(change, "=")
	if !ok || (text != `"$absent"` && !json.Valid([]byte(text))) {
		return "", fmt.Errorf("reseal takes path=json, not %q", change)
	}
	edit := func(payload string) (string, error) {
		n, err := parseOrdered(payload)
		if err != nil {
			return "", err
		}
		if text == `"$absent"` {
			return n.with(strings.Split(path, "."), nil).String(), nil
		}
		return n.with(strings.Split(path, "."), &node{raw: text}).String(), nil
	}
	switch {
	case jwtForm.MatchString(value):
		return v.resealJWT(edit, value)
	case jweForm.MatchString(value):
		return v.resealJWE(edit, value)
	}
	e, err := openEnvelope(value)
	if err != nil {
		return "", err
	}
	if path == "expiresAt" {
		e.expiresAt = text
	} else if e.payload, err = edit(e.payload); err != nil {
		return "", err
	}
	return e.seal(v.secret), nil
}

// seal writes the envelope with a right signature.
func (e envelope) seal(secret string) string {
	signature := base64.RawURLEncoding.EncodeToString(macOf(secret, e.message()))
	return base64.RawURLEncoding.EncodeToString(
		[]byte(`{"session":` + e.payload + `,"expiresAt":` + e.expiresAt + `,"signature":"` + signature + `"}`))
}

// resealJWT is for tokens signed with the secret.
func (v *vars) resealJWT(edit func(string) (string, error), value string) (string, error) {
	part := strings.Split(value, ".")
	text, err := base64.RawURLEncoding.DecodeString(part[1])
	if err != nil {
		return "", err
	}
	payload, err := edit(string(text))
	if err != nil {
		return "", err
	}
	input := part[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(payload))
	return input + "." + base64.RawURLEncoding.EncodeToString(macOf(v.secret, []byte(input))), nil
}
