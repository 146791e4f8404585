package username

import (
	"fmt"
	"regexp"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/secure"
)

// rules say which names there may be, and in which form they are stored.
type rules struct {
	shortest, longest int
	pattern           *regexp.Regexp
	// displayPattern is nil where every name may be shown.
	displayPattern *regexp.Regexp
	// normal and displayNormal give the normal form of a name.
	normal, displayNormal func(string) string
	// late and lateDisplay say that the normal form is what is checked.
	late, lateDisplay bool
	// textOnly says that a name to show must be a text, because something is to be
	// done with it.
	textOnly bool
}

func newRules(cfg *Config) (*rules, error) {
	if cfg.MinUsernameLength > cfg.MaxUsernameLength {
		return nil, fmt.Errorf("minUsernameLength is %d and maxUsernameLength %d: no name could be both", cfg.MinUsernameLength, cfg.MaxUsernameLength)
	}
	r := &rules{
		shortest: cfg.MinUsernameLength, longest: cfg.MaxUsernameLength,
		normal: normalizer(lowercase), displayNormal: normalizer(cfg.DisplayUsernameNormalization.Form),
		late:        cfg.ValidationOrder.Username == postNormalization,
		lateDisplay: cfg.ValidationOrder.DisplayUsername == postNormalization,
	}
	if form := cfg.UsernameNormalization.Form; form != "" {
		r.normal = normalizer(form)
	}
	var err error
	if r.pattern, err = regexp.Compile(string(cfg.UsernameValidator)); err != nil {
		return nil, fmt.Errorf("usernameValidator: %w", err)
	}
	if cfg.DisplayUsernameValidator != "" {
		r.displayPattern, err = regexp.Compile(string(cfg.DisplayUsernameValidator))
	}
	form := cfg.DisplayUsernameNormalization.Form
	r.textOnly = r.displayPattern != nil || form != "" && form != none
	return r, err
}

// check gives what is wrong with a user name, or nil.
func (r *rules) check(name string) *api.Error {
	if r.late {
		name = r.normal(name)
	}
	switch length := secure.UTF16Length(name); {
	case length < r.shortest:
		return errTooShort
	case length > r.longest:
		return errTooLong
	case !r.pattern.MatchString(name):
		return errInvalid
	}
	return nil
}

// checkDisplay tells whether a name may be shown.
func (r *rules) checkDisplay(name string) error {
	if r.displayPattern == nil {
		return nil
	}
	if r.lateDisplay {
		name = r.displayNormal(name)
	}
	if !r.displayPattern.MatchString(name) {
		return errInvalidDisplay
	}
	return nil
}
