//go:build !linux

package scrypt

func preferLargePages([]byte) {}
