package users

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/sallyport-auth/sallyport/internal/schema"
)

// member is a name of a JSON object and its value, not read yet.
type member struct {
	name string
	raw  json.RawMessage
}

// errNoObject says that a text is no JSON object.
var errNoObject = errors.New("is no JSON object")

// objectOf reads a JSON object. A name that comes twice is refused: programs
// differ in which of the two counts.
func objectOf(text []byte) ([]member, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return nil, errNoObject
	}
	var members []member
	for d.More() {
		key, err := d.Token()
		name, isText := key.(string)
		if err != nil || !isText {
			return nil, errNoObject
		}
		m := member{name: name}
		if err := d.Decode(&m.raw); err != nil {
			return nil, errNoObject
		}
		if slices.ContainsFunc(members, func(o member) bool { return o.name == name }) {
			return nil, about(name, errors.New("comes twice"))
		}
		members = append(members, m)
	}
	if _, err := d.Token(); err != nil {
		return nil, errNoObject
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("goes on after the JSON object")
	}
	return members, nil
}

// isNull tells whether the value is null.
func (m member) isNull() bool { return string(m.raw) == "null" }

// text reads a text.
func (m member) text() (string, error) {
	var text string
	if m.isNull() || json.Unmarshal(m.raw, &text) != nil {
		return "", errors.New("must be a text")
	}
	return text, noNUL(text)
}

// noNUL refuses the one character that no column of text can hold.
func noNUL(text string) error {
	if strings.ContainsRune(text, 0) {
		return errors.New("holds a NUL character")
	}
	return nil
}

// count reads a number without a fraction.
func (m member) count() (*int, error) {
	var n int
	if m.isNull() || json.Unmarshal(m.raw, &n) != nil {
		return nil, errors.New("must be a whole number")
	}
	return &n, nil
}

// optionalText reads a text or null.
func (m member) optionalText() (*string, error) {
	if m.isNull() {
		return nil, nil
	}
	text, err := m.text()
	return &text, err
}

// truth reads true or false.
func (m member) truth() (v bool, err error) {
	if m.isNull() || json.Unmarshal(m.raw, &v) != nil {
		err = errors.New("must be true or false")
	}
	return v, err
}

// wholeNumber reads a number without a fraction, as it is written.
func (m member) wholeNumber() (string, error) {
	var n int64
	if m.isNull() || json.Unmarshal(m.raw, &n) != nil {
		return "", errors.New("must be a whole number, or one as text")
	}
	return string(m.raw), nil
}

// time reads a time, with the microseconds that Postgres keeps.
func (m member) time() (time.Time, error) {
	text, err := m.text()
	if err != nil {
		return time.Time{}, errTime
	}
	return timeOf(text)
}

// optionalTime reads a time or null.
func (m member) optionalTime() (*time.Time, error) {
	if m.isNull() {
		return nil, nil
	}
	t, err := m.time()
	return &t, err
}

var errTime = errors.New("must be a date, as 2026-11-25 or 2026-11-25T08:00:00Z")

func timeOf(text string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		if t, err = schema.ParseDate(text); err != nil {
			return time.Time{}, errTime
		}
	}
	t = t.UTC().Truncate(time.Microsecond)
	if t.Before(earliest) || t.After(latest) {
		return time.Time{}, fmt.Errorf("must be a date from %d to %d", earliest.Year(), latest.Year())
	}
	return t, nil
}

// value reads the value of a field, which is null or of its type.
func (m member) value(f *schema.Field) (any, error) {
	if m.isNull() {
		if f.Required {
			return nil, errors.New("must not be null")
		}
		return nil, nil
	}
	switch f.Type {
	case schema.String:
		text, err := m.text()
		if err == nil && f.Enum != nil && !slices.Contains(f.Enum, text) {
			err = fmt.Errorf("must be one of %s", strings.Join(f.Enum, ", "))
		}
		return text, err
	case schema.Date:
		return m.time()
	}
	var v any
	d := json.NewDecoder(bytes.NewReader(m.raw))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	return v, errors.Join(fits(f.Type, v), clean(v))
}

// clean looks for NUL characters wherever there may be one.
func clean(v any) error {
	switch v := v.(type) {
	case string:
		return noNUL(v)
	case []any:
		for _, item := range v {
			if err := clean(item); err != nil {
				return err
			}
		}
	case map[string]any:
		for name, item := range v {
			if err := errors.Join(noNUL(name), clean(item)); err != nil {
				return err
			}
		}
	}
	return nil
}
