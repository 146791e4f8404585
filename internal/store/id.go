package store

import (
	"context"
	"fmt"
	"regexp"
	"strconv"

	"github.com/sallyport-auth/sallyport/internal/schema"
)

// nobody are ids that no row has, by type.
var nobody = map[schema.IDType]string{
	schema.TextIDs: "", schema.UUIDs: "00000000-0000-0000-0000-000000000000", schema.SerialIDs: "0",
}

var uuidForm = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)

// key gives an id as it may be sent. One that is not of the configured type,
// which a token or a stored value may hold from before that was changed, becomes
// one that nobody has: Postgres would refuse it and end the transaction.
func (s *Store) key(id string) string {
	kind := s.layout.set.IDs
	ok := true
	switch kind {
	case schema.UUIDs:
		ok = uuidForm.MatchString(id)
	case schema.SerialIDs:
		_, err := strconv.ParseInt(id, 10, 64)
		ok = err == nil
	}
	if ok {
		return id
	}
	return nobody[kind]
}

// NextID takes the next number of a table whose ids are numbers, where the id
// must be known before the row is written.
func (s *Store) NextID(ctx context.Context, model string) (string, error) {
	t := s.layout.set.Table(model)
	if t == nil {
		return "", fmt.Errorf("there is no table of %s", model)
	}
	var id string
	err := s.run.QueryRow(ctx, "select nextval(pg_get_serial_sequence($1, 'id'))::text", quote(t.TableName())).Scan(&id)
	return id, err
}
