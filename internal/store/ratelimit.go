package store

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/sallyport-auth/sallyport/internal/schema"
)

// clocksDiffer is how far another instance's clock may be ahead of ours. A
// counter from later than that is damaged, and begins anew: it would block for
// as long as it lies ahead.
const clocksDiffer = time.Minute

// RateLimits are the counters of requests in the table rateLimit.
type RateLimits struct {
	store *Store
	newID func() (string, error)
	count string
}

// RateLimits gives the counters, or nil where the configuration has no table of
// them. A new row gets its id from newID, or from the database where ids are
// numbers.
func (s *Store) RateLimits(newID func() (string, error)) *RateLimits {
	t := s.layout.set.Table(schema.RateLimit.Model)
	if t == nil {
		return nil
	}
	return &RateLimits{s, newID, countStatement(t, s.layout.set.IDs)}
}

// countStatement decides on one request and counts it, in one statement.
//
// A request that is too many writes nothing and waits for nobody, so that a
// flood of them costs no more than reading.
//
// The time of a counter never goes back while it counts: of instances whose
// clocks differ the fastest decides, instead of each ending the windows of the
// other. Counts and times that no server writes count for nothing.
func countStatement(t *schema.Table, ids schema.IDType) string {
	id := map[schema.IDType]string{
		schema.TextIDs: "$6::text", schema.UUIDs: "$6::uuid",
		// A number that a conflict takes from the sequence is lost, and they are few.
		schema.SerialIDs: "coalesce((select id from seen), nextval(pg_get_serial_sequence($6, 'id')))",
	}[ids]
	l := layout{table: quote(t.TableName()), names: []string{"id"}}
	for i := range t.Fields {
		l.names = append(l.names, t.Fields[i].Name)
	}
	for _, column := range t.Columns() {
		l.columns = append(l.columns, quote(column))
	}
	// current is a counter whose window has not passed, full one that lets
	// nothing through.
	current := func(of string) string { return of + "{r.lastRequest} > $3 and " + of + "{r.lastRequest} <= $4" }
	full := func(of string) string {
		return "coalesce(" + current(of) + " and " + of + "{r.count} >= $5, false)"
	}
	return replaceNames("with seen as (select {r.id} as id, {r.lastRequest} as last, "+full("")+" as is_full from "+l.table+" where {r.key} = $1), "+
		"counted as (insert into "+l.table+" as r ({r.id}, {r.key}, {r.count}, {r.lastRequest}) "+
		"select "+id+", $1, 1, $2::bigint where not exists (select from seen where is_full) "+
		"on conflict ({r.key}) do update set "+
		"{r.count} = case when "+current("r.")+" then greatest(r.{r.count}, 0) + 1 else 1 end, "+
		"{r.lastRequest} = case when "+current("r.")+" then greatest(r.{r.lastRequest}, $2) else $2 end "+
		"where not "+full("r.")+" returning 1) "+
		"select exists (select from counted), (select last from seen where is_full)", map[string]*layout{"r": &l})
}

// Count counts a request against a key, of which most are allowed in a window.
// A request that is too many is not counted; last is then the time of the last
// one that was allowed.
func (r *RateLimits) Count(ctx context.Context, key string, now time.Time, window time.Duration, most int) (allowed bool, last time.Time, err error) {
	id, err := r.newID()
	if err != nil {
		return false, time.Time{}, err
	}
	if r.store.layout.set.IDs == schema.SerialIDs {
		id = quote(r.store.layout.set.Table(schema.RateLimit.Model).TableName())
	}
	at := now.UnixMilli()
	var full pgtype.Int8
	for range maxTries {
		err = r.store.run.QueryRow(ctx, r.count, key, at, now.Add(-window).UnixMilli(), now.Add(clocksDiffer).UnixMilli(), most, id).
			Scan(&allowed, &full)
		// Of numbered counters two that take the place of the same row, because it
		// was deleted or is just being changed, meet under its id.
		if !transient(err) && !errors.Is(err, ErrDuplicate) {
			break
		}
	}
	if !full.Valid {
		// Another request took the last place at the same moment.
		return allowed, now, err
	}
	return allowed, time.UnixMilli(full.Int64), err
}
