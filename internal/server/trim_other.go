//go:build !linux

package server

// releaseProgram does nothing: other systems have other ways.
func releaseProgram() error { return nil }
