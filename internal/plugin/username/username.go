// Package username lets users have a name to sign in with beside their address:
// POST /sign-in/username, and POST /is-username-available to find a free one.
//
// The name comes with /sign-up/email or /update-user and is stored in a normal
// form, lower case by default, in which it belongs to one user. What was typed is
// kept as displayUsername. Steps before the rows of users are written hold
// whoever else sets a name to the same rules.
//
// Not here: validators and normal forms that only a function could express.
package username

import (
	"context"
	"errors"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// Username is the plugin.
type Username struct {
	auth  *auth.Auth
	rules *rules
	// name and display are the fields of users; display counts where displays.
	name, display auth.UserColumn
	displays      bool
	immutable     bool
}

// New checks the options.
func New(a *auth.Auth, cfg Config) (*Username, error) {
	config.SetDefaults(&cfg)
	r, err := newRules(&cfg)
	if err != nil {
		return nil, err
	}
	u := &Username{auth: a, rules: r, name: a.UserColumn(nameField), displays: cfg.displays(), immutable: cfg.ImmutableUsername}
	if u.displays {
		u.display = a.UserColumn(displayField)
	}
	return u, nil
}

// The routes of other owners that carry names.
const (
	signUpPath = "/sign-up/email"
	updatePath = "/update-user"
)

// Plugin lists what the plugin adds.
func (u *Username) Plugin() auth.Plugin {
	return auth.Plugin{
		ID: "username",
		Routes: []api.Route{
			api.POST("/sign-in/username", api.Public, u.signIn, api.Fails(asked(errInvalid)),
				api.Doc("Signs a user in with a user name and a password.")),
			api.POST("/is-username-available", api.Public, u.available, api.Fails(asked(errInvalid)),
				api.Doc("Tells whether a user name is free.")),
		},
		Before: []auth.Hook{
			{On: api.Path(signUpPath), Run: u.takeDisplayName},
			{On: api.Path(signUpPath, updatePath), Run: u.checkNames},
			{On: api.Path(signUpPath), Run: u.keepTyped},
		},
		Records: auth.RecordHooks{
			ReadProfile: u.readProfile, BeforeUserCreate: u.beforeCreate, BeforeUserUpdate: u.beforeUpdate, UserTaken: u.taken,
			UserValues: map[string]func(string) error{nameField: u.allowed},
		},
	}
}

type signInInput struct {
	Username    string  `json:"username" check:"own" doc:"The user name, in any case."`
	Password    string  `json:"password"`
	RememberMe  *bool   `json:"rememberMe"`
	CallbackURL *string `json:"callbackURL"`
}

// signIn answers alike, and after the same work, whether nobody has the name, its
// user has no password or another one.
func (u *Username) signIn(ctx context.Context, c *api.Call, in signInInput) (auth.SignInOutput, error) {
	if in.Username == "" || in.Password == "" {
		return auth.SignInOutput{}, u.auth.Fail(ctx, c, auth.EventSignIn, "", errWrong)
	}
	if wrong := u.rules.check(in.Username); wrong != nil {
		return auth.SignInOutput{}, asked(wrong)
	}
	if err := u.auth.CheckPasswordSize(in.Password); err != nil {
		return auth.SignInOutput{}, err
	}
	name := u.rules.normal(in.Username)
	return u.auth.SignInWithPassword(ctx, c, auth.PasswordSignIn{
		Identify: func(ctx context.Context) (string, error) { return u.identify(ctx, name) },
		Find: func(ctx context.Context) (*store.User, *string, error) {
			return u.auth.Store.UserWithPasswordBy(ctx, nameField, name)
		},
		Password: in.Password, Wrong: errWrong, RememberMe: in.RememberMe, CallbackURL: in.CallbackURL,
	})
}

// identify gives what tries with a name are counted by: those of one user
// together, whichever door they come to.
func (u *Username) identify(ctx context.Context, name string) (string, error) {
	user, err := u.find(ctx, u.auth.Store, name)
	if err != nil || user == nil {
		return name, err
	}
	return auth.PasswordIdentifier(user), nil
}

type availableInput struct {
	Username string `json:"username" check:"own" doc:"The user name that is wanted."`
}

type availableOutput struct {
	Available bool `json:"available"`
}

func (u *Username) available(ctx context.Context, _ *api.Call, in availableInput) (availableOutput, error) {
	if in.Username == "" {
		return availableOutput{}, asked(errInvalid)
	}
	if wrong := u.rules.check(in.Username); wrong != nil {
		return availableOutput{}, asked(wrong)
	}
	user, err := u.find(ctx, u.auth.Store, u.rules.normal(in.Username))
	return availableOutput{Available: user == nil}, err
}

// find gives the user with a name in its normal form, nil where nobody has it.
func (u *Username) find(ctx context.Context, s *store.Store, name string) (*store.User, error) {
	user, err := s.UserBy(ctx, nameField, name)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return user, err
}
