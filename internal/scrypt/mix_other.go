//go:build !amd64 || purego

package scrypt

const vectors = false

func mixBlockVector(_, _ *lane, _ int)   {}
func mixBothVector(_, _, _ *lane, _ int) {}
