package social

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/secure"
	"github.com/sallyport-auth/sallyport/internal/store"
	"github.com/sallyport-auth/sallyport/internal/store/db"
)

// What keys are derived for, and what the identifier of a stored state begins with.
const (
	purposeState = "oauth-state-cookie"
	purposeLink  = "oauth-link-session-token"
	identifier   = "auth-state:"
)

// Keys of the cookies under advanced.cookies, and their lives. The browser's part
// of a stored state ends before the state does, as in the original.
const (
	keyState        = "state"
	keyOAuthState   = "oauth_state"
	boundLife       = 5 * time.Minute
	strategyCookie  = "cookie"
	errorStateGone  = "state_mismatch"
	errorStateBad   = "state_invalid"
	errorInternally = "internal_server_error"
)

// keeper keeps states under a configuration.
type keeper struct {
	// bound binds a browser to a stored state; whole holds all of one.
	bound, whole api.Cookie
	// state, link and aim are the secrets of their purposes.
	state, link, aim *secure.Secrets
}

func (s *Social) newKeeper() (k keeper, err error) {
	k.state, k.link = s.auth.Secrets.Purpose(purposeState), s.auth.Secrets.Purpose(purposeLink)
	k.aim = s.auth.Secrets.Purpose(purposeAim)
	var errBound, errWhole error
	k.bound, errBound = s.auth.NewCookie(keyState, boundLife)
	k.whole, errWhole = s.auth.NewCookie(keyOAuthState, stateLife)
	return k, errors.Join(errBound, errWhole)
}

func (s *Social) inCookie() bool { return s.auth.Config.Account.StoreStateStrategy == strategyCookie }

// keepState puts a state where account.storeStateStrategy says.
func (s *Social) keepState(ctx context.Context, c *api.Call, f *flow) error {
	text, err := s.encode(f)
	if err != nil {
		return err
	}
	if s.inCookie() {
		cookie := s.keeper.whole
		if cookie.Value, err = s.keeper.state.Encrypt(text, s.auth.Rand); err != nil {
			return err
		}
		c.SetCookie(cookie)
		return nil
	}
	if _, err := s.auth.KeepVerification(ctx, s.auth.Store, identifier+f.state, string(text), stateLife); err != nil {
		return err
	}
	s.auth.SetSigned(c, s.keeper.bound, f.state)
	return nil
}

// StateError says why a callback belongs to no flow.
type StateError struct {
	// Code is the error for the browser, and Page where it is sent with it.
	Code, Page string
}

func (e *StateError) Error() string { return "the state of a callback: " + e.Code }

// ReadState consumes the state of a callback. Of several callbacks with the same
// state one gets it. That there is none for this browser is a *StateError.
func (s *Social) ReadState(ctx context.Context, c *api.Call, state string) (*State, error) {
	find := s.takeStored
	if s.inCookie() {
		find = s.takeCookie
	}
	found, err := find(ctx, c, state)
	if err != nil {
		return nil, err
	}
	if found.ErrorURL == "" {
		found.ErrorURL = s.ErrorPage()
	}
	if found.expiresAt < float64(s.auth.Time().UnixMilli()) {
		return nil, &StateError{errorStateGone, found.ErrorURL}
	}
	return &found.State, nil
}

// takeStored takes a state out of the database. A browser that is not bound to it
// leaves it there for the one that is.
func (s *Social) takeStored(ctx context.Context, c *api.Call, state string) (*stored, error) {
	v, err := s.auth.VerificationAtAnyAge(ctx, identifier+state)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil, &StateError{errorStateGone, s.ErrorPage()}
	case err != nil:
		return nil, err
	}
	found, ok := decodeState([]byte(v.Value))
	switch {
	case !ok:
		return nil, &StateError{errorInternally, s.ErrorPage()}
	case found.named && found.state != state, !s.bound(c, state):
		return nil, s.mismatch(found)
	}
	if err := s.auth.TakeVerification(ctx, s.auth.Store, v); err != nil {
		if errors.Is(err, store.ErrNotFound) { // by another callback, meanwhile
			return nil, &StateError{errorStateGone, s.ErrorPage()}
		}
		return nil, err
	}
	c.ExpireCookie(s.keeper.bound)
	return found, nil
}

func (s *Social) mismatch(found *stored) error {
	if found.ErrorURL == "" {
		found.ErrorURL = s.ErrorPage()
	}
	return &StateError{errorStateGone, found.ErrorURL}
}

// bound tells whether the browser is the one that has begun the flow.
func (s *Social) bound(c *api.Call, state string) bool {
	if s.auth.Config.Account.SkipStateCookieCheck {
		return true
	}
	value, ok := s.auth.Signed(c, s.keeper.bound)
	return ok && value == state
}

// takeCookie takes a state out of the browser's cookie. That it was used is noted,
// because a cookie can be sent again.
func (s *Social) takeCookie(ctx context.Context, c *api.Call, state string) (*stored, error) {
	sealed, _ := c.Cookie(s.keeper.whole.Name)
	if sealed == "" {
		return nil, &StateError{errorStateGone, s.ErrorPage()}
	}
	text, err := s.keeper.state.Decrypt(sealed)
	if err != nil {
		return nil, &StateError{errorStateBad, s.ErrorPage()}
	}
	found, ok := decodeState(text)
	switch {
	case !ok:
		return nil, &StateError{errorStateBad, s.ErrorPage()}
	case found.state == "" || found.state != state:
		return nil, s.mismatch(found)
	}
	hash := sha256.Sum256([]byte(identifier + state))
	n, err := s.auth.Store.AuthUseLink(ctx, db.AuthUseLinkParams{Hash: hash[:], ExpiresAt: s.auth.Time().Add(stateLife)})
	if err != nil {
		return nil, err
	}
	c.ExpireCookie(s.keeper.whole)
	if n == 0 {
		return nil, s.mismatch(found)
	}
	return found, nil
}
