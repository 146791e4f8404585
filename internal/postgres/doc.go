// Package postgres runs a private Postgres server for a sallyport that was
// given no database.
//
// The server is an ordinary one, from binaries found on the machine, with its
// data in a Folder. It listens on a Unix socket in a folder that only its
// account can enter, asks for a random password, and has no TCP port. It is
// kept between starts: a process joins the server that is running, be it one
// that another process uses or one that a killed process left behind, and the
// last process to leave stops it.
//
// Postgres 15 and newer are used. Linux and macOS are supported.
package postgres
