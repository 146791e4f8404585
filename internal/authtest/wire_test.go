package authtest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/internal/postgres/pgtest"
)

// through asks the database through the wire, on a connection of its own.
func through(t *testing.T, url string, within time.Duration) (time.Duration, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return 0, err
	}
	defer func() { _ = conn.Close(context.Background()) }()
	begin := time.Now()
	_, err = conn.Exec(ctx, "select 1")
	return time.Since(begin), err
}

func TestAWireCanBeSlowedStalledCutAndMended(t *testing.T) {
	t.Parallel()
	const long = time.Minute
	w := &Wire{}
	url := w.Lay(t, pgtest.URL(t))
	w.Delay(200 * time.Millisecond)
	if took, err := through(t, url, long); err != nil || took < 200*time.Millisecond {
		t.Errorf("slowed: %s, %v", took, err)
	}
	w.Delay(0)
	w.Stall()
	if _, err := through(t, url, 100*time.Millisecond); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("stalled: %v", err)
	}
	time.AfterFunc(100*time.Millisecond, w.Mend)
	if _, err := through(t, url, long); err != nil {
		t.Errorf("what was held: %v", err)
	}
	w.Stall()
	w.Cut()
	if _, err := through(t, url, long); err == nil || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("cut: %v", err)
	}
	w.Mend()
	if _, err := through(t, url, long); err != nil {
		t.Errorf("mended: %v", err)
	}
}
