package store_test

import (
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/store"
)

func TestAHundredTriesAtOnceCountAHundred(t *testing.T) {
	t.Parallel()
	s := open(t)
	addVerification(t, s, "1", "tries", "0", time.Hour)
	var counted atomic.Int64
	authtest.Together(100, func(int) {
		switch _, err := s.CountTry(t.Context(), "tries", noon, 1000); {
		case err == nil:
			counted.Add(1)
		default:
			t.Error(err)
		}
	})
	if v, err := s.VerificationOf(t.Context(), "tries"); err != nil || v.Value != "100" || counted.Load() != 100 {
		t.Errorf("%d were counted, and the row says %q, %v", counted.Load(), v.Value, err)
	}
}

func TestOfManyTriesAtOnceAsManyAreLetThroughAsThereMayBe(t *testing.T) {
	t.Parallel()
	s := open(t)
	addVerification(t, s, "1", "tries", "code:0", time.Hour)
	var counted atomic.Int64
	authtest.Together(50, func(int) {
		switch _, err := s.CountTry(t.Context(), "tries", noon, 5); {
		case err == nil:
			counted.Add(1)
		case !errors.Is(err, store.ErrNotFound):
			t.Error(err)
		}
	})
	if v, err := s.VerificationOf(t.Context(), "tries"); err != nil || v.Value != "code:5" || counted.Load() != 5 {
		t.Errorf("%d were let through, and the row says %q, %v", counted.Load(), v.Value, err)
	}
}

func TestTriesAreCountedAtTheEndOfAValue(t *testing.T) {
	t.Parallel()
	s := open(t)
	later := noon.Add(time.Minute)
	for i, test := range []struct{ value, want string }{
		{"0", "1"},
		{"4", "5"},
		{"5", ""},
		{"9", ""},
		{"123456:0", "123456:1"},
		{"12:34:4", "12:34:5"},
		{"a1b2:5", ""},
		{"code7", ""},
		{"x", ""},
		{"", ""},
		{"-1", ""},
		{"1.5", ""},
		{"99999999999999999999", ""},
	} {
		identifier := fmt.Sprint("tries ", i)
		addVerification(t, s, identifier, identifier, test.value, time.Hour)
		v, err := s.CountTry(t.Context(), identifier, later, 5)
		switch {
		case test.want == "":
			if !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%q: %v", test.value, err)
			}
		case err != nil || v.Value != test.want || !v.CreatedAt.Equal(later) || !v.ExpiresAt.Equal(noon.Add(time.Hour)):
			t.Errorf("%q became %+v, %v", test.value, v, err)
		}
	}
}

func TestTheNewestValueCountsTriesAndOlderOnesEnd(t *testing.T) {
	t.Parallel()
	s := open(t)
	addVerification(t, s, "1", "tries", "old:0", time.Hour)
	newer := &store.Verification{ID: "2", Identifier: "tries", Value: "new:0", ExpiresAt: noon.Add(time.Hour), CreatedAt: noon.Add(time.Second), UpdatedAt: noon}
	if err := s.CreateVerification(t.Context(), newer); err != nil {
		t.Fatal(err)
	}
	if v, err := s.CountTry(t.Context(), "tries", noon, 5); err != nil || v.Value != "new:1" {
		t.Errorf("counted %+v, %v", v, err)
	}
	if n, err := s.DeleteVerificationsOf(t.Context(), "old:0"); err != nil || n != 0 {
		t.Errorf("%d older ones are left, %v", n, err)
	}
	if _, err := s.CountTry(t.Context(), "tries", noon.Add(time.Hour), 5); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("one that has ended: %v", err)
	}
}

func TestTheVerificationsOfOnePurposeAreDeleted(t *testing.T) {
	t.Parallel()
	s := open(t)
	for id, identifier := range []string{"trust-device-x", "trust-device-y", "trust%", "reset-password:z"} {
		addVerification(t, s, fmt.Sprint(id), identifier, "ann", time.Hour)
	}
	addVerification(t, s, "other", "trust-device-z", "bob", time.Hour)
	if n, err := s.DeleteVerificationsFor(t.Context(), "ann", "trust-device-"); n != 2 || err != nil {
		t.Errorf("%d are deleted, %v", n, err)
	}
	if n, err := s.DeleteVerificationsFor(t.Context(), "ann", "%"); n != 0 || err != nil {
		t.Errorf("%d are deleted by a pattern, %v", n, err)
	}
}
