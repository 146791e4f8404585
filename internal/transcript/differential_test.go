package transcript_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/oauth/idptest"
	"github.com/sallyport-auth/sallyport/internal/postgres/pgtest"
	"github.com/sallyport-auth/sallyport/internal/redis/redistest"
	"github.com/sallyport-auth/sallyport/internal/scrypt"
	"github.com/sallyport-auth/sallyport/internal/server"
	"github.com/sallyport-auth/sallyport/internal/transcript"
	"github.com/sallyport-auth/sallyport/internal/transcript/oracle"
)

var (
	record    = flag.Bool("record", false, "write testdata/recorded anew from the original")
	twoOracle = flag.Bool("two-originals", false, "compare the original with itself, to test the comparison")
)

// start runs a server for one conversation, which posts its messages to the
// mailbox if there is one.
type start func(t *testing.T, c transcript.Conversation, m *transcript.Mailbox) transcript.Target

// originals gives a way to run Better Auth: in one process for all conversations
// of a test, but for those that count requests.
func originals(t *testing.T) start {
	t.Helper()
	host, err := oracle.NewHost(t.Context(), transcript.Secret)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(host.Close)
	return func(t *testing.T, c transcript.Conversation, m *transcript.Mailbox) transcript.Target {
		t.Helper()
		if c.CountsRequests() {
			return startOriginal(t, c, m)
		}
		o, provider := options(t, c, m)
		if !c.StoresHash() {
			o.HashCost = authtest.CheapHashes
		}
		url, stop, err := host.Start(o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(stop)
		return transcript.Target{BaseURL: url, DatabaseURL: o.DatabaseURL, Messages: m.Take, HashCost: o.HashCost, Provider: provider}
	}
}

// options are those of the original for a conversation, with the identity provider
// that it asks, if it asks any.
func options(t *testing.T, c transcript.Conversation, m *transcript.Mailbox) (oracle.Options, *idptest.Server) {
	t.Helper()
	o := oracle.Options{Config: c.Config, DatabaseURL: pgtest.URL(t), Receiver: m.Address()}
	provider := providerOf(t, c)
	if provider != nil {
		o.Provider = provider.URL
	}
	return o, provider
}

// providerOf stands in for the identity providers that a server asks; nil if none.
func providerOf(t *testing.T, c transcript.Conversation) *idptest.Server {
	t.Helper()
	if !c.AsksProviders() {
		return nil
	}
	return idptest.New(t)
}

// startOriginal runs Better Auth in a process of its own.
func startOriginal(t *testing.T, c transcript.Conversation, m *transcript.Mailbox) transcript.Target {
	t.Helper()
	o, provider := options(t, c, m)
	process, err := oracle.Start(t.Context(), o, c.EnvironmentSecret())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(process.Stop)
	return transcript.Target{BaseURL: process.URL, DatabaseURL: o.DatabaseURL, Messages: m.Take, Provider: provider}
}

// keysReread is a little longer than sallyport takes to notice key rows that
// something else changed.
const keysReread = 8 * time.Second

// someRedis stands in a conversation's configuration for a Redis of its own.
const someRedis = "redis://redis.test"

// startSallyport runs our server in this process. Its messages are read where
// they wait.
func startSallyport(t *testing.T, c transcript.Conversation, m *transcript.Mailbox) transcript.Target {
	t.Helper()
	return startAt(t, c, m, scrypt.Cost{})
}

// startCheaply is startSallyport with cheap hashes, for conversations with it alone:
// the original never reads what it stores.
func startCheaply(t *testing.T, c transcript.Conversation, m *transcript.Mailbox) transcript.Target {
	t.Helper()
	if c.StoresHash() {
		return startSallyport(t, c, m)
	}
	return startAt(t, c, m, authtest.CheapHashes)
}

func startAt(t *testing.T, c transcript.Conversation, m *transcript.Mailbox, cost scrypt.Cost) transcript.Target {
	t.Helper()
	var environment []string
	if secret := c.EnvironmentSecret(); secret != "" {
		environment = []string{"BETTER_AUTH_SECRET=" + secret}
	}
	text, err := c.ConfigWith(m)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(text, someRedis) {
		text = strings.ReplaceAll(text, someRedis, redistest.New(t).URL)
	}
	cfg, err := server.ParseConfig(text, environment)
	if err != nil {
		t.Fatal(err)
	}
	database := authtest.Database(t, cfg)
	cfg.Database.URL = config.NewSecret(database)
	authtest.Transport(cfg)
	if err := server.Complete(cfg, server.ModeOf(cfg)); err != nil {
		t.Fatal(err)
	}
	deps := server.Deps{Log: slog.New(slog.DiscardHandler), HashCost: cost}
	provider := providerOf(t, c)
	if provider != nil {
		deps.Outbound = provider.Transport()
	}
	srv, err := server.New(t.Context(), cfg, deps)
	if err != nil {
		t.Fatal(err)
	}
	listener := httptest.NewServer(srv.Handler())
	t.Cleanup(func() {
		listener.Close()
		srv.Close()
	})
	return transcript.Target{BaseURL: listener.URL, DatabaseURL: database, Settle: keysReread, Messages: outbox(srv), HashCost: cost, Provider: provider}
}

// outbox gives the messages of a server that nothing delivers, each once, as the
// webhook would get them.
func outbox(srv *server.Server) func(context.Context) ([]string, error) {
	seen := map[string]bool{}
	return func(ctx context.Context) ([]string, error) {
		letters, err := srv.Outbox.Waiting(ctx)
		var bodies []string
		for _, l := range letters {
			if !seen[l.ID] {
				bodies = append(bodies, fmt.Sprintf(`{"event":%q,"channel":%q,"recipient":%q,"data":%s}`, l.Event, l.Channel, l.Recipient, bytes.TrimSpace(l.Data)))
			}
			seen[l.ID] = true
		}
		return bodies, err
	}
}

// play starts a server, plays to it and stops it.
func play(t *testing.T, c transcript.Conversation, start start) transcript.Recording {
	t.Helper()
	recording, err := transcript.Play(t.Context(), c, start(t, c, mailboxOf(t, c)))
	if err != nil {
		t.Fatal(err)
	}
	return recording
}

// mailboxOf receives what a conversation makes a server send; nil if nothing.
func mailboxOf(t *testing.T, c transcript.Conversation) *transcript.Mailbox {
	t.Helper()
	if !c.SendsMessages() {
		return nil
	}
	mailbox, err := transcript.NewMailbox()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(mailbox.Close)
	return mailbox
}

// performance is what sallyport did in one conversation: TestDifferential and
// TestReplay judge the same one.
type performance struct {
	once      sync.Once
	recording transcript.Recording
}

var performances sync.Map // of *performance, by the conversation's name

// ours gives what sallyport does, playing to it where that has not been done.
func ours(t *testing.T, c transcript.Conversation) transcript.Recording {
	t.Helper()
	kept, _ := performances.LoadOrStore(c.String(), &performance{})
	p := kept.(*performance)
	p.once.Do(func() { p.recording = play(t, c, startCheaply) })
	if p.recording.Conversation == "" {
		t.Fatal("it could not be played: see the test that tried")
	}
	return p.recording
}

// each runs a test for every conversation, side by side.
func each(t *testing.T, test func(t *testing.T, c transcript.Conversation)) {
	t.Helper()
	all, err := transcript.Load("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		t.Run(c.String(), func(t *testing.T) {
			t.Parallel()
			test(t, c)
		})
	}
}

