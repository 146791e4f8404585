package main

import (
	"os"
	"runtime/debug"
)

// A server is promised to stay under 100 MiB, and 64 MiB for each hash that may
// run. What the runtime does not count, most of all the program itself, takes
// some of it.
const (
	memoryOfAll   = 100 << 20
	memoryOfSlot  = 64 << 20
	memoryUnknown = 28 << 20
)

// memoryAim is which memory the collector aims at.
func memoryAim(slots int) int64 { return memoryOfAll + memoryOfSlot*int64(slots) - memoryUnknown }

// aimAtMemory makes the collector work harder where a crowd would make the heap
// grow beyond what is promised. It is an aim and no bound: what is in use stays.
// GOMEMLIMIT, which the runtime has read already, stands above it.
func aimAtMemory(slots int) {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryAim(slots))
	}
}
