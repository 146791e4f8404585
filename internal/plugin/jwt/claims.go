package jwt

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"time"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/types"
	"github.com/expr-lang/expr/vm"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
)

// claims makes the payload of a token out of a session.
type claims struct {
	auth    *auth.Auth
	life    int64 // seconds
	issuer  any
	subject *vm.Program // nil means the user's id
	payload []claim     // nil means the whole user
	custom  bool
	// audience is a text, or a list of texts where the option is a list.
	audience any
}

// claim is one entry of jwt.definePayload.
type claim struct {
	name    string
	program *vm.Program
}

func newClaims(a *auth.Auth, cfg *Config) (*claims, error) {
	c := &claims{auth: a, issuer: a.Origin, audience: a.Origin, custom: cfg.JWT.DefinePayload != nil}
	var err error
	if c.life, err = parseSpan(cfg.JWT.ExpirationTime); err != nil {
		return nil, fmt.Errorf("jwt.expirationTime: %w", err)
	}
	if cfg.JWT.Issuer != "" {
		c.issuer = cfg.JWT.Issuer
	}
	switch audience := cfg.JWT.Audience; {
	case audience.List:
		c.audience = audience.Values
	case len(audience.Values) == 1:
		c.audience = audience.Values[0]
	}
	return c, c.compile(cfg)
}

// compile checks every expression against the fields of users and sessions, so
// that a misspelt one ends the start and not a request.
func (c *claims) compile(cfg *Config) error {
	env := expr.Env(types.Map{"user": fieldTypes(c.auth.UserFields()), "session": fieldTypes(c.auth.SessionFields())})
	for _, e := range cfg.JWT.DefinePayload {
		program, err := compile(e.Value, env, registered[e.Name])
		if err != nil {
			return fmt.Errorf("jwt.definePayload.%s: %w", e.Name, err)
		}
		c.payload = append(c.payload, claim{e.Name, program})
	}
	if cfg.JWT.GetSubject == "" {
		return nil
	}
	var err error
	if c.subject, err = compile(cfg.JWT.GetSubject, env, []reflect.Kind{reflect.String}); err != nil {
		return fmt.Errorf("jwt.getSubject: %w", err)
	}
	return nil
}

// of gives the claims of the call's session, in the order in which the original
// has them: iat, the payload, sub, exp, iss, aud; a claim that the payload has
// already keeps its place.
func (c *claims) of(call *api.Call) (api.Object, error) {
	now := c.auth.Now().Unix()
	env := environment{c, call, nil}
	out := api.Object{{Key: "iat", Value: now}}
	payload, err := c.members(&env)
	if err != nil {
		return nil, err
	}
	for _, m := range payload {
		out = out.Set(m.Key, m.Value)
	}
	subject, err := c.subjectOf(&env)
	if err != nil {
		return nil, err
	}
	out = out.Set("sub", subject)
	if out, err = c.setTimes(out, now); err != nil {
		return nil, err
	}
	out = setDefault(out, "iss", c.issuer)
	out = setDefault(out, "aud", c.audience)
	return out, checkTexts(out)
}

func (c *claims) members(env *environment) (api.Object, error) {
	if !c.custom {
		return c.auth.UserOutput(env.call.User), nil
	}
	out := make(api.Object, 0, len(c.payload))
	for _, m := range c.payload {
		v, err := expr.Run(m.program, env.values())
		if err != nil {
			return nil, fmt.Errorf("claim %s: %w", m.name, oneLine(err))
		}
		out = append(out, api.Member{Key: m.name, Value: v})
	}
	return out, nil
}

func (c *claims) subjectOf(env *environment) (any, error) {
	if c.subject == nil {
		return env.call.User.ID, nil
	}
	v, err := expr.Run(c.subject, env.values())
	if err != nil {
		return nil, fmt.Errorf("claim sub: %w", oneLine(err))
	}
	if v == nil {
		v = env.call.User.ID
	}
	return v, nil
}

// setTimes writes the times of the payload as numbers, and counts the life of
// the token from the iat that the payload may have put in place of now.
func (c *claims) setTimes(out api.Object, now int64) (api.Object, error) {
	from := now
	for _, name := range []string{"iat", "nbf", "exp"} {
		v, _ := out.Get(name)
		if v == nil {
			continue
		}
		t, err := numericDate(v, now)
		if err != nil {
			return nil, fmt.Errorf("claim %s: %w", name, err)
		}
		out = out.Set(name, t)
		if name == "iat" {
			from = whole(t)
		}
	}
	return setDefault(out, "exp", from+c.life), nil
}

func whole(t any) int64 {
	if f, ok := t.(float64); ok {
		return int64(math.Floor(f))
	}
	n, _ := t.(int64)
	return n
}

// numericDate reads a time as seconds since 1970 (RFC 7519, section 2): a
// number that is one already, the text of a time, or a span from now.
func numericDate(v any, now int64) (any, error) {
	switch v := v.(type) {
	case int:
		return int64(v), nil
	case int32: // an integer column
		return int64(v), nil
	case int64:
		return v, nil
	case float64:
		if !math.IsNaN(v) && math.Abs(v) < 1<<53 {
			return v, nil
		}
	case string:
		if t, err := time.Parse(time.RFC3339, v); err == nil {
			return t.Unix(), nil
		}
		if span, err := parseSpan(v); err == nil {
			return now + span, nil
		}
	}
	return nil, errors.New("neither a number of seconds, nor a time, nor a span of time")
}

// checkTexts refuses what verifiers would refuse in the claims that are texts.
func checkTexts(o api.Object) error {
	for _, name := range []string{"iss", "sub", "jti"} {
		v, _ := o.Get(name)
		if _, ok := v.(string); !ok && v != nil {
			return fmt.Errorf("claim %s: not a text", name)
		}
	}
	v, _ := o.Get("aud")
	if list, ok := v.([]any); ok {
		for _, one := range list {
			if _, ok := one.(string); !ok {
				return errors.New("claim aud: not a list of texts")
			}
		}
		return nil
	}
	switch v.(type) {
	case string, []string:
		return nil
	default:
		return errors.New("claim aud: neither a text nor a list of texts")
	}
}

// setDefault sets a claim that is absent or null, as the ?? operator does.
func setDefault(o api.Object, key string, value any) api.Object {
	if v, ok := o.Get(key); ok && v != nil {
		return o
	}
	return o.Set(key, value)
}

// environment is what expressions see, made when the first of them runs.
type environment struct {
	claims *claims
	call   *api.Call
	cached map[string]any
}

func (e *environment) values() map[string]any {
	if e.cached == nil {
		a := e.claims.auth
		e.cached = map[string]any{"user": plain(a.UserOutput(e.call.User)), "session": plain(a.SessionOutput(e.call.Session))}
	}
	return e.cached
}

// plain gives an object as expressions see it: by wire names, times as text,
// JSON columns decoded.
func plain(o api.Object) map[string]any {
	out := make(map[string]any, len(o))
	for _, m := range o {
		switch v := m.Value.(type) {
		case time.Time:
			out[m.Key] = api.Time(v)
		case *string:
			out[m.Key] = nil
			if v != nil {
				out[m.Key] = *v
			}
		case json.RawMessage:
			var decoded any
			_ = json.Unmarshal(v, &decoded) // what was written as JSON can be read
			out[m.Key] = decoded
		default:
			out[m.Key] = v
		}
	}
	return out
}
