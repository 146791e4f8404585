package server_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/server"
)

// tellings counts the lines of the log that say that clocks differ.
func tellings(s *authtest.Server) int {
	return strings.Count(s.Log.String(), "level=WARN msg=\"the clocks")
}

// A server that runs says by itself that its clock is off, and does not repeat
// it until the clocks have agreed.
func TestAClockThatIsOffIsToldOnce(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter+listening)
	s.Clock.Advance(-3 * time.Second)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Server.Run(ctx) }()
	for tellings(s) == 0 {
		time.Sleep(time.Millisecond)
	}
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if log := s.Log.String(); !strings.Contains(log, "ahead=-3") && !strings.Contains(log, "ahead=-2.9") {
		t.Errorf("by how much is not told: %s", log)
	}
	s = authtest.New(t, authtest.Starter)
	for _, step := range []struct {
		move time.Duration
		want int
	}{{0, 0}, {3 * time.Second, 1}, {time.Second, 1}, {-4 * time.Second, 1}, {-3 * time.Second, 2}} {
		s.Clock.Advance(step.move)
		ask(s, "/readyz", nil).Is(http.StatusOK)
		if got := tellings(s); got != step.want {
			t.Errorf("moved by %s: told %d times, want %d", step.move, got, step.want)
		}
	}
}

// The time that the database takes to answer is no difference of the clocks.
func TestASlowDatabaseIsNoWrongClock(t *testing.T) {
	t.Parallel()
	wire := &authtest.Wire{}
	s := authtest.New(t, authtest.Starter, authtest.Through(wire))
	ask(s, "/readyz", nil).Is(http.StatusOK)
	wire.Delay(time.Second)
	ask(s, "/readyz", nil)
	wire.Delay(0)
	s.Clock.Advance(1500 * time.Millisecond)
	ask(s, "/readyz", nil).Is(http.StatusOK)
	if n := tellings(s); n != 0 {
		t.Errorf("told %d times", n)
	}
}

func TestCheckOfTheClock(t *testing.T) {
	t.Parallel()
	for skew, want := range map[time.Duration]server.Level{
		0: server.LevelOK, 1999 * time.Millisecond: server.LevelOK, 2 * time.Second: server.LevelWarning, -2 * time.Second: server.LevelWarning,
		29 * time.Second: server.LevelWarning, 30 * time.Second: server.LevelError, -5 * time.Minute: server.LevelError,
	} {
		if level, text := server.GradeClock(skew); level != want || want != server.LevelOK && !strings.Contains(text, skew.String()) {
			t.Errorf("%s: %s %s, want %s", skew, level, text, want)
		}
	}
}
