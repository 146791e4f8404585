// Package redis counts in a Redis that instances share, and keeps its troubles away from requests.
//
// A counter belongs to a fixed window: it begins with the first hit and Redis forgets it when the window
// is over. Nothing else is kept there, so that losing it loses no data.
//
// Redis is probed every second. From the first failure until the next good probe nobody is made to wait
// for it: Count says at once that it cannot count, and the caller counts for itself.
package redis

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	goredis "github.com/redis/go-redis/v9"
	"github.com/ulule/limiter/v3"
	store "github.com/ulule/limiter/v3/drivers/store/redis"

	"github.com/sallyport-auth/sallyport/internal/config"
)

const (
	// AnswerWithin is how long a request waits for Redis at most.
	AnswerWithin = 500 * time.Millisecond
	// connections bounds those of one instance. A command takes a tenth of a
	// millisecond, so that few would do; more keep a burst from waiting.
	connections = 50
	// dialWithin is for a new connection, which goes on while a request that
	// wanted it has given up.
	dialWithin = time.Second
	// probeEvery is the time between two probes.
	probeEvery = time.Second
	// probeKey is no key of the limiter, which all have a bar in them.
	probeKey = "probe"
)

// Config holds the options of the Redis.
type Config struct {
	URL config.Secret `yaml:"url" env:"REDIS_URL" doc:"A Redis where instances count requests together, as a redis://, rediss:// or unix:// URL. Sessions and one-time values stay in Postgres."`
}

var errDown = errors.New("the last probe of Redis failed")

// Options say how a Client counts.
type Options struct {
	Config Config
	// Installation begins every key. Those who share it share their counters.
	Installation string
	Log          *slog.Logger
}

// Client counts in one Redis. It is safe for concurrent use.
type Client struct {
	redis  *goredis.Client
	prefix string
	// counters is nil until Redis has answered once.
	counters atomic.Pointer[limiter.Store]
	up       atomic.Bool
	errors   atomic.Int64
	report   reporter
	close    context.CancelFunc
	watching sync.WaitGroup
}

// Open asks Redis for a first sign of life and begins to watch it. A Redis that
// does not answer is no error: it is logged, and used as soon as it does.
func Open(ctx context.Context, o Options) (*Client, error) {
	c, err := newClient(o)
	if err != nil {
		return nil, err
	}
	_ = c.probe(ctx)
	c.report.tell(c.up.Load())
	ctx, c.close = context.WithCancel(context.WithoutCancel(ctx))
	c.watching.Go(func() { c.watch(ctx) })
	return c, nil
}

func newClient(o Options) (*Client, error) {
	options, err := parseURL(o.Config.URL)
	if err != nil {
		return nil, err
	}
	quieten()
	options.DialTimeout, options.DialerRetries = dialWithin, 1
	options.ReadTimeout, options.WriteTimeout, options.PoolTimeout = AnswerWithin, AnswerWithin, AnswerWithin
	options.ContextTimeoutEnabled = true
	options.PoolSize = connections
	// A second try could count a hit twice, and makes the request wait longer.
	options.MaxRetries = -1
	options.DisableIdentity = true
	return &Client{
		redis: goredis.NewClient(options), prefix: "sallyport:" + o.Installation,
		report: reporter{log: o.Log}, close: func() {},
	}, nil
}

// Close ends the connections.
func (c *Client) Close() {
	c.close()
	c.watching.Wait()
	_ = c.redis.Close()
}

// Up tells whether Redis counts at present.
func (c *Client) Up() bool { return c.up.Load() }

// Errors is how often Redis has failed to count.
func (c *Client) Errors() int64 { return c.errors.Load() }

// Count adds a hit to the key's counter and tells whether there are at most
// limit of them in its window. An error means that nothing can be said.
func (c *Client) Count(ctx context.Context, key string, limit int, window time.Duration) (within bool, err error) {
	if !c.up.Load() {
		return false, errDown
	}
	// A client that hangs up is counted too, and is no failure of Redis.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), AnswerWithin)
	defer cancel()
	within, err = c.count(ctx, key, limit, window)
	if err != nil {
		c.failed(err)
	}
	return within, err
}

func (c *Client) count(ctx context.Context, key string, limit int, window time.Duration) (within bool, err error) {
	counters := c.counters.Load()
	if counters == nil {
		return false, errDown
	}
	state, err := (*counters).Get(ctx, key, limiter.Rate{Period: window, Limit: int64(limit)})
	return err == nil && !state.Reached, err
}

// failed gives Redis up until the next probe, unless the trouble is one key's.
func (c *Client) failed(err error) {
	c.errors.Add(1)
	c.report.note(err)
	if !concernsOneKey(err) {
		c.up.Store(false)
	}
}

// concernsOneKey recognises that something else has put a value under the key.
func concernsOneKey(err error) bool {
	text := err.Error()
	return strings.Contains(text, "WRONGTYPE") || strings.Contains(text, "is not an integer")
}

// probe counts, because a Redis that answers pings may refuse to write.
func (c *Client) probe(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, dialWithin)
	defer cancel()
	err := c.loadCounters()
	if err == nil {
		_, err = c.count(ctx, probeKey, 1, 10*time.Second)
	}
	if err != nil {
		c.failed(err)
	}
	c.up.Store(err == nil)
	return err
}

// loadCounters makes the counters, which are two scripts in Redis. Where it has
// forgotten them later, they are sent again.
func (c *Client) loadCounters() error {
	if c.counters.Load() != nil {
		return nil
	}
	counters, err := store.NewStoreWithOptions(c.redis, limiter.StoreOptions{Prefix: c.prefix})
	if err != nil {
		return fmt.Errorf("preparing counters: %w", err)
	}
	c.counters.Store(&counters)
	return nil
}

// watch probes until the client is closed.
func (c *Client) watch(ctx context.Context) {
	ticker := time.NewTicker(probeEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			_ = c.probe(ctx)
			c.report.tell(c.up.Load())
		}
	}
}
