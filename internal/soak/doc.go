// Package soak holds what the server promises about load, faults and restarts, each promise as a test
// that makes the fault happen to the real program and a real Postgres.
//
// `make test` runs the short forms. `make soak` runs the long ones, one after the other, and prints a
// table of what was measured.
package soak
