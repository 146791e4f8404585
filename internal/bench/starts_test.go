package main

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// self is the test binary as a server.
func self(t *testing.T, name string) subject {
	line := []string{os.Args[0]}
	return subject{name: name, dir: t.TempDir(), serve: line, fresh: line, env: []string{"BENCH_TEST_SERVER=1"}}
}

func TestStarts(t *testing.T) {
	rows, err := compareStarts(t.Context(), []subject{self(t, "original"), self(t, ours)}, 2, 0)
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 3 || rows[2].cell(ours).Value.Low <= 0 || rows[0].cell(ours).Value.Low <= 0 || rows[1].cell(ours).Value.Low < 1 || rows[0].cell("original").Ratio == nil {
		t.Errorf("rows %+v", rows)
	}
}

func TestFreshDatabasesGoAgain(t *testing.T) {
	d := &databases{admin: authtest.New(t, authtest.Starter).Database}
	s := self(t, ours)
	s.serve = []string{"false"} // only the other command line makes tables
	r, err := compareFresh(t.Context(), d, []subject{s}, 2)
	if err != nil || r.cell(ours).Value.Low <= 0 {
		t.Fatalf("row %+v, %v", r, err)
	}
	for _, name := range d.names {
		if _, err := d.copy(t.Context(), "copy", strings.TrimPrefix(name, d.full(""))); err == nil || !strings.Contains(err.Error(), "does not exist") {
			t.Errorf("%s is still there: %v", name, err)
		}
	}
}

func TestAServerThatEndsAtOnceIsAnError(t *testing.T) {
	s := subject{name: "broken", dir: t.TempDir(), serve: []string{"sh", "-c", "echo the reason; exit 1"}}
	if _, err := s.start(t.Context()); err == nil || !strings.Contains(err.Error(), "the reason") {
		t.Errorf("error %v", err)
	}
}

func TestSubjects(t *testing.T) {
	if _, err := newSubject("another", "", ""); err == nil || !strings.Contains(err.Error(), `"another" is neither`) {
		t.Errorf("error %v", err)
	}
	if _, err := newSubject(ours, "no-such-file", ""); err == nil || !strings.Contains(err.Error(), "make build") {
		t.Errorf("error %v", err)
	}
	s, err := newSubject("original, 3 workers", "", "folder")
	if err != nil || !slices.Contains(s.env, "BENCH_WORKERS=3") || s.name != "original, 3 workers" {
		t.Errorf("%+v, %v", s, err)
	}
	s.database, s.small = "large", "small"
	if s.under(cached).database != "large" || s.under(everything).database != "small" {
		t.Error("a setup has the wrong database")
	}
	if line := s.under(cached).command(t.Context(), s.serve).Env; !slices.Contains(line, "BENCH_CONFIG=folder/cached.json") {
		t.Errorf("environment %q", line)
	}
}

func TestOrder(t *testing.T) {
	if !slices.Equal(order(2, 0), []int{0, 1}) || !slices.Equal(order(2, 1), []int{1, 0}) {
		t.Error("rounds are not interleaved")
	}
}
