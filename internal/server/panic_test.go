package server

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/clientip"
)

// broken is a route that fails as only a mistake of ours can.
func broken(context.Context, *api.Call, api.None) (api.Empty, error) {
	panic("a secret detail")
}

func TestAPanicIsOneEmptyAnswer(t *testing.T) {
	t.Parallel()
	log := &strings.Builder{}
	route := api.GET("/broken", api.Public, broken)
	o := &outer{
		addresses: &clientip.Resolver{}, log: slog.New(slog.NewTextHandler(log, nil)), bodyLimit: 100, deadline: time.Minute,
		metrics: newMetrics(), guards: guards(""), stopping: func() bool { return false }, crowded: func() bool { return false },
		next: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/fine" {
				w.WriteHeader(http.StatusNoContent)
				return
			}
			if r.URL.Path == "/late" {
				w.WriteHeader(http.StatusOK)
			}
			(&api.Dispatcher{}).Serve(w, r, &route, "", exchangeOf(r).log)
		}),
	}
	s := httptest.NewServer(o)
	defer s.Close()
	for _, step := range []struct {
		path   string
		status int
	}{{"/broken", 500}, {"/late", 200}, {"/fine", 204}} {
		res, err := http.Get(s.URL + step.path)
		if err != nil {
			t.Fatalf("%s: %v", step.path, err)
		}
		body, _ := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if res.StatusCode != step.status || len(body) != 0 || res.Header.Get("Content-Type") != "" {
			t.Errorf("%s: %d %q %v", step.path, res.StatusCode, body, res.Header)
		}
		if res.Header.Get("X-Content-Type-Options") != "nosniff" || res.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %v", step.path, res.Header)
		}
	}
	if n := strings.Count(log.String(), "a secret detail"); n != 2 {
		t.Errorf("the log tells it %d times", n)
	}
}
