package trace

import "testing"

func TestNamesOfStatements(t *testing.T) {
	t.Parallel()
	for sql, want := range map[string][2]string{
		"-- name: MailKeep :exec\n-- A remark.\nWITH kept AS (insert)":      {"MailKeep", "WITH"},
		"-- name: MailOpen :one\nSELECT sealed FROM x":                      {"MailOpen", "SELECT"},
		`select "id", 'from' from "user" where "email" = $1`:                {"SELECT user", "SELECT"},
		`insert into "session" ("id") values ($1)`:                          {"INSERT session", "INSERT"},
		`update "verification" set "value" = $1`:                            {"UPDATE verification", "UPDATE"},
		`delete from "account" where "id" = $1`:                             {"DELETE account", "DELETE"},
		`with mine as (select "id" from "account" where "a" = $1) select 1`: {"WITH account", "WITH"},
		"begin": {"BEGIN", "BEGIN"}, "commit": {"COMMIT", "COMMIT"}, "select clock_timestamp()": {"SELECT", "SELECT"},
		"": {"statement", ""}, "-- ping": {"statement", ""}, "select 1 from": {"SELECT", "SELECT"},
	} {
		if name, operation := describe(sql); name != want[0] || operation != want[1] {
			t.Errorf("%q is %q, %q, want %q", sql, name, operation, want)
		}
	}
}
