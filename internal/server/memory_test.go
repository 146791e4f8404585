package server

import "testing"

func TestTheHeapLeavesRoomForHashes(t *testing.T) {
	t.Parallel()
	const mib = 1 << 20
	for _, c := range []struct{ container, hashes, want int64 }{
		{1000 * mib, 128 * mib, 772 * mib},
		{500 * mib, 64 * mib, 386 * mib},
		{100 * mib, 128 * mib, 25 * mib},
		{160 * mib, 100 * mib, 44 * mib},
		{160 * mib, 110 * mib, 40 * mib},
	} {
		if got := heapLimit(c.container, c.hashes); got != c.want {
			t.Errorf("%d MiB with %d for hashes: %d MiB, want %d", c.container/mib, c.hashes/mib, got/mib, c.want/mib)
		}
	}
}
