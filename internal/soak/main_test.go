package soak

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
)

var long = flag.Bool("long", false, "run the long forms, and print a table of what was measured")

// pick gives the size of a test: its short form in `make test`, its long form in `make soak`.
func pick[T any](short, longer T) T {
	if *long {
		return longer
	}
	return short
}

// measured are the rows of the table.
var measured struct {
	mu   sync.Mutex
	rows []string
}

// row adds what a test has measured to the table: the promise by its number in docs/reliability.md, and
// the figures in words.
func row(t *testing.T, promise, format string, args ...any) {
	t.Helper()
	text := fmt.Sprintf(format, args...)
	t.Logf("%s: %s", promise, text)
	measured.mu.Lock()
	defer measured.mu.Unlock()
	measured.rows = append(measured.rows, promise+"\t"+t.Name()+"\t"+text)
}

// number is that of the promise of a row.
func number(row string) (n int) {
	_, _ = fmt.Sscanf(row, "R%d", &n)
	return n
}

func TestMain(m *testing.M) {
	flag.Parse()
	var err error
	if scratch, err = os.MkdirTemp("", "soak-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(scratch)
	if *long {
		slices.SortFunc(measured.rows, func(a, b string) int {
			return cmp.Or(cmp.Compare(number(a), number(b)), cmp.Compare(a, b))
		})
		table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
		_, _ = fmt.Fprintln(table, strings.Join(measured.rows, "\n"))
		_ = table.Flush()
	}
	os.Exit(code)
}

// The table is as long as what was measured.
func TestWhatIsMeasuredIsARow(t *testing.T) {
	before := len(measured.rows)
	row(t, "R0", "%d rows before", before)
	if len(measured.rows) != before+1 {
		t.Fatal("the row is missing")
	}
	measured.rows = measured.rows[:before]
}
