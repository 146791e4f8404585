package social

import (
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// State is what is kept of a flow while the browser is at the provider.
type State struct {
	// CallbackURL, ErrorURL and NewUserURL are where the browser goes in the end;
	// ErrorURL is the error page where the flow named none.
	CallbackURL, ErrorURL, NewUserURL string
	// CodeVerifier proves at the token endpoint who has begun the flow (RFC 7636).
	CodeVerifier string
	// Nonce must stand in the ID token; empty where the provider binds none.
	Nonce string
	// Link is whom the identity is to be linked to; nil for a sign-in.
	Link *Link
	// RequestSignUp tells that a user may be made where that is not implied.
	RequestSignUp bool
	// ServerContext is what a plugin has put there, and no client could.
	ServerContext api.Object
	// Data is all of it, what the application has added included.
	Data api.Object
}

// Link is whom an identity is to be linked to.
type Link struct {
	Email, UserID string
	// session is the token of the session that began it, encrypted; empty in a flow
	// that an older version of Better Auth began.
	session string
}

// stateLife is how long a flow may take.
const stateLife = 10 * time.Minute

// encode writes the state as the original does, member by member: what the
// application adds comes first and can take the place of nothing.
func (s *Social) encode(f *flow) ([]byte, error) {
	data := append(api.Object{}, f.AdditionalData...)
	for _, m := range []api.Member{
		{Key: "callbackURL", Value: f.CallbackURL},
		{Key: "codeVerifier", Value: f.verifier},
		{Key: "errorURL", Value: given(f.ErrorURL)},
		{Key: "newUserURL", Value: given(f.NewUserURL)},
		{Key: "link", Value: f.linkData()},
		{Key: "serverContext", Value: given(f.serverContext())},
		{Key: "expiresAt", Value: s.auth.Time().Add(stateLife).UnixMilli()},
		{Key: "requestSignUp", Value: given(f.RequestSignUp)},
		{Key: "idTokenNonce", Value: given(nonEmpty(f.nonce))},
		{Key: "oauthState", Value: f.state},
	} {
		data = data.Set(m.Key, m.Value)
	}
	written := data[:0]
	for _, m := range data {
		if m.Value != (oauth.Undefined{}) {
			written = append(written, m)
		}
	}
	return api.JSON(written)
}

// given is what JavaScript writes of an optional value.
func given[T any](v *T) any {
	if v == nil {
		return oauth.Undefined{}
	}
	return *v
}

func nonEmpty(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func (f *flow) serverContext() *api.Object {
	if len(f.ServerContext) == 0 {
		return nil
	}
	return &f.ServerContext
}

func (f *flow) linkData() any {
	if f.Link == nil {
		return oauth.Undefined{}
	}
	return api.Object{
		{Key: "userId", Value: f.Link.UserID},
		{Key: "email", Value: f.Link.Email},
		{Key: "encryptedSessionToken", Value: given(nonEmpty(f.Link.session))},
	}
}

// decodeState reads a state, which may be the original's. It is false for what the
// original would not take for one.
func decodeState(text []byte) (*stored, bool) {
	data, err := oauth.ParseObject(text)
	if err != nil {
		return nil, false
	}
	r := reader{data, true}
	s := &stored{
		State: State{
			CallbackURL: r.text("callbackURL", true), ErrorURL: r.text("errorURL", false), NewUserURL: r.text("newUserURL", false),
			CodeVerifier: r.text("codeVerifier", true), Nonce: r.text("idTokenNonce", false),
			RequestSignUp: r.flag("requestSignUp"), Link: r.link(), ServerContext: r.object("serverContext"), Data: data,
		},
		state: r.text("oauthState", false), expiresAt: r.number("expiresAt"),
	}
	_, s.named = data.Get("oauthState")
	return s, r.ok
}

// stored is a state with what only its reader looks at.
type stored struct {
	State
	// state is the parameter that it belongs to, if it names it.
	state string
	named bool
	// expiresAt is in milliseconds.
	expiresAt float64
}

// reader takes members out of an object. ok turns false when one is of another
// kind than it must be.
type reader struct {
	data api.Object
	ok   bool
}

func (r *reader) text(name string, required bool) string {
	v, has := r.data.Get(name)
	text, isText := v.(string)
	if has && !isText || !has && required {
		r.ok = false
	}
	return text
}

func (r *reader) flag(name string) bool {
	v, has := r.data.Get(name)
	flag, isFlag := v.(bool)
	r.ok = r.ok && (isFlag || !has)
	return flag
}

func (r *reader) number(name string) float64 {
	v, _ := r.data.Get(name)
	n, ok := v.(float64)
	r.ok = r.ok && ok
	return n
}

func (r *reader) object(name string) api.Object {
	v, has := r.data.Get(name)
	o, isObject := v.(api.Object)
	r.ok = r.ok && (isObject || !has)
	return o
}

// link reads whom to link to. Ids that the database numbers may stand there as
// numbers.
func (r *reader) link() *Link {
	if _, has := r.data.Get("link"); !has {
		return nil
	}
	inner := reader{r.object("link"), true}
	l := &Link{Email: inner.text("email", true), session: inner.text("encryptedSessionToken", false)}
	switch id, _ := inner.data.Get("userId"); id := id.(type) {
	case string:
		l.UserID = id
	case float64:
		text, err := api.JSON(id)
		l.UserID, inner.ok = string(text), inner.ok && err == nil
	default:
		inner.ok = false
	}
	r.ok = r.ok && inner.ok
	return l
}
