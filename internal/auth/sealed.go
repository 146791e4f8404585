package auth

import "fmt"

// Sealed is what a plugin has stored under one of the secrets, so that it can be
// told whether all of it opens, and whether a secret is still needed.
type Sealed struct {
	// One and Many are what it is, in words: a second factor, second factors.
	One, Many string
	// Tag is that of the secret, as secure.Tag gives it.
	Tag string
	// Count is how many there are. Of them Tried were opened, or as many as there
	// are if those are fewer, and Opened is how many of these could be.
	Count         int64
	Tried, Opened int
}

// String gives the count in words.
func (s *Sealed) String() string {
	if s.Count == 1 {
		return "1 " + s.One
	}
	return fmt.Sprintf("%d %s", s.Count, s.Many)
}
