// Package jwt signs short-lived tokens for signed-in users and publishes the
// keys that verify them (RFC 7519, RFC 7517).
//
// GET /token gives a token, GET /jwks (or jwks.jwksPath) the key set, and
// /get-session carries a token in the header set-auth-jwt. Keys are kept in the
// jwks table in the form Better Auth gives them.
//
// With sessionCookieCache the copy of the session in the cookie session_data is
// signed with these keys too, as a token of a type of its own.
//
// Not here: signing by a key elsewhere (jwks.remoteUrl).
package jwt

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/config"
)

// JWT is the plugin.
type JWT struct {
	auth   *auth.Auth
	cfg    Config
	ring   *ring
	claims *claims
}

// New checks the options. Keys are read, and an empty table gets its first one,
// when the plugin starts.
func New(a *auth.Auth, cfg Config, log *slog.Logger) (*JWT, error) {
	config.SetDefaults(&cfg)
	if err := checkPath(cfg.JWKS.JWKSPath); err != nil {
		return nil, err
	}
	c, err := newClaims(a, &cfg)
	if err != nil {
		return nil, err
	}
	r := newRing(NewKeys(a, cfg, log))
	if cfg.SessionCookieCache {
		if err := signCache(a, &cfg, r, log); err != nil {
			return nil, err
		}
	}
	return &JWT{auth: a, cfg: cfg, ring: r, claims: c}, nil
}

func checkPath(path string) error {
	if !api.IsPlainPath(path) {
		return errors.New(`jwks.jwksPath must be a path such as /jwks or /.well-known/jwks.json, without ".."`)
	}
	return nil
}

// Plugin lists what the plugin adds.
func (j *JWT) Plugin() auth.Plugin {
	p := auth.Plugin{
		ID: "jwt",
		Routes: []api.Route{
			api.GET("/token", api.SignedIn, j.token, api.Doc("Gives a JWT for the caller's session.")),
			api.GET(j.cfg.JWKS.JWKSPath, api.Public, j.keySet, api.Cacheable(), api.Answers[keySetOutput](),
				api.Doc("Gives the keys that verify JWTs.")),
		},
		Events: Events,
		Sealed: j.sealed,
		Start:  j.ring.start,
		Close:  j.ring.close,
	}
	if !j.cfg.DisableSettingJWTHeader {
		p.After = []auth.Hook{{On: api.Path("/get-session"), Run: j.setHeader}}
	}
	return p
}

type tokenOutput struct {
	Token string `json:"token"`
}

func (j *JWT) token(ctx context.Context, c *api.Call, _ api.None) (tokenOutput, error) {
	token, err := j.sign(ctx, c)
	return tokenOutput{token}, err
}

// keySetOutput is the key set (RFC 7517) for the documentation of the endpoint.
type keySetOutput struct {
	Keys []publicKey `json:"keys"`
}

type publicKey struct {
	Alg   string  `json:"alg" doc:"The algorithm it verifies."`
	Kid   string  `json:"kid" doc:"Its id, which the header of a token names."`
	Kty   string  `json:"kty" doc:"OKP, EC or RSA."`
	Curve *string `json:"crv,omitempty" doc:"The curve of OKP and EC."`
	X     *string `json:"x,omitempty"`
	Y     *string `json:"y,omitempty"`
	N     *string `json:"n,omitempty" doc:"The modulus of RSA."`
	E     *string `json:"e,omitempty" doc:"The exponent of RSA."`
}

func (j *JWT) keySet(_ context.Context, _ *api.Call, _ api.None) (json.RawMessage, error) {
	return j.ring.keySet(), nil
}

// setHeader puts a token on every answer that holds a session.
func (j *JWT) setHeader(ctx context.Context, c *api.Call) error {
	if c.Session == nil {
		return nil
	}
	token, err := j.sign(ctx, c)
	if err != nil {
		return err
	}
	c.Expose("set-auth-jwt", token)
	return nil
}

// sign makes the token of the call's session.
func (j *JWT) sign(ctx context.Context, c *api.Call) (string, error) {
	payload, err := j.claims.of(c)
	if err != nil {
		return "", err
	}
	text, err := api.JSON(payload)
	if err != nil {
		return "", err
	}
	signer, err := j.ring.signer(ctx)
	if err != nil {
		return "", err
	}
	return signer.Sign(text)
}
