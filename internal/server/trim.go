package server

import (
	"context"
	"runtime/debug"
	"sync/atomic"
	"time"
)

const (
	// trimAfterStart is when the memory that only the start has needed is given back.
	trimAfterStart = time.Second
	// trimAfterHash is when that of a storm of sign-ins is: after the last hash, and
	// a little after the areas in which it was made.
	trimAfterHash = 4 * time.Second
)

// trimmer gives memory back to the system when a rush is over. While hashes are
// made it waits, so that it takes nothing from them. Its zero value does nothing
// until run.
type trimmer struct{ due atomic.Pointer[time.Timer] }

// run trims once the start is over, and whenever hashes have been made, until ctx ends.
func (t *trimmer) run(ctx context.Context) {
	timer := time.AfterFunc(trimAfterStart, trim)
	t.due.Store(timer)
	<-ctx.Done()
	t.due.Store(nil)
	timer.Stop()
}

// hashed puts it off.
func (t *trimmer) hashed() {
	if timer := t.due.Load(); timer != nil {
		timer.Reset(trimAfterHash)
	}
}

// trim collects garbage, returns what is free, and lets go of the pages of the
// program, most of which were read by the start alone. Those that are used come
// back from the page cache, in a millisecond altogether.
func trim() {
	debug.FreeOSMemory()
	// What cannot be let go stays, as it would have without this.
	_ = releaseProgram()
}
