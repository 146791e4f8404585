// Command pgdev serves the project's make targets; it is no part of the server.
//
//	pgdev which            prints the folder of the Postgres binaries that would be used
//	pgdev psql             opens psql on the private database, starting it when it does not run
//	pgdev database NAME    prints the URL of a database, making it first where there is none
//	pgdev drop NAME        removes a database
//	pgdev with BINDIR ...  runs the command ... on a throw-away server with the binaries in BINDIR,
//	                       which it finds in SALLYPORT_TEST_DATABASE_URL
//
// All but the last look at the private folder as the server does: SALLYPORT_DATA, else ./.sallyport.
// Where SALLYPORT_TEST_DATABASE_URL names a server, databases are made and removed there.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"os/signal"

	"github.com/sallyport-auth/sallyport/internal/postgres"
)

var quiet = slog.New(slog.DiscardHandler)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "pgdev:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	dir := os.Getenv("SALLYPORT_DATA")
	switch {
	case len(args) == 1 && args[0] == "which":
		return which(dir)
	case len(args) == 1 && args[0] == "psql":
		return psql(dir)
	case len(args) == 2 && args[0] == "database":
		return database(dir, args[1])
	case len(args) == 2 && args[0] == "drop":
		return drop(dir, args[1])
	case len(args) > 2 && args[0] == "with":
		return with(args[1], exec.Command(args[2], args[3:]...))
	default:
		return errors.New("usage: pgdev which | psql | database NAME | drop NAME | with BINDIR COMMAND")
	}
}

func which(dir string) error {
	folder, err := postgres.OpenFolder(dir, "", quiet)
	if err != nil {
		return err
	}
	found, err := postgres.Find("", folder)
	if err != nil {
		return err
	}
	fmt.Println(found.Dir)
	return nil
}

func psql(dir string) error {
	return on(postgres.Options{Dir: dir, Log: quiet}, func(address string) error {
		shell, err := shellFor(address)
		if err != nil {
			return err
		}
		return shell.Run()
	})
}

func with(binDir string, command *exec.Cmd) error {
	dir, err := os.MkdirTemp("", "pgdev-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	// Run by root, Postgres is another account, which must get in.
	if err := os.Chmod(dir, 0o711); err != nil {
		return err
	}
	return on(postgres.Options{Dir: dir, BinDir: binDir, Log: quiet, ForTest: true, Trust: true}, func(address string) error {
		attach(command)
		command.Env = append(os.Environ(), "SALLYPORT_TEST_DATABASE_URL="+address)
		return command.Run()
	})
}

// on starts or joins a server, and leaves it when use is done.
func on(o postgres.Options, use func(address string) error) (err error) {
	// Ctrl-C is for the command, which runs in the same terminal; the server must outlive it.
	signal.Notify(make(chan os.Signal, 1), os.Interrupt)
	ctx := context.Background()
	server, err := postgres.Start(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop(ctx)) }()
	return use(server.URL())
}

func attach(command *exec.Cmd) {
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr
}

// shellFor hands the password over in the environment, because every user of the machine sees the
// arguments of a process.
func shellFor(address string) (*exec.Cmd, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	password, _ := u.User.Password()
	u.User = url.User(u.User.Username())
	shell := exec.Command("psql", "--no-psqlrc", u.String())
	attach(shell)
	shell.Env = append(os.Environ(), "PGPASSWORD="+password)
	return shell, nil
}
