package soak

import (
	"syscall"
	"testing"
	"time"
)

// TestR2APostgresRestartMakesNoAnswerWrong ends Postgres at once, over and over,
// while clients are at work.
func TestR2APostgresRestartMakesNoAnswerWrong(t *testing.T) {
	t.Parallel()
	db := newCluster(t)
	i := newSite(t, basic, db.url()).serve()
	w := newWork(t, i)
	restarts, away, back := pick(2, 12), time.Duration(0), []time.Duration(nil)
	for range restarts {
		time.Sleep(pick(time.Second, 4*time.Second))
		begin := time.Now()
		db.server.end(syscall.SIGQUIT)
		time.Sleep(pick(300*time.Millisecond, time.Second))
		db.start()
		away += time.Since(begin)
		back = append(back, w.normalAfter(time.Now()))
	}
	right, refused := w.finish()
	row(t, "R2", "%d restarts (away for %s each): %d right answers, %d refused, 0 wrong; normal again %s after the database at most",
		restarts, (away / time.Duration(restarts)).Round(time.Millisecond), len(right), refused, longest(back))
	if *long && longest(back) > 2*time.Second {
		t.Errorf("normal again only after %s", longest(back))
	}
}

// longest gives the longest of some times.
func longest(times []time.Duration) (most time.Duration) {
	for _, d := range times {
		most = max(most, d)
	}
	return most.Round(time.Millisecond)
}
