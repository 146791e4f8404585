package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/term"

	"github.com/sallyport-auth/sallyport/internal/users"
)

// progress shows how far an import is: on a terminal in one line that changes,
// elsewhere in a line now and then.
type progress struct {
	out      io.Writer
	size     int64 // of the file, 0 where it is not known
	terminal bool
	began    time.Time
	shown    time.Time
	told     int // lines, when it was last said
	there    bool
}

// How often it is said how far an import is.
const (
	redrawEvery = 200 * time.Millisecond
	lineEvery   = 10_000 // records
)

func newProgress(out io.Writer, size int64) *progress {
	file, isFile := out.(*os.File)
	return &progress{out: out, size: size, began: time.Now(), terminal: isFile && term.IsTerminal(int(file.Fd()))}
}

// tell says how far it is, unless it was said a moment ago.
func (p *progress) tell(t users.Tally) {
	switch {
	case p.terminal && time.Since(p.shown) >= redrawEvery:
		p.clear()
		fmt.Fprint(p.out, p.bar(t.Read), p.text(t))
		p.shown, p.there = time.Now(), true
	case !p.terminal && t.Lines()/lineEvery > p.told/lineEvery:
		fmt.Fprintln(p.out, p.text(t))
		p.told = t.Lines()
	}
}

// clear takes the line off the terminal, so that something else can stand there.
func (p *progress) clear() {
	if p.there {
		fmt.Fprint(p.out, "\r\x1b[K")
		p.there = false
	}
}

func (p *progress) text(t users.Tally) string {
	share := ""
	if p.size > 0 {
		share = fmt.Sprintf("%d%%, ", min(100, 100*t.Read/p.size))
	}
	rate := float64(t.Lines()) / max(time.Since(p.began).Seconds(), 0.001)
	return fmt.Sprintf("%s%d imported, %d were there already, %d refused, %.0f records a second", share, t.Imported, t.Present, t.Refused, rate)
}

// barCells is how wide the bar is.
const barCells = 20

func (p *progress) bar(read int64) string {
	if p.size == 0 {
		return ""
	}
	bar := []byte("[                    ] ")
	for i := range min(barCells, int(barCells*read/p.size)) {
		bar[i+1] = '#'
	}
	return string(bar)
}
