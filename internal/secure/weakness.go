package secure

import "math"

const (
	minSecretLength  = 32  // UTF-16 units
	minSecretEntropy = 120 // bits
)

// Warnings says in full sentences what is weak about the current secret; nil when nothing is. The
// thresholds are Better Auth's, which warns too and goes on.
func (s *Secrets) Warnings() []string {
	var warnings []string
	if UTF16Length(s.current) < minSecretLength {
		warnings = append(warnings, "The secret is shorter than 32 characters; make one with `sallyport secret generate`.")
	}
	if estimateEntropy(s.current) < minSecretEntropy {
		warnings = append(warnings, "The secret looks easy to guess; make one with `sallyport secret generate`.")
	}
	return warnings
}

// estimateEntropy is Better Auth's estimate in bits: length times the logarithm of the number of
// different characters. It sees repetition, not words.
func estimateEntropy(secret string) float64 {
	different := make(map[rune]struct{})
	for _, r := range secret {
		different[r] = struct{}{}
	}
	if len(different) == 0 {
		return 0
	}
	return float64(UTF16Length(secret)) * math.Log2(float64(len(different)))
}
