package migrate

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Remark is a difference between a database and what a configuration wants of it,
// with what follows and how it is mended.
type Remark struct {
	// Refused says that nothing is migrated, and no server starts, before it is
	// mended. Otherwise everything works, but for what the text tells.
	Refused bool
	// Columns are those of which a text holds that names none itself.
	Columns []string
	Text    string
}

// String is the remark in a line.
func (r Remark) String() string {
	if len(r.Columns) == 0 {
		return r.Text
	}
	return strings.Join(r.Columns, ", ") + ": " + r.Text
}

// problem notes what the database cannot be used with.
func (c *comparison) problem(format string, args ...any) {
	c.remarks = append(c.remarks, Remark{Refused: true, Text: fmt.Sprintf(format, args...)})
}

// warn notes what works, and had better be otherwise.
func (c *comparison) warn(format string, args ...any) {
	c.remarks = append(c.remarks, Remark{Text: fmt.Sprintf(format, args...)})
}

// warnOf notes it of a column, together with others of which the same is to be said.
func (c *comparison) warnOf(column, text string) {
	at := slices.IndexFunc(c.remarks, func(r Remark) bool { return r.Text == text })
	if at < 0 {
		at = len(c.remarks)
		c.remarks = append(c.remarks, Remark{Text: text})
	}
	c.remarks[at].Columns = append(c.remarks[at].Columns, column)
}

// refusal is an error that names every hindrance, nil where there is none.
func (c *comparison) refusal() error {
	var reasons []string
	for _, remark := range c.remarks {
		if remark.Refused {
			reasons = append(reasons, remark.String())
		}
	}
	if len(reasons) == 0 {
		return nil
	}
	return errors.New("this database cannot be used as it is: " + strings.Join(reasons, "; "))
}
