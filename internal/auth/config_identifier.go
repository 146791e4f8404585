package auth

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Ways to store an identifier.
const (
	plain  = "plain"
	hashed = "hashed"
)

// StoreIdentifier says how identifiers of one-time values, which hold their
// secret part, are stored. The zero value stores them as they are.
type StoreIdentifier struct {
	// Default is plain, hashed or empty.
	Default string
	// Overrides are for identifiers that begin with the key.
	Overrides map[string]string
}

// UnmarshalOption takes plain, hashed, or an object of default and overrides.
func (s *StoreIdentifier) UnmarshalOption(value any) error {
	way, ok := value.(string)
	if !ok {
		return s.unmarshalObject(value)
	}
	s.Default = way
	return checkWays(way)
}

func (s *StoreIdentifier) unmarshalObject(value any) error {
	members, ok := value.(map[string]any)
	if !ok {
		return errStoreIdentifier
	}
	for name, member := range members {
		switch {
		case name == "default":
			s.Default, ok = member.(string)
		case name == "overrides":
			ok = s.addOverrides(member)
		default:
			ok = false
		}
		if !ok {
			return errStoreIdentifier
		}
	}
	if err := s.checkOverlap(); err != nil {
		return err
	}
	return checkWays(append(slices.Collect(maps.Values(s.Overrides)), s.Default)...)
}

func (s *StoreIdentifier) addOverrides(value any) bool {
	members, ok := value.(map[string]any)
	s.Overrides = map[string]string{}
	for prefix, member := range members {
		way, isText := member.(string)
		s.Overrides[prefix], ok = way, ok && isText
	}
	return ok
}

// checkOverlap refuses what would hang on the order of the keys.
func (s *StoreIdentifier) checkOverlap() error {
	for prefix, way := range s.Overrides {
		for longer, other := range s.Overrides {
			if strings.HasPrefix(longer, prefix) && other != way {
				return fmt.Errorf("has overrides for %q and %q, which overlap", prefix, longer)
			}
		}
	}
	return nil
}

func checkWays(ways ...string) error {
	for _, way := range ways {
		if way != plain && way != hashed {
			return errStoreIdentifier
		}
	}
	return nil
}

var errStoreIdentifier = errors.New(`must be plain, hashed, or an object with a default and overrides, each plain or hashed`)

// OptionSchema describes the same in JSON Schema.
func (StoreIdentifier) OptionSchema() map[string]any {
	way := map[string]any{"enum": []string{plain, hashed}}
	object := map[string]any{
		"type": "object", "additionalProperties": false, "required": []string{"default"},
		"properties": map[string]any{
			"default":   way,
			"overrides": map[string]any{"type": "object", "additionalProperties": way},
		},
	}
	return map[string]any{"anyOf": []any{way, object}}
}

// stored gives the form in which an identifier stands in its row.
func (s *StoreIdentifier) stored(identifier string) string {
	way := s.Default
	for prefix, override := range s.Overrides {
		if strings.HasPrefix(identifier, prefix) {
			way = override
		}
	}
	if way != hashed {
		return identifier
	}
	sum := sha256.Sum256([]byte(identifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
