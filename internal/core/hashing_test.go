package core_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/secure"
)

const oneSlot = authtest.Starter + "server: {hashSlots: 1}\n"

// hash keeps the server's only slot and n places in line, each of another address,
// busy until ctx ends, and closes full once somebody has been refused.
func hash(ctx context.Context, s *authtest.Server, n int, full chan<- struct{}) {
	refused := make(chan struct{}, n)
	for i := range n {
		go func() {
			for ctx.Err() == nil {
				place, err := s.Server.Auth.Passwords.Enter(fmt.Sprint(i))
				if errors.Is(err, secure.ErrBusy) {
					refused <- struct{}{}
					time.Sleep(time.Millisecond)
				}
				if err == nil {
					_ = place.DummyHash(ctx, authtest.Password)
					place.Leave()
				}
			}
		}()
	}
	go func() {
		for first := true; ; first = false {
			select {
			case <-refused:
				if first && full != nil {
					close(full)
				}
			case <-ctx.Done():
				return
			}
		}
	}()
}

// When more passwords wait than can be hashed in time, the rest are told to
// come back, and whatever needs no hash is answered.
func TestAFullLineOfHashesRefusesMore(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, oneSlot, authtest.RealHashes())
	c := s.Client()
	c.SignUp("ann@example.test")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	full := make(chan struct{})
	hash(ctx, s, 2*128, full)
	<-full
	const tries = 20
	answers := make(chan *authtest.Answer, tries)
	for range tries {
		client := s.Client()
		r := client.Request(http.MethodPost, "/sign-in/email", "application/json",
			fmt.Sprintf(`{"email":"ann@example.test","password":%q}`, authtest.Password)).WithContext(ctx)
		go func() {
			if a, err := client.Try(r); err == nil && a.Status != http.StatusOK {
				answers <- a
			}
		}()
	}
	a := (<-answers).Code(http.StatusServiceUnavailable, "SERVICE_UNAVAILABLE")
	if a.Header.Get("Retry-After") == "" || a.Header.Get("Set-Cookie") != "" {
		t.Errorf("headers %v", a.Header)
	}
	for range 10 {
		if !in(c) {
			t.Fatal("the session was not found")
		}
	}
}

// Who waits for a hash holds no connection, let alone a transaction.
func TestNoConnectionIsHeldWhileAPasswordIsHashed(t *testing.T) {
	t.Parallel()
	for path, body := range map[string]string{"/sign-up/email": `{"name":"A","email":"a%d@example.test","password":"a long password"}`, "/sign-in/email": `{"email":"a%d@example.test","password":"a long password"}`} {
		t.Run(path[1:8], func(t *testing.T) {
			t.Parallel()
			s := authtest.New(t, oneSlot, authtest.RealHashes())
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			hash(ctx, s, 8, nil)
			pool := s.Server.Auth.Store.Pool()
			before := pool.Stat().AcquireCount()
			const clients = 4
			done := make(chan struct{}, clients)
			for i := range clients {
				c := at(s, fmt.Sprintf("192.0.2.%d", i))
				r := c.Request(http.MethodPost, path, "application/json", fmt.Sprintf(body, i)).WithContext(ctx)
				go func() { _, _ = c.Try(r); done <- struct{}{} }()
			}
			// Each asks once for the address, and then waits in line.
			for pool.Stat().AcquireCount() < before+clients || pool.Stat().AcquiredConns() > 0 {
				if len(done) > 0 {
					t.Fatal("a connection was held until a hash was made")
				}
				time.Sleep(time.Millisecond)
			}
			if n := s.Count(`select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in%'`); n != 0 || len(done) > 0 {
				t.Errorf("%d transactions are open, %d requests are done", n, len(done))
			}
		})
	}
}
