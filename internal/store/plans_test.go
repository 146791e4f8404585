package store_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/internal/migrate"
	"github.com/sallyport-auth/sallyport/internal/plugin/admin"
	"github.com/sallyport-auth/sallyport/internal/plugin/twofactor"
	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// walks are the statements that look at every row of a table, and why they may.
var walks = map[string]string{
	"countTokens":           "`sallyport check` asks, and no request",
	"sampleTokens":          "as countTokens",
	"twoFactorCountSealed":  "as countTokens",
	"twoFactorSampleSealed": "as countTokens",
	"jWTListKeys":           "there are a few keys",
	"jWTExpireKey":          "there are a few keys",
	"mailState":             "it counts what waits, in an index without the messages",
}

// helped are the statements that need an index of `migrate up --indexes`. The sweep of
// what has expired asks those of it only where there is the index.
var helped = []string{
	"accountsByKey", "accountsNamed", "deleteVerificationsFor", "deleteVerificationsOf", "expired session", "expired verification",
}

// modes are how Postgres plans what is prepared: for whatever values, or anew for each.
var modes = []string{"force_generic_plan", "force_custom_plan"}

// However many rows there are, each statement finds its own by an index.
func TestEveryStatementFindsItsRowsByAnIndex(t *testing.T) {
	t.Parallel()
	s, conn := crowded(t)
	statements := s.Statements()
	maps.Copy(statements, s.NotedStatements())
	maps.Copy(statements, s.PeriodicStatements())
	maps.Copy(statements, generated(t))
	for name, text := range statements {
		if _, err := conn.Prepare(t.Context(), name, text); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	for _, indexes := range []bool{true, false} {
		if !indexes {
			withoutIndexes(t, conn)
		}
		for _, name := range slices.Sorted(maps.Keys(statements)) {
			may := walks[name] != "" || !indexes && slices.Contains(helped, name)
			for _, mode := range modes {
				found := planOf(t, conn, mode, name, parameters(t, conn, name)).walks(false)
				if may != (len(found) > 0) {
					t.Errorf("%s with %s, with the indexes %v: %v", name, mode, indexes, found)
				}
			}
		}
	}
}

// withoutIndexes drops those of `migrate up --indexes`.
func withoutIndexes(t *testing.T, conn *pgx.Conn) {
	t.Helper()
	_, err := conn.Exec(t.Context(), `do $$ declare name text; begin
		for name in select indexrelid::regclass from pg_index where indexrelid::regclass::text like '%sallyport\_%' loop
			execute 'drop index ' || name;
		end loop; end $$`)
	if err != nil {
		t.Fatal(err)
	}
}

// crowded gives a store with many rows in every table that grows, and a connection to
// its database.
func crowded(t *testing.T) (*store.Store, *pgx.Conn) {
	t.Helper()
	o := store.Options{}
	fill(t, &o, twofactor.Tables, admin.Tables, []schema.Table{schema.RateLimit})
	conn := connect(t, o.URL)
	for _, table := range many {
		sql := "create extension if not exists pg_trgm; insert into " + table + " from generate_series(1, 5000) i"
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	if _, err := migrate.UpIndexes(t.Context(), migrate.Options{URL: o.URL, Set: o.Set}); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(t.Context(), "vacuum analyze"); err != nil {
		t.Fatal(err)
	}
	return reopen(t, o), conn
}

// many are rows for every table that grows, numbered by i.
var many = []string{
	`"user" (id, name, email, "emailVerified", role) select md5(i::text), 'N' || i, i || '@x.test', true, case when i % 100 = 0 then 'admin' else 'user' end`,
	`session (id, token, "userId", "expiresAt", "updatedAt") select md5(i::text), md5('t' || i), md5(i::text), now() + i * interval '1 s', now()`,
	`account (id, "accountId", "providerId", "userId", password, "updatedAt") select md5(i::text), md5(i::text), 'credential', md5(i::text), 'x', now()`,
	`verification (id, identifier, value, "expiresAt") select md5(i::text), 'reset-password:' || i, md5(i::text), now() + i * interval '1 s'`,
	`"twoFactor" (id, secret, "backupCodes", "userId") select md5(i::text), 's', 'b', md5(i::text)`,
	`"rateLimit" (id, key, count, "lastRequest") select md5(i::text), '203.0.113.7|/' || i, 1, i`,
	`sallyport.audit (id, at, event, outcome, via, user_id, details) select md5(i::text)::uuid, now(), 'sign-in', 'success', 'http', md5(i::text), '{}'`,
	`sallyport.message (id, sealed, created_at) select md5(i::text), 'x', now() + i * interval '1 s'`,
	`sallyport.river_job (args, kind, max_attempts) select jsonb_build_object('message', md5(i::text)), 'message', 5`,
	`sallyport.attempt (account, address, tried_at, open, open_until, expires_at) select sha256(i::text::bytea), '', '{}', 0, now(), now() + i * interval '1 s'`,
	`sallyport.known_address (address, seen_at) select sha256(i::text::bytea), now() + i * interval '1 s'`,
	`sallyport.used_link (hash, expires_at) select sha256(i::text::bytea), now() + i * interval '1 s'`,
	`sallyport.link_cutoff (user_id, issued_until, expires_at) select md5(i::text), now(), now() + i * interval '1 s'`,
	`sallyport.totp_step (two_factor, began, ends_at) select md5(i::text), now(), now() + i * interval '1 s'`,
	`sallyport.token_refresh (account, attempt, ends_at) select md5(i::text), 'a', now() + i * interval '1 s'`,
}

// plan is a node of what EXPLAIN says.
type plan struct {
	Node  string `json:"Node Type"`
	Table string `json:"Relation Name"`
	Index string `json:"Index Name"`
	By    string `json:"Index Cond"`
	Plans []plan
}

// planOf asks how a prepared statement is run with parameters, which are SQL.
func planOf(t *testing.T, conn *pgx.Conn, mode, name string, parameters []string) plan {
	t.Helper()
	call := "execute " + pgx.Identifier{name}.Sanitize()
	if len(parameters) > 0 {
		call += "(" + strings.Join(parameters, ", ") + ")"
	}
	if _, err := conn.Exec(t.Context(), "set plan_cache_mode = "+mode); err != nil {
		t.Fatal(err)
	}
	var answer []struct{ Plan plan }
	var text []byte
	if err := conn.QueryRow(t.Context(), "explain (format json) "+call, pgx.QueryExecModeSimpleProtocol).Scan(&text); err != nil {
		t.Fatalf("%s: %v", call, err)
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		t.Fatal(err)
	}
	return answer[0].Plan
}

// parameters gives a value for each parameter of a prepared statement.
func parameters(t *testing.T, conn *pgx.Conn, name string) []string {
	t.Helper()
	rows, _ := conn.Query(t.Context(), `select kind::text from pg_prepared_statements,
		unnest(parameter_types) with ordinality p (kind, position) where name = $1 order by position`, name)
	kinds, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	for i, kind := range kinds {
		if kinds[i] = samples[kind]; kinds[i] == "" {
			t.Fatalf("%s: no value of type %s", name, kind)
		}
	}
	return kinds
}

// samples are values by type, as SQL.
var samples = map[string]string{
	"text": "'00000000-0000-0000-0000-000000000001'", "text[]": "array['a', 'b']",
	"uuid": "gen_random_uuid()", "uuid[]": "array[gen_random_uuid()]",
	"bytea": "''::bytea", "bytea[]": "array['a'::bytea]", "jsonb": "'{}'", "boolean": "true",
	"smallint": "1", "integer": "100", "bigint": "100", "double precision[]": "array[1.0]", "timestamp with time zone": "now()",
	"tid": "'(1,0)'",
}

// walks lists where a plan looks at every row of a table, or of an index without the
// end that a limit sets.
func (p plan) walks(limited bool) []string {
	var found []string
	limited = limited || p.Node == "Limit"
	switch p.Node {
	case "Seq Scan":
		found = append(found, "walks through "+p.Table)
	case "Index Scan", "Index Only Scan":
		if p.By == "" && !limited {
			found = append(found, fmt.Sprintf("walks through %s of %s", p.Index, p.Table))
		}
	case "Sort", "Aggregate", "Hash", "Materialize": // needs all that is below it
		limited = false
	}
	for _, below := range p.Plans {
		found = append(found, below.walks(limited)...)
	}
	return found
}
