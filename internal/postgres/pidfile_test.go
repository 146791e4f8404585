package postgres

import (
	"os"
	"strings"
	"testing"
)

func TestReadPostmaster(t *testing.T) {
	for text, want := range map[string]postmaster{
		"71\n/data\n1700000000\n":                                          {pid: 71},
		"71\n/data\n1700000000\n5432\n/run\n\n  1  2\nstarting\n":          {pid: 71, socket: "/run", status: "starting"},
		"71\n/data\n1700000000\n5432\n/run\nlocalhost\n  1  2\nready   \n": {pid: 71, socket: "/run", status: "ready"},
	} {
		got, err := readPostmaster(pidFolder(t, text))
		if err != nil || *got != want {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
}

func TestReadPostmasterRefusesWhatIsNoProcess(t *testing.T) {
	// 0 and negative numbers would signal groups of processes.
	for _, text := range []string{"", "\n", "x\n", "0\n", "-1\n"} {
		if got, err := readPostmaster(pidFolder(t, text)); err == nil {
			t.Errorf("%q: %+v", text, got)
		}
	}
	if got, err := readPostmaster(t.TempDir()); got != nil || err != nil {
		t.Errorf("without a file: %+v, %v", got, err)
	}
}

// pidFolder returns a data folder with this postmaster.pid.
func pidFolder(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(pidFile(dir), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestServesIsNotFooledByAnID(t *testing.T) {
	if serves(os.Getpid(), t.TempDir()) {
		t.Error("this test is taken for a server")
	}
	if serves(1<<22+1, t.TempDir()) {
		t.Error("a process that does not exist is taken for a server")
	}
	if line := string(commandLine(os.Getpid())); !strings.Contains(line, os.Args[0]) {
		t.Errorf("the command line is %q", line)
	}
}
