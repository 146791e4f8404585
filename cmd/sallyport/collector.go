package main

import (
	"os"
	"runtime/debug"
)

// serverGC lets the heap grow to three times of what is alive, which is a few MiB
// here, before garbage is collected: at the runtime's 100 the collector runs
// hundreds of times a minute under load.
const serverGC = 200

// relaxCollector sets the pace of the garbage collector, unless GOGC does. A
// GOMEMLIMIT holds either way.
func relaxCollector() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(serverGC)
	}
}
