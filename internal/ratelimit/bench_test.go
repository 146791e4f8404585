package ratelimit_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/ratelimit"
)

// BenchmarkMemory decides on requests of many addresses, allowed and denied,
// under ten patterns of the operator.
func BenchmarkMemory(b *testing.B) {
	cfg := ratelimit.Config{}
	for i := range 10 {
		cfg.CustomRules = append(cfg.CustomRules, config.Entry[ratelimit.CustomRule]{Name: "/path" + strconv.Itoa(i) + "/*", Value: rule(i + 1)})
	}
	for name, path := range map[string]string{"allowed": "/get-session", "denied": "/path0/x"} {
		b.Run(name, func(b *testing.B) {
			l := ratelimit.New(ratelimit.Options{Config: cfg, Now: time.Now})
			addresses := make([]string, 1000)
			for i := range addresses {
				addresses[i] = "203.0.113." + strconv.Itoa(i)
			}
			b.ReportAllocs()
			for i := range b.N {
				l.Check(b.Context(), ratelimit.Request{Address: addresses[i%len(addresses)], Path: path})
			}
		})
	}
}
