package users_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/users"
)

const configuration = `
emailAndPassword: {enabled: true}
user: {additionalFields: {team: {type: [red, blue], required: false}, level: {type: number, required: false, input: false}, must: {type: string, defaultValue: x}, prefs: {type: json, required: false}, seen: {type: date, required: false}, tags: {type: "string[]", required: false}, sizes: {type: "number[]", required: false}}}
plugins: {admin: {}, username: {}, twoFactor: {}}
rateLimit: {enabled: false}
`

// importer imports into the database of a server, and keeps what is said.
type importer struct {
	t       testing.TB
	server  *authtest.Server
	users   *users.Users
	refused []string
}

func newImporter(t testing.TB, yaml string) *importer {
	t.Helper()
	s := authtest.New(t, yaml)
	return &importer{t: t, server: s, users: users.New(s.Server.Auth)}
}

func (i *importer) run(in io.Reader, dry bool) (users.Tally, error) {
	i.t.Helper()
	i.refused = nil
	return i.users.Import(i.t.Context(), in, users.ImportOptions{
		DryRun:  dry,
		Refused: func(line int, why error) { i.refused = append(i.refused, fmt.Sprintf("line %d %v", line, why)) },
	})
}

// wants imports records, and compares what became of them.
func (i *importer) wants(text string, imported, present, refused int) {
	i.t.Helper()
	tally, err := i.run(strings.NewReader(text), false)
	if err != nil || tally.Imported != imported || tally.Present != present || tally.Refused != refused || tally.Read != int64(len(text)) {
		i.t.Errorf("%+v, %v; want %d imported, %d present, %d refused of %d bytes: %q", tally, err, imported, present, refused, len(text), i.refused)
	}
}

// says wants the refusals, each by its beginning and in that order.
func (i *importer) says(want ...string) {
	i.t.Helper()
	if len(i.refused) != len(want) {
		i.t.Errorf("refused are %q, want %q", i.refused, want)
		return
	}
	for n := range want {
		if !strings.Contains(i.refused[n], want[n]) {
			i.t.Errorf("refused is %q, want %q", i.refused[n], want[n])
		}
	}
}

const md5 = `{"algorithm": "md5", "hash": "3d8a40f4db338b39886c7ea540569613"}`

