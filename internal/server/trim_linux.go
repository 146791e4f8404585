package server

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// span is a piece of the address space.
type span struct{ from, to uintptr }

// releaseProgram takes the pages of the program's own file out of this process.
// They stay in the page cache of the system, which may drop them before others
// now, and come back one by one when they are used.
func releaseProgram() error {
	program, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return err
	}
	mapped, err := os.Open("/proc/self/smaps")
	if err != nil {
		return err
	}
	defer mapped.Close() //nolint:errcheck // it was only read
	spans, err := unwritten(mapped, program)
	if err != nil {
		return err
	}
	for _, s := range spans {
		if _, _, failed := unix.Syscall(unix.SYS_MADVISE, s.from, s.to-s.from, unix.MADV_DONTNEED); failed != 0 {
			return failed
		}
	}
	return nil
}

// unwritten finds where a file is mapped for reading alone, by what smaps says
// (proc(5)). A piece with a page of this process's own is left out: that page
// holds what is not in the file, such as a breakpoint or a relocated address.
func unwritten(smaps io.Reader, file string) (found []span, err error) {
	var piece span
	candidate := false
	for lines := bufio.NewScanner(smaps); ; {
		if !lines.Scan() {
			return found, lines.Err()
		}
		line := lines.Text()
		if size, is := strings.CutPrefix(line, "Anonymous:"); is {
			if candidate && strings.Fields(size)[0] == "0" {
				found = append(found, piece)
			}
			continue
		}
		if name, _, _ := strings.Cut(line, " "); strings.HasSuffix(name, ":") {
			continue // another number of the same piece
		}
		var rights, rest string
		if _, err := fmt.Sscanf(line, "%x-%x %s", &piece.from, &piece.to, &rights); err != nil {
			return nil, fmt.Errorf("reading smaps: %w", err)
		}
		_, rest, _ = strings.Cut(line, "/")
		candidate = rights[0] == 'r' && rights[1] == '-' && rights[3] == 'p' && "/"+rest == file
	}
}
