package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"unicode/utf8"
)

// ErrNotObject says that a text is no JSON object.
var ErrNotObject = errors.New("not a JSON object")

// Members gives do each member of the JSON object in text, in its order, the
// value as it stands there. It is for objects whose keys only the configuration
// knows; an error of do ends it.
func Members(text []byte, do func(key string, value []byte) error) error {
	if !json.Valid(text) {
		return ErrNotObject
	}
	s := scanner{text: text}
	s.space()
	if s.text[s.at] != '{' {
		return ErrNotObject
	}
	for s.next(); s.text[s.at] != '}'; {
		if s.text[s.at] == ',' {
			s.next()
		}
		key, ok := Text(s.value())
		if !ok {
			return ErrNotObject
		}
		s.space()
		s.next() // the colon
		value := s.value()
		s.space()
		if err := do(key, value); err != nil {
			return err
		}
	}
	return nil
}

// Text gives the text that a JSON string stands for; it is false for any other
// value.
func Text(value []byte) (string, bool) {
	if len(value) < 2 || value[0] != '"' {
		return "", false
	}
	if bytes.IndexByte(value, '\\') < 0 && utf8.Valid(value) {
		return string(value[1 : len(value)-1]), true
	}
	var text string
	err := json.Unmarshal(value, &text)
	return text, err == nil
}

// scanner walks through valid JSON.
type scanner struct {
	text []byte
	at   int
}

func (s *scanner) space() {
	for s.at < len(s.text) && bytes.IndexByte([]byte(" \t\r\n"), s.text[s.at]) >= 0 {
		s.at++
	}
}

// next steps over one character and the space behind it.
func (s *scanner) next() {
	s.at++
	s.space()
}

// value steps over a value and gives it.
func (s *scanner) value() []byte {
	start, depth := s.at, 0
	for ; s.at < len(s.text); s.at++ {
		switch s.text[s.at] {
		case '"':
			s.skipString()
		case '{', '[':
			depth++
		case '}', ']', ',', ':', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return s.text[start:s.at]
			}
			if c := s.text[s.at]; c == '}' || c == ']' {
				depth--
			}
		}
	}
	return s.text[start:s.at]
}

// skipString steps to the closing quote.
func (s *scanner) skipString() {
	for s.at++; s.text[s.at] != '"'; s.at++ {
		if s.text[s.at] == '\\' {
			s.at++
		}
	}
}
