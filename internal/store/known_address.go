package store

import (
	"context"
	"time"
)

// seenAgain is how old the memory of an address becomes before it is renewed, so
// that most sign-ins from a known one write nothing.
const seenAgain = 24 * time.Hour

// arrival is how a session is inserted, without and with the memory of where it
// comes from.
type arrival struct{ plain, remembered insertion }

// arrival writes the statements for sessions whose values come from source, which
// has more parameters behind those of the columns.
func (l *layout) arrival(own string, plain insertion, source func(columns []string) string, more int) arrival {
	i := l.insertion(true, source)
	n := len(l.columns) + more
	i.withID, i.withoutID = remembering(own, i.withID, n), remembering(own, i.withoutID, n-1)
	return arrival{plain: plain, remembered: i}
}

// remembering adds three parameters to an insertion with n: what to remember, the
// time, and since when that need not be done again. Where the insertion inserts
// nothing, nothing is remembered.
func remembering(own, insert string, n int) string {
	table := quote(own) + ".known_address"
	address, now, since := "$"+itoa(n+1)+"::bytea", "$"+itoa(n+2)+"::timestamptz", "$"+itoa(n+3)+"::timestamptz"
	return "with changed as (" + insert + "), known as (insert into " + table + " (address, seen_at) select " + address + ", " + now +
		" where exists (select from changed) and not exists (select from " + table + " k where k.address = " + address + " and k.seen_at > " + since + ")" +
		" on conflict (address) do update set seen_at = excluded.seen_at)" + changedRows
}

func (s *Store) arrive(ctx context.Context, a *arrival, row *Session, more ...any) error {
	insertion := &a.plain
	if row.From != nil {
		insertion = &a.remembered
		more = append(more, row.From, row.CreatedAt, row.CreatedAt.Add(-seenAgain))
	}
	return s.whyNot(ctx, row, s.insert(ctx, &s.layout.session, insertion, row, more...))
}
