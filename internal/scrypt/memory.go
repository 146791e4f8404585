package scrypt

import (
	"syscall"
	"unsafe"
)

// laneSize is that of a lane, in bytes.
const laneSize = int(unsafe.Sizeof(lane{}))

// allocate takes memory from the system that the collector neither scans nor
// counts.
func allocate(lanes int) ([]lane, error) {
	b, err := syscall.Mmap(-1, 0, lanes*laneSize, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		return nil, err
	}
	preferLargePages(b)
	return unsafe.Slice((*lane)(unsafe.Pointer(unsafe.SliceData(b))), lanes), nil //nolint:gosec // pages are aligned for any lane
}

// free gives memory of allocate back.
func free(memory []lane) error {
	if memory == nil {
		return nil
	}
	return syscall.Munmap(unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(memory))), len(memory)*laneSize)) //nolint:gosec // the same memory
}
