package scrypt

import "golang.org/x/sys/unix"

// preferLargePages makes the system look up fewer addresses: a hash jumps about in
// all of its memory. It may refuse, which changes nothing.
func preferLargePages(b []byte) { _ = unix.Madvise(b, unix.MADV_HUGEPAGE) }