func TestRecordsThatAreRefused(t *testing.T) {
	t.Parallel()
	i := newImporter(t, configuration)
	for record, want := range map[string]string{
		`[]`:                                     "line 1 is no JSON object",
		`{"email": "a@`:                          "is no JSON object",
		`{"a":1} x`:                              "goes on after the JSON object",
		`{}`:                                     "has no email",
		`{"email": "a"}`:                         `"email" is no address of mail`,
		`{"email": 5}`:                           `"email" must be a text`,
		`{"email": "a@b.co", "email": "c@d.co"}`: `"email" comes twice`,
		`{"email": "a@b.co", "Name": "A"}`:       `"Name" is no field of users under this configuration`,
		`{"email": "a@b.co", "name": "A\u0000"}`: `"name" holds a NUL character`,
		`{"email": "a@b.co", "prefs": {"a": ["\u0000"]}}`:                                                `"prefs" holds a NUL character`,
		"{\"email\": \"a@b.co\", \"name\": \"\xff\"}":                                                    "is no valid UTF-8",
		`{"email": "a@b.co", "emailVerified": "yes"}`:                                                    `"emailVerified" must be true or false`,
		`{"email": "a@b.co", "createdAt": "May 1"}`:                                                      `"createdAt" must be a date`,
		`{"email": "a@b.co", "createdAt": 5}`:                                                            `"createdAt" must be a date`,
		`{"email": "a@b.co", "createdAt": "0001-01-01"}`:                                                 `"createdAt" must be a date from 1970 to 9999`,
		`{"email": "a@b.co", "id": ""}`:                                                                  `"id" is no id`,
		`{"email": "a@b.co", "id": 5}`:                                                                   `"id" must be a text`,
		`{"email": "a@b.co", "team": "green"}`:                                                           `"team" must be one of red, blue`,
		`{"email": "a@b.co", "level": "high"}`:                                                           `"level" must be number`,
		`{"email": "a@b.co", "tags": "x"}`:                                                               `"tags" must be string[]`,
		`{"email": "a@b.co", "tags": ["x", 1]}`:                                                          `"tags" must be string[]`,
		`{"email": "a@b.co", "sizes": [1, "x"]}`:                                                         `"sizes" must be number[]`,
		`{"email": "a@b.co", "level": 99999999999}`:                                                      "a value does not fit its column",
		`{"email": "a@b.co", "must": null}`:                                                              `"must" must not be null`,
		`{"email": "a@b.co", "role": "user,king"}`:                                                       `"role" is none of admin, user`,
		`{"email": "a@b.co", "username": "a b"}`:                                                         `"username" Username is invalid`,
		`{"email": "a@b.co", "twoFactorEnabled": true}`:                                                  `"twoFactorEnabled" cannot be true: no second factor comes`,
		`{"email": "a@b.co", "password": "secret"}`:                                                      `"password" is no hash of a known form`,
		`{"email": "a@b.co", "password": "$2b$10$short"}`:                                                `"password" is no bcrypt hash`,
		`{"email": "a@b.co", "password": ["x"]}`:                                                         `"password" must be a text or an object`,
		`{"email": "a@b.co", "password": {"algorithm":"md5","x":1}}`:                                     `"password" has a member that is wrong: "x" is no part of a hash`,
		`{"email": "a@b.co", "password": {"algorithm":"pbkdf2-sha256","iterations":1.5}}`:                `"iterations" must be a whole number`,
		`{"email": "a@b.co", "accounts": {}}`:                                                            `"accounts" must be a list of objects`,
		`{"email": "a@b.co", "accounts": [{"providerId": "github"}]}`:                                    `"accounts" number 1: needs providerId and accountId`,
		`{"email": "a@b.co", "accounts": [{"providerId": "github", "accountId": "1", "password": "x"}]}`: `"password" is no member of an account; a password stands beside`,
		`{"email": "a@b.co", "accounts": [{"providerId": "g", "accountId": "1"}, {"providerId": "g", "accountId": "1"}]}`: `has the same account of "g" twice`,
		`{"email": "a@b.co", "accounts": [{"providerId": "credential", "accountId": "1"}]}`:                               `has an account "credential" whose accountId is not the id`,
		`{"email": "a@b.co", "name": "` + strings.Repeat("x", 1<<20) + `"}`:                                               "is longer than 1048576 bytes",
		`{"email": "` + longText() + `@b.co"}`:                                                                            "a value does not fit its column",
	} {
		i.wants(record+"\n", 0, 0, 1)
		i.says(want)
		if strings.Contains(i.refused[0], "\n") {
			t.Errorf("it is more than one line: %s", i.refused[0])
		}
	}
	if n := i.server.Count(`select (select count(*) from "user") + (select count(*) from account) + (select count(*) from sallyport.audit)`); n != 0 {
		t.Errorf("%d rows of refused records are there", n)
	}
}

// longText is a text that no index takes, however it is packed.
func longText() string {
	var b strings.Builder
	for n := range 200 {
		fmt.Fprintf(&b, "%x", sha256.Sum256([]byte{byte(n)}))
	}
	return b.String()
}

// A batch with bad records in it loses them and nothing else.
func TestTheOthersOfABatchAreImported(t *testing.T) {
	t.Parallel()
	i := newImporter(t, configuration)
	var file strings.Builder
	file.WriteString("\xef\xbb\xbf")
	for n := range 1200 {
		switch n {
		case 17:
			file.WriteString("\n\r\n") // two lines without a record
		case 40, 900:
			fmt.Fprintf(&file, `{"email": "u%d@example.test", "level": 99999999999}`+"\r\n", n)
			continue
		case 700:
			file.WriteString(`{"email": "U3@Example.test", "name": "other"}` + "\n")
			continue
		case 701:
			file.WriteString(`{"email": "u701@example.test", "username": "U_5"}` + "\n")
			continue
		case 702:
			file.WriteString(`{"email": "U4@Example.test"}` + "\n") // the same user once more
			continue
		}
		fmt.Fprintf(&file, `{"email": "u%d@example.test", "username": "u_%d", "password": %s}`+"\n", n, n, md5)
	}
	i.wants(file.String(), 1195, 1, 4)
	i.says("line 43 a value does not fit", `line 703 is the user`, "line 704 Username is already taken", "line 903 a value does not fit")
	if n := i.server.Count(`select count(*) from "user" u join account a on a."userId" = u.id and a."accountId" = u.id and a."providerId" = 'credential'
		where a.password like '$digest$%' and u.role = 'user' and u.must = 'x' and u."displayUsername" = u.username`); n != 1195 {
		t.Errorf("%d users are whole", n)
	}
	if n := i.server.Count(`select count(*) from sallyport.audit where event = 'user-created' and details->>'import' = 'true'`); n != 1195 {
		t.Errorf("the log tells of %d", n)
	}
	i.wants(file.String(), 0, 1196, 4)
}

