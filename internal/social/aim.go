package social

import (
	"github.com/sallyport-auth/sallyport/internal/oauth"
	"github.com/sallyport-auth/sallyport/internal/secure"
)

// What is kept of a flow, in the original's form, does not say with whom it was
// begun. So the last letters of a state are made of the others and the provider's
// id: what one provider sends a browser back with ends no flow of another (RFC 9700,
// 4.4). A state of the original ends in letters that fit no provider, and counts for
// each of them as it does there.
const (
	purposeAim = "sallyport-oauth-state-provider"
	aimLength  = 8
)

// newState gives a state for a provider: 144 bits that nobody can guess, and its
// aim.
func (s *Social) newState(p *oauth.Provider) (string, error) {
	text, err := secure.RandomString(s.auth.Rand, secretAlphabet, stateLength-aimLength)
	return text + s.aim(text, p.ID), err
}

func (s *Social) aim(text, id string) string {
	sum := s.keeper.aim.MAC([]byte(id), []byte{0}, []byte(text))
	letters := make([]byte, aimLength)
	for i := range letters {
		letters[i] = secretAlphabet[int(sum[i])%len(secretAlphabet)]
	}
	return string(letters)
}

// isForAnother tells whether a state was made for another provider than that.
func (s *Social) isForAnother(state string, p *oauth.Provider) bool {
	if p == nil || len(state) != stateLength {
		return false
	}
	text, aim := state[:stateLength-aimLength], state[stateLength-aimLength:]
	if aim == s.aim(text, p.ID) {
		return false
	}
	for id := range s.providers {
		if aim == s.aim(text, id) {
			return true
		}
	}
	return false
}
