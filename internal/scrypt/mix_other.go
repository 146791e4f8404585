//go:build !amd64 || purego

package scrypt

const vectors, pairs = false, false

func mixBlockVector(_, _ *lane, _ int)   {}
func mixBothVector(_, _, _ *lane, _ int) {}

func mixBlockPair(_, _, _, _ *lane, _ int)      {}
func mixBothPair(_, _, _, _, _, _ *lane, _ int) {}
