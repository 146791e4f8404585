package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing that is wrong with a configuration. It prints as one line.
type Problem struct {
	// File is the file as it was named, or "" for the environment.
	File string
	// Line and Column count from 1; 0 where the problem is not at one place.
	Line, Column int
	// Text says what is wrong and what to do. It never repeats a value, which may be a secret.
	Text string
}

// Error writes file:line:column: text, leaving out what is not known.
func (p Problem) Error() string {
	switch {
	case p.File == "":
		return p.Text
	case p.Line == 0:
		return p.File + ": " + p.Text
	}
	return fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.Text)
}

// Problems is everything that is wrong with a configuration, each problem on a line of its own.
type Problems []Problem

// Error joins the problems with newlines.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = problem.Error()
	}
	return strings.Join(lines, "\n")
}

// inOrder puts the file's problems in the order of their places, those of the environment after them,
// and nil for none.
func (p Problems) inOrder() error {
	if len(p) == 0 {
		return nil
	}
	slices.SortStableFunc(p, func(a, b Problem) int {
		if (a.File == "") != (b.File == "") {
			return strings.Compare(b.File, a.File)
		}
		return cmp.Or(a.Line-b.Line, a.Column-b.Column)
	})
	return p
}
