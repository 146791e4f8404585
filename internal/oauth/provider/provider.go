// Package provider has the providers that are built in, each in a file of its
// name: addresses, scopes, and how its profile is read.
//
// Source: the folder social-providers of @better-auth/core.
package provider

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"sync"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
	"github.com/sallyport-auth/sallyport/internal/outbound"
)

// Deps is what providers work with.
type Deps struct {
	Client *outbound.Client
	Now    func() time.Time
}

// maker makes a provider of its options.
type maker struct {
	make func(*maker, oauth.Options, Deps) (*oauth.Provider, error)
	// takes are the options that it knows beyond those of all providers, lacks those
	// of all providers that have no effect on it.
	takes, lacks []string
	// secret tells that nothing goes without a clientSecret.
	secret bool
}

// builtIn are the makers by the provider's id.
var builtIn = map[string]*maker{
	"apple": {
		make: apple, lacks: []string{"prompt"},
		takes: []string{"audience", "appBundleIdentifier", "teamId", "keyId", "privateKey"},
	},
	"atlassian":   {make: atlassian},
	"cloudflare":  {make: cloudflare, takes: []string{"tokenEndpointAuth", "tokenEndpointAuthMethod"}, lacks: []string{"prompt"}},
	"cognito":     {make: cognito, takes: []string{"domain", "region", "userPoolId", "requireClientSecret", "identityProvider"}},
	"discord":     {make: discord, takes: []string{"permissions"}},
	"dropbox":     {make: dropbox, takes: []string{"accessType"}, lacks: []string{"prompt"}},
	"facebook":    {make: facebook, takes: []string{"fields", "configId"}, lacks: []string{"prompt"}},
	"figma":       {make: figma, lacks: []string{"prompt"}},
	"github":      {make: github},
	"gitlab":      {make: gitlab, takes: []string{"issuer"}, lacks: []string{"prompt"}},
	"google":      {make: google, takes: []string{"accessType", "display", "hd", "includeGrantedScopes"}},
	"huggingface": {make: huggingface, lacks: []string{"prompt"}},
	"kakao":       {make: kakao, lacks: []string{"prompt"}},
	"kick":        {make: kick, lacks: []string{"prompt"}},
	"line":        {make: line, lacks: []string{"prompt"}},
	"linear":      {make: linear, lacks: []string{"prompt"}},
	"linkedin":    {make: linkedin, lacks: []string{"prompt"}},
	"microsoft":   {make: microsoft, takes: []string{"tenantId", "authority", "profilePhotoSize", "disableProfilePhoto"}},
	"naver":       {make: naver, lacks: []string{"prompt"}},
	"notion":      {make: notion, lacks: []string{"prompt"}},
	"paybin":      {make: paybin, takes: []string{"issuer"}, secret: true},
	"paypal":      {make: paypal, takes: []string{"environment"}, lacks: []string{"scope"}, secret: true},
	"polar":       {make: polar},
	"railway":     {make: railway, lacks: []string{"prompt"}},
	"reddit":      {make: reddit, takes: []string{"duration"}, lacks: []string{"prompt"}},
	"roblox":      {make: roblox},
	"salesforce":  {make: salesforce, takes: []string{"environment", "loginUrl"}, lacks: []string{"prompt"}, secret: true},
	"slack":       {make: slack, lacks: []string{"prompt"}},
	"spotify":     {make: spotify, lacks: []string{"prompt"}},
	"tiktok": {
		make: tiktok, takes: []string{"clientKey"}, secret: true,
		lacks: []string{"clientId", "prompt", "authorizationEndpoint", "mapProfileToUser"},
	},
	"twitch":  {make: twitch, takes: []string{"claims"}, lacks: []string{"prompt"}},
	"twitter": {make: twitter, lacks: []string{"prompt"}},
	"vercel":  {make: vercel, takes: []string{"tokenEndpointAuth"}, lacks: []string{"prompt"}},
	"vk":      {make: vk, lacks: []string{"prompt"}},
	"wechat":  {make: wechat, takes: []string{"lang"}, lacks: []string{"prompt", "authorizationEndpoint"}, secret: true},
	"zoom":    {make: zoom, takes: []string{"pkce"}, lacks: []string{"prompt", "scope"}},
}

// IDs lists the providers that there are.
func IDs() []string { return slices.Sorted(maps.Keys(builtIn)) }

// New makes the provider of an id.
func New(id string, o oauth.Options, d Deps) (*oauth.Provider, error) {
	m := builtIn[id]
	if m == nil {
		return nil, fmt.Errorf("there is no provider %s", id)
	}
	if err := m.check(id, &o); err != nil {
		return nil, err
	}
	return m.make(m, o, d)
}

// particular are the options that only some providers know.
var particular = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for _, m := range builtIn {
		for _, name := range m.takes {
			names[name] = true
		}
	}
	return names
})

