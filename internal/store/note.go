package store

import (
	"context"
	"encoding/json"
	"strings"
	"time"
)

// Note is one row of the audit log: that something was done, or tried.
type Note struct {
	ID string // a UUID that sorts by time
	At time.Time
	// Event is what was done, by a name from a fixed list, and Outcome what came of
	// it. Reason is a code that tells why it failed.
	Event, Outcome, Reason string
	// Via is how the server was asked, and Route the endpoint where it was one.
	Via, Route string
	// ActorID is the user who did it and SessionID the session it was done in;
	// UserID is the user it was done to. Empty is unknown.
	ActorID, SessionID, UserID string
	// Address and UserAgent are where it came from, as sessions have them.
	Address, UserAgent, RequestID string
	// Details are further facts, for people to read. No secret is among them, nor
	// an address of mail.
	Details map[string]any
	// Self says that the row that is changed is a session of the one who did it:
	// its id and its user's are taken from there.
	Self bool
	// Err is why the note could not be made. The change that it belongs to fails
	// with it.
	Err error
}

// About sets whom it was done to.
func (n *Note) About(userID string) *Note {
	n.UserID = userID
	return n
}

// With adds a detail.
func (n *Note) With(name string, value any) *Note {
	if n.Details == nil {
		n.Details = map[string]any{}
	}
	n.Details[name] = value
	return n
}

// Noting gives a store whose next statement that inserts, updates or deletes a
// row of a shared table also writes n, if it changes anything: both or neither,
// in one round trip. What the log says of the row comes from the row itself: its
// user, its id, and how many there were.
//
// It is for one such statement; in a transaction Note does the same for anything
// else.
func (s *Store) Noting(n *Note) *Store {
	noting := *s
	noting.note = n
	return &noting
}

// Note writes n. Where there is a transaction it is part of that.
func (s *Store) Note(ctx context.Context, n *Note) error { return s.NoteIf(ctx, true, n) }

// NoteIf is Note, and asks the database the same without writing anything where
// keep is false.
func (s *Store) NoteIf(ctx context.Context, keep bool, n *Note) error {
	if s.audits {
		args, err := n.args()
		if err != nil {
			return err
		}
		if _, err := s.run.Exec(ctx, s.noteText(), append(args, keep)...); err != nil {
			return err
		}
	}
	if keep {
		s.noted(n)
	}
	return nil
}

// Count tells of a note that is not written.
func (s *Store) Count(n *Note) { s.noted(n) }

// noteText is the insertion of a note by itself.
func (s *Store) noteText() string {
	return s.names.noteInsert() + "select " + noteParameters(0, nil) + " where $" + itoa(len(noteFields)+1) + "::boolean"
}

// noted tells of a note: at once, or when the transaction has been committed.
func (s *Store) noted(n *Note) {
	switch {
	case n == nil || s.observe == nil:
	case s.pending != nil:
		*s.pending = append(*s.pending, n)
	default:
		s.observe(n.Event, n.Outcome)
	}
}

// beside gives a statement that changes rows of a table together with the note,
// where there is one. echo says that it returns the rows; else it gets to return
// what the note is about.
func (s *Store) beside(l *layout, sql string, args []any, echo bool) (string, []any, error) {
	if s.note == nil || !s.audits {
		return sql, args, nil
	}
	result := changedRows
	changing, more := strings.CutSuffix(sql, changedRows)
	if !more {
		if !echo {
			sql += " returning " + strings.Join(l.noteColumns(), ", ")
			result = " select from changed"
		}
		changing = "with changed as (" + sql + ")"
	}
	insert, args, err := s.noteOf(l, args)
	return changing + ", noted as (" + insert + ")" + result, args, err
}

// changedRows ends a statement that changes rows and something beside them, as
// one that bears a note does.
const changedRows = " select * from changed"

// noteOf writes the insertion of the note on the rows that changed has. It adds
// its parameters to those of the statement.
func (s *Store) noteOf(l *layout, args []any) (string, []any, error) {
	more, err := s.note.args()
	sql := s.names.noteInsert() + "select " + noteParameters(len(args), l.noteFacts(s.note.Self)) + " from changed having count(*) > 0"
	return sql, append(args, more...), err
}

// noteColumns are the columns that a note tells of.
func (l *layout) noteColumns() []string {
	var columns []string
	for _, name := range noteSources[l.model] {
		columns = append(columns, l.column(name))
	}
	return columns
}

// noteSources are the fields that a note tells of, by model.
var noteSources = map[string][]string{
	"user":         {"id"},
	"session":      {"id", "userId"},
	"account":      {"id", "userId", "providerId"},
	"verification": {"id"},
}

// noteFacts gives, by column of the log, what stands there in place of the
// parameter, which is written as %.
func (l *layout) noteFacts(self bool) map[string]string {
	first := func(name string) string { return "min(" + l.column(name) + "::text)" }
	switch l.model {
	case "user":
		return map[string]string{"user_id": "coalesce(%, " + first("id") + ")"}
	case "account":
		return map[string]string{
			"user_id": "coalesce(%, " + first("userId") + ")",
			"details": "% || jsonb_build_object('account', " + first("id") + ", 'provider', " + first("providerId") + ")",
		}
	case "session":
		if self {
			owner := "coalesce(" + first("userId") + ", %)"
			return map[string]string{"user_id": owner, "actor_id": owner, "session_id": "coalesce(" + first("id") + ", %)"}
		}
		return map[string]string{
			"user_id": "coalesce(%, " + first("userId") + ")",
			"details": "% || case count(*) when 1 then jsonb_build_object('session', " + first("id") +
				") else jsonb_build_object('sessions', count(*)) end",
		}
	}
	return nil
}

// noteFields are the columns of the log and their types.
var noteFields = []struct{ name, kind string }{
	{"id", "uuid"},
	{"at", "timestamptz"},
	{"event", "text"},
	{"outcome", "text"},
	{"reason", "text"},
	{"via", "text"},
	{"route", "text"},
	{"actor_id", "text"},
	{"session_id", "text"},
	{"user_id", "text"},
	{"address", "text"},
	{"user_agent", "text"},
	{"request_id", "text"},
	{"details", "jsonb"},
}

// args are the values of noteFields.
func (n *Note) args() ([]any, error) {
	if n.Err != nil {
		return nil, n.Err
	}
	details := "{}"
	if len(n.Details) > 0 {
		text, err := json.Marshal(n.Details)
		if err != nil {
			return nil, err
		}
		details = string(text)
	}
	args := []any{n.ID, n.At, n.Event, n.Outcome}
	for _, text := range []string{n.Reason, n.Via, n.Route, n.ActorID, n.SessionID, n.UserID, n.Address, n.UserAgent, n.RequestID} {
		args = append(args, optional(text))
	}
	return append(args, details), nil
}

// optional makes NULL of an empty text.
func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// noteInsert is the beginning of an insertion.
func (n *names) noteInsert() string {
	columns := make([]string, len(noteFields))
	for i, f := range noteFields {
		columns[i] = f.name
	}
	return "insert into " + quote(n.own) + ".audit (" + strings.Join(columns, ", ") + ") "
}

// noteParameters are the parameters of an insertion, after so many others.
func noteParameters(after int, facts map[string]string) string {
	parts := make([]string, len(noteFields))
	for i, f := range noteFields {
		parts[i] = "$" + itoa(after+i+1) + "::" + f.kind
		if fact := facts[f.name]; fact != "" {
			parts[i] = strings.ReplaceAll(fact, "%", parts[i])
		}
	}
	return strings.Join(parts, ", ")
}
