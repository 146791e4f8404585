package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/sallyport-auth/sallyport/internal/origin"
)

const (
	mediaJSON = "application/json"
	mediaForm = "application/x-www-form-urlencoded"

	// maxDepth bounds the nesting of a JSON body.
	maxDepth = 64

	// maxValues bounds the values of a body, each of which takes more memory
	// than its text.
	maxValues = 10_000
)

// undefined is the body of a request that carries none; it differs from null.
type undefinedType struct{}

var undefined any = undefinedType{}

// readBody reads the request body as its media type says. A request without a
// content type, or with a length of zero, has no body, as behind the
// original's Node adapter.
//
// It also gives the text that a JSON body was read from.
func readBody(r *http.Request, route *Route) (body any, text []byte, err error) {
	contentType := r.Header.Get("Content-Type")
	if route.SkipBody || r.Method == http.MethodGet || contentType == "" || r.ContentLength == 0 {
		return undefined, nil, nil
	}
	media := strings.TrimSpace(strings.ToLower(strings.SplitN(contentType, ";", 2)[0]))
	if !accepted(route.MediaTypes, media) {
		return nil, nil, NewError(http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE",
			`Content-Type "`+latin1(contentType)+`" is not allowed. Allowed types: `+strings.Join(route.MediaTypes, ", "))
	}
	if text, err = io.ReadAll(r.Body); err != nil {
		return nil, nil, bodyError(err)
	}
	if media == mediaForm {
		if bytes.Count(text, []byte("&")) >= maxValues {
			return nil, nil, ErrTooLarge
		}
		return formBody(string(text)), nil, nil
	}
	body, err = parseJSON(text)
	return body, text, err
}

func accepted(types []string, media string) bool {
	for _, t := range types {
		if t == media {
			return true
		}
	}
	return false
}

func bodyError(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return ErrTooLarge.WithCause(err)
	}
	return ErrInvalidJSON.WithCause(err)
}

// formBody keeps the last of equal names, as the original does.
func formBody(text string) map[string]any {
	body := map[string]any{}
	for _, p := range origin.ReadForm(text) {
		body[p.Name] = p.Value
	}
	return body
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// parseJSON reads one JSON value of at most maxDepth levels and maxValues values.
// A byte-order mark is allowed, invalid UTF-8 is not.
func parseJSON(text []byte) (any, error) {
	// The original takes off two: one while decoding, one while parsing.
	text = bytes.TrimPrefix(bytes.TrimPrefix(text, byteOrderMark), byteOrderMark)
	if !utf8.Valid(text) {
		return nil, ErrInvalidJSON
	}
	if err := checkBounds(text); err != nil {
		return nil, err
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, ErrInvalidJSON.WithCause(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, ErrInvalidJSON
	}
	return v, nil
}

// checkBounds looks at brackets and commas outside strings, so that a hostile body
// costs no more than one pass.
func checkBounds(text []byte) error {
	depth, values, inString := 0, 1, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == ',':
			values++
		case c == '{' || c == '[':
			values++
			if depth++; depth > maxDepth {
				return ErrInvalidJSON
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	if values > maxValues {
		return ErrTooLarge
	}
	return nil
}
