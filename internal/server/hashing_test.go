package server_test

import (
	"runtime"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// It is not parallel: what it sets is the whole process's.
func TestHashesTakeNoCoreFromOthers(t *testing.T) {
	before := runtime.GOMAXPROCS(0)
	t.Cleanup(func() { runtime.GOMAXPROCS(before) })
	s := authtest.New(t, "server: {hashSlots: 3}")
	s.Server.ShareCores()
	if now := runtime.GOMAXPROCS(0); now != before+3 {
		t.Errorf("with three slots %d run at once, of %d before", now, before)
	}
}
