package store

import (
	"strconv"

	"github.com/jackc/pgx/v5/pgtype"
)

// Output turns a value of a further column into what Better Auth's driver makes
// of it for its clients: numbers of 64 bits and decimals, which a double cannot
// hold, are texts.
func Output(v any) any {
	switch v := v.(type) {
	case int64:
		return strconv.FormatInt(v, 10)
	case pgtype.Numeric:
		text, _ := v.Value()
		return text
	case [16]byte:
		return pgtype.UUID{Bytes: v, Valid: true}.String()
	}
	return v
}
