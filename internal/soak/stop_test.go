package soak

import (
	"fmt"
	"net"
	"net/http"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestR14AGracefulStopFinishesWhatHasBegun tells an instance to stop while
// sign-ins are in flight.
func TestR14AGracefulStopFinishesWhatHasBegun(t *testing.T) {
	t.Parallel()
	i := newSite(t, basic, "").serve()
	newClient(i).signUp(t, "ann@example.test")
	clients := pick(10, 100)
	answers := make([]answer, clients)
	var flight sync.WaitGroup
	for n := range answers {
		flight.Go(func() { answers[n] = newClient(i).post("/sign-in/email", credentials("ann@example.test")) })
	}
	within(t, "sign-ins in flight", func() bool {
		m := i.metrics()
		return m["sallyport_password_hashes_waiting"]+m["sallyport_password_hashes_running"] > 1
	})
	begin := time.Now()
	i.signal(syscall.SIGTERM)
	unready := within(t, "readiness off", func() bool { return i.status("/readyz") == http.StatusServiceUnavailable })
	closed := within(t, "the socket closed", func() bool {
		conn, err := net.Dial("tcp", i.url[len("http://"):])
		if err == nil {
			_ = conn.Close()
		}
		return err != nil
	})
	drained := time.Since(begin)
	flight.Wait()
	signedIn := 0
	for _, a := range answers {
		switch {
		case a.ok("ann@example.test"):
			signedIn++
		case a.err != nil || !a.refused(): // the queue for hashing is bounded, stop or not
			t.Errorf("a sign-in in flight: %s", a)
		}
	}
	if signedIn == 0 {
		t.Error("no sign-in in flight succeeded")
	}
	<-i.ended
	took := time.Since(begin)
	if code := i.cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("it ended with %d", code)
	}
	row(t, "R14", "%d sign-ins in flight, all answered (%d signed in, the others had waited too long for hashing); not ready after %s, socket closed %s later, exit 0 after %s",
		clients, signedIn, unready.Round(time.Millisecond), closed.Round(time.Millisecond), took.Round(time.Millisecond))
	if drained < 5*time.Second {
		t.Errorf("only %s between the signal and the end of the socket", drained)
	}
	if *long && took > 15*time.Second {
		t.Errorf("the stop took %s", took)
	}
}

func TestR14ASecondSignalEndsAtOnce(t *testing.T) {
	t.Parallel()
	i := newSite(t, basic, "").serve()
	i.signal(syscall.SIGTERM)
	within(t, "readiness off", func() bool { return i.status("/readyz") == http.StatusServiceUnavailable })
	begin := time.Now()
	if code := i.end(syscall.SIGTERM); code != -1 {
		t.Errorf("it ended with %d, not by the signal", code)
	}
	if took := time.Since(begin); took > 3*time.Second {
		t.Errorf("it took %s", took)
	}
}

// TestR14ARequestThatNeverEndsIsCut has a client that sends one byte of its body
// a second, and a server that would wait for it for minutes.
func TestR14ARequestThatNeverEndsIsCut(t *testing.T) {
	t.Parallel()
	i := newSite(t, basic+"server: {timeouts: {read: 10m, write: 10m, request: 10m, drain: 0}}\n", "").serve()
	conn, err := net.Dial("tcp", i.url[len("http://"):])
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_, _ = fmt.Fprint(conn, "POST /api/auth/sign-in/email HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n")
	go func() {
		for err := error(nil); err == nil; time.Sleep(time.Second) {
			_, err = conn.Write([]byte(" "))
		}
	}()
	within(t, "the request at work", func() bool { return i.metrics()["sallyport_connections"] > 0 })
	time.Sleep(100 * time.Millisecond)
	begin := time.Now()
	if code := i.end(syscall.SIGTERM); code != 0 {
		t.Errorf("it ended with %d", code)
	}
	if took := time.Since(begin); took < 9*time.Second || took > pick(25*time.Second, 15*time.Second) {
		t.Errorf("it took %s", took)
	}
}
