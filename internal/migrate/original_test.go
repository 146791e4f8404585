package migrate_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/migrate"
	"github.com/sallyport-auth/sallyport/internal/plugin/jwt"
	"github.com/sallyport-auth/sallyport/internal/postgres/pgtest"
	"github.com/sallyport-auth/sallyport/internal/ratelimit"
	"github.com/sallyport-auth/sallyport/internal/schema"
)

// original is what the real Better Auth finds in a database.
type original struct {
	SQL      string   `json:"sql"`
	Changes  int      `json:"changes"`
	Problems []string `json:"problems"`
	User     string   `json:"user"`
	Keys     int      `json:"keys"`
}

// asking is the process that askOriginal asks: loading Better Auth takes a second.
type asking struct {
	turn    sync.Mutex
	input   io.Writer
	answers *bufio.Scanner
}

// theOriginal runs until the tests end, which closes its input.
var theOriginal = sync.OnceValues(func() (*asking, error) {
	folder, err := filepath.Abs("../transcript/oracle")
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(folder, "node_modules", "better-auth")); err != nil {
		return nil, errors.New("internal/transcript/oracle/node_modules is missing: run `npm ci` in internal/transcript/oracle, as `make test` does")
	}
	command := exec.Command("node", "testdata/original.mjs", folder)
	command.Stderr = os.Stderr
	input, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	output, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	answers := bufio.NewScanner(output)
	answers.Buffer(nil, 1<<20)
	return &asking{input: input, answers: answers}, command.Start()
})

// askOriginal runs Better Auth on a database: testdata/original.mjs says how.
func askOriginal(t *testing.T, url, task string, more ...string) original {
	t.Helper()
	o, err := theOriginal()
	if err != nil {
		t.Fatal(err)
	}
	order, err := json.Marshal(append([]string{url, task}, more...))
	if err != nil {
		t.Fatal(err)
	}
	o.turn.Lock()
	defer o.turn.Unlock()
	if _, err := fmt.Fprintf(o.input, "%s\n", order); err != nil || !o.answers.Scan() {
		t.Fatalf("Better Auth does not answer: %v, %v", err, o.answers.Err())
	}
	var found struct {
		original
		Error string `json:"error"`
	}
	if err := json.Unmarshal(o.answers.Bytes(), &found); err != nil || found.Error != "" {
		t.Fatalf("Better Auth said %q: %v", o.answers.Text(), err)
	}
	return found.original
}

// defaults are the options of a deployment with the jwt plugin. Both programs are
// told where the tables are: a role called as our schema would mislead the
// original.
func defaults(url string) migrate.Options {
	separator := "?"
	if strings.Contains(url, "?") {
		separator = "&"
	}
	return migrate.Options{
		URL: url + separator + "options=-c%20search_path%3Dpublic", Set: schema.MustNewSet(schema.Core, jwt.Tables),
	}
}

