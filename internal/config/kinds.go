package config

import "errors"

// Later is the type of an option that Better Auth has and this server does not have yet. Any value in
// the file is refused with the option's name.
type Later struct{}

// Never is the type of an option that this server will not honour, because it is a function or has no
// meaning outside JavaScript. Its field carries an `instead` tag, a clause that names the substitute.
type Never struct{}

// OneOrMany is an option that may be one text or a list of texts, where the difference shows: a token's
// audience given as a text stays a text.
type OneOrMany struct {
	Values []string
	// List reports that the file had a list, even one of a single text.
	List bool
}

// One returns the form of a single text.
func One(text string) OneOrMany { return OneOrMany{Values: []string{text}} }

// Many returns the form of a list.
func Many(texts ...string) OneOrMany { return OneOrMany{Values: texts, List: true} }

// IsZero reports whether nothing was given.
func (o OneOrMany) IsZero() bool { return len(o.Values) == 0 && !o.List }

// UnmarshalOption takes a text or a list of texts.
func (o *OneOrMany) UnmarshalOption(value any) error {
	switch value := value.(type) {
	case string:
		*o = One(value)
		return nil
	case []any:
		*o = OneOrMany{List: true}
		for _, item := range value {
			text, ok := item.(string)
			if !ok {
				return errOneOrMany
			}
			o.Values = append(o.Values, text)
		}
		return nil
	}
	return errOneOrMany
}

// OptionSchema describes the same in JSON Schema.
func (OneOrMany) OptionSchema() map[string]any {
	text := map[string]any{"type": "string"}
	return map[string]any{"anyOf": []any{text, map[string]any{"type": "array", "items": text}}}
}

var errOneOrMany = errors.New("must be a text or a list of texts")

// Entry is one key of an ordered map.
type Entry[V any] struct {
	Name  string
	Value V
}

// Ordered is a map whose keys stay in the order of the file, for options where the order has a meaning.
type Ordered[V any] []Entry[V]
