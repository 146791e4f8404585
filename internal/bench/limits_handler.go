package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"

	"github.com/go-chi/chi/v5"
)

// emptyHandler is the variable that makes this program the server of serveEmpty.
const emptyHandler = "BENCH_EMPTY_HANDLER"

// serveEmpty answers GET /ok through the router, and nothing else: what HTTP costs
// in Go. It ends with whoever started it.
func serveEmpty() {
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	router := chi.NewRouter()
	router.Get(basePath+"/ok", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"ok":true}`)
	})
	_ = http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), router) //nolint:gosec // nobody but the load generator reaches it
}

// handlerLimits presses that server as the others are.
func handlerLimits(ctx context.Context, b *bench) (all []limit, err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	s := subject{name: "empty handler", serve: []string{self}, env: []string{emptyHandler + "=1"}, config: "BENCH_CONFIG"}
	r, err := s.start(ctx)
	if err != nil {
		return nil, err
	}
	defer r.stop()
	c := contestant{running: r}
	for _, n := range []int{1, usual, 64} {
		var rates []float64
		for range b.rounds {
			sample, err := c.measure(ctx, workloads[0], load{connections: n, duration: b.duration})
			if err != nil {
				return nil, err
			}
			rates = append(rates, sample.rate())
		}
		all = append(all, newLimit(fmt.Sprintf("HTTP answer of an empty chi handler, %d at once", n), "req/s", rates))
	}
	return all, nil
}
