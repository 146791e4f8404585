package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// event is a line of the audit log.
type event struct {
	ID, At, Event, Outcome, Via string
	Route, ActorID, UserID      *string
	Details                     map[string]any
}

// events reads what a command printed.
func events(t *testing.T, text string) []event {
	t.Helper()
	var all []event
	for line := range strings.Lines(text) {
		var e event
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		all = append(all, e)
	}
	return all
}

func named(all []event) string {
	var names []string
	for _, e := range all {
		names = append(names, e.Event)
	}
	return strings.Join(names, " ")
}

func TestAuditTailAndExport(t *testing.T) {
	t.Parallel()
	o := newProducer(t)
	o.env["BETTER_AUTH_URL"] = "http://127.0.0.1:" + o.port
	says(t, o.run("audit", "tail").exits(exitFailed).complaint(), "run `sallyport migrate up`")
	o.run("migrate", "up").exits(0)
	if r := o.run("audit", "tail").exits(0); r.stdout != "" {
		t.Errorf("an empty log prints %q", r.stdout)
	}
	kid := strings.TrimSpace(o.run("keys", "rotate", "--now").exits(0).stdout)
	s := o.serve()
	user := signUp(t, s, "ann@example.test")
	signUp(t, s, "bob@example.test")
	all := events(t, o.run("audit", "export").exits(0).stdout)
	if named(all) != "key-made server-started sign-up sign-up" {
		t.Fatalf("the log has %s", named(all))
	}
	made, started, signedUp := all[0], all[1], all[2]
	if made.Via != "command" || made.Details["key"] != kid || made.Route != nil {
		t.Errorf("the key: %+v", made)
	}
	if hash, _ := started.Details["configuration"].(string); started.Via != "server" || len(hash) != 64 || started.Details["mode"] != "production" {
		t.Errorf("the start: %+v", started)
	}
	if signedUp.Via != "http" || *signedUp.UserID != user || *signedUp.ActorID != user || *signedUp.Route != "/sign-up/email" {
		t.Errorf("the user %s: %+v", user, signedUp)
	}
	for line, want := range map[string]string{
		"tail -n 1":                     "sign-up",
		"tail -n 3":                     "server-started sign-up sign-up",
		"tail -n 0":                     "",
		"tail -n 100":                   named(all),
		"export --event server-started": "server-started",
		"export --user " + user:         "sign-up",
		"export --user nobody":          "",
		"export --since 2100-01-01":     "",
		"export --until 2000-01-01":     "",
		"export --since " + signedUp.At: "sign-up sign-up",
		"export --until " + signedUp.At: "key-made server-started",
		"export --event key-made --since 2000-01-01T00:00:00+02:00 --until 2100-01-01": "key-made",
	} {
		if got := named(events(t, o.run(append([]string{"audit"}, strings.Fields(line)...)...).exits(0).stdout)); got != want {
			t.Errorf("%s prints %q, want %q", line, got, want)
		}
	}
	s.stop()
}

// signUp makes a user and gives the id.
func signUp(t *testing.T, s *serving, email string) string {
	t.Helper()
	body := strings.NewReader(`{"name":"A","email":"` + email + `","password":"correct horse battery"}`)
	res, err := http.Post(s.url("/api/auth/sign-up/email"), "application/json", body)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var out struct{ User struct{ ID string } }
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("sign-up answers %d, %v", res.StatusCode, err)
	}
	return out.User.ID
}

// Whoever follows sees each event once, also one that was committed later than
// its id says, and ends it without an error.
func TestAuditTailFollows(t *testing.T) {
	t.Parallel()
	o := newProducer(t)
	o.run("migrate", "up").exits(0)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := o.command(ctx, "audit", "tail", "-f")
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(pipe)
	next := func() string {
		if !lines.Scan() {
			t.Fatalf("it ended: %v", lines.Err())
		}
		return events(t, lines.Text())[0].ID[:8]
	}
	o.addEvents(1, "0 seconds")
	first := next()
	o.addEvents(1, "-10 seconds")
	second := next()
	o.addEvents(1, "1 second")
	third := next()
	if !(second <= first && first <= third) {
		t.Errorf("ids begin with %s, %s, %s", first, second, third)
	}
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if lines.Scan() {
		t.Errorf("one line more: %s", lines.Text())
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}

// addEvents writes rows whose ids are of a time from now.
func (o *operator) addEvents(n int, later string) {
	o.t.Helper()
	o.query(fmt.Sprintf(`with made as (insert into sallyport.audit (id, at, event, outcome, via, user_agent, details)
		select (lpad(to_hex((extract(epoch from now() + interval '%s') * 1000)::bigint), 12, '0') || '70008000' || lpad(to_hex(i), 12, '0'))::uuid,
			now(), 'sign-in', 'success', 'http', repeat('x', 200), '{}' from generate_series(1, %d) i returning 1)
		select count(*) from made`, later, n))
}

// A large log passes through in little memory, and a reader who has seen enough
// may go.
func TestAuditExportOfALargeLog(t *testing.T) {
	t.Parallel()
	const rows, more = 150_000, 32 << 10 // KiB
	o := newProducer(t)
	o.run("migrate", "up").exits(0)
	export := func(read func(*bufio.Scanner)) *exec.Cmd {
		cmd := o.command(t.Context(), "audit", "export")
		pipe, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		read(bufio.NewScanner(pipe))
		_ = pipe.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("export ends with %v", err)
		}
		return cmd
	}
	measured := func() (n int, used int64) {
		cmd := export(func(lines *bufio.Scanner) {
			for lines.Scan() {
				n++
			}
		})
		return n, cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss
	}
	_, before := measured()
	o.addEvents(rows, "0 seconds")
	if n, used := measured(); n < rows || used > before+more {
		t.Errorf("%d rows of %d, in %d KiB, and %d without them", n, rows, used, before)
	}
	export(func(lines *bufio.Scanner) { lines.Scan() })
}
