package oauthproxy

import (
	"fmt"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
)

// reader takes members out of an object, and keeps the first that is not what it
// must be.
type reader struct {
	of  api.Object
	err error
}

func (r *reader) fail(key string) {
	if r.err == nil {
		r.err = fmt.Errorf("%s is missing or of another type", key)
	}
}

// text gives a text that may be missing.
func (r *reader) text(key string) string {
	v, _ := r.of.Get(key)
	text, ok := v.(string)
	if !ok && v != nil {
		r.fail(key)
	}
	return text
}

// needed gives a text that must be there.
func (r *reader) needed(key string) string {
	if v, _ := r.of.Get(key); v == nil {
		r.fail(key)
	}
	return r.text(key)
}

func (r *reader) object(key string) *reader {
	v, _ := r.of.Get(key)
	o, ok := v.(api.Object)
	if !ok {
		r.fail(key)
	}
	return &reader{of: o}
}

func (r *reader) flag(key string) bool {
	v, _ := r.of.Get(key)
	on, ok := v.(bool)
	if !ok && v != nil {
		r.fail(key)
	}
	return on
}

func (r *reader) time(key string) time.Time {
	text := r.text(key)
	if text == "" {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		r.fail(key)
	}
	return at
}

func (r *reader) texts(key string) []string {
	v, _ := r.of.Get(key)
	items, ok := v.([]any)
	if !ok && v != nil {
		r.fail(key)
	}
	if v == nil {
		return nil
	}
	list := []string{}
	for _, item := range items {
		text, ok := item.(string)
		if !ok {
			r.fail(key)
		}
		list = append(list, text)
	}
	return list
}
