package bundle

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// entry is one file of an archive.
type entry struct {
	name, text string
	kind       byte // tar.TypeReg when 0
	mode       int64
}

// archive packs entries as npm does.
func archive(t *testing.T, entries []entry) []byte {
	t.Helper()
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	out := tar.NewWriter(zip)
	for _, e := range entries {
		header := &tar.Header{Name: e.name, Typeflag: e.kind, Mode: e.mode, Size: int64(len(e.text))}
		if e.kind == tar.TypeSymlink {
			header.Linkname, header.Size, e.text = e.text, 0, ""
		}
		if err := out.WriteHeader(header); err != nil {
			t.Fatal(err)
		}
		if _, err := out.Write([]byte(e.text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

// registry serves the archive in place of the real one, and returns the
// release whose checksum fits it.
func registry(t *testing.T, packed []byte) release {
	t.Helper()
	r := release{name: "test", integrity: integrity(packed)}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if q.URL.Path != "/npm/"+r.path() {
			http.NotFound(w, q)
			return
		}
		_, _ = w.Write(packed)
	}))
	t.Cleanup(server.Close)
	t.Setenv("npm_config_registry", server.URL+"/npm")
	return r
}

func integrity(packed []byte) string {
	sum := sha512.Sum512(packed)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// good is a package that installs.
var good = []entry{
	{name: "package/package.json", text: "{}", mode: 0o644},
	{name: "package/native/bin/postgres", text: "#!/bin/sh\necho 'postgres (PostgreSQL) 17.10'\n", mode: 0o700},
	{name: "package/native/lib/libpq.so.5.17", text: "library", mode: 0o600},
	{name: "package/native/pg-symlinks.json", text: `[{"source":"native/lib/libpq.so.5.17","target":"native/lib/libpq.so"}]`, mode: 0o644},
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func TestInstall(t *testing.T) {
	r := registry(t, archive(t, good))
	target := filepath.Join(t.TempDir(), "new", Version)
	if err := r.install(t.Context(), target, quiet()); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]os.FileMode{"bin": 0o755, "bin/postgres": 0o755, "lib/libpq.so.5.17": 0o644} {
		info, err := os.Lstat(filepath.Join(target, name))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s has mode %v", name, info.Mode())
		}
	}
	if to, err := os.Readlink(filepath.Join(target, "lib", "libpq.so")); to != "libpq.so.5.17" {
		t.Errorf("the link leads to %q: %v", to, err)
	}
	if rest, _ := os.ReadDir(filepath.Dir(target)); len(rest) != 1 {
		t.Errorf("something was left beside it: %v", rest)
	}
}

func TestInstallRefusesAnotherArchive(t *testing.T) {
	r := registry(t, archive(t, good))
	r.integrity = integrity([]byte("another"))
	refused(t, r, "is not the pinned archive")
}

func TestInstallNamesAMissingArchive(t *testing.T) {
	r := registry(t, nil)
	r.name = "other"
	refused(t, r, "404")
}

func TestInstallRefusesAProgramThatDoesNotRun(t *testing.T) {
	broken := append([]entry{}, good...)
	broken[1].text = "#!/no/such/loader\n"
	refused(t, registry(t, archive(t, broken)), "install the system's postgresql package")
}

func TestInstallRefusesWhatLeadsOut(t *testing.T) {
	for _, c := range []struct {
		bad  entry
		want string
	}{
		{entry{name: "package/native/../../../escape"}, "escape"},
		{entry{name: "package/native//etc/escape"}, "escape"},
		{entry{name: "package/native/lib/link", kind: tar.TypeSymlink, text: "/etc"}, "not a regular file"},
		{entry{name: "package/native/lib/device", kind: tar.TypeChar}, "not a regular file"},
		{entry{name: "package/native/pg-symlinks.json", text: `[{"source":"../../etc","target":"native/etc"}]`}, "leads out"},
		{entry{name: "package/native/pg-symlinks.json", text: `[{"source":"native/lib","target":"/tmp/etc"}]`}, "leads out"},
	} {
		refused(t, registry(t, archive(t, []entry{c.bad})), c.want)
	}
}

// refused checks that a release does not install, for the wanted reason, and
// leaves nothing.
func refused(t *testing.T, r release, want string) {
	t.Helper()
	dir := t.TempDir()
	err := r.install(t.Context(), filepath.Join(dir, Version), quiet())
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%q is not in %v", want, err)
	}
	if rest, _ := os.ReadDir(dir); len(rest) != 0 {
		t.Errorf("something was left: %v", rest)
	}
}

func TestInstallDoesNothingTwice(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, Version, "bin"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("npm_config_registry", "http://127.0.0.1:1/")
	if got, err := Install(t.Context(), dir, quiet()); err != nil || got != filepath.Join(dir, Version, "bin") {
		t.Errorf("%q, %v", got, err)
	}
}

func TestAnAddressWithoutHostIsRefusedWithoutRepeatingIt(t *testing.T) {
	t.Setenv("npm_config_registry", "user:secret")
	if _, err := (release{}).address(); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("%v", err)
	}
}
