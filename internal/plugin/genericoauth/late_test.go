package genericoauth

import (
	"encoding/json"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// flaky answers with the document when told to, counts, and waits for go.
type flaky struct {
	web
	asked   atomic.Int32
	healthy atomic.Bool
	wait    chan struct{}
}

func (f *flaky) RoundTrip(r *http.Request) (*http.Response, error) {
	f.asked.Add(1)
	<-f.wait
	w := &watched{}
	if f.healthy.Load() {
		w.web = f.web
	}
	return w.RoundTrip(r)
}

func newLate(t *testing.T) (*GenericOAuth, *flaky, *late, *atomic.Pointer[oauth.Provider], *atomic.Int64) {
	t.Helper()
	f := &flaky{wait: make(chan struct{}), web: web{discoverAt: {200, json.RawMessage(
		`{"authorization_endpoint":"https://idp.test/a","token_endpoint":"https://idp.test/t"}`,
	)}}}
	g := plugin(t, f)
	var now atomic.Int64
	g.auth.Now = func() time.Time { return theTime.Add(time.Duration(now.Load())) }
	o, err := options([]byte(`{"providerId":"acme","clientId":"c","discoveryUrl":"` + discoverAt + `"}`))
	if err != nil {
		t.Fatal(err)
	}
	var arrived atomic.Pointer[oauth.Provider]
	l := &late{options: o, arrive: arrived.Store}
	g.late = map[string]*late{"acme": l}
	return g, f, l, &arrived, &now
}

func TestADocumentIsAskedForAgain(t *testing.T) {
	t.Parallel()
	g, f, l, arrived, now := newLate(t)
	close(f.wait)
	if err := g.start(t.Context()); err != nil {
		t.Fatal(err)
	}
	g.reading.Wait()
	for _, step := range []struct {
		after   time.Duration
		healthy bool
		asks    int32
		here    bool
	}{
		{0, false, 1, false},                            // the first request, at once
		{pause - 1, true, 0, false},                     // too soon
		{1, false, 1, false},                            // and again
		{pause, true, 1, true}, {pause, false, 0, true}, // for good
	} {
		now.Add(int64(step.after))
		f.healthy.Store(step.healthy)
		before := f.asked.Load()
		if reading := g.again(l); reading != nil {
			<-reading
		}
		if asks := f.asked.Load() - before; asks != step.asks || (arrived.Load() != nil) != step.here {
			t.Errorf("after %s: asked %d times, here %t; want %v", step.after, asks, arrived.Load() != nil, step)
		}
	}
}

func TestADocumentIsAskedForOnceByAll(t *testing.T) {
	t.Parallel()
	g, f, l, arrived, _ := newLate(t)
	f.healthy.Store(true)
	if err := g.start(t.Context()); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 50 {
		reading := g.again(l)
		if reading == nil {
			t.Fatal("nothing to wait for while the document is read")
		}
		all.Go(func() { <-reading })
	}
	close(f.wait)
	all.Wait()
	if n := f.asked.Load(); n != 1 || arrived.Load() == nil {
		t.Errorf("asked %d times, here %t", n, arrived.Load() != nil)
	}
}

func TestNothingIsReadAfterTheEnd(t *testing.T) {
	t.Parallel()
	g, f, l, _, _ := newLate(t)
	g.stop()
	if g.again(l) != nil || f.asked.Load() != 0 {
		t.Error("a document was asked for after the end")
	}
}
