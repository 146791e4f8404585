//go:build !linux

package secure

// stepBack does nothing where priorities are those of processes.
func stepBack() {}
