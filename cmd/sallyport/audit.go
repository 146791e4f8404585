package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/secure"
	"github.com/sallyport-auth/sallyport/internal/server"
	"github.com/sallyport-auth/sallyport/internal/store"
)

func newAudit(o *options) *cobra.Command {
	return group("audit", "Read the audit log, as JSON with a line for each event", newAuditTail(o), newAuditExport(o))
}

func newAuditTail(o *options) *cobra.Command {
	var last int32
	var follow bool
	c := &cobra.Command{
		Use: "tail", Short: "Print the last events, oldest first", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if last < 0 {
				return usageError{fmt.Errorf("-n takes a number from 0 on, got %d", last)}
			}
			return o.withAudit(cmd, func(t *tail) error {
				after, err := t.store.AuditTail(cmd.Context(), last)
				if err != nil {
					return err
				}
				if !follow {
					return t.print(cmd.Context(), store.AuditQuery{After: after})
				}
				return t.follow(cmd.Context(), after)
			})
		},
	}
	c.Flags().Int32VarP(&last, "lines", "n", 20, "how many")
	c.Flags().BoolVarP(&follow, "follow", "f", false, "go on with events as they come, until interrupted")
	return c
}

func newAuditExport(o *options) *cobra.Command {
	var since, until string
	var q store.AuditQuery
	c := &cobra.Command{
		Use: "export", Short: "Print events, oldest first", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if q.After, err = timeFlag("since", since); err != nil {
				return err
			}
			if q.Before, err = timeFlag("until", until); err != nil {
				return err
			}
			if q.Event != "" && !slices.ContainsFunc(server.AuditEvents(), func(e auth.EventKind) bool { return string(e.Name) == q.Event }) {
				return usageError{fmt.Errorf("--event %q is no event; docs/guides/audit.md lists them", q.Event)}
			}
			return o.withAudit(cmd, func(t *tail) error { return t.print(cmd.Context(), q) })
		},
	}
	c.Flags().StringVar(&since, "since", "", "only events from then on, as 2026-11-25 or 2026-11-25T08:00:00Z")
	c.Flags().StringVar(&until, "until", "", "only events before then")
	c.Flags().StringVar(&q.Event, "event", "", "only this event")
	c.Flags().StringVar(&q.UserID, "user", "", "only what was done to the user with this id")
	return c
}

// timeFlag gives the least id of a time, and nothing for none.
func timeFlag(name, text string) (string, error) {
	if text == "" {
		return "", nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if at, err := time.Parse(layout, text); err == nil {
			return secure.FirstTimeUUID(at), nil
		}
	}
	return "", usageError{fmt.Errorf("--%s %q is no time: write 2026-11-25, which is UTC, or 2026-11-25T08:00:00+01:00", name, text)}
}

// tail prints rows of the audit log.
type tail struct {
	store *store.Store
	out   *bufio.Writer
	// late is how much later than its id says a row can be committed.
	late time.Duration
}

// withAudit opens the log. Whoever reads the output may go at any time: that ends
// the command and is no error.
func (o *options) withAudit(cmd *cobra.Command, do func(*tail) error) error {
	in, err := o.open(cmd.Context())
	if err != nil {
		return err
	}
	defer in.close()
	signal.Ignore(syscall.SIGPIPE) // writing fails instead, and what was opened is closed
	if err := in.prepareTables(cmd.Context(), in.private != nil); err != nil {
		return err
	}
	err = server.WithStore(cmd.Context(), in.cfg, in.log, func(s *store.Store) error {
		t := &tail{store: s, out: bufio.NewWriter(cmd.OutOrStdout()), late: in.cfg.Server.Timeouts.Request.Std() + clockDifference}
		return errors.Join(do(t), t.out.Flush())
	})
	if errors.Is(err, syscall.EPIPE) {
		return nil
	}
	return err
}

// clockDifference is how far the clock of an instance that serves may be off.
const clockDifference = 30 * time.Second

// print writes the rows of a query.
func (t *tail) print(ctx context.Context, q store.AuditQuery) error {
	for row, err := range t.store.Audit(ctx, q) {
		if err != nil {
			return err
		}
		if err := writeRow(t.out, &row); err != nil {
			return err
		}
	}
	return nil
}

// pollInterval is how often tail --follow looks.
const pollInterval = time.Second

// follow writes the rows after an id, and those that come. A transaction that
// takes long commits rows whose ids are older than what was read already, so that
// the last while is read again each time.
func (t *tail) follow(ctx context.Context, after string) error {
	seen := map[string]bool{}
	for from := after; ; from = max(after, secure.FirstTimeUUID(time.Now().Add(-t.late))) {
		if err := t.printNew(ctx, from, seen); err != nil {
			if ctx.Err() != nil { // told to end in the midst of a query
				return nil
			}
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pollInterval):
		}
	}
}

// printNew writes the rows after an id that were not seen before. It forgets those
// that it will not be asked for again.
func (t *tail) printNew(ctx context.Context, from string, seen map[string]bool) error {
	for id := range seen {
		if id <= from {
			delete(seen, id)
		}
	}
	for row, err := range t.store.Audit(ctx, store.AuditQuery{After: from}) {
		if err != nil {
			return err
		}
		if seen[row.ID] {
			continue
		}
		seen[row.ID] = true
		if err := writeRow(t.out, &row); err != nil {
			return err
		}
	}
	return t.out.Flush()
}

// auditLine is a row as it is printed. Every line has every member.
type auditLine struct {
	ID        string          `json:"id"`
	At        string          `json:"at"`
	Event     string          `json:"event"`
	Outcome   string          `json:"outcome"`
	Reason    *string         `json:"reason"`
	Via       string          `json:"via"`
	Route     *string         `json:"route"`
	ActorID   *string         `json:"actorId"`
	SessionID *string         `json:"sessionId"`
	UserID    *string         `json:"userId"`
	Address   *string         `json:"address"`
	UserAgent *string         `json:"userAgent"`
	RequestID *string         `json:"requestId"`
	Details   json.RawMessage `json:"details"`
}

func writeRow(w io.Writer, r *store.AuditRow) error {
	line := json.NewEncoder(w)
	line.SetEscapeHTML(false)
	return line.Encode(auditLine{
		r.ID, r.At.UTC().Format("2006-01-02T15:04:05.000000Z"), r.Event, r.Outcome, r.Reason, r.Via, r.Route,
		r.ActorID, r.SessionID, r.UserID, r.Address, r.UserAgent, r.RequestID, r.Details,
	})
}
