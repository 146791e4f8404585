// Package soak holds what the server promises about load, faults and restarts, each promise as a test
// that makes the fault happen to the real program and a real Postgres.
//
// `make test` runs the short forms. `make soak` runs the long ones, one after the other, and prints a
// table of what was measured. The test of promise R5 is called TestR5..., by which ONLY=R5 finds it.
//
//	newSite      a configuration on a migrated database; site.serve starts an instance of it
//	newCluster   a Postgres of the test's own, to end, copy and promote
//	newClient    somebody with cookies; an answer knows whether it is ok or refused
//	newLoad      clients at work, with their right, refused and wrong answers
//	authtest.Wire between an instance and its database cuts, delays and stalls
//
// Short forms run beside everything else on a small machine: they look at answers, order and rows, and
// bound no latency.
package soak
