package secure

import (
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// The system prefers other threads to those that hash, and those that hash no more do not linger
// among them.
func TestHashesStepBack(t *testing.T) {
	priority := func() int {
		p, err := unix.Getpriority(unix.PRIO_PROCESS, 0) // 20 less the niceness of the calling thread
		if err != nil {
			t.Error(err)
		}
		return p
	}
	before := priority()
	var hashing int
	s := newSlots(1, 1, 1, time.Minute, func([]*job) { hashing = priority() })
	if err := visit(t.Context(), s, ""); err != nil {
		t.Fatal(err)
	}
	if hashing >= before {
		t.Errorf("its priority is %d, that of others %d", hashing, before)
	}
	for range 100 {
		done := make(chan int)
		go func() { done <- priority() }()
		if p := <-done; p != before {
			t.Fatalf("later goroutines have a priority of %d, before it was %d", p, before)
		}
	}
}
