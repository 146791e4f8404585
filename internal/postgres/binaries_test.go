package postgres

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// testFolder returns a folder that no server is started in.
func testFolder(t *testing.T) Folder {
	t.Helper()
	return Folder{path: t.TempDir()}
}

// install puts programs that only tell a version into the folder dir.
func install(t *testing.T, dir, version string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	script := fmt.Sprintf("#!/bin/sh\necho 'postgres (PostgreSQL) %s'\n", version)
	for _, name := range []string{"postgres", "initdb"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

// madeBy marks the folder's database as made by a major version.
func madeBy(t *testing.T, f Folder, major string) {
	t.Helper()
	if err := os.MkdirAll(f.DataDir(), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(f.DataDir(), "PG_VERSION"), []byte(major+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}

// onlyHere makes candidates look in the folder and in PATH alone, which it empties.
func onlyHere(t *testing.T) {
	t.Helper()
	kept := places
	places = nil
	t.Cleanup(func() { places = kept })
	t.Setenv("PATH", t.TempDir())
}

func TestFindTakesTheNewest(t *testing.T) {
	onlyHere(t)
	f := testFolder(t)
	for dir, version := range map[string]string{"15.4": "15.4", "18.1": "18.1 (Debian 18.1-1)", "17.2": "17.2", "19": "19beta1", "9.6": "9.6.24"} {
		install(t, filepath.Join(f.InstallDir(), dir, "bin"), version)
	}
	got, err := Find("", f)
	if err != nil || got.Major != 19 || got.Dir != filepath.Join(f.InstallDir(), "19", "bin") {
		t.Errorf("found %+v, %v", got, err)
	}
}

func TestFindTakesTheVersionThatMadeTheDatabase(t *testing.T) {
	onlyHere(t)
	f := testFolder(t)
	install(t, filepath.Join(f.InstallDir(), "15", "bin"), "15.4")
	install(t, filepath.Join(f.InstallDir(), "18", "bin"), "18.1")
	madeBy(t, f, "15")
	if got, err := Find("", f); err != nil || got.Major != 15 {
		t.Errorf("found %+v, %v", got, err)
	}
}

func TestFindRefusesAnotherMajorVersion(t *testing.T) {
	onlyHere(t)
	f := testFolder(t)
	bin := t.TempDir()
	install(t, bin, "18.1")
	madeBy(t, f, "16")
	_, err := Find(bin, f)
	if err == nil {
		t.Fatal("Postgres 18 was taken for a database of 16")
	}
	for _, want := range []string{f.DataDir(), "Postgres 16", "is 18", "pg_dump", "psql"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not say %q", err, want)
		}
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("more than one line: %q", err)
	}
}

func TestFindNamesTheCommandWhenThereIsNone(t *testing.T) {
	onlyHere(t)
	f := testFolder(t)
	install(t, filepath.Join(f.InstallDir(), "14", "bin"), "14.9")
	_, err := Find("", f)
	if !errors.Is(err, ErrNoBinaries) || !strings.Contains(err.Error(), "sallyport db install") {
		t.Errorf("%v", err)
	}
}

func TestFindLooksInPathThroughLinks(t *testing.T) {
	onlyHere(t)
	f := testFolder(t)
	real := filepath.Join(t.TempDir(), "bin")
	install(t, real, "17.2")
	links := t.TempDir()
	if err := os.Symlink(filepath.Join(real, "postgres"), filepath.Join(links, "postgres")); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", links)
	got, err := Find("", f)
	if err != nil || filepath.Base(got.Dir) != "bin" || got.Major != 17 {
		t.Errorf("found %+v, %v", got, err)
	}
}

func TestFindNamesAConfiguredFolderWithoutPostgres(t *testing.T) {
	dir := t.TempDir()
	if _, err := Find(dir, testFolder(t)); err == nil || !strings.Contains(err.Error(), dir) {
		t.Errorf("%v", err)
	}
}

// TestAnotherVersionIsNotStarted goes through Start with the real binaries.
func TestAnotherVersionIsNotStarted(t *testing.T) {
	dir := reachable(t)
	o := Options{Dir: dir, ForTest: true, Log: slog.New(slog.DiscardHandler)}
	f, err := OpenFolder(dir, "", o.Log)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.account.mkdir(f.DataDir()); err != nil {
		t.Fatal(err)
	}
	madeBy(t, f, "11")
	if _, err := Start(t.Context(), o); err == nil || !strings.Contains(err.Error(), "was made by Postgres 11") {
		t.Errorf("%v", err)
	}
}
