package jwt

import (
	"bytes"
	"context"
	"crypto/rand"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/migrate"
	"github.com/sallyport-auth/sallyport/internal/postgres/pgtest"
	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/secure"
	"github.com/sallyport-auth/sallyport/internal/store"
)

const testSecret = "a-secret-for-tests-0123456789-ABCDEFGHIJ"

// deployment is one database and one clock, for any number of instances.
type deployment struct {
	t   *testing.T
	url string
	set *schema.Set

	mu  sync.Mutex
	now time.Time
}

func newDeployment(t *testing.T) *deployment {
	t.Helper()
	set, err := schema.NewSet(schema.Core, Tables)
	if err != nil {
		t.Fatal(err)
	}
	url := pgtest.Clone(t, func(ctx context.Context, url string) error {
		return migrate.Up(ctx, migrate.Options{URL: url, Set: set})
	}, "jwt")
	return &deployment{t: t, url: url, set: set, now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
}

// Now is the clock of every instance.
func (d *deployment) Now() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now
}

func (d *deployment) advance(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now = d.now.Add(by)
}

// instance is one server's ring, without its background loop: the test says
// when it reads.
type instance struct {
	*ring
	d   *deployment
	log *bytes.Buffer
}

func (d *deployment) instance(cfg Config, secret string) *instance {
	d.t.Helper()
	secrets, err := secure.NewSecrets(secret, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	s, err := store.Open(d.t.Context(), store.Options{URL: d.url, Set: d.set, MaxConns: 4})
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(s.Close)
	a, err := auth.New(auth.Config{BaseURL: "http://localhost:3000"}, auth.Deps{
		Store: s, Secrets: secrets, Schema: d.set, Now: d.Now, Rand: rand.Reader,
	})
	if err != nil {
		d.t.Fatal(err)
	}
	log := &bytes.Buffer{}
	keys := NewKeys(a, cfg, slog.New(slog.NewTextHandler(log, nil)))
	return &instance{ring: &ring{keys: keys, warned: map[string]bool{}}, d: d, log: log}
}

// read is one turn of the background loop.
func (i *instance) read() {
	i.d.t.Helper()
	if err := i.reread(i.d.t.Context()); err != nil {
		i.d.t.Fatal(err)
	}
}

// sign gives a token and the id of its key.
func (i *instance) sign() (token, kid string) {
	i.d.t.Helper()
	signer, err := i.signer(i.d.t.Context())
	if err != nil {
		i.d.t.Fatal(err)
	}
	if token, err = signer.Sign([]byte(`{"sub":"u"}`)); err != nil {
		i.d.t.Fatal(err)
	}
	return token, kidOf(i.d.t, token)
}

func (i *instance) list() []Info {
	i.d.t.Helper()
	keys, err := i.keys.List(i.d.t.Context())
	if err != nil {
		i.d.t.Fatal(err)
	}
	return keys
}

// exec runs a statement on the database.
func (d *deployment) exec(sql string, args ...any) {
	d.t.Helper()
	conn, err := pgx.Connect(d.t.Context(), d.url)
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	if _, err := conn.Exec(d.t.Context(), sql, args...); err != nil {
		d.t.Fatalf("%s: %v", sql, err)
	}
}
