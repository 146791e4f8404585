package main

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"

	"github.com/spf13/cobra"
)

func newSecret() *cobra.Command {
	return group("secret", "Make secrets", &cobra.Command{
		Use: "generate", Short: "Print a fresh BETTER_AUTH_SECRET", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			fmt.Fprintln(cmd.OutOrStdout(), newSecretText())
			return nil
		},
	})
}

// newSecretText gives 32 random bytes as text.
func newSecretText() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails, by its documentation
	return base64.RawURLEncoding.EncodeToString(b)
}