// check refuses options without effect and options without what the provider
// cannot do without.
func (m *maker) check(id string, o *oauth.Options) error {
	options := reflect.ValueOf(o).Elem()
	for i := range options.NumField() {
		name := options.Type().Field(i).Tag.Get("yaml")
		if options.Field(i).IsZero() {
			continue
		}
		if particular()[name] && !slices.Contains(m.takes, name) || slices.Contains(m.lacks, name) {
			return fmt.Errorf("%s has no option %s: leave it out", id, name)
		}
	}
	needed := "clientId"
	if slices.Contains(m.takes, "clientKey") {
		needed = "clientKey"
	}
	switch {
	case client(o) == "" && o.ClientKey == "":
		return fmt.Errorf("%s needs the option %s", id, needed)
	case m.secret && o.ClientSecret.Reveal() == "":
		return fmt.Errorf("%s needs the option clientSecret", id)
	}
	return nil
}

// standard is a provider of which everything is as most have it. Makers change
// what is not.
type standard struct {
	id, name                   string
	authorize, token, userInfo string
	scopes                     []string
	// prompt and hint tell that it takes the parameters prompt and login_hint.
	prompt, hint bool
	// plain tells that the provider knows no PKCE.
	plain bool
	// device tells that the provider wants to hear the device that it has named.
	device bool
	// secret tells that no authorization begins without one.
	secret bool
	// auth is how the client proves itself, prove its own way under oauth.OwnWay.
	auth  oauth.Authentication
	prove func(context.Context, *oauth.Form, http.Header) error
	// exchangeHeader is sent with codes.
	exchangeHeader http.Header
}

// client gives the first of the ids.
func client(o *oauth.Options) string {
	if len(o.ClientID.Values) == 0 {
		return ""
	}
	return o.ClientID.Values[0]
}

// request begins an authorization request with what every provider has in it.
func (s *standard) request(o *oauth.Options, a oauth.Authorization) oauth.Request {
	r := oauth.Request{
		Endpoint: s.authorize, ClientID: client(o), State: a.State, RedirectURI: redirect(o, a.RedirectURI),
		Scopes: s.wanted(o, a.Scopes), Extra: a.Extra,
	}
	if o.AuthorizationEndpoint != "" {
		r.Endpoint = o.AuthorizationEndpoint
	}
	if !s.plain {
		r.Verifier = a.Verifier
	}
	if s.prompt {
		r.Prompt = o.Prompt
	}
	if s.hint {
		r.LoginHint = a.LoginHint
	}
	return r
}

// errNoSecret says that a provider has no secret to go on with.
var errNoSecret = errors.New("the provider has no clientSecret")

// authorization gives an Authorize that begins with request and lets a provider
// change that; refine may be nil.
func (s *standard) authorization(o *oauth.Options, refine func(*oauth.Request)) func(oauth.Authorization) (string, error) {
	return func(a oauth.Authorization) (string, error) {
		if s.secret && o.ClientSecret.Reveal() == "" {
			return "", errNoSecret
		}
		r := s.request(o, a)
		if refine != nil {
			refine(&r)
		}
		return r.URL()
	}
}

// wanted joins the default scopes, those of the options and those of a request.
func (s *standard) wanted(o *oauth.Options, further []string) []string {
	var scopes []string
	if !o.DisableDefaultScope {
		scopes = append(scopes, s.scopes...)
	}
	return append(append(scopes, o.Scope...), further...)
}

func redirect(o *oauth.Options, uri string) string {
	if o.RedirectURI != "" {
		return o.RedirectURI
	}
	return uri
}

// endpoint is the token endpoint with the options' id and secret.
func (s *standard) endpoint(o *oauth.Options, d Deps) *oauth.TokenEndpoint {
	return &oauth.TokenEndpoint{
		Client: d.Client, URL: s.token, ClientID: client(o), ClientSecret: o.ClientSecret.Reveal(),
		Auth: s.auth, Prove: s.prove, Now: d.Now,
	}
}

// provider gives a provider that has everything but its user.
func (s *standard) provider(o oauth.Options, d Deps) *oauth.Provider {
	codes, tokens := s.endpoint(&o, d), s.endpoint(&o, d)
	codes.Header = s.exchangeHeader
	return &oauth.Provider{
		ID: s.id, Name: s.name, Options: o,
		Authorize: s.authorization(&o, nil),
		Exchange: func(ctx context.Context, c oauth.Code) (*oauth.Tokens, error) {
			c.RedirectURI = redirect(&o, c.RedirectURI)
			if s.plain {
				c.Verifier = ""
			}
			if !s.device {
				c.DeviceID = ""
			}
			return codes.Exchange(ctx, c)
		},
		Refresh: func(ctx context.Context, token string) (*oauth.Tokens, error) { return tokens.Refresh(ctx, token) },
	}
}

// user gives a UserInfo that asks at userInfo and takes the user out of the profile.
func (s *standard) user(o *oauth.Options, d Deps, of func(profile api.Object) (user api.Object, err error)) userInfo {
	return s.userWithin(o, d, func(profile api.Object) (api.Object, api.Object, error) {
		user, err := of(profile)
		return profile, user, err
	})
}