func TestBetterAuthAcceptsADatabaseWeMigrated(t *testing.T) {
	t.Parallel()
	o := defaults(pgtest.URL(t))
	if err := migrate.Up(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	found := askOriginal(t, o.URL, "use")
	if found.Changes != 0 || len(found.Problems) != 0 {
		t.Errorf("it would run %q and complains of %q", found.SQL, found.Problems)
	}
	if found.User != "n@example.test" || found.Keys != 1 {
		t.Errorf("it signed up %q and has %d keys", found.User, found.Keys)
	}
}

func TestADatabaseOfBetterAuthsNeedsOnlyOurSchema(t *testing.T) {
	t.Parallel()
	for _, ids := range []schema.IDType{schema.TextIDs, schema.UUIDs, schema.SerialIDs} {
		o := defaults(pgtest.URL(t))
		o.Set.IDs = ids
		askOriginal(t, o.URL, "up", "", string(ids))
		steps, err := migrate.Plan(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		for _, step := range steps {
			if !strings.Contains(step.SQL, "sallyport") {
				t.Errorf("ids %q: %s: %s", ids, step.What, step.SQL)
			}
		}
		if err := migrate.Up(t.Context(), o); err != nil {
			t.Fatal(err)
		}
		if err := migrate.Check(t.Context(), o); err != nil {
			t.Error(err)
		}
		if found := askOriginal(t, o.URL, "use", "", string(ids)); found.Changes != 0 || len(found.Problems) != 0 || found.User == "" {
			t.Errorf("ids %q: afterwards it finds %+v", ids, found)
		}
	}
}

// Ids that are to be numbers must be numbered by something.
func TestNumbersAsIDsNeedADefault(t *testing.T) {
	t.Parallel()
	o := defaults(pgtest.URL(t))
	o.Set.IDs = schema.SerialIDs
	run(t, o.URL, `create table "user" (id integer primary key)`)
	if _, err := migrate.Plan(t.Context(), o); err == nil || !strings.Contains(err.Error(), "column user.id has no default") {
		t.Error(err)
	}
}

// shared returns the plan for Better Auth's tables in the original's form.
func shared(t *testing.T, o migrate.Options) string {
	t.Helper()
	steps, err := migrate.Plan(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	var ours []string
	for _, step := range steps {
		if !strings.Contains(step.SQL, "sallyport") {
			ours = append(ours, step.SQL)
		}
	}
	return strings.Join(ours, ";\n\n") + ";"
}

// The statements for Better Auth's tables are the original's to the letter.
func TestThePlanForAnEmptyDatabaseIsBetterAuths(t *testing.T) {
	t.Parallel()
	o := defaults(pgtest.URL(t))
	if got, want := shared(t, o), askOriginal(t, o.URL, "plan").SQL; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// everyKind is a plugin's contribution with each kind of field, as Better Auth
// takes it; everyKindHere is the same as we do.
const everyKind = `{"schema": {"user": {"fields": {
	"plain": {"type": "string", "required": false},
	"constant": {"type": "string", "required": true, "defaultValue": "it's"},
	"uniqueConstant": {"type": "string", "required": true, "unique": true, "defaultValue": "x"},
	"uniqueNullable": {"type": "string", "required": false, "unique": true, "defaultValue": "x"},
	"uniqueIndexed": {"type": "string", "required": false, "unique": true, "index": true},
	"indexed": {"type": "number", "required": true, "defaultValue": 7, "index": true},
	"big": {"type": "number", "bigint": true, "required": false, "defaultValue": 8},
	"flag": {"type": "boolean", "required": false, "defaultValue": false},
	"list": {"type": "string[]", "required": false},
	"object": {"type": "json", "required": false},
	"friend": {"type": "string", "required": false, "references": {"model": "user", "field": "id", "onDelete": "set null"}},
	"aNameThatIsSoLongThatItsIndexWouldNotFitIntoSixtyThreeBytes": {"type": "string", "required": false, "index": true}
}}, "thing": {"fields": {
	"key": {"type": "string", "required": true, "unique": true},
	"owner": {"type": "string", "required": true, "index": true, "references": {"model": "user", "field": "id"}},
	"at": {"type": "date", "required": true}
}, "indexes": [{"fields": ["key", "at"], "unique": true}]}}}`

var everyKindHere = []schema.Table{{Model: "user", Fields: []schema.Field{
	{Name: "plain", Type: schema.String},
	{Name: "constant", Type: schema.String, Required: true, Default: "it's"},
	{Name: "uniqueConstant", Type: schema.String, Required: true, Unique: true, Default: "x"},
	{Name: "uniqueNullable", Type: schema.String, Unique: true, Default: "x"},
	{Name: "uniqueIndexed", Type: schema.String, Unique: true, Index: true},
	{Name: "indexed", Type: schema.Number, Required: true, Default: 7, Index: true},
	{Name: "big", Type: schema.BigInt, Default: 8},
	{Name: "flag", Type: schema.Boolean, Default: false},
	{Name: "list", Type: schema.StringArray},
	{Name: "object", Type: schema.JSON},
	{Name: "friend", Type: schema.String, References: &schema.Reference{Model: "user", Field: "id", OnDelete: "set null"}},
	{Name: "aNameThatIsSoLongThatItsIndexWouldNotFitIntoSixtyThreeBytes", Type: schema.String, Index: true},
}}, {Model: "thing", Fields: []schema.Field{
	{Name: "key", Type: schema.String, Required: true, Unique: true},
	{Name: "owner", Type: schema.String, Required: true, Index: true, References: &schema.Reference{Model: "user", Field: "id"}},
	{Name: "at", Type: schema.Date, Required: true},
}, Indexes: []schema.Index{{Fields: []string{"key", "at"}, Unique: true}}}}

// Whatever a plugin adds, on a new database or on one in use, the statements
// are the original's, and so is the verdict afterwards.
func TestThePlanForEveryKindOfFieldIsBetterAuths(t *testing.T) {
	t.Parallel()
	for _, ids := range []schema.IDType{schema.TextIDs, schema.UUIDs, schema.SerialIDs} {
		for _, existing := range []bool{false, true} {
			o := defaults(pgtest.URL(t))
			o.Set.IDs = ids
			if existing {
				if err := migrate.Up(t.Context(), o); err != nil {
					t.Fatal(err)
				}
			}
			o.Set = schema.MustNewSet(schema.Core, jwt.Tables, everyKindHere)
			o.Set.IDs = ids
			want := askOriginal(t, o.URL, "plan", everyKind, string(ids))
			if got := shared(t, o); got != want.SQL {
				t.Errorf("ids %q, existing %v: got\n%s\nwant\n%s", ids, existing, got, want.SQL)
			}
			if err := migrate.Up(t.Context(), o); err != nil {
				t.Fatal(err)
			}
			if left := askOriginal(t, o.URL, "plan", everyKind, string(ids)); left.Changes != 0 || len(left.Problems) != 0 {
				t.Errorf("ids %q, existing %v: afterwards it finds %+v", ids, existing, left)
			}
		}
	}
}

// The table of counters is the original's to the letter, and one that it made is
// taken as it is.
func TestTheTableOfCountersIsBetterAuths(t *testing.T) {
	t.Parallel()
	const options, renamed = `{"rateLimit": {"storage": "database"}}`,
		`{"rateLimit": {"storage": "database", "modelName": "Limits of mine", "fields": {"key": "who", "count": "select", "lastRequest": "at"}}}`
	for _, tt := range []struct {
		ids     schema.IDType
		options string
		cfg     ratelimit.Config
	}{
		{schema.TextIDs, options, ratelimit.Config{}},
		{schema.SerialIDs, renamed, ratelimit.Config{
			ModelName: "Limits of mine", Fields: ratelimit.Columns{"key": "who", "count": "select", "lastRequest": "at"},
		}},
	} {
		tt.cfg.Storage = ratelimit.InDatabase
		made, adopted := defaults(pgtest.URL(t)), defaults(pgtest.URL(t))
		made.Set = schema.MustNewSet(schema.Core, jwt.Tables, tt.cfg.Tables())
		made.Set.IDs = tt.ids
		adopted.Set = made.Set
		want := askOriginal(t, made.URL, "plan", "", string(tt.ids), tt.options).SQL
		if got := shared(t, made); got != want {
			t.Errorf("ids %q: got\n%s\nwant\n%s", tt.ids, got, want)
		}
		if err := migrate.Up(t.Context(), made); err != nil {
			t.Fatal(err)
		}
		if left := askOriginal(t, made.URL, "use", "", string(tt.ids), tt.options); left.Changes != 0 || len(left.Problems) != 0 {
			t.Errorf("ids %q: afterwards it finds %+v", tt.ids, left)
		}
		askOriginal(t, adopted.URL, "up", "", string(tt.ids), tt.options)
		if left := shared(t, adopted); left != ";" {
			t.Errorf("ids %q: of its own tables we would change %s", tt.ids, left)
		}
	}
}

// Of a table of counters that lacks columns the same ones are added.
func TestATableOfCountersIsCompletedAsBetterAuthDoes(t *testing.T) {
	t.Parallel()
	for missing, table := range map[string]string{
		"a time": `("id" text not null primary key, "key" text not null unique, "count" integer not null)`,
		"a key":  `("id" text not null primary key, "count" integer not null, "lastRequest" bigint not null)`,
	} {
		o := defaults(pgtest.URL(t))
		o.Set = schema.MustNewSet(schema.Core, jwt.Tables, (&ratelimit.Config{Storage: ratelimit.InDatabase}).Tables())
		run(t, o.URL, `create table "rateLimit" `+table)
		want := askOriginal(t, o.URL, "plan", "", "", `{"rateLimit": {"storage": "database"}}`).SQL
		if got := shared(t, o); got != want {
			t.Errorf("without %s: got\n%s\nwant\n%s", missing, got, want)
		}
	}
}

// A table in which a counter may be there twice is refused, and what the refusal
// tells to do is enough.
func TestATableOfCountersWithoutAUniqueKeyIsRefused(t *testing.T) {
	t.Parallel()
	o := defaults(pgtest.URL(t))
	o.Set = schema.MustNewSet(schema.Core, (&ratelimit.Config{Storage: ratelimit.InDatabase}).Tables())
	run(t, o.URL, `create table "rateLimit" ("id" text not null primary key, "key" text not null, "count" integer not null, "lastRequest" bigint not null)`)
	run(t, o.URL, `create unique index counters_in_use on "rateLimit" ("key") where count > 0`)
	run(t, o.URL, `insert into "rateLimit" values ('1', 'a', 1, 1), ('2', 'a', 0, 1)`)
	err := migrate.Up(t.Context(), o)
	if err == nil {
		t.Fatal("it is taken")
	}
	_, advice, _ := strings.Cut(err.Error(), "add the constraint (")
	advice = strings.TrimSuffix(advice, ")")
	for statement := range strings.SplitSeq(advice, "; ") {
		run(t, o.URL, statement)
	}
	if err := migrate.Up(t.Context(), o); err != nil {
		t.Errorf("after %q: %v", advice, err)
	}
}