func TestUsersWhoAreThereAlready(t *testing.T) {
	t.Parallel()
	i := newImporter(t, configuration)
	const whole = `{"id": "ann", "email": "ann@example.test", "name": "Ann", "image": "x", "username": "Ann_1", "level": 3, "prefs": {"a": [1, "b"]}, "seen": "2026-01-02T03:04:05.678Z", "createdAt": "2020-01-01", "password": ` + md5 + `, "accounts": [{"providerId": "github", "accountId": "7"}]}`
	i.wants(whole, 1, 0, 0)
	i.wants(whole, 0, 1, 0)
	i.wants(strings.Replace(whole, "ann@example", "ANN@Example", 1), 0, 1, 0)
	for from, other := range map[string]string{
		`"name": "Ann"`:           `"name": "Anna"`,
		`"image": "x"`:            `"image": null`,
		`"Ann_1"`:                 `"ann_2"`,
		`"level": 3`:              `"level": 4`,
		`[1, "b"]`:                `[2, "b"]`,
		`05.678Z`:                 `05.679Z`,
		`2020-01-01`:              `2020-01-02`,
		`{"algorithm": "md5"`:     `{"saltPosition": "after", "algorithm": "md5"`,
		`"accountId": "7"`:        `"accountId": "8"`,
		`"id": "ann"`:             `"id": "anna"`,
		`"email": "ann@`:          `"email": "anna@`,
		`"name": "Ann", "image":`: `"name": "Anna", "emailVerified": true, "image":`,
	} {
		if !strings.Contains(whole, from) {
			t.Fatal(from)
		}
		i.wants(strings.Replace(whole, from, other, 1), 0, 0, 1)
	}
	i.wants(strings.Replace(whole, `"name": "Ann"`, `"emailVerified": true, "name": "Anna"`, 1), 0, 0, 1)
	i.says("is the user ann already, with other values of emailVerified, name")
	for _, record := range []string{
		`{"email": "bob@example.test", "role": null, "username": "Bob_1", "displayUsername": null}`, // which plugins fill in
		`{"email": "cid@example.test", "prefs": "{\"a\": 1}"}`,                                      // which is taken for JSON
	} {
		i.wants(record, 1, 0, 0)
		i.wants(record, 0, 1, 0)
	}
	i.wants(`{"email": "cid@example.test", "prefs": null}`, 0, 0, 1)
	i.wants(`{"email": "cid@example.test", "prefs": "{}"}`, 0, 0, 1)
	// Who has signed in since has another hash, and is the same user.
	i.server.Exec(`update account set password = repeat('0', 32) || ':' || repeat('0', 128) where password is not null`)
	i.wants(whole, 0, 1, 0)
}

func TestADryRunKeepsNothing(t *testing.T) {
	t.Parallel()
	i := newImporter(t, configuration)
	file := `{"email": "a@b.co", "username": "ann", "password": ` + md5 + "}\n" + `{"email": "A@B.co"}` + "\n" + `{"email": "c@d.co", "username": "ann"}` + "\n" + `{"email": "e@f.co", "level": 99999999999}`
	tally, err := i.run(strings.NewReader(file), true)
	if err != nil || tally.Imported != 1 || tally.Refused != 3 {
		t.Errorf("%+v, %v", tally, err)
	}
	i.says("line 2 has the address, the id, an account or another unique value of line 1", "line 3 has the address, the id, an account or another unique value of line 1", "line 4 a value does not fit")
	if n := i.server.Count(`select (select count(*) from "user") + (select count(*) from account) + (select count(*) from sallyport.audit)`); n != 0 {
		t.Errorf("%d rows are there", n)
	}
}

// broken is a file that ends in an error.
type broken struct{ io.Reader }

var errBroken = errors.New("the disk is gone")

func (b broken) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if errors.Is(err, io.EOF) {
		err = errBroken
	}
	return n, err
}

