package bundle

import (
	"cmp"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
)

// publicRegistry is where npm packages come from unless another is configured.
const publicRegistry = "https://registry.npmjs.org/"

// largest bounds the download, in bytes; the largest archive has 32 million.
const largest = 100 << 20

// download writes the archive to path after comparing it with its checksum,
// which makes the registry and the way to it no matter of trust.
func (r release) download(ctx context.Context, path string, log *slog.Logger) error {
	address, err := r.address()
	if err != nil {
		return err
	}
	log.Info("downloading Postgres", "version", Version, "from", address.Redacted())
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("downloading: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("downloading %s: the registry answers %s", address.Redacted(), response.Status)
	}
	sum, err := save(path, io.LimitReader(response.Body, largest))
	if err != nil {
		return fmt.Errorf("downloading %s: %w", address.Redacted(), err)
	}
	if sum != r.integrity {
		return fmt.Errorf("%s is not the pinned archive: its SHA-512 is %s and not %s", address.Redacted(), sum, r.integrity)
	}
	return nil
}

// address returns the URL of the archive.
func (r release) address() (*url.URL, error) {
	registry := cmp.Or(os.Getenv("npm_config_registry"), os.Getenv("NPM_CONFIG_REGISTRY"), publicRegistry)
	base, err := url.Parse(registry)
	if err != nil || base.Host == "" {
		// The value may hold a password, so it is not repeated.
		return nil, fmt.Errorf("npm_config_registry is not a URL such as %s", publicRegistry)
	}
	return base.JoinPath(r.path()), nil
}

// save writes a stream to a new file and returns the base64 of its SHA-512.
func save(path string, from io.Reader) (string, error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", err
	}
	hash := sha512.New()
	_, err = io.Copy(io.MultiWriter(file, hash), from)
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	return base64.StdEncoding.EncodeToString(hash.Sum(nil)), err
}
