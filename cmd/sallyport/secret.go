package main

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/logs"
)

// secretFile keeps the secret that was made up, in the private folder.
const secretFile = "secret"

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

// keptSecret gives the secret that is kept at path, and keeps a new one where
// there is none.
func keptSecret(path string, log *slog.Logger) (config.Secret, error) {
	made, err := keepSecret(path, newSecretText())
	if err != nil {
		return config.Secret{}, fmt.Errorf("keeping a new secret: %w", err)
	}
	if made {
		logs.Notice(log, "no secret is configured, so one was made and is kept in the data folder", "file", path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return config.Secret{}, fmt.Errorf("reading the secret: %w", err)
	}
	secret := strings.TrimSpace(string(text))
	if secret == "" {
		return config.Secret{}, fmt.Errorf("%s is empty: restore the secret, or remove the file to have a new one, which ends every session", path)
	}
	return config.NewSecret(secret), nil
}

// keepSecret writes a file unless it is there. It appears whole or not at all,
// and once, however many processes do this at a time.
func keepSecret(path, secret string) (made bool, err error) {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	draft, err := os.CreateTemp(filepath.Dir(path), secretFile+"-")
	if err != nil {
		return false, err
	}
	defer func() { _ = os.Remove(draft.Name()) }()
	_, err = draft.WriteString(secret + "\n")
	if err := errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return false, err
	}
	err = os.Link(draft.Name(), path)
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	return err == nil, err
}