func TestAnImportThatIsInterrupted(t *testing.T) {
	t.Parallel()
	i := newImporter(t, configuration)
	var file strings.Builder
	for n := range 600 {
		fmt.Fprintf(&file, `{"email": "u%d@example.test"}`+"\n", n)
	}
	tally, err := i.run(broken{strings.NewReader(file.String())}, false)
	if !errors.Is(err, errBroken) || !strings.HasPrefix(err.Error(), "reading line 601: ") || tally.Imported != 500 {
		t.Errorf("%+v, %v", tally, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := i.users.Import(ctx, strings.NewReader(file.String()), users.ImportOptions{Refused: func(int, error) {}}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled import ends with %v", err)
	}
	i.wants(file.String(), 100, 500, 0)
}

// endless gives so many times the same text.
func endless(text string, times int) io.Reader {
	readers := make([]io.Reader, times)
	for n := range readers {
		readers[n] = strings.NewReader(text)
	}
	return io.MultiReader(readers...)
}

func TestALineWithoutAnEndTakesNoMemory(t *testing.T) {
	t.Parallel()
	i := newImporter(t, configuration)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	tally, err := i.run(io.MultiReader(endless(strings.Repeat("x", 1<<16), 1600), strings.NewReader("\n"+`{"email": "a@b.co"}`)), false)
	runtime.ReadMemStats(&after)
	if err != nil || tally.Imported != 1 || tally.Refused != 1 {
		t.Errorf("%+v, %v", tally, err)
	}
	i.says("line 1 is longer than 1048576 bytes")
	if grown := int64(after.TotalAlloc-before.TotalAlloc) >> 20; grown > 50 {
		t.Errorf("a line of 100 MiB took %d MiB", grown)
	}
}

func TestIDsOfEveryKind(t *testing.T) {
	t.Parallel()
	for kind, c := range map[string]struct{ good, other, bad string }{
		"uuid":   {`"01234567-89ab-4def-8123-456789abcdef"`, `"01234567-89AB-4DEF-8123-456789ABCDEF"`, `"ann"`},
		"serial": {`41`, `"041"`, `"ann"`},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			i := newImporter(t, configuration+"advanced: {database: {generateId: "+kind+"}}\n")
			i.wants(`{"email": "a@b.co", "password": `+md5+`, "accounts": [{"providerId": "x", "accountId": "1"}]}`, 1, 0, 0)
			const account = `"accounts": [{"providerId": "credential", "accountId": `
			i.wants(`{"id": `+c.other+`, "email": "c@d.co", "password": `+md5+`}`, 1, 0, 0) // in a form that the database does not keep
			i.wants(`{"id": `+c.other+`, "email": "c@d.co", `+account+`"`+strings.Trim(c.other, `"`)+`"}]}`, 0, 1, 0)
			i.wants(`{"id": `+c.good+`, "email": "c@d.co"}`, 0, 1, 0)
			i.wants(`{"id": `+c.bad+`, "email": "e@f.co"}`, 0, 0, 1)
			i.wants(`{"id": `+c.good+`, "email": "e@f.co"}`, 0, 0, 1)
			i.says("whose user has another address")
			i.wants(`{"email": "g@h.co", "password": `+md5+`}`, 1, 0, 0)
			i.server.Client().SignUp("new@example.test") // whose id is free
			if n := i.server.Count(`select count(*) from account where "accountId" = "userId"::text and "providerId" = 'credential'`); n != 4 {
				t.Errorf("%d accounts belong to their users", n)
			}
		})
	}
}

// Who comes without a number gets none of those that others come with.
func TestSomeComeWithNumbersAndSomeWithout(t *testing.T) {
	t.Parallel()
	i := newImporter(t, configuration+"advanced: {database: {generateId: serial}}\n")
	var file strings.Builder
	for n, id := range []string{"", `"id": 1, `, `"id": 2, `, "", `"id": 4, `} {
		fmt.Fprintf(&file, `{%s"email": "u%d@example.test", "accounts": [{%s"providerId": "x", "accountId": "%d"}]}`+"\n", id, n, id, n)
	}
	i.wants(file.String(), 5, 0, 0)
	i.wants(file.String(), 0, 5, 0)
	i.server.Client().SignUp("new@example.test") // whose id is free
}

func TestAnAccountIsOfOneUser(t *testing.T) {
	t.Parallel()
	i := newImporter(t, configuration)
	const account = `"accounts": [{"providerId": "credential"}, {"providerId": "github", "accountId": "7"}]}` + "\n"
	file := `{"id": "ann", "email": "ann@example.test", ` + account + `{"email": "bob@example.test", ` + account
	if tally, err := i.run(strings.NewReader(file), true); err != nil || tally.Imported != 1 {
		t.Errorf("a dry run gives %+v, %v", tally, err)
	}
	i.says("line 2 has the address, the id, an account or another unique value of line 1")
	i.wants(file, 1, 0, 1)
	i.says(`line 2 has the account of "github" that the user ann has`)
	i.wants(file, 0, 1, 1)
	i.wants(strings.ReplaceAll(file, `"7"`, `"8"`), 1, 0, 1)
	i.says(`line 1 is the user ann already, with other values of accounts`)
	i.wants(strings.ReplaceAll(file, "github", "gitlab"), 0, 0, 2)
}
