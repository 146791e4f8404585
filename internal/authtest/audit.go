package authtest

import (
	"context"
	"encoding/json"

	"github.com/jackc/pgx/v5"
)

// Event is a row of the audit log.
type Event struct {
	ID, Event, Outcome, Reason, Via, Route string
	ActorID, SessionID, UserID             string
	Address, UserAgent, RequestID          string
	Details                                map[string]any
}

// Events gives the rows of the audit log, oldest first.
func (s *Server) Events() []Event {
	s.t.Helper()
	conn, err := pgx.Connect(s.t.Context(), s.Database)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	rows, err := conn.Query(s.t.Context(), `select id::text, event, outcome, coalesce(reason, ''), via, coalesce(route, ''),
		coalesce(actor_id, ''), coalesce(session_id, ''), coalesce(user_id, ''),
		coalesce(address, ''), coalesce(user_agent, ''), coalesce(request_id, ''), details::text from sallyport.audit order by id`)
	if err != nil {
		s.t.Fatal(err)
	}
	events, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (e Event, err error) {
		var details string
		err = row.Scan(&e.ID, &e.Event, &e.Outcome, &e.Reason, &e.Via, &e.Route,
			&e.ActorID, &e.SessionID, &e.UserID, &e.Address, &e.UserAgent, &e.RequestID, &details)
		if err == nil {
			err = json.Unmarshal([]byte(details), &e.Details)
		}
		return e, err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return events
}
