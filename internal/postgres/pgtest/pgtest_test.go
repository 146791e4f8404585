package pgtest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// ask returns the answer to a query of one text value.
func ask(t *testing.T, url, query string, args ...any) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	var answer string
	if err := conn.QueryRow(t.Context(), query, args...).Scan(&answer); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return answer
}

// databases counts those of the server whose name is the given one.
func databases(t *testing.T, name string) string {
	t.Helper()
	return ask(t, connected(t).admin.String(), "SELECT count(*)::text FROM pg_database WHERE datname = $1", name)
}

func TestURLGivesAnEmptyDatabaseToEachTestAndDropsIt(t *testing.T) {
	var first, second string
	t.Run("first", func(t *testing.T) {
		first = ask(t, URL(t), "SELECT current_database()::text")
	})
	t.Run("second", func(t *testing.T) {
		url := URL(t)
		second = ask(t, url, "SELECT current_database()::text")
		if tables := ask(t, url, "SELECT count(*)::text FROM pg_tables WHERE schemaname = 'public'"); tables != "0" {
			t.Errorf("a new database has %s tables", tables)
		}
	})
	if first == second {
		t.Errorf("two tests shared %s", first)
	}
	for _, name := range []string{first, second} {
		if databases(t, name) != "0" {
			t.Errorf("%s outlived its test", name)
		}
	}
}

func TestAConnectionLeftOpenDoesNotKeepTheDatabase(t *testing.T) {
	var name string
	t.Run("leaky", func(t *testing.T) {
		conn, err := pgx.Connect(context.Background(), URL(t))
		if err != nil {
			t.Fatal(err)
		}
		name = conn.Config().Database
	})
	if databases(t, name) != "0" {
		t.Errorf("%s outlived its test", name)
	}
}

func TestCloneFillsTheTemplateOnceForParallelTests(t *testing.T) {
	var fills atomic.Int32
	fill := func(ctx context.Context, url string) error {
		fills.Add(1)
		conn, err := pgx.Connect(ctx, url)
		if err != nil {
			return err
		}
		defer conn.Close(ctx)
		_, err = conn.Exec(ctx, "CREATE TABLE word (text text); INSERT INTO word VALUES ('kept')")
		return err
	}
	t.Run("group", func(t *testing.T) {
		for i := range 4 {
			t.Run(fmt.Sprint(i), func(t *testing.T) {
				t.Parallel()
				url := Clone(t, fill, "word")
				// A second row would be seen by the others if they shared a database.
				if got := ask(t, url, "INSERT INTO word VALUES ('own') RETURNING (SELECT string_agg(text, ',') FROM word)"); got != "kept" {
					t.Errorf("the copy holds %q", got)
				}
			})
		}
	})
	if fills.Load() != 1 {
		t.Errorf("the template was filled %d times", fills.Load())
	}
}

func TestTokenOf(t *testing.T) {
	for name, want := range map[string]bool{
		databaseName(0x1f, 3):           true,
		databaseName(0x7fffffff, 1):     true,
		"sallyport_test_0000001f_3_old": false,
		"sallyport_test_1f_3":           false,
		"sallyport_test_":               false,
		"sallyport_test_mine":           false,
		"another":                       false,
	} {
		if _, ours := tokenOf(name); ours != want {
			t.Errorf("tokenOf(%q) = %t", name, ours)
		}
	}
}

// TestDatabasesOfAKilledProcessAreDropped runs this test binary once more, as
// a process that makes a database and then waits to be killed.
func TestDatabasesOfAKilledProcessAreDropped(t *testing.T) {
	if os.Getenv("PGTEST_HELPER") != "" {
		fmt.Println(ask(t, URL(t), "SELECT current_database()::text"))
		select {}
	}
	s := connected(t)
	helper, name := startHelper(t, s.admin.String())
	reapNow(t, s)
	if databases(t, name) != "1" {
		t.Errorf("the database of a living process was dropped")
	}
	kill(t, helper)
	// The server notices the closed socket a moment later.
	for databases(t, name) != "0" {
		reapNow(t, s)
	}
}

// TestAKilledProcessLeavesNoServer does so with a server of the process's own.
func TestAKilledProcessLeavesNoServer(t *testing.T) {
	if os.Getenv("PGTEST_HELPER") != "" {
		fmt.Println(ask(t, URL(t), "SELECT current_setting('data_directory')"))
		select {}
	}
	helper, data := startHelper(t, "")
	socket := filepath.Join(data, "..", "run", ".s.PGSQL.5432")
	if _, err := os.Stat(socket); err != nil {
		t.Fatal(err)
	}
	kill(t, helper)
	for {
		if _, err := os.Stat(filepath.Dir(data)); os.IsNotExist(err) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func TestFolderIsRemovedWithTheTest(t *testing.T) {
	var dir string
	t.Run("user", func(t *testing.T) { dir = Folder(t) })
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("%s outlived its test: %v", dir, err)
	}
}

// startHelper starts the running test in another process, on the server with
// the given URL, and returns the line it prints.
func startHelper(t *testing.T, server string) (*exec.Cmd, string) {
	t.Helper()
	helper := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	helper.Env = append(os.Environ(), "PGTEST_HELPER=1", variable+"="+server)
	out, err := helper.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := helper.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = helper.Process.Kill() })
	var line string
	if _, err := fmt.Fscanln(out, &line); err != nil {
		t.Fatal(err)
	}
	return helper, line
}

// kill ends the helper as kill -9 does.
func kill(t *testing.T, helper *exec.Cmd) {
	t.Helper()
	if err := helper.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = helper.Wait()
}

// reapNow drops abandoned databases on a connection that holds no lock.
func reapNow(t *testing.T, s *server) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), s.admin.String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if err := reap(t.Context(), conn); err != nil {
		t.Fatal(err)
	}
}
