package auth

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/jose"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// What a link about an address asks for, beside plain proof: each step of a
// change of address.
const (
	ConfirmChange = "change-email-confirmation" // mailed to the old address
	VerifyChange  = "change-email-verification" // mailed to the new one
)

// DefaultLinkLife is how long the second link of an old change of address
// counts, whatever the configuration says.
const DefaultLinkLife = time.Hour

// EmailLinkLife is how long links about an address count.
func (a *Auth) EmailLinkLife() time.Duration { return a.Config.EmailVerification.ExpiresIn.Std() }

// EmailClaims is what the token of a link about an address says.
type EmailClaims struct {
	// Email is the user's address when the link was mailed; with another one
	// the link is void.
	Email string `json:"email"`
	// UpdateTo is the address it is to become; empty where the link only proves
	// the address.
	UpdateTo string `json:"updateTo,omitempty"`
	// RequestType is ConfirmChange, VerifyChange, or empty. A change without one
	// comes from older versions of Better Auth and happens at once.
	RequestType string `json:"requestType,omitempty"`
	UserID      string `json:"userId,omitempty"`
}

// EmailToken is a token of Better Auth's form that has been read (contract 02,
// section 8). It is stored nowhere.
type EmailToken struct {
	EmailClaims
	IssuedAt  int64 `json:"iat"`
	ExpiresAt int64 `json:"exp"`
}

// NewEmailLink makes a link to /verify-email that counts for life and then leads
// to callback, or to / where there is none.
func (a *Auth) NewEmailLink(claims EmailClaims, callback string, life time.Duration) (Link, error) {
	now := a.Now().Unix()
	claims.Email, claims.UpdateTo = strings.ToLower(claims.Email), strings.ToLower(claims.UpdateTo)
	token := EmailToken{EmailClaims: claims, IssuedAt: now, ExpiresAt: now + int64(life/time.Second)}
	payload, err := json.Marshal(token)
	if err != nil {
		return Link{}, err
	}
	if callback == "" {
		callback = "/"
	}
	signed := jose.SignHS256(a.Secrets, payload)
	return Link{
		URL:   a.BaseURL + "/verify-email?token=" + signed + "&callbackURL=" + api.EncodeURIComponent(callback),
		Token: signed, ExpiresAt: time.Unix(token.ExpiresAt, 0),
	}, nil
}

// VerificationMessage asks for a click on a link that goes to the user's
// address.
func (a *Auth) VerificationMessage(user *store.User, link Link) Message {
	return a.LinkMessage("sendVerificationEmail", user, link)
}

// MailVerification makes a link that proves the user's address and mails it, or
// does all of that for nobody.
func (a *Auth) MailVerification(ctx context.Context, s *store.Store, user *store.User, somebody bool, callback string) error {
	link, err := a.NewEmailLink(EmailClaims{Email: user.Email, UserID: user.ID}, callback, a.EmailLinkLife())
	if err != nil {
		return err
	}
	return s.InTx(ctx, func(tx *store.Store) error {
		return a.SendIf(ctx, tx, somebody, a.VerificationMessage(user, link))
	})
}

// ReadEmailToken checks a token and gives its claims. A token that was signed
// for anything else says something else, and is refused for that.
func (a *Auth) ReadEmailToken(token string) (EmailToken, error) {
	payload, err := jose.VerifyHS256(a.Secrets, token)
	if err != nil {
		return EmailToken{}, ErrInvalidToken.WithCause(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(payload))
	decoder.DisallowUnknownFields()
	var t EmailToken
	if err := decoder.Decode(&t); err != nil {
		return EmailToken{}, ErrInvalidToken.WithCause(err)
	}
	if !t.meaningful() {
		return EmailToken{}, ErrInvalidToken
	}
	if t.ExpiresAt <= a.Now().Unix() {
		return EmailToken{}, ErrTokenExpired
	}
	t.Email, t.UpdateTo = strings.ToLower(t.Email), strings.ToLower(t.UpdateTo)
	return t, nil
}

// meaningful tells whether the claims belong together.
func (t *EmailToken) meaningful() bool {
	if !api.IsEmail(t.Email) || t.ExpiresAt == 0 {
		return false
	}
	if t.UpdateTo == "" {
		return t.RequestType == ""
	}
	known := t.RequestType == "" || t.RequestType == ConfirmChange || t.RequestType == VerifyChange
	return known && t.UserID != "" && api.IsEmail(t.UpdateTo)
}

// Until tells whether the token was made by that time. It knows seconds only,
// so that same counts what was made within the same one.
func (t *EmailToken) Until(at time.Time, same bool) bool {
	if same {
		return t.IssuedAt <= at.Unix()
	}
	return t.IssuedAt < at.Unix()
}
