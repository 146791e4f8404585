package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// administered is a configuration with everything that the commands can set.
const administered = `
emailAndPassword: {enabled: true, minPasswordLength: 10}
user: {additionalFields: {team: {type: [red, blue], required: false}, level: {type: number, required: false, input: false}}}
plugins: {admin: {roles: {admin: {user: [list]}, user: {}, auditor: {user: [list]}}}}
rateLimit: {enabled: false}
`

// runWith is run with text on standard input.
func (o *operator) runWith(input string, args ...string) result {
	o.t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := o.command(o.t.Context(), args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(input), &stdout, &stderr
	_ = cmd.Run() // its code says what came of it
	return result{o.t, "sallyport " + strings.Join(args, " "), stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// newAdministrator gives an operator with a migrated database.
func newAdministrator(t *testing.T, config string) *operator {
	t.Helper()
	o := newProducer(t)
	o.configure(config)
	o.run("migrate", "up").exits(0)
	return o
}

func TestUsersAreMadeAndSignIn(t *testing.T) {
	t.Parallel()
	o := newAdministrator(t, administered)
	made := o.runWith("correct horse\n", "user", "create", "--email", "Ann@Example.test", "--name", "Ann", "--password-stdin",
		"--role", "admin,auditor", "--verified", "--field", "team=red", "--field", "level=3", "--json").exits(0)
	var ann struct {
		ID, Email, Role, Team string
		Level                 int
		EmailVerified         bool
	}
	if err := json.Unmarshal([]byte(made.stdout), &ann); err != nil {
		t.Fatal(err)
	}
	if ann.Email != "ann@example.test" || ann.Role != "admin,auditor" || ann.Team != "red" || ann.Level != 3 || !ann.EmailVerified {
		t.Errorf("made was %s", made.stdout)
	}
	bob := strings.TrimSpace(o.runWith("", "user", "create", "--email", "bob@example.test", "--name", "Bob").exits(0).stdout)
	if n := o.query(`select count(*) from account where "userId" = '` + bob + `'`); n != 0 {
		t.Errorf("a user without a password has %d accounts", n)
	}
	if n := o.query(`select count(*) from "user" where id = '` + bob + `' and role = 'user' and not "emailVerified"`); n != 1 {
		t.Error("the default role is missing")
	}
	s := o.serve()
	if status := s.signsIn(t, "ann@example.test", "correct horse"); status != http.StatusOK {
		t.Errorf("the first administrator signs in with %d", status)
	}
	s.stop()
	all := events(t, o.run("audit", "export", "--user", ann.ID).exits(0).stdout)
	if named(all) != "user-created sign-in" || all[0].Via != "command" || all[0].ActorID != nil {
		t.Errorf("the log has %+v", all)
	}
}

func TestUsersAreMadeWithAUserName(t *testing.T) {
	t.Parallel()
	o := newAdministrator(t, strings.Replace(administered, "plugins: {", "plugins: {username: {}, ", 1))
	made := o.runWith("correct horse\n", "user", "create", "--email", "ann@example.test", "--name", "Ann", "--username", "Ann_1",
		"--password-stdin", "--json").exits(0)
	if !strings.Contains(made.stdout, `"username": "ann_1"`) && !strings.Contains(made.stdout, `"username":"ann_1"`) {
		t.Errorf("made was %s", made.stdout)
	}
	s := o.serve()
	if status := s.posts(t, "/sign-in/username", map[string]any{"username": "ANN_1", "password": "correct horse"}); status != http.StatusOK {
		t.Errorf("the user signs in by name with %d", status)
	}
	s.stop()
	o.runWith("", "user", "create", "--email", "bob@example.test", "--name", "Bob", "--username", "ANN_1").exits(1)
}

// signsIn gives the status of a sign-in.
func (s *serving) signsIn(t *testing.T, email, password string) int {
	t.Helper()
	return s.posts(t, "/sign-in/email", map[string]any{"email": email, "password": password})
}

func TestUsersThatCannotBeMade(t *testing.T) {
	t.Parallel()
	o := newAdministrator(t, administered)
	id := strings.TrimSpace(o.runWith("", "user", "create", "--email", "ann@example.test", "--name", "Ann").exits(0).stdout)
	for line, want := range map[string]string{
		"--email ANN@example.test":                                "the user " + id + " has that address already",
		"--email ann":                                             `"ann" is no address of mail`,
		"--email bob@example.test --role king":                    `the role "king" is none of admin, auditor, user; plugins.admin.roles names the roles there are`,
		"--email bob@example.test --username bob":                 "add `username: {}` to plugins in the configuration",
		"--email bob@example.test --field team=green":             "the field team must be one of red, blue",
		"--email bob@example.test --field level=high":             "the field level must be number, written as JSON",
		"--email bob@example.test --field level=true":             "the field level must be number",
		"--email bob@example.test --field shoe=42":                `"shoe" is no further field of users`,
		"--email bob@example.test --field name=Bob":               `"name" is no further field of users`,
		"--email bob@example.test --field role=admin":             "the field role has a flag of its own: --role",
		"--email bob@example.test --field banned=true":            "the field banned is the plugin's own to set",
		"--email bob@example.test --field level=99999999999":      "a value does not fit its column",
		"--email bob@example.test --password-stdin":               "the password is shorter than 10 characters (emailAndPassword.minPasswordLength)",
		"--email bob@example.test --password-stdin --field team=": "the field team must be one of red, blue",
	} {
		r := o.runWith("short\n", append([]string{"user", "create", "--name", "B"}, strings.Fields(line)...)...)
		says(t, r.exits(exitFailed).complaint(), want)
	}
	for input, want := range map[string]string{
		"":                         "there is no password on standard input",
		"correct horse\nbattery\n": "the password must be one line of UTF-8",
		"correct horse \xff\n":     "the password must be one line of UTF-8",
		strings.Repeat("x", 129):   "the password is longer than 128 characters",
	} {
		r := o.runWith(input, "user", "create", "--email", "bob@example.test", "--name", "B", "--password-stdin")
		says(t, r.exits(exitFailed).complaint(), want)
	}
	if n := o.query(`select count(*) from "user"`); n != 1 {
		t.Errorf("there are %d users", n)
	}
}

func TestRolesNeedTheAdminPlugin(t *testing.T) {
	t.Parallel()
	o := newAdministrator(t, "emailAndPassword: {enabled: true}\n")
	for _, line := range []string{
		"create --email ann@example.test --name Ann --role admin", "set-role --user ann@example.test --role admin", "list --role admin",
	} {
		r := o.runWith("", append([]string{"user"}, strings.Fields(line)...)...)
		says(t, r.exits(exitFailed).complaint(), "users have no roles: add `admin: {}` to plugins in the configuration, and run `sallyport migrate up`")
	}
	o.runWith("", "user", "create", "--email", "ann@example.test", "--name", "Ann").exits(0)
	says(t, o.run("user", "list").exits(0).stdout, "ann@example.test  false     Ann ")
}

func TestRolesAreSet(t *testing.T) {
	t.Parallel()
	o := newAdministrator(t, administered)
	id := strings.TrimSpace(o.runWith("", "user", "create", "--email", "ann@example.test", "--name", "Ann").exits(0).stdout)
	o.run("user", "set-role", "--user", "ANN@example.test", "--role", "admin").exits(0)
	says(t, o.run("user", "set-role", "--user", id, "--role", "auditor,user", "--json").exits(0).stdout, `"role":"auditor,user"`)
	says(t, o.run("user", "set-role", "--user", id, "--role", "king").exits(exitFailed).complaint(), `the role "king" is none of`)
	says(t, o.run("user", "set-role", "--user", "nobody", "--role", "user").exits(exitFailed).complaint(), `there is no user "nobody"`)
	all := events(t, o.run("audit", "export", "--user", id).exits(0).stdout)
	if named(all) != "user-created user-role-set user-role-set" || all[2].Details["role"] != "auditor,user" {
		t.Errorf("the log has %+v", all)
	}
}

func TestUsersAreListed(t *testing.T) {
	t.Parallel()
	o := newAdministrator(t, administered)
	for _, name := range []string{"Ann", "Bob", "100%"} {
		o.runWith("", "user", "create", "--email", strings.ToLower(strings.TrimSuffix(name, "%"))+"@example.test", "--name", name).exits(0)
	}
	o.run("user", "set-role", "--user", "bob@example.test", "--role", "user,auditor").exits(0)
	for line, want := range map[string]string{
		"":                      "100% Bob Ann",
		"--limit 2":             "100% Bob",
		"--limit 0":             "100% Bob Ann",
		"--search bO":           "Bob",
		"--search EXAMPLE":      "100% Bob Ann",
		"--search %":            "100%",
		"--role auditor":        "Bob",
		"--role user":           "100% Bob Ann",
		"--role audit":          "",
		"--role user --limit 1": "100%",
	} {
		var names []string
		for text := range strings.Lines(o.run(append([]string{"user", "list", "--json"}, strings.Fields(line)...)...).exits(0).stdout) {
			var user struct{ Name string }
			if err := json.Unmarshal([]byte(text), &user); err != nil {
				t.Fatal(err)
			}
			names = append(names, user.Name)
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("list %s: %q, want %q", line, got, want)
		}
	}
	o.query(`with changed as (update "user" set name = E'A\x1b[2Jn' where name = 'Ann' returning 1) select count(*) from changed`)
	table := o.run("user", "list").exits(0).stdout
	says(t, table, "ID ", "bob@example.test", "user,auditor", "A\uFFFD[2Jn")
}

func TestPasswordsAreSet(t *testing.T) {
	t.Parallel()
	o := newAdministrator(t, administered)
	id := strings.TrimSpace(o.runWith("", "user", "create", "--email", "ann@example.test", "--name", "Ann").exits(0).stdout)
	s := o.serve()
	for i, password := range []string{"first password", "second password"} {
		o.runWith(password, "user", "set-password", "--user", id, "--password-stdin").exits(0)
		if n := o.query(`select count(*) from session`); n != 0 {
			t.Errorf("%d sessions go on", n)
		}
		if n := o.query(`select count(*) from account`); n != 1 {
			t.Errorf("there are %d accounts", n)
		}
		if status := s.signsIn(t, "ann@example.test", password); status != http.StatusOK {
			t.Errorf("password %d signs in with %d", i, status)
		}
	}
	if status := s.signsIn(t, "ann@example.test", "first password"); status != http.StatusUnauthorized {
		t.Errorf("the old password signs in with %d", status)
	}
	o.query(`with made as (insert into verification (id, identifier, value, "expiresAt", "createdAt", "updatedAt")
		values ('v', 'reset-password:x', '` + id + `', now() + interval '1 hour', now(), now()) returning 1) select count(*) from made`)
	o.runWith("third password\r\n", "user", "set-password", "--user", "ann@example.test", "--password-stdin", "--revoke-sessions=false").exits(0)
	if sessions, links := o.query(`select count(*) from session`), o.query(`select count(*) from verification`); sessions != 1 || links != 0 {
		t.Errorf("%d sessions and %d links count", sessions, links)
	}
	s.stop()
	says(t, o.runWith("short", "user", "set-password", "--user", id, "--password-stdin").exits(exitFailed).complaint(), "shorter than 10")
	says(t, o.runWith("long enough", "user", "set-password", "--user", "bob@example.test", "--password-stdin").exits(exitFailed).complaint(), `there is no user "bob@example.test"`)
	all := named(events(t, o.run("audit", "export", "--user", id).exits(0).stdout))
	if want := "user-created user-password-set sign-in user-password-set session-revoked sign-in sign-in user-password-set"; all != want {
		t.Errorf("the log has %s, want %s", all, want)
	}
}

// The private database serves as well, and whatever kind ids are of.
func TestTheFirstAdministratorOfANewServer(t *testing.T) {
	t.Parallel()
	o := newDeveloper(t)
	o.configure("plugins: {admin: {}}\nadvanced: {database: {generateId: serial}}\n")
	r := o.runWith("", "user", "create", "--email", "ann@example.test", "--name", "Ann", "--role", "admin").exits(0)
	if r.stdout != "1\n" {
		t.Errorf("the id is %q", r.stdout)
	}
	says(t, o.run("user", "list", "--role", "admin").exits(0).stdout, "ann@example.test")
	says(t, o.run("user", "set-role", "--user", "x", "--role", "user").exits(exitFailed).complaint(), `there is no user "x"`)
	o.run("user", "set-role", "--user", "1", "--role", "user").exits(0)
}
