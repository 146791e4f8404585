package oauth_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/jose"
	"github.com/sallyport-auth/sallyport/internal/oauth"
	"github.com/sallyport-auth/sallyport/internal/outbound"
)

// keyServer is a provider's key set on a real server.
type keyServer struct {
	*httptest.Server
	asked atomic.Int64

	mu     sync.Mutex
	public []string
	status int
	wait   chan struct{}
}

func newKeyServer(t *testing.T, public ...string) *keyServer {
	t.Helper()
	s := &keyServer{public: public, status: http.StatusOK}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		s.asked.Add(1)
		s.mu.Lock()
		status, keys, wait := s.status, strings.Join(s.public, ","), s.wait
		s.mu.Unlock()
		if wait != nil {
			<-wait
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, `{"keys":[%s]}`, keys)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *keyServer) set(status int, public ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status, s.public = status, public
}

func (s *keyServer) keys(now func() time.Time) *oauth.Keys {
	client := outbound.New(outbound.Options{Transport: http.DefaultTransport})
	return &oauth.Keys{Client: client, URL: s.URL, Now: now}
}

// key is one of a provider, with its published form.
type key struct {
	*jose.Signer
	public string
}

func newKey(t *testing.T, alg, kid, further string) key {
	t.Helper()
	pair, err := jose.Generate(alg, 0, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := jose.NewSigner(alg, kid, pair.Private)
	if err != nil {
		t.Fatal(err)
	}
	public := strings.TrimSuffix(pair.Public, "}") + further
	if kid != "" {
		public += fmt.Sprintf(`,"kid":%q`, kid)
	}
	return key{signer, public + "}"}
}

func (k key) token(t *testing.T, claims map[string]any) string {
	t.Helper()
	payload, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	token, err := k.Sign(payload)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// claims are good ones, with changes; nil takes one away.
func claims(now time.Time, changes map[string]any) map[string]any {
	all := map[string]any{"iss": "https://issuer.test", "sub": "u1", "aud": "app", "iat": now.Unix(), "exp": now.Unix() + 600}
	for name, value := range changes {
		if all[name] = value; value == nil {
			delete(all, name)
		}
	}
	return all
}

func TestKeysRotate(t *testing.T) {
	t.Parallel()
	var clock atomic.Int64
	clock.Store(time.Now().Unix())
	now := func() time.Time { return time.Unix(clock.Load(), 0) }
	old, newer := newKey(t, jose.ES256, "old", ""), newKey(t, jose.ES256, "new", "")
	server := newKeyServer(t, old.public)
	keys := server.keys(now)
	good := func(k key) bool {
		_, err := keys.Verify(context.Background(), k.token(t, claims(now(), nil)), []string{jose.ES256})
		return err == nil
	}
	want := func(step string, oldGood, newGood bool, asked int64) {
		t.Helper()
		if good(old) != oldGood || good(newer) != newGood || server.asked.Load() != asked {
			t.Errorf("%s: old %v, new %v, asked %d times", step, good(old), good(newer), server.asked.Load())
		}
	}
	want("at first", true, false, 1)
	server.set(http.StatusOK, old.public, newer.public)
	want("within the pause", true, false, 1)
	clock.Add(31)
	want("after the pause", true, true, 2)
	server.set(http.StatusOK, newer.public)
	clock.Add(5 * 60)
	want("while the old set is fresh", true, true, 2)
	clock.Add(5*60 + 1)
	want("when it is not", false, true, 3)
	server.set(http.StatusInternalServerError)
	clock.Add(11 * 60)
	want("while the provider is away", false, true, 4)
	clock.Add(50 * 60)
	want("away for long", false, false, 5)
	server.set(http.StatusOK, newer.public)
	clock.Add(6)
	want("back", false, true, 6)
}

func TestAPrivateOrBrokenSetIsNone(t *testing.T) {
	t.Parallel()
	k := newKey(t, jose.ES256, "k", "")
	for _, body := range []string{"", "x", "[]", "{}", `{"keys":1}`, `{"keys":[1,null,{}]}`, `{"keys":[]}`} {
		set, err := jose.ParseKeySet([]byte(body))
		if err != nil {
			continue
		}
		if _, err := set.Verify(k.token(t, claims(time.Now(), nil)), []string{jose.ES256}); err == nil {
			t.Errorf("%s verifies a token", body)
		}
	}
}

// A thousand made-up tokens at once, and people who do not wait.
func TestKeysAreAskedForOnce(t *testing.T) {
	t.Parallel()
	k := newKey(t, jose.ES256, "k", "")
	server := newKeyServer(t, k.public)
	server.wait = make(chan struct{})
	keys := server.keys(time.Now)
	impatient, leave := context.WithCancel(t.Context())
	first := make(chan error, 1)
	go func() {
		_, err := keys.Verify(impatient, k.token(t, claims(time.Now(), nil)), []string{jose.ES256})
		first <- err
	}()
	for server.asked.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	var group sync.WaitGroup
	var good atomic.Int64
	for i := range 200 {
		other := newKey(t, jose.EdDSA, fmt.Sprint("made up ", i), "")
		group.Go(func() {
			if _, err := keys.Verify(t.Context(), other.token(t, claims(time.Now(), nil)), []string{jose.ES256, jose.EdDSA}); err == nil {
				t.Error("a made-up token is good")
			}
			if _, err := keys.Verify(t.Context(), k.token(t, claims(time.Now(), nil)), []string{jose.ES256}); err == nil {
				good.Add(1)
			}
		})
	}
	leave()
	if err := <-first; err == nil {
		t.Error("who has left got an answer")
	}
	close(server.wait)
	group.Wait()
	if good.Load() != 200 || server.asked.Load() != 1 {
		t.Errorf("%d of 200 good, asked %d times", good.Load(), server.asked.Load())
	}
}
