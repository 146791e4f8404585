package oauth

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
)

// maxDepth bounds how deep objects and lists may stand in each other.
const maxDepth = 64

// Errors of what a provider has answered.
var (
	errNotJSON   = errors.New("the answer is no JSON")
	errTooDeep   = errors.New("the answer is nested too deep")
	errNotObject = errors.New("the answer is no JSON object")
)

// ParseObject reads a JSON object as ParseValue does.
func ParseObject(text []byte) (api.Object, error) {
	v, err := ParseValue(text)
	object, ok := v.(api.Object)
	if err == nil && !ok {
		err = errNotObject
	}
	return object, err
}

// ParseValue reads JSON as JavaScript does: objects are api.Object with their keys
// in its order, of equal keys the last counts, lists are []any and numbers float64,
// where one beyond all bounds is infinite.
func ParseValue(text []byte) (any, error) {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if !json.Valid(text) {
		return nil, errNotJSON
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return parse(d, maxDepth)
}

func parse(d *json.Decoder, depth int) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch token := token.(type) {
	case json.Delim:
		if depth == 0 {
			return nil, errTooDeep
		}
		if token == '{' {
			return parseMembers(d, depth-1)
		}
		return parseItems(d, depth-1)
	case json.Number:
		number, _ := strconv.ParseFloat(token.String(), 64)
		return number, nil
	}
	return token, nil
}

func parseMembers(d *json.Decoder, depth int) (any, error) {
	object, places := api.Object{}, map[string]int{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, err
		}
		key, _ := token.(string)
		value, err := parse(d, depth)
		if err != nil {
			return nil, err
		}
		at, again := places[key]
		if !again {
			at = len(object)
			places[key] = at
			object = append(object, api.Member{Key: key})
		}
		object[at].Value = value
	}
	_, err := d.Token() // the end
	slices.SortStableFunc(object, func(a, b api.Member) int { return byIndex(a.Key, b.Key) })
	return object, err
}

func parseItems(d *json.Decoder, depth int) (any, error) {
	list := []any{}
	for d.More() {
		item, err := parse(d, depth)
		if err != nil {
			return nil, err
		}
		list = append(list, item)
	}
	_, err := d.Token() // the end
	return list, err
}

// byIndex orders keys as JavaScript does: those that are array indices come
// first, by number (ECMA-262, 10.1.11.1), and the rest stays as it is.
func byIndex(a, b string) int { return cmp.Compare(arrayIndex(a), arrayIndex(b)) }

// arrayIndex gives a key's number; all that are none have the same, which is
// above all numbers.
func arrayIndex(key string) uint64 {
	n, err := strconv.ParseUint(key, 10, 32)
	if err != nil || n == math.MaxUint32 || strconv.FormatUint(n, 10) != key {
		return math.MaxUint64
	}
	return n
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
