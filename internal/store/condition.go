package store

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/schema"
)

// Operator is how a field is compared, by Better Auth's name.
type Operator string

// The operators. Those of texts take % and _ in a value for what they mean in
// LIKE.
const (
	Equal          Operator = "eq"
	NotEqual       Operator = "ne"
	Less           Operator = "lt"
	LessOrEqual    Operator = "lte"
	Greater        Operator = "gt"
	GreaterOrEqual Operator = "gte"
	In             Operator = "in"
	NotIn          Operator = "not_in"
	Contains       Operator = "contains"
	StartsWith     Operator = "starts_with"
	EndsWith       Operator = "ends_with"
)

// Operators are all of them, in the original's order.
var Operators = []Operator{Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual, In, NotIn, Contains, StartsWith, EndsWith}

// Condition compares a field with what a client has sent as text.
type Condition struct {
	Field    string
	Operator Operator
	// Values are one text, or the list of those that the client has sent.
	Values []string
	List   bool
}

// comparisons are the operators that take one value, in SQL.
var comparisons = map[Operator]string{
	Equal: " = ", NotEqual: " <> ", Less: " < ", LessOrEqual: " <= ", Greater: " > ", GreaterOrEqual: " >= ",
}

// condition writes a condition, with an "and" before it, whose parameters come
// after so many others.
func (l *layouts) condition(c Condition, after int) (text string, args []any, err error) {
	name, f, err := l.user.find(c.Field)
	if err != nil {
		return "", nil, err
	}
	if strings.ContainsRune(strings.Join(c.Values, ""), 0) {
		return "", nil, unlistable("no column holds a NUL character")
	}
	column, values := " and u."+l.user.column(name), l.asSent(f, c)
	if sql := comparisons[c.Operator]; sql != "" {
		if c.List {
			return "", nil, unlistable("a list is compared with one value")
		}
		return column + sql + "$" + itoa(after+1), []any{values[0]}, nil
	}
	switch c.Operator {
	case In, NotIn:
		if c.Operator == In && !c.List {
			return "", nil, unlistable("a list is asked for")
		}
		in := map[Operator]string{In: " in (", NotIn: " not in ("}[c.Operator]
		return column + in + placeholdersAfter(after, len(values)) + ")", anys(values), nil
	case Contains, StartsWith, EndsWith:
		return column + " like $" + itoa(after+1), []any{c.Operator.pattern(strings.Join(values, ","))}, nil
	}
	return "", nil, unlistable("there is no operator of that name")
}

func (o Operator) pattern(value string) string {
	if o != StartsWith {
		value = "%" + value
	}
	if o != EndsWith {
		value += "%"
	}
	return value
}

// asSent gives the texts that Better Auth's driver would send for the values: it
// reads numbers and truth values as JavaScript does, and leaves all else to
// Postgres.
func (l *layouts) asSent(f *schema.Field, c Condition) []string {
	switch {
	case l.set.IDs == schema.SerialIDs && (f == nil || f.References != nil && f.References.Field == "id"):
		return each(c.Values, asNumber)
	case f == nil:
		return c.Values
	case f.Type == schema.Boolean && !c.List:
		return []string{strconv.FormatBool(c.Values[0] == "true")}
	case f.Type == schema.Number || f.Type == schema.BigInt:
		if !slices.ContainsFunc(c.Values, isNoNumber) {
			return each(c.Values, asNumber)
		}
	}
	return c.Values
}

func asNumber(v string) string { return schema.NumberText(schema.ParseNumber(v)) }

func isNoNumber(v string) bool {
	return schema.TrimSpace(v) == "" || math.IsNaN(schema.ParseNumber(v))
}

func each(values []string, do func(string) string) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = do(v)
	}
	return out
}

func anys(values []string) []any {
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = v
	}
	return out
}

func placeholdersAfter(after, n int) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = "$" + itoa(after+i+1)
	}
	return strings.Join(parts, ", ")
}
