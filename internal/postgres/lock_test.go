package postgres_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/postgres"
	"github.com/sallyport-auth/sallyport/internal/postgres/pgtest"
)

// open opens the folder dir.
func open(t *testing.T, dir string) postgres.Folder {
	t.Helper()
	folder, err := postgres.OpenFolder(dir, "", quiet())
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

func TestTheSecondLockNamesTheHolder(t *testing.T) {
	t.Parallel()
	folder := open(t, pgtest.Folder(t))
	other := startHelper(t, folder.Path())
	_, err := postgres.Lock(folder)
	if err == nil {
		t.Fatal("two processes locked the folder")
	}
	want := fmt.Sprintf("(process %d)", other.Process.Pid)
	if !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), folder.Path()) {
		t.Errorf("%q does not name %s and the folder", err, want)
	}
	kill(t, other)
	release, err := postgres.Lock(folder)
	if err != nil {
		t.Fatalf("the lock of a killed process is in the way: %v", err)
	}
	release()
}

func TestLockCanBeTakenAgainAfterRelease(t *testing.T) {
	t.Parallel()
	folder := open(t, pgtest.Folder(t))
	for range 2 {
		release, err := postgres.Lock(folder)
		if err != nil {
			t.Fatal(err)
		}
		release()
	}
}

func TestAnEndedContextLeavesNoServer(t *testing.T) {
	t.Parallel()
	dir := pgtest.Folder(t)
	stop(t, start(t, dir))
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := postgres.Start(ctx, postgres.Options{Dir: dir, ForTest: true, Log: quiet()}); err == nil {
		t.Fatal("a server was started in no time")
	}
	if left := pid(t, dir); left != "" {
		t.Errorf("the server with process id %s was left running", left)
	}
}

func TestAServerThatCannotStartSaysWhy(t *testing.T) {
	t.Parallel()
	dir := pgtest.Folder(t)
	stop(t, start(t, dir))
	if err := os.WriteFile(filepath.Join(dir, "pgdata", "postgresql.conf"), []byte("no_such_setting = 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := postgres.Start(t.Context(), postgres.Options{Dir: dir, Log: quiet()})
	if err == nil || !strings.Contains(err.Error(), "no_such_setting") {
		t.Errorf("the reason is not in %v", err)
	}
}

func TestALostPasswordIsNamed(t *testing.T) {
	t.Parallel()
	dir := pgtest.Folder(t)
	stop(t, start(t, dir))
	if err := os.Remove(filepath.Join(dir, "password")); err != nil {
		t.Fatal(err)
	}
	_, err := postgres.Start(t.Context(), postgres.Options{Dir: dir, Log: quiet()})
	if err == nil || !strings.Contains(err.Error(), filepath.Join(dir, "password")) {
		t.Errorf("the file is not named in %v", err)
	}
	if left := pid(t, dir); left != "" {
		t.Errorf("the server with process id %s was left running", left)
	}
}

func TestAHalfMadeDatabaseIsMadeAnew(t *testing.T) {
	t.Parallel()
	dir := pgtest.Folder(t)
	open(t, dir)
	// As left by a process that was killed while initdb ran.
	half := filepath.Join(dir, "pgdata.new", "base")
	if err := os.MkdirAll(half, 0o700); err != nil {
		t.Fatal(err)
	}
	stop(t, start(t, dir))
	if _, err := os.Stat(filepath.Dir(half)); !os.IsNotExist(err) {
		t.Errorf("it is still there: %v", err)
	}
}
