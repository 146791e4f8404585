package main

import (
	"bytes"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/users"
)

func TestProgressElsewhereThanOnATerminal(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	p := newProgress(&out, 400)
	p.began = time.Now().Add(-time.Hour)
	for n := range 45 {
		p.tell(users.Tally{Imported: n * 500, Present: 2, Refused: 1, Read: int64(n)})
	}
	const want = "5%, 10000 imported, 2 were there already, 1 refused, 3 records a second\n10%, 20000 imported, 2 were there already, 1 refused, 6 records a second\n"
	if out.String() != want {
		t.Errorf("it says %q", out.String())
	}
}

func TestProgressOnATerminal(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	p := newProgress(&out, 400)
	p.terminal, p.began = true, time.Now().Add(-time.Hour)
	p.tell(users.Tally{Imported: 3600, Read: 100})
	p.tell(users.Tally{Imported: 3601, Read: 101}) // a moment later
	p.shown = time.Time{}
	p.tell(users.Tally{Imported: 7200, Read: 500})
	p.clear()
	p.clear()
	const want = "[#####               ] 25%, 3600 imported, 0 were there already, 0 refused, 1 records a second\r\x1b[K" +
		"[####################] 100%, 7200 imported, 0 were there already, 0 refused, 2 records a second\r\x1b[K"
	if out.String() != want {
		t.Errorf("it says %q", out.String())
	}
}
