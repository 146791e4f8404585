package jwt

import "time"

// KeyState is how the signing keys stand, for operators.
type KeyState struct {
	// Created is when the key was made that signs now; zero where none does.
	Created time.Time
	// Ends is when it stops to sign and its successor takes over; zero where no
	// time is set.
	Ends time.Time
	// Published is how many keys the key set holds.
	Published int
}

// KeyState tells how the keys in memory stand; it asks no database.
func (j *JWT) KeyState() KeyState {
	p := j.ring.current.Load()
	if p == nil {
		return KeyState{}
	}
	keys, now := j.ring.keys, j.ring.keys.auth.Now()
	var state KeyState
	for i := range p.keys {
		if k := &p.keys[i]; k.published != nil && !k.withdrawn(now, keys.grace()) {
			state.Published++
		}
	}
	if k := p.choose(now); k != nil {
		state.Created = k.createdAt
		if end, ends := keys.end(k); ends {
			state.Ends = end
		}
	}
	return state
}
