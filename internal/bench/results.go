package main

// busyLoad is the load average from which ratios mean nothing: a program with
// many threads gets more of a crowded machine than one with a single thread.
const busyLoad = 4

// results are all that a run has measured.
type results struct {
	Machine  string   `json:"machine"`
	Postgres string   `json:"postgres"` // its version, and the settings that matter
	Subjects []string `json:"subjects"`
	Users    int      `json:"users"`
	Sessions int      `json:"sessions"`
	Rounds   int      `json:"rounds"`
	Seconds  float64  `json:"secondsOfARound"`
	Rows     []row    `json:"rows"`
	Limits   []limit  `json:"limits"`
}

// row is one quantity, of each server.
type row struct {
	Name  string  `json:"name"`
	Unit  string  `json:"unit"`
	Less  bool    `json:"lessIsBetter"`
	Cells []cell  `json:"cells"` // in the order of the subjects
	Load  float64 `json:"load"`  // the highest load average seen
	// Counts is false where the machine was too busy for the ratios to mean anything.
	Counts bool    `json:"counts"`
	Target *target `json:"target,omitempty"`
	// Reached is the best part of the target that is met: beyond, goal, must, or missed; or that the row does
	// not count. It is empty where there is nothing to compare.
	Reached string `json:"reached,omitempty"`
}

// cell is what one server did. P50 and P99 are in milliseconds, and CPU in seconds of the processor for a
// thousand requests; they are the medians of the rounds, and 0 where there are no requests.
type cell struct {
	Subject string  `json:"subject"`
	Value   spread  `json:"value"`
	P50     float64 `json:"p50,omitempty"`
	P99     float64 `json:"p99,omitempty"`
	CPU     float64 `json:"cpuSecondsPer1000,omitempty"`
	Refused int     `json:"refused,omitempty"`
	// Ratio is by how much ours is better than this one.
	Ratio *spread `json:"ratio,omitempty"`
}

// ours is the subject that others are compared with; among instances it is twoInstances.
const ours = "sallyport"

// newRow makes a row from the values of each subject, round by round.
func newRow(name, unit string, less bool, subjects []string, values [][]float64, load float64) row {
	r := row{Name: name, Unit: unit, Less: less, Load: load, Counts: load < busyLoad}
	us := -1
	for i, subject := range subjects {
		r.Cells = append(r.Cells, cell{Subject: subject, Value: spreadOf(values[i])})
		if subject == ours || subject == twoInstances {
			us = i
		}
	}
	for i := range r.Cells {
		if us < 0 || i == us {
			continue
		}
		s := ratios(values[us], values[i])
		if less {
			s = ratios(values[i], values[us])
		}
		r.Cells[i].Ratio = &s
	}
	r.judge()
	return r
}

// cell gives that of a subject, and nil when it was not measured.
func (r *row) cell(subject string) *cell {
	for i := range r.Cells {
		if r.Cells[i].Subject == subject {
			return &r.Cells[i]
		}
	}
	return nil
}
