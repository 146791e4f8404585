package main

import (
	"fmt"
	"slices"
)

// spread is the middle of several values and how far they lie apart.
type spread struct {
	Median float64 `json:"median"`
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
}

// spreadOf expects at least one value.
func spreadOf(values []float64) spread {
	sorted := slices.Sorted(slices.Values(values))
	return spread{Median: sorted[len(sorted)/2], Low: sorted[0], High: sorted[len(sorted)-1]}
}

// ratios divides values round by round.
func ratios(above, below []float64) spread {
	all := make([]float64, len(above))
	for i := range above {
		all[i] = above[i] / below[i]
	}
	return spreadOf(all)
}

func (s spread) String() string {
	return fmt.Sprintf("%s [%s..%s]", number(s.Median), number(s.Low), number(s.High))
}

// number writes three significant digits.
func number(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	default:
		return fmt.Sprintf("%.2f", v)
	}
}

func each[S, T any](list []S, value func(S) T) []T {
	all := make([]T, 0, len(list))
	for _, v := range list {
		all = append(all, value(v))
	}
	return all
}
