package redis_test

import (
	"strings"
	"testing"

	goredis "github.com/redis/go-redis/v9"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/redis/redistest"
)

// What a copy of sessions in Redis could save at most: docs/decisions/0008.

func BenchmarkSessionFromPostgres(b *testing.B) {
	s := authtest.New(b, authtest.Starter)
	token, _ := s.Client().SignUp("ann@example.test").JSON()["token"].(string)
	b.Run("one after the other", func(b *testing.B) {
		for b.Loop() {
			if session, _, err := s.Server.Auth.Store.SessionByToken(b.Context(), token); err != nil || session == nil {
				b.Fatal(session, err)
			}
		}
	})
	b.Run("side by side", func(b *testing.B) {
		b.RunParallel(func(p *testing.PB) {
			for p.Next() {
				if _, _, err := s.Server.Auth.Store.SessionByToken(b.Context(), token); err != nil {
					b.Error(err)
				}
			}
		})
	})
}

func BenchmarkSessionFromRedis(b *testing.B) {
	s := redistest.New(b)
	options, err := goredis.ParseURL(s.URL)
	if err != nil {
		b.Fatal(err)
	}
	c := goredis.NewClient(options)
	defer func() { _ = c.Close() }()
	// As large as a session and its user in JSON.
	if err := c.Set(b.Context(), "session", strings.Repeat("x", 700), 0).Err(); err != nil {
		b.Fatal(err)
	}
	b.Run("one after the other", func(b *testing.B) {
		for b.Loop() {
			if err := c.Get(b.Context(), "session").Err(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("side by side", func(b *testing.B) {
		b.RunParallel(func(p *testing.PB) {
			for p.Next() {
				if err := c.Get(b.Context(), "session").Err(); err != nil {
					b.Error(err)
				}
			}
		})
	})
}
