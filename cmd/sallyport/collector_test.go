package main

import (
	"runtime/debug"
	"testing"
)

// TestGOGCComesFirst is not parallel, as the collector is one for the process.
func TestGOGCComesFirst(t *testing.T) {
	for set, want := range map[string]int{"": serverGC, "50": 60, "off": 60} {
		before := debug.SetGCPercent(60) // what the runtime has read stands for the variable
		t.Setenv("GOGC", set)
		relaxCollector()
		if got := debug.SetGCPercent(before); got != want {
			t.Errorf("GOGC=%q: %d percent, want %d", set, got, want)
		}
	}
}
