package secure

import (
	"crypto/rand"
	"regexp"
	"testing"
	"time"
)

func TestTimeUUIDsSortByTheirTime(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	at := time.Date(2026, 11, 25, 12, 0, 0, 999_999_000, time.UTC)
	last := ""
	for range 10_000 {
		id, err := NewTimeUUID(rand.Reader, at)
		if err != nil || !form.MatchString(id) {
			t.Fatalf("%q, %v", id, err)
		}
		if id <= last || id < FirstTimeUUID(at) || id >= FirstTimeUUID(at.Add(time.Microsecond)) {
			t.Fatalf("%s comes after %s, at %s", id, last, at)
		}
		last, at = id, at.Add(time.Microsecond)
	}
	// The example of RFC 9562, appendix A.6, has this time in its first half.
	if got := FirstTimeUUID(time.UnixMilli(0x017F22E279B0)); got != "017f22e2-79b0-7000-8000-000000000000" {
		t.Errorf("%s", got)
	}
}

func TestTimeUUIDsOfOddTimes(t *testing.T) {
	t.Parallel()
	for at, want := range map[time.Time]string{
		time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC):       "00000000-0000-7000-8000-000000000000",
		time.Date(200_000, 1, 1, 0, 0, 0, 0, time.UTC): "ffffffff-ffff-7000-8000-000000000000",
	} {
		if got := FirstTimeUUID(at); got != want {
			t.Errorf("%s: %s", at, got)
		}
	}
}
