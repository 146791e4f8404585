package jwt

import "testing"

func TestJWKSPath(t *testing.T) {
	for path, good := range map[string]bool{
		"/jwks": true, "/.well-known/jwks.json": true, "/a/b~c_d-e": true,
		"": false, "jwks": false, "/": false, "/jwks/": false, "//jwks": false, "/a/../b": false,
		"/{x}": false, "/*": false, "/a b": false, "/a%20b": false, "/a?b": false, "/a#b": false,
	} {
		if err := checkPath(path); (err == nil) != good {
			t.Errorf("%q: %v", path, err)
		}
	}
}
