package ratelimit

import (
	"context"
	"time"

	"github.com/sallyport-auth/sallyport/internal/store"
)

// Database keeps counters in Better Auth's table, which every instance on the
// database shares, a Better Auth among them.
type Database struct {
	rows *store.RateLimits
	now  func() time.Time
}

// NewDatabase makes a Database of the rows of a store.
func NewDatabase(rows *store.RateLimits, now func() time.Time) *Database {
	return &Database{rows, now}
}

// Consume counts a request in one statement. Times are those of this process:
// the database's clock is not asked.
func (d *Database) Consume(ctx context.Context, key string, r Rule) (Decision, error) {
	now := d.now()
	allowed, last, err := d.rows.Count(ctx, key, now, r.Window, r.Max)
	if err != nil || allowed {
		return Decision{Allowed: allowed}, err
	}
	return Decision{RetryAfter: ceilSeconds(last.Add(r.Window).Sub(now.Truncate(time.Millisecond)))}, nil
}
