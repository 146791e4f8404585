package legacy

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Described is a hash that is told in parts, where no text says everything. Its
// members are those of the file that users are imported from.
type Described struct {
	Algorithm string `json:"algorithm"`
	Hash      string `json:"hash"`
	Salt      string `json:"salt"`
	// Encoding is that of the hash, SaltEncoding of the salt: base64, hex or utf8.
	Encoding     string `json:"encoding"`
	SaltEncoding string `json:"saltEncoding"`
	// SaltPosition is before or after the password, for plain digests.
	SaltPosition string `json:"saltPosition"`
	Iterations   *int   `json:"iterations"`
	// Memory, in KiB, and Parallelism are Argon2's, besides Iterations.
	Memory      *int `json:"memory"`
	Parallelism *int `json:"parallelism"`
}

// algorithm is one that has to be named.
type algorithm struct {
	name string
	// encoding and saltEncoding are those in which hash and salt usually come.
	encoding, saltEncoding string
	// takes are further members that it has.
	takes []string
	hash  func(d *Described, salt, key []byte, f *Firebase) (*Hash, error)
}

var algorithms = []algorithm{
	{"firebase-scrypt", asBase64, asBase64, nil, func(_ *Described, salt, key []byte, f *Firebase) (*Hash, error) {
		if f == nil {
			return nil, errors.New("needs the parameters of the Firebase project: see --firebase-hash-config")
		}
		return f.hash(salt, key)
	}},
	{"pbkdf2-sha1", asBase64, asBase64, []string{"iterations"}, describedPBKDF2},
	{"pbkdf2-sha256", asBase64, asBase64, []string{"iterations"}, describedPBKDF2},
	{"pbkdf2-sha512", asBase64, asBase64, []string{"iterations"}, describedPBKDF2},
	{"argon2id", asBase64, asBase64, argon2Members, describedArgon2(argon2id)},
	{"argon2i", asBase64, asBase64, argon2Members, describedArgon2(argon2i)},
	{"aspnet-identity", asBase64, "", nil, func(_ *Described, _, key []byte, _ *Firebase) (*Hash, error) { return aspnetHash(key) }},
	{"md5", asHex, asUTF8, []string{"saltPosition"}, describedDigest},
	{"sha1", asHex, asUTF8, []string{"saltPosition"}, describedDigest},
	{"sha256", asHex, asUTF8, []string{"saltPosition"}, describedDigest},
	{"sha512", asHex, asUTF8, []string{"saltPosition"}, describedDigest},
}

// argon2Members are the parameters of Argon2.
var argon2Members = []string{"iterations", "memory", "parallelism"}

// texts are algorithms whose hash says everything.
var texts = map[string][]string{
	"bcrypt": {"$2a$", "$2b$", "$2y$"}, "scrypt": {"$scrypt$", "scrypt$", "scrypt:"}, "argon2id": {"$argon2id$"}, "argon2i": {"$argon2i$"},
}

// Parse makes the hash. Its errors go on after the name of what they are errors
// of. f may be nil where there are no hashes of Firebase.
func (d *Described) Parse(f *Firebase) (*Hash, error) {
	if slices.ContainsFunc(texts[d.Algorithm], func(prefix string) bool { return strings.HasPrefix(d.Hash, prefix) }) {
		if err := d.only(nil); err != nil || d.Salt != "" || d.Encoding != "" || d.SaltEncoding != "" {
			return nil, errors.New("says everything in its hash: it takes no further member")
		}
		return Parse(d.Hash)
	}
	for _, a := range algorithms {
		if a.name == d.Algorithm {
			return d.as(a, f)
		}
	}
	if texts[d.Algorithm] != nil {
		return nil, fmt.Errorf("is no hash that begins as one of %s does", d.Algorithm)
	}
	return nil, fmt.Errorf("has the algorithm %q, which is none of %s", d.Algorithm, strings.Join(Algorithms(), ", "))
}

// Algorithms are the names of algorithms.
func Algorithms() []string {
	names := []string{"bcrypt", "scrypt"}
	for _, a := range algorithms {
		names = append(names, a.name)
	}
	return names
}

func (d *Described) as(a algorithm, f *Firebase) (*Hash, error) {
	if err := d.only(a.takes); err != nil {
		return nil, err
	}
	if a.saltEncoding == "" && (d.Salt != "" || d.SaltEncoding != "") {
		return nil, errors.New("has its salt in the hash: it takes no other")
	}
	key, err := decode(d.Hash, cmp.Or(d.Encoding, a.encoding))
	if err != nil {
		return nil, err
	}
	salt, err := decode(d.Salt, cmp.Or(d.SaltEncoding, a.saltEncoding, asUTF8))
	if err != nil {
		return nil, fmt.Errorf("has a salt that %w", err)
	}
	return a.hash(d, salt, key, f)
}

// only refuses members that an algorithm has no use for, and misses those that it
// needs.
func (d *Described) only(takes []string) error {
	for _, member := range []struct {
		name  string
		given bool
	}{
		{"iterations", d.Iterations != nil},
		{"memory", d.Memory != nil},
		{"parallelism", d.Parallelism != nil},
		{"saltPosition", d.SaltPosition != ""},
	} {
		switch takes := slices.Contains(takes, member.name); {
		case member.given && !takes:
			return fmt.Errorf("has no %s when it is %s", member.name, d.Algorithm)
		case !member.given && takes && member.name != "saltPosition":
			return fmt.Errorf("needs %s", member.name)
		}
	}
	return nil
}

func describedPBKDF2(d *Described, salt, key []byte, _ *Firebase) (*Hash, error) {
	return pbkdf2Hash(strings.TrimPrefix(d.Algorithm, "pbkdf2-"), *d.Iterations, salt, key)
}

func describedArgon2(v argon2Variant) func(*Described, []byte, []byte, *Firebase) (*Hash, error) {
	return func(d *Described, salt, key []byte, _ *Firebase) (*Hash, error) {
		return v.hash(*d.Memory, *d.Iterations, *d.Parallelism, salt, key)
	}
}

func describedDigest(d *Described, salt, key []byte, _ *Firebase) (*Hash, error) {
	return digestHash(d.Algorithm, cmp.Or(d.SaltPosition, saltBefore), salt, key)
}
