package auth

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/secure"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// forgottenSession is how long a session lives that the user did not ask to be
// remembered.
const forgottenSession = 24 * time.Hour

// SignIn makes a session for user and sends its cookies. Every way of signing
// in ends here, so that no step of it can be missed.
func (a *Auth) SignIn(ctx context.Context, c *api.Call, user *store.User, remember bool) (*store.Session, error) {
	return a.signIn(ctx, c, Entrant{user, remember}, proof{})
}

// SignInUnasked is SignIn for whom nobody has asked whether to be remembered: the
// session lives as long as any, and the browser keeps it as it was told before.
func (a *Auth) SignInUnasked(ctx context.Context, c *api.Call, user *store.User) (*store.Session, error) {
	return a.signIn(ctx, c, Entrant{user, a.Remembered(c)}, proof{unasked: true})
}

// proof is the password that made an entrant of somebody. The zero value stands
// for anything else.
type proof struct {
	hash string
	// wrong is the answer where it has been replaced meanwhile.
	wrong *api.Error
	// unasked tells that nothing was said about remembering.
	unasked bool
}

func (a *Auth) signIn(ctx context.Context, c *api.Call, e Entrant, p proof) (*store.Session, error) {
	s, err := a.NewSession(ctx, c, e.User, e.Remember || p.unasked)
	if err != nil {
		return nil, err
	}
	var v Verdict
	if a.asked(c, e) {
		v, err = a.admit(ctx, c, e, p.hash, s)
	} else {
		err = a.create(ctx, a.Store.Noting(a.Entry(c, EventSignIn)), c, s, p.hash)
	}
	switch {
	case errors.Is(err, errReplaced):
		return nil, a.Fail(ctx, c, EventSignIn, e.User.ID, p.wrong)
	case errors.Is(err, store.ErrRejected): // the user is gone meanwhile
		return nil, ErrFailedToMakeSession.WithCause(err)
	case err != nil:
		return nil, err
	}
	return s, a.Conclude(c, v, s, e)
}

// admit lets the gates decide, and makes the session where they let the entrant
// in. The password stays as it is until all of that is committed: whoever changes
// it afterwards finds the session, or what the gates have kept.
func (a *Auth) admit(ctx context.Context, c *api.Call, e Entrant, hash string, s *store.Session) (v Verdict, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Store) error {
		if hash != "" {
			if err := overtaken(tx.HoldPassword(ctx, e.User.ID, hash)); err != nil {
				return err
			}
		}
		if v, err = a.PassGates(ctx, tx, c, e); err != nil || v.Instead != nil {
			return err
		}
		return a.KeepSession(ctx, tx.Noting(a.Entry(c, EventSignIn)), c, s)
	})
	return v, err
}

// create stores a session in one statement.
func (a *Auth) create(ctx context.Context, noting *store.Store, c *api.Call, s *store.Session, hash string) error {
	if hash == "" {
		return a.KeepSession(ctx, noting, c, s)
	}
	return a.kept(ctx, noting, c, s, overtaken(noting.CreateSessionByPassword(ctx, s, hash)))
}

// errReplaced says that the password of the proof is none any more.
var errReplaced = errors.New("the password has been replaced meanwhile")

func overtaken(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return errReplaced
	}
	return err
}

// NewSession gives a session that is not stored yet, if the user may have one.
func (a *Auth) NewSession(ctx context.Context, c *api.Call, user *store.User, remember bool) (*store.Session, error) {
	return a.NewSessionIn(ctx, a.Store, c, user, remember)
}

// NewSessionIn is NewSession in a transaction.
func (a *Auth) NewSessionIn(ctx context.Context, tx *store.Store, c *api.Call, user *store.User, remember bool) (*store.Session, error) {
	if err := a.mayHaveSession(ctx, tx, c, user); err != nil {
		return nil, err
	}
	id, err := a.NewID()
	if err != nil {
		return nil, err
	}
	token, err := secure.NewToken(a.Rand)
	if err != nil {
		return nil, err
	}
	now := a.Time()
	life := a.Config.Session.ExpiresIn.Std()
	if !remember {
		life = forgottenSession
	}
	agent := c.Header("User-Agent")
	return &store.Session{
		ID: id, Token: token, UserID: user.ID, ExpiresAt: now.Add(life),
		CreatedAt: now, UpdatedAt: now, IPAddress: &c.Address, UserAgent: &agent, From: a.from(c, user),
	}, nil
}

