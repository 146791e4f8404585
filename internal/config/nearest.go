package config

import "strings"

// Nearest returns the candidate that a misspelt name was probably meant to be, or "".
func Nearest(name string, candidates []string) string { return nearest(name, candidates) }

// nearest returns the candidate that a misspelt name was probably meant to be, or "". A candidate is as
// near as its last part is, ignoring case; the first of several equally near ones wins.
func nearest(name string, candidates []string) string {
	last := lastPart(name)
	best, bestScore := "", farthest(last)+1
	for _, candidate := range candidates {
		score := distance(strings.ToLower(last), strings.ToLower(lastPart(candidate)))
		if score < bestScore {
			best, bestScore = candidate, score
		}
	}
	return best
}

// farthest is how many letters may be wrong before a guess does more harm than good.
func farthest(name string) int { return min((len(name)+1)/3, 5) }

func lastPart(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

// maxCompared bounds the work for an absurd name.
const maxCompared = 64

// distance counts the letters to insert, delete, replace or swap with their neighbour to make b of a.
func distance(a, b string) int {
	if len(a) > maxCompared || len(b) > maxCompared {
		return maxCompared
	}
	before, above, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range above {
		above[j] = j
	}
	for i := range len(a) {
		row[0] = i + 1
		for j := range len(b) {
			changed := 1
			if a[i] == b[j] {
				changed = 0
			}
			row[j+1] = min(above[j]+changed, above[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, above, row = above, row, before
	}
	return above[len(b)]
}
