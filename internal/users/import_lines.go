package users

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// maxLine is the length of a record, in bytes.
const maxLine = 1 << 20

// lineError is what is wrong with one line, and nothing else.
type lineError struct{ error }

// lines reads a file line by line, keeping one at a time.
type lines struct {
	in     *bufio.Reader
	number int
	read   int64
	buffer []byte
}

func newLines(in io.Reader) *lines { return &lines{in: bufio.NewReaderSize(in, 64<<10)} }

// byteOrderMark begins a file of some editors.
var byteOrderMark = []byte("\xef\xbb\xbf")

// next gives the next line that is not empty, which is good until it is called
// again. The error is io.EOF at the end, or a lineError about that line.
func (l *lines) next() ([]byte, error) {
	for {
		line, err := l.whole()
		if l.number == 1 {
			line = bytes.TrimPrefix(line, byteOrderMark)
		}
		line = bytes.TrimSpace(line)
		switch {
		case err != nil:
			return nil, err
		case !utf8.Valid(line):
			return nil, lineError{errors.New("is no valid UTF-8")}
		case len(line) > 0:
			return line, nil
		}
	}
}

// whole reads to the end of a line. Of one that is too long nothing is kept.
func (l *lines) whole() ([]byte, error) {
	l.buffer = l.buffer[:0]
	l.number++
	long := false
	for {
		part, err := l.in.ReadSlice('\n')
		l.read += int64(len(part))
		if long = long || len(l.buffer)+len(part) > maxLine; !long {
			l.buffer = append(l.buffer, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && !errors.Is(err, io.EOF):
			return nil, err
		case long:
			return nil, lineError{fmt.Errorf("is longer than %d bytes", maxLine)}
		case err != nil && len(l.buffer) == 0:
			return nil, io.EOF
		}
		return l.buffer, nil
	}
}
