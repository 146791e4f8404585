package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/sallyport-auth/sallyport/internal/postgres"
)

// alreadyThere is Postgres's code for a database that has that name.
const alreadyThere = "42P04"

// database makes the database unless it is there, and prints its URL.
func database(dir, name string) error {
	return onServer(dir, func(address string) error {
		err := execute(address, "CREATE DATABASE "+pgx.Identifier{name}.Sanitize())
		var refused *pgconn.PgError
		if err != nil && (!errors.As(err, &refused) || refused.Code != alreadyThere) {
			return err
		}
		u, err := url.Parse(address)
		if err != nil {
			return err
		}
		u.Path = "/" + name
		fmt.Println(u)
		return nil
	})
}

// drop removes the database, whoever is connected to it.
func drop(dir, name string) error {
	return onServer(dir, func(address string) error {
		return execute(address, "DROP DATABASE IF EXISTS "+pgx.Identifier{name}.Sanitize()+" WITH (FORCE)")
	})
}

// onServer uses the server that tests were given, and the private one where there is none.
func onServer(dir string, use func(address string) error) error {
	if given := os.Getenv("SALLYPORT_TEST_DATABASE_URL"); given != "" {
		return use(given)
	}
	return on(postgres.Options{Dir: dir, Log: quiet}, use)
}

func execute(address, statement string) (err error) {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	_, err = conn.Exec(ctx, statement)
	return err
}
