// Command go verifies the tokens that it reads, one a line, and answers each as an API would: 200 with the
// user's id, 401, or 503. verify.go is the part to copy.
package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
)

func main() {
	server := os.Getenv("AUTH_URL")
	v := &Verifier{
		jwks:     server + "/api/auth/jwks",
		issuer:   cmp.Or(os.Getenv("AUTH_ISSUER"), server),
		audience: cmp.Or(os.Getenv("AUTH_AUDIENCE"), server),
	}
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		fmt.Println(answer(v, lines.Text()))
	}
}

func answer(v *Verifier, token string) string {
	claims, err := v.Verify(context.Background(), token)
	switch {
	case errors.Is(err, ErrNoKeys):
		return "503 " + ErrNoKeys.Error()
	case err != nil:
		return fmt.Sprintf("401 %q", err.Error()) // quoted: an error may span lines
	}
	subject, _ := claims.Subject()
	return "200 " + subject
}