// userWithin is user where the profile is a part of the answer, or more than it.
func (s *standard) userWithin(o *oauth.Options, d Deps, of func(answer api.Object) (profile, user api.Object, err error)) userInfo {
	return func(ctx context.Context, t *oauth.Tokens) (*oauth.UserInfo, error) {
		answer, err := getObject(ctx, d, s.userInfo, t.Access, nil)
		if err != nil {
			return nil, err
		}
		profile, user, err := of(answer)
		if err != nil {
			return nil, err
		}
		return o.UserInfo(profile, user), nil
	}
}

// claims gives a UserInfo that takes the user out of the ID token, which has come
// straight from the provider.
func claims(o *oauth.Options, of func(profile api.Object) (user api.Object)) userInfo {
	return func(_ context.Context, t *oauth.Tokens) (*oauth.UserInfo, error) {
		profile, err := decoded(t)
		if err != nil {
			return nil, err
		}
		return o.UserInfo(profile, of(profile)), nil
	}
}

// userInfo is the type of a provider's function of that name.
type userInfo = func(context.Context, *oauth.Tokens) (*oauth.UserInfo, error)

// get asks an address of the provider, as the holder of a token, and gives what
// oauth.ParseValue reads.
func get(ctx context.Context, d Deps, address, token string, header http.Header) (any, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	if header != nil {
		r.Header = header.Clone()
	}
	return send(ctx, d, r, token)
}

// send is get for any request.
func send(ctx context.Context, d Deps, r *http.Request, token string) (any, error) {
	if token == "" {
		return nil, fmt.Errorf("there is no access token: %w", oauth.ErrNoUser)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	return ask(ctx, d, r)
}

// sendObject is send for an answer that must be an object.
func sendObject(ctx context.Context, d Deps, r *http.Request, token string) (api.Object, error) {
	v, err := send(ctx, d, r, token)
	return mustObject(v, err)
}

// ask gives what oauth.ParseValue reads of an answer.
func ask(ctx context.Context, d Deps, r *http.Request) (any, error) {
	answer, err := d.Client.Do(ctx, r)
	switch {
	case err != nil:
		return nil, err
	case !answer.OK():
		return nil, fmt.Errorf("the provider answered %d: %w", answer.Status, oauth.ErrNoUser)
	}
	v, err := oauth.ParseValue(answer.Body)
	if err != nil {
		return string(answer.Body), nil // what is no JSON is a text, in which nobody finds a user
	}
	return v, nil
}

// getObject is get for an answer that must be an object.
func getObject(ctx context.Context, d Deps, address, token string, header http.Header) (api.Object, error) {
	v, err := get(ctx, d, address, token, header)
	return mustObject(v, err)
}

// askObject is ask for an answer that must be an object.
func askObject(ctx context.Context, d Deps, r *http.Request) (api.Object, error) {
	v, err := ask(ctx, d, r)
	return mustObject(v, err)
}

func mustObject(v any, err error) (api.Object, error) {
	object, ok := v.(api.Object)
	if err == nil && !ok {
		return nil, fmt.Errorf("the profile is no object: %w", oauth.ErrNoUser)
	}
	return object, err
}

// text gives a member that is a text, else empty.
func text(o api.Object, key string) string {
	v, _ := o.Get(key)
	s, _ := v.(string)
	return s
}

// subject gives what is at a path in the profile as the subject.
func subject(path string) func(*oauth.Tokens, api.Object) any {
	return func(_ *oauth.Tokens, profile api.Object) any { return oauth.At(profile, path) }
}

// withParam gives parameters with one set, as assignment in JavaScript does.
func withParam(params []oauth.Param, name, value string) []oauth.Param {
	form := oauth.Form(slices.Clone(params))
	form.Set(name, value)
	return form
}

// before gives parameters after one of the options, of which they may be another
// value; an empty one is left out.
func before(option oauth.Param, params []oauth.Param) []oauth.Param {
	var form oauth.Form
	if option.Value != "" {
		form.Set(option.Name, option.Value)
	}
	for _, p := range params {
		form.Set(p.Name, p.Value)
	}
	return form
}

// authenticate chooses how the application proves itself: as the options say,
// else in the given way where there is a secret.
func (s *standard) authenticate(o *oauth.Options, usual oauth.Authentication) error {
	method := cmp.Or(o.TokenEndpointAuth.Method, o.TokenEndpointAuthMethod)
	if (method == "none") == (o.ClientSecret.Reveal() != "") && method != "" {
		return fmt.Errorf("%s: the way %s of tokenEndpointAuth and clientSecret do not go together", s.id, method)
	}
	switch {
	case method == "client_secret_basic":
		s.auth = oauth.BasicSecret
	case method == "" && o.ClientSecret.Reveal() != "":
		s.auth = usual
	}
	return nil
}
