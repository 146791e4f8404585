package oauth

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"strconv"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
)

// ParseObject reads a JSON object as ParseValue does.
func ParseObject(text []byte) (api.Object, error) {
	object := api.Object{}
	err := api.Members(text, func(key string, value []byte) error {
		v, err := ParseValue(value)
		object = object.Set(key, v)
		return err
	})
	return object, err
}

// ParseValue reads JSON whose objects keep the order of their keys: objects are
// api.Object, lists []any, numbers float64, as JavaScript has them.
func ParseValue(text []byte) (any, error) {
	text = bytes.TrimSpace(text)
	if len(text) == 0 {
		return nil, io.ErrUnexpectedEOF
	}
	switch text[0] {
	case '{':
		return ParseObject(text)
	case '[':
		return parseList(text)
	}
	var v any
	err := json.Unmarshal(text, &v)
	return v, err
}

func parseList(text []byte) ([]any, error) {
	var items []json.RawMessage
	if err := json.Unmarshal(text, &items); err != nil {
		return nil, err
	}
	list := make([]any, len(items))
	for i, item := range items {
		v, err := ParseValue(item)
		if err != nil {
			return nil, err
		}
		list[i] = v
	}
	return list, nil
}

// maxLife bounds how long a token may be said to live: a hundred years.
const maxLife = 100 * 365 * 24 * 3600

// in gives the time that is the seconds of a member from now; zero where there
// are none.
func (e *TokenEndpoint) in(answer api.Object, key string) time.Time {
	v, _ := answer.Get(key)
	seconds, ok := v.(float64)
	if text, is := v.(string); is {
		n, err := strconv.ParseFloat(text, 64)
		seconds, ok = n, err == nil
	}
	if !ok || seconds == 0 || math.IsNaN(seconds) || math.Abs(seconds) > maxLife {
		return time.Time{}
	}
	return e.Now().Add(time.Duration(seconds * float64(time.Second)))
}
