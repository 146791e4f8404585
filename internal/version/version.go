// Package version says what this binary is.
package version

// Version and Commit are set by `make build` through the linker. A build without it, such as
// `go install`, keeps these values.
var (
	// Version is the release, such as "0.1.0", or what git describes an unreleased tree as.
	Version = "dev"
	// Commit is the commit the binary was built from, shortened.
	Commit = "unknown"
)

// Contract is the version of Better Auth whose behaviour on the wire this server keeps.
const Contract = "1.7.25"