// Successor gives a session that is not stored yet and is to take the place of the
// call's, after what a user has changed about the way in. It has everything of its
// own that a new one has, and the rest of the one in use; it lives no longer than
// one that is never extended.
func (a *Auth) Successor(ctx context.Context, tx *store.Store, c *api.Call, user *store.User) (*store.Session, error) {
	s, err := a.NewSessionIn(ctx, tx, c, user, true)
	if err != nil {
		return nil, err
	}
	s.IPAddress, s.UserAgent = c.Session.IPAddress, c.Session.UserAgent
	if a.endsAsMade(c.Session) {
		s.ExpiresAt = c.Session.ExpiresAt
	}
	i := 0
	for _, f := range a.sessionFields.Fields {
		if schema.IsCore("session", f.Name) {
			continue
		}
		value := f.Encode(f.Default)
		if f.Default == nil && i < len(c.Session.Extra) {
			value = c.Session.Extra[i]
		}
		s.Extra = append(s.Extra, value)
		i++
	}
	return s, nil
}

// Enter makes a stored session the session of this call and sends its cookies.
func (a *Auth) Enter(c *api.Call, s *store.Session, user *store.User, remember bool) {
	a.setSessionCookies(c, s, user, remember)
	c.NewSession, c.Session, c.User = s, s, user
}

// Reenter sends the cookies of the call's session again after the session or its
// user has changed, the copy in the cookie cache among them. What the browser
// was told about remembering stays.
func (a *Auth) Reenter(c *api.Call, s *store.Session, user *store.User) {
	a.Enter(c, s, user, a.Remembered(c))
}

// SessionToken gives the session token that the call carries with a right
// signature.
func (a *Auth) SessionToken(c *api.Call) (string, bool) {
	return a.Signed(c, a.cookies.sessionToken)
}

// Read is how a session is to be read.
type Read struct {
	// Write tells that the call may renew the session although
	// session.deferSessionRefresh is on.
	Write bool
	// NoRefresh leaves the session as it is.
	NoRefresh bool
	// NoCache asks the database, whatever the cookie cache says.
	NoCache bool
}

