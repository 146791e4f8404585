package server_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

func init() {
	maps.Copy(proofs, map[string]string{
		"plugins.jwt.schema.jwks.modelName":  "TestNamesOfAPluginsTables",
		"plugins.jwt.schema.jwks.fields":     "TestNamesOfAPluginsTables",
		"plugins.jwt.jwks.keyPairConfig.crv": "TestBadConfigurations",
	})
	maps.Copy(audited, map[string]string{
		"GET /token": "", // one for every look at a session: too many
		"GET /jwks":  "",
	})
	elsewhere = append(elsewhere, "key-made", "key-activated", "key-retired")
}

func bareToken(s *authtest.Server) string {
	_, a := signUp(s, nil)
	bare := s.Client()
	bare.Header.Set("Authorization", fmt.Sprint("Bearer ", a.JSON()["token"]))
	if bare.Get("/get-session").Text == "null" {
		return "none"
	}
	return "a session"
}

func jwtHeader(s *authtest.Server) string {
	c, _ := signUp(s, nil)
	if c.Get("/get-session").Header.Get("set-auth-jwt") == "" {
		return "none"
	}
	return "a token"
}

// part decodes the header (0) or the payload (1) of a fresh token.
func part(s *authtest.Server, i int) map[string]any {
	c, _ := signUp(s, nil)
	token, _ := c.Get("/token").Is(200).JSON()["token"].(string)
	text, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[i])
	var out map[string]any
	if err != nil || json.Unmarshal(text, &out) != nil {
		return map[string]any{"not a token": token}
	}
	return out
}

func tokenPart(i int, member string) func(*authtest.Server) string {
	return func(s *authtest.Server) string { return fmt.Sprint(part(s, i)[member]) }
}

func tokenLife(s *authtest.Server) string {
	claims := part(s, 1)
	from, _ := claims["iat"].(float64)
	to, _ := claims["exp"].(float64)
	return fmt.Sprint(to - from)
}

func keys(s *authtest.Server) []any {
	list, _ := s.Client().Get("/jwks").JSON()["keys"].([]any)
	return list
}

func modulusBytes(s *authtest.Server) string {
	key, _ := keys(s)[0].(map[string]any)
	n, _ := key["n"].(string)
	return fmt.Sprint(base64.RawURLEncoding.DecodedLen(len(n)))
}

func keysWhere(condition string) func(*authtest.Server) string {
	return func(s *authtest.Server) string {
		return fmt.Sprint(s.Count("select count(*) from jwks where " + condition))
	}
}

// keysAfterExpiry is how many keys are published when the first one has
// expired and another has signed.
func keysAfterExpiry(s *authtest.Server) string {
	s.Clock.Advance(2 * time.Hour)
	part(s, 0)
	return fmt.Sprint(len(keys(s)))
}
