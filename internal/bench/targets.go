package main

import "fmt"

// target is what a row is to reach: with Absolute a value of ours in the row's unit, else a ratio to the
// original.
type target struct {
	Absolute bool    `json:"absolute"`
	Must     float64 `json:"must"`
	Goal     float64 `json:"goal"`
	Beyond   float64 `json:"beyond"`
}

// ratio and most make targets.
func ratio(must, goal, beyond float64) target { return target{false, must, goal, beyond} }
func most(must, goal, beyond float64) target  { return target{true, must, goal, beyond} }

// targets by the names of rows.
var targets = map[string]target{
	"GET /ok":                             ratio(15, 22, 30),
	"GET /get-session, one at a time":     ratio(5, 7, 8),
	"GET /get-session":                    ratio(10, 14, 18),
	"GET /get-session, 64 at once":        ratio(9, 13, 25),
	"GET /get-session, cookie cache":      ratio(12, 17, 24),
	"GET /get-session, no cookie":         ratio(15, 22, 30),
	"GET /get-session, set-auth-jwt":      ratio(9, 13, 18),
	"GET /token":                          ratio(11, 15, 20),
	"GET /jwks":                           ratio(18, 30, 45),
	"POST /sign-in/email, one at a time":  ratio(1.1, 2.4, 2.6),
	"POST /sign-in/email":                 ratio(1.1, 4.2, 4.8),
	"POST /sign-in/email, wrong password": ratio(1.1, 4.2, 4.8),
	"POST /sign-up/email":                 ratio(1.1, 4.2, 4.8),
	"POST /sign-out":                      ratio(8, 14, 18),
	mixed:                                 ratio(1.5, 4.2, 6),
	rowFloodP99:                           most(200, 50, 0), // beyond is three times the calm one
	rowFloodSignIns:                       ratio(1.1, 3.3, 4),
	rowIdle:                               most(30, 22, 16),
	rowPeak:                               ratio(1.7, 2.2, 3.5),
	rowAfter:                              most(30, 30, 30),
	rowMigrated:                           most(80, 40, 25),
	rowFresh:                              most(160, 100, 78),
	rowBinary:                             most(45, 35, 28),
}

// judge compares the row with its target.
func (r *row) judge() {
	t, ok := targets[r.Name]
	if !ok {
		return
	}
	r.aim(t)
}

// aim gives the row a target and says what of it is reached.
func (r *row) aim(t target) {
	r.Target = &t
	var better func(want float64) bool
	if c := r.cell(ours); t.Absolute && c != nil {
		better = func(want float64) bool { return c.Value.Median <= want }
	} else if c := r.cell("original"); !t.Absolute && c != nil && c.Ratio != nil {
		better = func(want float64) bool { return c.Ratio.Median >= want }
	} else {
		r.Reached = ""
		return
	}
	switch {
	case !r.Counts:
		r.Reached = "does not count"
	case better(t.Beyond):
		r.Reached = "beyond"
	case better(t.Goal):
		r.Reached = "goal"
	case better(t.Must):
		r.Reached = "must"
	default:
		r.Reached = "missed"
	}
}

// String is the three steps.
func (t target) String() string {
	sign := ">= x "
	if t.Absolute {
		sign = "<= "
	}
	return fmt.Sprintf("%s%s / %s / %s", sign, number(t.Must), number(t.Goal), number(t.Beyond))
}
