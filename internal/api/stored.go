package api

import (
	"bytes"
	"cmp"
	"encoding/json"
	"math"
	"slices"
	"strconv"
)

// StoredJSON writes a JSON text from the database as JavaScript does after
// having parsed it: without spaces, numbers as doubles, keys that are array
// indexes first. A text that is no JSON is null.
func StoredJSON(text []byte) json.RawMessage {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	v, err := orderedValue(d)
	if err != nil {
		return json.RawMessage("null")
	}
	out, err := JSON(v)
	if err != nil {
		return json.RawMessage("null")
	}
	return out
}

// orderedValue reads one value, objects as Object.
func orderedValue(d *json.Decoder) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch token := token.(type) {
	case json.Delim:
		if token == '[' {
			return orderedList(d)
		}
		return orderedObject(d)
	case json.Number:
		return double(token), nil
	}
	return token, nil
}

func orderedList(d *json.Decoder) (any, error) {
	list := []any{}
	for d.More() {
		v, err := orderedValue(d)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	_, err := d.Token()
	return list, err
}

func orderedObject(d *json.Decoder) (any, error) {
	object := Object{}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		v, err := orderedValue(d)
		if err != nil {
			return nil, err
		}
		object = object.Set(name.(string), v)
	}
	slices.SortStableFunc(object, func(a, b Member) int {
		return cmp.Compare(arrayIndex(a.Key), arrayIndex(b.Key))
	})
	_, err := d.Token()
	return object, err
}

// arrayIndex reads a key that JavaScript sorts as a number; every other one
// comes after all of those.
func arrayIndex(key string) uint64 {
	n, err := strconv.ParseUint(key, 10, 32)
	if err != nil || n == math.MaxUint32 || strconv.FormatUint(n, 10) != key {
		return math.MaxUint64
	}
	return n
}

// double is the number that JavaScript makes of one; null where there is none.
func double(n json.Number) any {
	f, err := n.Float64()
	switch {
	case err != nil:
		return nil
	case f == 0:
		return 0
	}
	return f
}
