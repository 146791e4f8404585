package secure

import (
	"crypto/cipher"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
)

// UpstreamDefault is the secret Better Auth falls back to when none is configured. It is public, so
// whoever uses it has no secret at all.
const UpstreamDefault = "better-auth-secret-12345678901234567890"

// ErrNoSecret says that neither a single nor a versioned secret was configured.
var ErrNoSecret = errors.New("no secret is set")

// Version is one entry of BETTER_AUTH_SECRETS: a secret and the number that tags what it encrypted.
type Version struct {
	Number int
	Secret string
}

// String hides the secret, so that a Version may be printed.
func (v Version) String() string { return strconv.Itoa(v.Number) + ":[redacted]" }

// GoString hides the secret from %#v as String does from the other verbs.
func (v Version) GoString() string { return v.String() }

// LogValue hides the secret in structured logs.
func (v Version) LogValue() slog.Value { return slog.StringValue(v.String()) }

// Secrets is the server's configured key material: the current secret, which signs and encrypts, and
// the earlier ones that may still decrypt. It is safe for concurrent use.
type Secrets struct {
	current   string
	all       []string // newest first, the one without a version last
	older     []string // whose signatures count too; none unless AcceptOlder was called
	tag       string   // "$ba$2$" with versioned secrets, else empty
	tags      []string // those of all
	encrypt   cipher.AEAD
	versioned map[int]cipher.AEAD // nil with a single secret
	untagged  cipher.AEAD         // opens text without a tag; nil when versioned without a legacy secret
	isDefault bool
	macs      sync.Pool // of hash.Hash, keyed with current
	// values are the secrets themselves by their version, for keys of further
	// purposes; untaggedVersion stands for the one without.
	values map[uint32]string
	newest uint32
}

// NewSecrets takes BETTER_AUTH_SECRET as single and the entries of BETTER_AUTH_SECRETS as versioned,
// newest first. When there are versions the first one is current, and single, which may then be
// empty, only decrypts what was written before versions were introduced.
func NewSecrets(single string, versioned []Version) (*Secrets, error) {
	if len(versioned) == 0 {
		return newSingle(single)
	}
	s := &Secrets{versioned: make(map[int]cipher.AEAD, len(versioned)), values: map[uint32]string{}}
	for _, v := range versioned {
		if err := s.add(v); err != nil {
			return nil, err
		}
	}
	first := versioned[0]
	s.use(first.Secret)
	s.newest = uint32(first.Number)
	s.encrypt = s.versioned[first.Number]
	s.tag = tagOf(first.Number)
	// The public default never counts as a legacy secret: it is what Better Auth fills in when none is set.
	if single != "" && single != UpstreamDefault {
		s.untagged = newCipher(single)
		s.values[untaggedVersion] = single
		s.all, s.tags = append(s.all, single), append(s.tags, "")
	}
	return s, nil
}

func newSingle(single string) (*Secrets, error) {
	if single == "" {
		return nil, ErrNoSecret
	}
	s := &Secrets{encrypt: newCipher(single), isDefault: single == UpstreamDefault, all: []string{single}, tags: []string{""}}
	s.untagged = s.encrypt
	s.values, s.newest = map[uint32]string{untaggedVersion: single}, untaggedVersion
	s.use(single)
	return s, nil
}

func (s *Secrets) use(current string) {
	s.current = current
	s.macs.New = func() any { return newMAC(current) }
}

func (s *Secrets) add(v Version) error {
	if v.Number < 0 {
		return fmt.Errorf("secret version %d: a version is a non-negative integer", v.Number)
	}
	if v.Secret == "" {
		return fmt.Errorf("secret version %d is empty", v.Number)
	}
	if _, ok := s.versioned[v.Number]; ok {
		return fmt.Errorf("secret version %d appears twice", v.Number)
	}
	s.versioned[v.Number] = newCipher(v.Secret)
	s.values[uint32(v.Number)] = v.Secret
	s.all, s.tags = append(s.all, v.Secret), append(s.tags, tagOf(v.Number))
	s.isDefault = s.isDefault || v.Secret == UpstreamDefault
	return nil
}

// AcceptOlder lets what an earlier secret signed count as if the current one had. It is for the start,
// before anything is verified.
func (s *Secrets) AcceptOlder() { s.older = s.all[1:] }

// OlderTags are those of the earlier secrets, as Tag gives them, newest first.
func (s *Secrets) OlderTags() []string { return s.tags[1:] }

// Current is the secret that signs cookies and HS256 tokens, as bytes. The caller must not keep it
// in anything that is printed.
func (s *Secrets) Current() []byte { return []byte(s.current) }

// All is every secret that may still decrypt, as bytes: the current one first. The caller must not
// keep them in anything that is printed.
func (s *Secrets) All() [][]byte {
	all := make([][]byte, len(s.all))
	for i, secret := range s.all {
		all[i] = []byte(secret)
	}
	return all
}

// IsDefault reports that Better Auth's public default secret is in use, which production refuses.
func (s *Secrets) IsDefault() bool { return s.isDefault }

// String hides the secrets, so that a Secrets may be printed.
func (s *Secrets) String() string { return "[redacted]" }

// GoString hides the secrets from %#v as String does from the other verbs.
func (s *Secrets) GoString() string { return s.String() }

// LogValue hides the secrets in structured logs.
func (s *Secrets) LogValue() slog.Value { return slog.StringValue(s.String()) }
