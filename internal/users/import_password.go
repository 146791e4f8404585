package users

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/legacy"
)

// ownHash is the form of the server's own hashes, which Better Auth makes too.
var ownHash = regexp.MustCompile(`^[0-9a-f]{32}:[0-9a-f]{128}$`)

// password reads a hash, as a text that names its algorithm or in parts, and gives
// it as it is stored. Its errors do not repeat it.
func (i *importing) password(m member) (string, error) {
	if m.isNull() {
		return "", nil
	}
	if text, err := m.text(); err == nil {
		return hashOf(text)
	}
	d, err := described(m)
	if err != nil {
		return "", err
	}
	if ownHash.MatchString(d.Hash) && d.Algorithm == "scrypt" {
		return d.Hash, nil
	}
	h, err := d.Parse(i.Firebase)
	if err != nil {
		return "", err
	}
	return h.String(), nil
}

func hashOf(text string) (string, error) {
	if ownHash.MatchString(text) {
		return text, nil
	}
	h, err := legacy.Parse(text)
	switch {
	case errors.Is(err, legacy.ErrUnknown):
		return "", fmt.Errorf("%w: where no text says everything, write {\"algorithm\": ..., \"hash\": ...}; algorithms are %s",
			err, strings.Join(legacy.Algorithms(), ", "))
	case err != nil:
		return "", err
	}
	return h.String(), nil
}

// described reads a hash in parts.
func described(m member) (d legacy.Described, err error) {
	members, err := objectOf(m.raw)
	if err != nil {
		return d, errors.New("must be a text or an object")
	}
	texts := map[string]*string{
		"algorithm": &d.Algorithm, "hash": &d.Hash, "salt": &d.Salt, "encoding": &d.Encoding,
		"saltEncoding": &d.SaltEncoding, "saltPosition": &d.SaltPosition,
	}
	numbers := map[string]**int{"iterations": &d.Iterations, "memory": &d.Memory, "parallelism": &d.Parallelism}
	for _, part := range members {
		text, number := texts[part.name], numbers[part.name]
		switch {
		case text != nil:
			*text, err = part.text()
		case number != nil:
			*number, err = part.count()
		default:
			err = errors.New("is no part of a hash")
		}
		if err != nil {
			return d, fmt.Errorf("has a member that is wrong: %w", about(part.name, err))
		}
	}
	return d, nil
}
