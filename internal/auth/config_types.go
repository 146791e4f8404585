package auth

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/schema"
)

// SecretVersion is one of several secrets, told apart by a number that encrypted values carry.
type SecretVersion struct {
	Version *int          `yaml:"version" min:"0" required:"true" doc:"The number that encrypted values carry."`
	Value   config.Secret `yaml:"value" required:"true" doc:"The secret."`
}

// Secrets is the list of versioned secrets, current one first.
type Secrets []SecretVersion

// UnmarshalVariable reads the environment's form, a comma list of version:value.
func (s *Secrets) UnmarshalVariable(text string) error {
	*s = nil
	for i, entry := range strings.Split(text, ",") {
		number, value, found := strings.Cut(strings.TrimSpace(entry), ":")
		version, err := strconv.Atoi(number)
		if !found || err != nil || version < 0 {
			return fmt.Errorf("entry %d must be version:secret with a version of 0 or more", i+1)
		}
		value = strings.TrimSpace(value)
		if value == "" {
			return fmt.Errorf("version %d has no secret", version)
		}
		*s = append(*s, SecretVersion{Version: &version, Value: config.NewSecret(value)})
	}
	return s.CheckOption()
}

// CheckOption refuses an empty list, an empty secret and a version that stands there twice.
func (s Secrets) CheckOption() error {
	if s != nil && len(s) == 0 {
		return errors.New("must hold at least one secret")
	}
	seen := map[int]bool{}
	for _, secret := range s {
		if secret.Version == nil {
			continue
		}
		if seen[*secret.Version] {
			return fmt.Errorf("has version %d twice", *secret.Version)
		}
		seen[*secret.Version] = true
	}
	return nil
}

// OriginCheckOff says where origins and redirect targets go unchecked: nowhere (the zero value),
// everywhere, or on the paths listed.
type OriginCheckOff struct {
	// Set reports that the option was given at all, even as false.
	Set bool
	All bool
	// Paths are without the base path.
	Paths []string
}

// UnmarshalOption takes true, false or a list of paths.
func (o *OriginCheckOff) UnmarshalOption(value any) error {
	*o = OriginCheckOff{Set: true}
	switch value := value.(type) {
	case bool:
		o.All = value
		return nil
	case []any:
		for _, item := range value {
			path, ok := item.(string)
			if !ok {
				return errOriginCheckOff
			}
			o.Paths = append(o.Paths, path)
		}
		return nil
	}
	return errOriginCheckOff
}

// OptionSchema describes the same in JSON Schema.
func (OriginCheckOff) OptionSchema() map[string]any {
	paths := map[string]any{"type": "array", "items": map[string]any{"type": "string"}}
	return map[string]any{"oneOf": []any{map[string]any{"type": "boolean"}, paths}}
}

var errOriginCheckOff = errors.New("must be true, false or a list of paths")

// GenerateID says what ids of new rows are.
type GenerateID struct{ Type schema.IDType }

// UnmarshalOption takes uuid or serial.
func (g *GenerateID) UnmarshalOption(value any) error {
	switch value {
	case string(schema.UUIDs), string(schema.SerialIDs):
		g.Type = schema.IDType(value.(string))
		return nil
	case false:
		return errors.New("must not be false: nothing would make the ids of the tables that migrations create; use uuid or serial, which also use ids that the database makes")
	}
	return errors.New("must be uuid or serial")
}

// OptionSchema describes the same in JSON Schema.
func (GenerateID) OptionSchema() map[string]any {
	return map[string]any{"enum": []any{schema.UUIDs, schema.SerialIDs}}
}