// ReadSession finds the session that the call carries, in its cookie cache or
// else in the database, and extends it when it is due (a sliding window,
// session.updateAge). Without a session it leaves c.Session nil; a token that
// leads nowhere has its cookies removed, one that an older secret has signed is
// signed anew. The result tells whether an extension
// is due that was left to a later POST; it is nil where nobody needs to know.
func (a *Auth) ReadSession(ctx context.Context, c *api.Call, how Read) (needsRefresh *bool, err error) {
	c.Session, c.User = nil, nil
	token, by := a.SignedBy(c, a.cookies.sessionToken)
	switch {
	case a.cache == nil:
		a.clearStaleCache(c)
	case by == secure.CurrentSecret && !how.NoCache && a.readCache(ctx, c, token):
		return nil, nil
	}
	if by == secure.NoSecret {
		return nil, nil
	}
	s, user, err := a.Store.SessionByToken(ctx, token)
	if errors.Is(err, store.ErrNotFound) {
		a.ClearSessionCookies(c)
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if s.ExpiresAt.Before(a.Time()) {
		return nil, a.dropExpired(ctx, c, s, how)
	}
	c.Session, c.User = s, user
	if !how.NoRefresh && a.Remembered(c) {
		needsRefresh, err = a.renew(ctx, c, how)
	}
	if err == nil && by == secure.OlderSecret {
		err = a.resign(ctx, c)
	}
	return needsRefresh, err
}

// renew extends the call's session when that is due, or says that it is. In any
// case the copy in the cookie cache becomes new.
func (a *Auth) renew(ctx context.Context, c *api.Call, how Read) (needsRefresh *bool, err error) {
	due := a.refreshDue(c.Session)
	if a.Config.Session.DeferSessionRefresh && !how.Write {
		a.writeCache(c, c.Session, c.User, true)
		return &due, nil
	}
	if due {
		return nil, a.refresh(ctx, c)
	}
	a.writeCache(c, c.Session, c.User, true)
	return nil, nil
}

func (a *Auth) dropExpired(ctx context.Context, c *api.Call, s *store.Session, how Read) error {
	a.ClearSessionCookies(c)
	if a.Config.Session.DeferSessionRefresh && !how.Write {
		return nil
	}
	_, err := a.Store.DeleteSession(ctx, s.Token)
	return err
}

func (a *Auth) refreshDue(s *store.Session) bool {
	cfg := &a.Config.Session
	due := s.ExpiresAt.Add(cfg.UpdateAge.Std() - cfg.ExpiresIn.Std())
	return !cfg.DisableSessionRefresh && !due.After(a.Time()) && !a.endsAsMade(s)
}

func (a *Auth) refresh(ctx context.Context, c *api.Call) error {
	now := a.Time()
	s, err := a.Store.RefreshSession(ctx, c.Session.Token, c.Session.ExpiresAt, now.Add(a.Config.Session.ExpiresIn.Std()), now)
	if errors.Is(err, store.ErrNotFound) {
		c.Session, c.User = nil, nil
		a.ClearSessionCookies(c)
		return ErrFailedToGetSession
	}
	if err != nil {
		return err
	}
	a.Enter(c, s, c.User, true)
	return nil
}

// Caller gives the user whose live session the call carries, as the database has
// it, nil where there is none. The call's session is not set and nothing is
// renewed.
func (a *Auth) Caller(ctx context.Context, c *api.Call) (*store.User, error) {
	token, ok := a.SessionToken(c)
	if !ok {
		return nil, nil
	}
	s, user, err := a.Store.SessionByToken(ctx, token)
	switch {
	case errors.Is(err, store.ErrNotFound), err == nil && s.ExpiresAt.Before(a.Time()):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return user, nil
}

// UserID gives the id of Caller, empty where there is none.
func (a *Auth) UserID(ctx context.Context, c *api.Call) (string, error) {
	user, err := a.Caller(ctx, c)
	if err != nil || user == nil {
		return "", err
	}
	return user.ID, nil
}

// FindSession reads the session for a route that works with and without one.
func (a *Auth) FindSession(ctx context.Context, c *api.Call) error { return a.find(ctx, c, false) }

// FindStoredSession is FindSession for what must not believe a copy in a cookie.
func (a *Auth) FindStoredSession(ctx context.Context, c *api.Call) error { return a.find(ctx, c, true) }

func (a *Auth) find(ctx context.Context, c *api.Call, stored bool) error {
	_, err := a.ReadSession(ctx, c, Read{
		NoRefresh: c.QueryText("disableRefresh") != "",
		NoCache:   stored || c.QueryText("disableCookieCache") != "",
	})
	if errors.Is(err, ErrFailedToGetSession) {
		return nil
	}
	return err
}

// Confirm asks the database whether the call's session still counts, if it was
// read from a copy in a cookie. What changes something, names other sessions or
// writes a new copy goes by it: a session that has ended must not outlive its
// last copy.
func (a *Auth) Confirm(ctx context.Context, c *api.Call) error {
	if c.Session == nil || !c.Session.Cached {
		return nil
	}
	s, _, err := a.Store.SessionByToken(ctx, c.Session.Token)
	switch {
	case err == nil && s.UserID == c.Session.UserID && !s.ExpiresAt.Before(a.Time()):
		return nil
	case err == nil, errors.Is(err, store.ErrNotFound):
		c.Session, c.User = nil, nil
		a.ClearSessionCookies(c)
		return nil
	}
	return err
}

// Authenticate is the session check of every route that is not public.
func (a *Auth) Authenticate(ctx context.Context, c *api.Call, access api.Access) error {
	if err := a.find(ctx, c, access == api.Sensitive); err != nil {
		return err
	}
	if access == api.Fresh || c.Request.Method != http.MethodGet {
		if err := a.Confirm(ctx, c); err != nil {
			return err
		}
	}
	if c.Session == nil {
		return api.ErrUnauthorized
	}
	if access == api.Fresh && a.Stale(c.Session) {
		return ErrSessionNotFresh
	}
	return nil
}

// Stale tells whether a session was made too long ago for what needs a fresh
// one.
func (a *Auth) Stale(s *store.Session) bool {
	age := a.Config.Session.FreshAge.Std()
	return age != 0 && a.Time().Sub(s.CreatedAt) >= age
}
