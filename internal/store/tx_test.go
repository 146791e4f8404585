package store_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/store"
)

// withParameter adds a parameter to a connection URL.
func withParameter(t *testing.T, text, name, value string) string {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	query.Set(name, value)
	u.RawQuery = strings.ReplaceAll(query.Encode(), "+", "%20") // pgx reads a plus as a plus
	return u.String()
}

func TestATransactionIsAllOrNothing(t *testing.T) {
	t.Parallel()
	s := open(t)
	failed := errors.New("no")
	err := s.InTx(t.Context(), func(tx *store.Store) error {
		addUser(t, tx, "u")
		return tx.InTx(t.Context(), func(inner *store.Store) error {
			if inner != tx {
				t.Error("a transaction inside a transaction is another one")
			}
			return failed
		})
	})
	if !errors.Is(err, failed) {
		t.Errorf("got %v", err)
	}
	if _, err := s.UserByEmail(t.Context(), "u@example.test"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the user is there: %v", err)
	}
}

func TestGeneratedQueriesJoinTheTransaction(t *testing.T) {
	t.Parallel()
	s := open(t)
	_ = s.InTx(t.Context(), func(tx *store.Store) error {
		if err := tx.JWTLockRotation(t.Context(), noon); err != nil {
			t.Error(err)
		}
		return errors.New("undo")
	})
	var n int
	if err := s.Pool().QueryRow(t.Context(), "select count(*) from sallyport.key_rotation").Scan(&n); err != nil || n != 0 {
		t.Errorf("%d rows, error %v", n, err)
	}
}

// Two clients read a row and then write it: Postgres undoes the one that writes
// second, with 40001, and it must be done again.
func TestASerializationFailureIsTriedAgain(t *testing.T) {
	t.Parallel()
	var o store.Options
	fill(t, &o)
	run(t, o.URL, "create table tally (n int); insert into tally values (0)")
	plain := o.URL
	o.URL = withParameter(t, o.URL, "options", "-c default_transaction_isolation=serializable")
	s := reopen(t, o)
	tries := 0
	err := s.InTx(t.Context(), func(tx *store.Store) error {
		tries++
		if err := tx.Exec(t.Context(), "select n from tally"); err != nil {
			return err
		}
		if tries == 1 {
			run(t, plain, "update tally set n = n + 10")
		}
		return tx.Exec(t.Context(), "update tally set n = n + 1")
	})
	if err != nil || tries != 2 {
		t.Errorf("%d tries, error %v", tries, err)
	}
	var n int
	if err := s.Pool().QueryRow(t.Context(), "select n from tally").Scan(&n); err != nil || n != 11 {
		t.Errorf("the tally is %d, error %v", n, err)
	}
}
