package server

import (
	"bytes"
	"testing"
)

func TestOnlyBareRefusalsAreHardened(t *testing.T) {
	t.Parallel()
	tests := []struct {
		written string
		at      int
	}{
		{"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\n\r\n400 Bad Request", 26},
		{"HTTP/1.1 431 X\r\n\r\n", 16},
		{"HTTP/1.0 501 X\r\n\r\n", 16},
		{"HTTP/1.1 100 Continue\r\n\r\n", 0},
		{"HTTP/1.1 200 OK\r\n\r\n", 0},
		{"HTTP/1.1 404 Not Found\r\nX-Content-Type-Options: nosniff\r\n\r\n", 0},
		{"HTTP/1.1 404", 0},
		{"HTTP/1.1 404 Not Found\r\nContent-", 0},
		{`{"name":"HTTP/1.1 404 X"}`, 0},
		{"", 0},
	}
	for _, tt := range tests {
		at, ok := bareRefusal([]byte(tt.written))
		if ok != (tt.at > 0) || ok && at != tt.at {
			t.Errorf("%q: %d %t, want %d", tt.written, at, ok, tt.at)
		}
	}
}

// Whatever is written, what is put in stands behind a status line of a refusal.
func FuzzBareRefusal(f *testing.F) {
	f.Add([]byte("HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\n\r\n400 Bad Request"))
	f.Add([]byte("HTTP/1.1 404\r\n\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		at, ok := bareRefusal(b)
		if ok && (!bytes.HasPrefix(b, []byte("HTTP/1.")) || !bytes.HasSuffix(b[:at], []byte("\r\n")) || bytes.Count(b[:at], []byte("\r\n")) != 1) {
			t.Fatalf("%q: at %d", b, at)
		}
	})
}
