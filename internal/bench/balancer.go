package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
)

// balancerFor is the variable that makes this program a balancer, of servers at
// host:port,host:port.
const balancerFor = "BENCH_BALANCER_FOR"

// balancer deals requests to servers in turn.
type balancer struct {
	proxies []*httputil.ReverseProxy
	turn    atomic.Uint64
}

func newBalancer(addresses []string) *balancer {
	b := &balancer{}
	for _, address := range addresses {
		to := &url.URL{Scheme: "http", Host: address}
		b.proxies = append(b.proxies, &httputil.ReverseProxy{
			Rewrite: func(r *httputil.ProxyRequest) {
				r.SetURL(to)
				r.Out.Host = r.In.Host
				r.SetXForwarded()
			},
			// As many as clients: a new connection for every other request would be measured instead.
			Transport: &http.Transport{MaxIdleConnsPerHost: 256},
		})
	}
	return b
}

// ServeHTTP hands the request to the next server.
func (b *balancer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.proxies[b.turn.Add(1)%uint64(len(b.proxies))].ServeHTTP(w, r)
}

// serveBalancer runs the balancer until whoever started it ends.
func serveBalancer(addresses string) {
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	err := http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), newBalancer(strings.Split(addresses, ","))) //nolint:gosec // nobody but the load generator reaches it
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
