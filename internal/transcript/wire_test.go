package transcript

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
)

// echo answers one request with its own text as the body.
func echo(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			text := readRequest(conn)
			fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: %d\r\n\r\n%s", len(text), text)
			_ = conn.Close()
		}
	}()
	return "http://" + listener.Addr().String()
}

// readRequest reads a head and whatever follows it at once.
func readRequest(conn net.Conn) string {
	reader := bufio.NewReader(conn)
	var head strings.Builder
	for {
		line, err := reader.ReadString('\n')
		head.WriteString(line)
		if err != nil || line == "\r\n" {
			break
		}
	}
	body := make([]byte, reader.Buffered())
	_, _ = io.ReadFull(reader, body)
	return head.String() + string(body)
}

func TestRequestsGoOutExactlyAsWritten(t *testing.T) {
	base := echo(t)
	for what, c := range map[string]struct {
		x    exchange
		want string
	}{
		"odd path and repeated header": {
			exchange{method: "GET", target: "/./a//%6Fk?%", headers: [][2]string{{"host", "h"}, {"a", "1"}, {"a", "2"}}},
			"GET /./a//%6Fk?% HTTP/1.1\r\nhost: h\r\na: 1\r\na: 2\r\nconnection: close\r\n\r\n",
		},
		"body": {
			exchange{method: "POST", target: "/", headers: [][2]string{{"host", "h"}}, body: []byte("ü"), hasBody: true},
			"POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 2\r\nconnection: close\r\n\r\nü",
		},
		"empty body": {
			exchange{method: "POST", target: "/", headers: [][2]string{{"host", "h"}}, hasBody: true},
			"POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
		},
		"no body": {
			exchange{method: "POST", target: "/", headers: [][2]string{{"host", "h"}}},
			"POST / HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n",
		},
		"chunks": {
			exchange{method: "POST", target: "/", headers: [][2]string{{"transfer-encoding", "chunked"}}, body: []byte("0123456789abcdef"), hasBody: true},
			"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n10\r\n0123456789abcdef\r\n0\r\n\r\n",
		},
		"no chunks": {
			exchange{method: "POST", target: "/", headers: [][2]string{{"transfer-encoding", "chunked"}}, hasBody: true},
			"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n0\r\n\r\n",
		},
	} {
		got, err := c.x.send(context.Background(), base)
		if err != nil || string(got.body) != c.want {
			t.Errorf("%s: sent %q (%v), want %q", what, got.body, err, c.want)
			continue
		}
		if cookies := got.header["Set-Cookie"]; len(cookies) != 2 || cookies[1] != "b=2" {
			t.Errorf("%s: cookies are %v", what, cookies)
		}
	}
}

func TestAServerThatIsNotThereIsAnError(t *testing.T) {
	if _, err := (exchange{method: "GET", target: "/"}).send(context.Background(), "http://127.0.0.1:1"); err == nil {
		t.Error("no error")
	}
}
