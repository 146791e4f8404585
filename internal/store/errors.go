package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// What a caller can tell apart. Each comes wrapped around its cause; compare
// with errors.Is.
var (
	// ErrNotFound says that no row matches.
	ErrNotFound = errors.New("not found")
	// ErrDuplicate says that a unique value is taken. Constraint tells which.
	ErrDuplicate = errors.New("already taken")
	// ErrUnavailable says that the database cannot be reached, refuses
	// connections or did not answer in time: the same call may work later.
	ErrUnavailable = errors.New("database unavailable")
	// ErrRejected says that a value does not fit: it holds a NUL character, is
	// too large for an index, or breaks a constraint other than uniqueness.
	ErrRejected = errors.New("value rejected")
	// ErrBarred says that the user may not have a session.
	ErrBarred = errors.New("user barred")
)

// Constraint returns the name of the unique constraint behind an ErrDuplicate,
// "user_email_key" for instance, or "" for any other error.
func Constraint(err error) string {
	if e := new(pgconn.PgError); errors.As(err, &e) && e.Code == uniqueViolation {
		return e.ConstraintName
	}
	return ""
}

// SQLSTATE codes with a meaning here (PostgreSQL documentation, appendix A).
const (
	uniqueViolation      = "23505"
	serializationFailure = "40001"
	deadlockDetected     = "40P01"
	queryCanceled        = "57014"
	undefinedFunction    = "42883" // also of an operator
	datatypeMismatch     = "42804"
)

// unavailable lists codes with which a server says that it is starting,
// stopping, full or no longer the primary.
var unavailable = []string{
	readOnly,
	"53300", // too_many_connections
	"57P01", // admin_shutdown
	"57P02", // crash_shutdown
	"57P03", // cannot_connect_now
	"57P05", // idle_session_timeout
}

// mapped turns an error of pgx into one of this package's, keeping the cause.
func mapped(ctx context.Context, err error) error {
	pg := new(pgconn.PgError)
	switch {
	case err == nil, known(err):
		return err
	case errors.Is(err, pgx.ErrNoRows):
		return ErrNotFound
	case errors.As(err, &pg):
		return mappedCode(ctx, pg, err)
	case ctx.Err() == context.Canceled: // the client has gone; nobody is there to try again
		return err
	case broken(err), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return err
}

// mappedCode is mapped for what Postgres itself reports.
func mappedCode(ctx context.Context, pg *pgconn.PgError, err error) error {
	switch {
	case pg.Code == uniqueViolation:
		return fmt.Errorf("%w: %w", ErrDuplicate, err)
	case pg.Code == queryCanceled && ctx.Err() == context.DeadlineExceeded:
		// pgx cancels a statement when the request's time is over.
		return fmt.Errorf("%w: %w: %w", ErrUnavailable, ctx.Err(), err)
	case strings.HasPrefix(pg.Code, "08"), slices.Contains(unavailable, pg.Code):
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	case strings.HasPrefix(pg.Code, "22"), strings.HasPrefix(pg.Code, "23"), strings.HasPrefix(pg.Code, "54"):
		return fmt.Errorf("%w: %w", ErrRejected, err)
	}
	return err
}

// Plain gives an error of pgx in one line: of a failed connection only the last
// cause, without the parameters that pgx repeats before it and without saying
// the same for each address it tried.
func Plain(err error) error {
	if !errors.As(err, new(*pgconn.ConnectError)) {
		return err
	}
	if pg := new(pgconn.PgError); errors.As(err, &pg) {
		return fmt.Errorf("%s (SQLSTATE %s)", pg.Message, pg.Code)
	}
	if dial := new(net.OpError); errors.As(err, &dial) {
		return dial
	}
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		err = inner
	}
	line, _, _ := strings.Cut(err.Error(), "\n")
	return errors.New(line)
}

// known reports whether err has been through mapped already.
func known(err error) bool {
	return errors.Is(err, ErrNotFound) || errors.Is(err, ErrDuplicate) ||
		errors.Is(err, ErrUnavailable) || errors.Is(err, ErrRejected) || errors.Is(err, ErrBarred)
}

// broken reports whether the connection could not be made or was lost.
func broken(err error) bool {
	return errors.As(err, new(*pgconn.ConnectError)) || errors.As(err, new(net.Error)) ||
		errors.Is(err, net.ErrClosed) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		pgconn.SafeToRetry(err) || strings.Contains(err.Error(), "conn closed")
}

// transient reports whether Postgres rolled the work back only because of other
// work beside it, so that doing it again is right.
func transient(err error) bool {
	pg := new(pgconn.PgError)
	return errors.As(err, &pg) && (pg.Code == serializationFailure || pg.Code == deadlockDetected)
}