// report fails the test with every difference.
func report(t *testing.T, want, got transcript.Recording) {
	t.Helper()
	for _, difference := range transcript.Compare(want, got) {
		t.Error(difference)
	}
}

// expect lays the wanted differences over what the original did.
func expect(t *testing.T, c transcript.Conversation, original transcript.Recording) transcript.Recording {
	t.Helper()
	expected, err := c.Expect(original)
	if err != nil {
		t.Fatal(err)
	}
	return expected
}

// TestDifferential plays every conversation to the original and to sallyport,
// both live. With -two-originals the second is another original, so that what
// differs is the comparison's own fault.
func TestDifferential(t *testing.T) {
	if testing.Short() {
		t.Skip("needs Node and a minute")
	}
	startOriginal := originals(t)
	each(t, func(t *testing.T, c transcript.Conversation) {
		original := play(t, c, startOriginal)
		if *twoOracle {
			report(t, original, play(t, c, startOriginal))
			return
		}
		report(t, expect(t, c, original), ours(t, c))
	})
}

// TestReplay plays every conversation to sallyport and compares with what the
// original once answered, without Node. With -record it asks the original again.
func TestReplay(t *testing.T) {
	if *record {
		startOriginal := originals(t)
		each(t, func(t *testing.T, c transcript.Conversation) {
			if err := transcript.WriteRecording("testdata", c, play(t, c, startOriginal)); err != nil {
				t.Fatal(err)
			}
		})
		return
	}
	each(t, func(t *testing.T, c transcript.Conversation) {
		original, err := transcript.ReadRecording("testdata", c)
		if err != nil {
			t.Fatalf("%v; record it with: go test ./internal/transcript -run TestReplay -record", err)
		}
		report(t, expect(t, c, original), ours(t, c))
	})
}

// TestLaterConversationsAreStillRefused holds what waits in testdata/later: a
// conversation whose options sallyport has learned belongs one folder up.
func TestLaterConversationsAreStillRefused(t *testing.T) {
	waiting, err := transcript.Load("testdata/later")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range waiting {
		if _, err := server.ParseConfig(c.Config, nil); err == nil {
			t.Errorf("%s: its configuration is understood now: move it to testdata and record it", c)
		}
	}
}
