package swap

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/migrate"
	"github.com/sallyport-auth/sallyport/internal/oauth/idptest"
	"github.com/sallyport-auth/sallyport/internal/server"
	"github.com/sallyport-auth/sallyport/internal/transcript"
	"github.com/sallyport-auth/sallyport/internal/transcript/oracle"
)

// together is the configuration of both sides, with everything that both know.
const together = `{
	"baseURL": %q, "messaging": {"webhook": {"url": %q, "secret": %q}},
	"emailAndPassword": {"enabled": true, "sendResetPassword": true},
	"emailVerification": {"sendVerificationEmail": true, "autoSignInAfterVerification": true},
	"user": {"changeEmail": {"enabled": true}, "deleteUser": {"enabled": true}},
	"plugins": {"jwt": {%s}, "bearer": {}, "username": {}, "twoFactor": {"totpOptions": {"period": 3600}}, "admin": {}},
	%s
}`

// unlimited is for tests that do not count requests.
const unlimited = `"rateLimit": {"enabled": false}`

// site is one database and one secret with both sides on them, behind one
// address.
type site struct {
	*front
	t                *testing.T
	host             *oracle.Host
	mail             *post
	config, database string
	rows             *pgxpool.Pool
	// idp is who both ask in the place of every provider; nil for nobody.
	idp *idptest.Server

	mu   sync.Mutex
	done map[string]int // steps by name and by who answered first
}

// shared is the process of the originals of all tests here, which ends with this
// one. Limits that count in memory count in all of it.
var shared = sync.OnceValues(func() (*oracle.Host, error) { return oracle.NewHost(context.Background(), authtest.Secret) })

// sharedHost gives that process.
func sharedHost(t *testing.T) *oracle.Host {
	t.Helper()
	if testing.Short() {
		t.Skip("needs Node")
	}
	host, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return host
}

// ownHost gives a process of its own, whose complaints nobody else reads.
func ownHost(t *testing.T) *oracle.Host {
	t.Helper()
	if testing.Short() {
		t.Skip("needs Node")
	}
	host, err := oracle.NewHost(t.Context(), authtest.Secret)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(host.Close)
	return host
}

// newSite gives a site whose database sallyport has migrated, and which nobody
// serves yet. It takes options of the jwt plugin and others of the whole.
func newSite(t *testing.T, host *oracle.Host, jwt, options string) *site {
	t.Helper()
	return emptySite(t, host, func(s *site) string {
		return fmt.Sprintf(together, s.url, s.mail.url, transcript.WebhookSecret, jwt, options)
	})
}

// emptySite is newSite for any configuration.
func emptySite(t *testing.T, host *oracle.Host, config func(*site) string) *site {
	t.Helper()
	seed := rand.Uint64()
	t.Logf("the dice are those of the seed %d", seed)
	s := &site{t: t, host: host, front: newFront(t, seed), mail: newPost(t), done: map[string]int{}}
	s.config = config(s)
	s.database = authtest.Database(t, authtest.Config(t, s.config))
	rows, err := pgxpool.New(context.Background(), s.database)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(rows.Close)
	s.rows = rows
	return s
}

// bothSides gives a site that both serve.
func bothSides(t *testing.T, host *oracle.Host, jwt, options string) *site {
	t.Helper()
	s := newSite(t, host, jwt, options)
	s.startTheirs(t)
	s.startOurs(t)
	return s
}

// startTheirs starts the original on the tables as they are, for as long as t.
func (s *site) startTheirs(t *testing.T) {
	t.Helper()
	o := oracle.Options{Config: s.config, DatabaseURL: s.database, Receiver: s.mail.url, AsIs: true}
	if s.idp != nil {
		o.Provider = s.idp.URL
	}
	url, stop, err := s.host.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	s.put(theirs, url)
}

// startOurs starts sallyport, for as long as t.
func (s *site) startOurs(t *testing.T) *authtest.Server {
	t.Helper()
	options := []authtest.Option{func(o *authtest.Server) { o.Database = s.database }, authtest.Delivering(), authtest.RealHashes()}
	if s.idp != nil {
		options = append(options, authtest.Outbound(s.idp.Transport()))
	}
	server := authtest.New(t, s.config, options...)
	s.put(ours, server.URL)
	t.Cleanup(func() { s.remove(ours) })
	return server
}

// migrate does what `sallyport migrate up` does.
func (s *site) migrate() {
	s.t.Helper()
	cfg := authtest.Config(s.t, s.config)
	set, err := server.Schema(cfg)
	if err != nil {
		s.t.Fatal(err)
	}
	o := server.MigrateOptions(cfg, set, slog.New(slog.DiscardHandler))
	o.URL = s.database
	if err := migrate.Up(s.t.Context(), o); err != nil {
		s.t.Fatal(err)
	}
}

// exec runs a statement, for what only an operator or time does.
func (s *site) exec(sql string, args ...any) {
	s.t.Helper()
	if _, err := s.rows.Exec(context.Background(), sql, args...); err != nil {
		s.t.Errorf("%s: %v", sql, err)
	}
}

// count gives the number that a query for one number gives.
func (s *site) count(sql string, args ...any) (n int) {
	s.t.Helper()
	if err := s.rows.QueryRow(context.Background(), sql, args...).Scan(&n); err != nil {
		s.t.Errorf("%s: %v", sql, err)
	}
	return n
}
