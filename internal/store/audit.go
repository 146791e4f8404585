package store

import (
	"context"
	"errors"
	"iter"

	"github.com/sallyport-auth/sallyport/internal/store/db"
)

// AuditRow is a row of the audit log as it is read.
type AuditRow = db.AuditListRow

// AuditQuery says which rows of the audit log are wanted.
type AuditQuery struct {
	// After and Before are the ids between which they stand; empty is without end.
	After, Before string
	// Event and UserID are what they tell of and whom; empty is any.
	Event, UserID string
}

// Ids before and after all others.
const (
	firstID = "00000000-0000-0000-0000-000000000000"
	lastID  = "ffffffff-ffff-ffff-ffff-ffffffffffff"
)

// auditPage is how many rows are read at once.
const auditPage = 1000

// Audit gives rows of the audit log, oldest first. It reads page by page, so that
// it holds few of them however many there are, and no transaction open.
func (s *Store) Audit(ctx context.Context, q AuditQuery) iter.Seq2[AuditRow, error] {
	if q.After == "" {
		q.After = firstID
	}
	if q.Before == "" {
		q.Before = lastID
	}
	return func(yield func(AuditRow, error) bool) {
		for {
			page, err := s.auditPage(ctx, q)
			if err != nil {
				yield(AuditRow{}, err)
				return
			}
			for _, row := range page {
				if !yield(row, nil) {
					return
				}
			}
			if len(page) < auditPage {
				return
			}
			q.After = page[len(page)-1].ID
		}
	}
}

func (s *Store) auditPage(ctx context.Context, q AuditQuery) ([]AuditRow, error) {
	if q.UserID == "" {
		return s.AuditList(ctx, db.AuditListParams{After: q.After, Before: q.Before, Event: q.Event, Most: auditPage})
	}
	rows, err := s.AuditListOf(ctx, db.AuditListOfParams{UserID: q.UserID, After: q.After, Before: q.Before, Event: q.Event, Most: auditPage})
	page := make([]AuditRow, len(rows))
	for i, row := range rows {
		page[i] = AuditRow(row)
	}
	return page, err
}

// AuditTail gives the id after which the last n rows come.
func (s *Store) AuditTail(ctx context.Context, n int32) (string, error) {
	id, err := s.AuditBeforeLast(ctx, n)
	if errors.Is(err, ErrNotFound) {
		return firstID, nil
	}
	return id, err
}
