package server

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// smapsOf writes an entry of /proc/PID/smaps, shortened.
func smapsOf(span, rights, file, anonymous string) string {
	return span + " " + rights + " 00000000 fe:00 42                        " + file + "\n" +
		"Size:               1024 kB\nRss:                 512 kB\nAnonymous:          " + anonymous + " kB\nVmFlags: rd mr mw me \n"
}

func TestOnlyUnwrittenPiecesOfTheProgramAreFound(t *testing.T) {
	t.Parallel()
	const program = "/opt/my server/sallyport (deleted)"
	for name, c := range map[string]struct {
		entry string
		found []span
	}{
		"code":                      {smapsOf("00400000-0163a000", "r-xp", program, "0"), []span{{0x400000, 0x163a000}}},
		"constants":                 {smapsOf("7f0000001000-7f0000002000", "r--p", program, "0"), []span{{0x7f0000001000, 0x7f0000002000}}},
		"variables":                 {smapsOf("00400000-0163a000", "rw-p", program, "0"), nil},
		"code with a breakpoint":    {smapsOf("00400000-0163a000", "r-xp", program, "4"), nil},
		"another file":              {smapsOf("00400000-0163a000", "r-xp", "/lib/ld.so", "0"), nil},
		"another file, similar":     {smapsOf("00400000-0163a000", "r-xp", "/opt/my server/sallyport", "0"), nil},
		"memory without a file":     {smapsOf("00400000-0163a000", "r--p", "", "0"), nil},
		"what no program may touch": {smapsOf("00400000-0163a000", "---p", program, "0"), nil},
	} {
		// A piece after it must be judged by itself.
		text := c.entry + smapsOf("7ffc00000000-7ffc00001000", "rw-p", "[stack]", "0")
		found, err := unwritten(strings.NewReader(text), program)
		if err != nil || !slices.Equal(found, c.found) {
			t.Errorf("%s: found %x, %v, want %x", name, found, err, c.found)
		}
	}
}

func TestSmapsThatCannotBeReadReleaseNothing(t *testing.T) {
	t.Parallel()
	if found, err := unwritten(strings.NewReader("no address rights\n"), "/bin/x"); err == nil || found != nil {
		t.Errorf("found %x, %v", found, err)
	}
}

// TestTheProgramRunsOnWithoutItsPages is not parallel: others would bring pages
// back while it looks.
func TestTheProgramRunsOnWithoutItsPages(t *testing.T) {
	before := residentOfFiles(t)
	trim()
	after := residentOfFiles(t)
	if after >= before {
		t.Errorf("%d kB of files are resident after it, %d before", after, before)
	}
}

// residentOfFiles reads how much of mapped files is in memory, in kB.
func residentOfFiles(t *testing.T) (kB int) {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if text, is := strings.CutPrefix(line, "RssFile:"); is {
			if kB, err = strconv.Atoi(strings.Fields(text)[0]); err != nil {
				t.Fatal(err)
			}
		}
	}
	return kB
}

func TestHashesPutTheTrimOff(t *testing.T) {
	t.Parallel()
	var trims trimmer
	trims.hashed() // before it runs there is nothing to put off
	timer := time.NewTimer(time.Hour)
	trims.due.Store(timer)
	timer.Stop()
	trims.hashed()
	if !timer.Stop() {
		t.Error("a hash does not set the timer")
	}
}
