// Command pgdev serves the project's make targets; it is no part of the server.
//
//	pgdev which   prints the folder of the Postgres binaries that would be used
//	pgdev psql    opens psql on the private database, starting it when it does not run
//
// Both look at the private folder as the server does: SALLYPORT_DATA, else ./.sallyport.
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

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "pgdev:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	dir, log := os.Getenv("SALLYPORT_DATA"), slog.New(slog.DiscardHandler)
	if len(args) != 1 {
		return errors.New("usage: pgdev which|psql")
	}
	switch args[0] {
	case "which":
		return which(dir, log)
	case "psql":
		return psql(dir, log)
	default:
		return fmt.Errorf("%q is not which or psql", args[0])
	}
}

func which(dir string, log *slog.Logger) error {
	folder, err := postgres.OpenFolder(dir, "", log)
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

func psql(dir string, log *slog.Logger) (err error) {
	ctx := context.Background()
	server, err := postgres.Start(ctx, postgres.Options{Dir: dir, Log: log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop(ctx)) }()
	// Ctrl-C cancels a query inside psql; it must not end the server under it.
	signal.Notify(make(chan os.Signal, 1), os.Interrupt)
	shell, err := shellFor(server.URL())
	if err != nil {
		return err
	}
	return shell.Run()
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
	shell.Stdin, shell.Stdout, shell.Stderr = os.Stdin, os.Stdout, os.Stderr
	shell.Env = append(os.Environ(), "PGPASSWORD="+password)
	return shell, nil
}
