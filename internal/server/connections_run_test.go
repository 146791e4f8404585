package server_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// With room for three, unfinished requests and idle connections go, in the order
// in which they came, and the one that is worked for stays.
func TestConnectionsAreBounded(t *testing.T) {
	t.Parallel()
	p := run(t, "server: {listen: '127.0.0.1:0', ops: {listen: '127.0.0.1:0'}, maxConnections: 3, timeouts: {drain: 0}}\n")
	const post = "POST /api/auth/sign-in/email HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
	release := p.holdUsers(t)
	busy, header, body := p.keep(t), p.keep(t), p.keep(t)
	for conn, text := range map[*kept]string{
		busy: post + "48\r\n\r\n" + `{"email":"ann@example.test","password":"secret"}`, header: "GET /api/auth/ok HTTP/1.1\r\nX-Slow: ", body: post + "1000\r\n\r\n{",
	} {
		if _, err := io.WriteString(conn, text); err != nil {
			t.Fatal(err)
		}
	}
	p.waitFor(t, "sallyport_connections 3")
	p.waitFor(t, "sallyport_database_connections_in_use 1")
	var further []*kept
	for range 3 {
		conn := p.keep(t)
		if res := conn.ask(t, okRequest); res.StatusCode != http.StatusOK {
			t.Errorf("with all connections taken: %d", res.StatusCode)
		}
		further = append(further, conn)
	}
	for what, conn := range map[string]*kept{"unfinished header": header, "unfinished body": body, "old idleness": further[0]} {
		if !conn.ended(time.Second) {
			t.Errorf("the connection with %s is kept", what)
		}
	}
	release()
	if res, text := answer(t, busy.r); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("the request that was worked on: %d %s", res.StatusCode, text)
	}
	p.waitFor(t, `sallyport_connections_turned_away_total{which="waiting"} 3`)
}

// In a crowd a refusal ends its connection, and any other answer does not.
func TestARefusalInACrowdEndsItsConnection(t *testing.T) {
	t.Parallel()
	p := runWith(t, "rateLimit: {enabled: true, customRules: {/ok: {window: 60, max: 1}}}\nserver: {listen: '127.0.0.1:0', ops: {listen: '127.0.0.1:0'}, maxConnections: 4}\n")
	first, second := p.keep(t), p.keep(t)
	if res := first.ask(t, okRequest); res.StatusCode != http.StatusOK || res.Close {
		t.Errorf("the first answer is %d, close %t", res.StatusCode, res.Close)
	}
	if res := first.ask(t, okRequest); res.StatusCode != http.StatusTooManyRequests || res.Close {
		t.Errorf("a refusal in peace is %d, close %t", res.StatusCode, res.Close)
	}
	const liveness = "GET /livez HTTP/1.1\r\nHost: a\r\n\r\n"
	second.ask(t, liveness) // who says nothing is not counted yet
	p.keep(t).ask(t, liveness)
	p.waitFor(t, "sallyport_connections 3")
	if res := second.ask(t, liveness); res.StatusCode != http.StatusOK || res.Close {
		t.Errorf("an answer in a crowd is %d, close %t", res.StatusCode, res.Close)
	}
	if res := second.ask(t, okRequest); res.StatusCode != http.StatusTooManyRequests || !res.Close {
		t.Errorf("a refusal in a crowd is %d, close %t", res.StatusCode, res.Close)
	}
}

// holdUsers makes every reader of users wait until it is called off.
func (p *process) holdUsers(t *testing.T) (release func()) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), p.Database)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	if _, err := conn.Exec(t.Context(), `begin; lock table "user" in access exclusive mode`); err != nil {
		t.Fatal(err)
	}
	return func() {
		if _, err := conn.Exec(t.Context(), "commit"); err != nil {
			t.Fatal(err)
		}
	}
}

// waitFor waits until the metrics have a line.
func (p *process) waitFor(t *testing.T, line string) {
	t.Helper()
	var text []byte
	for range 500 {
		res, err := http.Get("http://" + p.ops + "/metrics")
		if err != nil {
			t.Fatal(err)
		}
		text, _ = io.ReadAll(res.Body)
		_ = res.Body.Close()
		if strings.Contains(string(text), line+"\n") {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("no line %s in\n%s", line, text)
}
