package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var both = []string{"original", ours}

func TestRatiosAreThoseOfRounds(t *testing.T) {
	r := newRow("x", "req/s", false, both, [][]float64{{10, 30, 20}, {20, 150, 80}}, 0)
	if got := *r.cell("original").Ratio; got != (spread{Median: 4, Low: 2, High: 5}) {
		t.Errorf("ratio %+v", got)
	}
	if got := r.cell(ours).Value; got != (spread{Median: 80, Low: 20, High: 150}) || r.cell(ours).Ratio != nil {
		t.Errorf("value %+v", got)
	}
	less := newRow("x", "ms", true, both, [][]float64{{30}, {10}}, 0)
	if got := less.cell("original").Ratio.Median; got != 3 {
		t.Errorf("ratio of what should be small: %v", got)
	}
}

func TestTargets(t *testing.T) {
	for _, c := range []struct {
		name     string
		original float64
		ours     float64
		less     bool
		load     float64
		want     string
	}{
		{"GET /ok", 1, 14, false, 0, "missed"},
		{"GET /ok", 1, 15, false, 0, "must"},
		{"GET /ok", 1, 22, false, 0, "goal"},
		{"GET /ok", 1, 31, false, 0, "beyond"},
		{"GET /ok", 1, 31, false, busyLoad, "does not count"},
		{rowIdle, 90, 31, true, 0, "missed"},
		{rowIdle, 90, 15, true, 0, "beyond"},
		{rowPeak, 300, 150, true, 0, "must"},
		{"no target", 1, 31, false, 0, ""},
	} {
		r := newRow(c.name, "", c.less, both, [][]float64{{c.original}, {c.ours}}, c.load)
		if r.Reached != c.want {
			t.Errorf("%s, %v against %v at load %v: %q, want %q", c.name, c.ours, c.original, c.load, r.Reached, c.want)
		}
	}
	if alone := newRow("GET /ok", "req/s", false, []string{ours}, [][]float64{{1}}, 0); alone.Reached != "" {
		t.Errorf("a ratio to nothing is %q", alone.Reached)
	}
}

func TestEveryTargetIsOfARow(t *testing.T) {
	rows := []string{rowFloodP99, rowFloodSignIns, rowIdle, rowPeak, rowAfter, rowMigrated, rowFresh, rowBinary}
	for _, w := range workloads {
		for _, n := range w.connections() {
			rows = append(rows, w.under(n))
		}
	}
	for name := range targets {
		if !slices.Contains(rows, name) {
			t.Errorf("nothing is measured as %q", name)
		}
	}
}

func sampleResults() results {
	r := newRow("GET /ok", "req/s", false, both, [][]float64{{100}, {2300}}, 1)
	r.Cells[1].P50, r.Cells[1].P99, r.Cells[1].CPU, r.Cells[1].Refused = 1, 2, 0.05, 7
	busy := newRow("GET /token", "req/s", false, both, [][]float64{{100}, {2300}}, 9)
	return results{Machine: "here", Subjects: both, Users: 5, Rows: []row{r, busy}, Limits: []limit{newLimit("a hash", "ms", []float64{3})}}
}

func TestResultsAsText(t *testing.T) {
	var out bytes.Buffer
	p := &report{out: &out}
	p.head(sampleResults())
	for _, r := range sampleResults().Rows {
		p.row(r)
	}
	p.foot()
	for _, text := range []string{
		"5 users", "2300 req/s", "p99 2.00 ms", "CPU 0.05 s/1000", "sallyport refused 7 requests", "better than the original: x 23.0 [23.0..23.0]\n",
		">= x 15.0 / 22.0 / 30.0: goal", "x 23.0 [23.0..23.0] (does not count", "WARNING",
	} {
		if !strings.Contains(out.String(), text) {
			t.Errorf("the report lacks %q:\n%s", text, &out)
		}
	}
}

func TestResultsAsFiles(t *testing.T) {
	folder := t.TempDir()
	o := options{json: filepath.Join(folder, "bin", "bench.json"), markdown: filepath.Join(folder, "page.md")}
	page := "# A page\n" + beginMark + "\nold\n" + endMark + "\nkept\n"
	if err := os.WriteFile(o.markdown, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time replaces the first
		if err := sampleResults().write(o); err != nil {
			t.Fatal(err)
		}
	}
	text, _ := os.ReadFile(o.markdown)
	for _, want := range []string{
		"# A page\n", "kept\n", "| GET /ok, req/s | 100 [100..100] | 2300 [2300..2300]; p50 1.00, p99 2.00 ms; CPU 0.05 s/1000; 7 refused | 23.0 [23.0..23.0] |",
		"| (23.0 [23.0..23.0]) | >= x 11.0 / 15.0 / 20.0 | does not count | 9.0 |", "| a hash | 3.00 [3.00..3.00] ms |",
	} {
		if strings.Count(string(text), want) != 1 {
			t.Errorf("the page has %q %d times:\n%s", want, strings.Count(string(text), want), text)
		}
	}
	if strings.Contains(string(text), "old") {
		t.Error("the old table stays")
	}
	var back results
	if text, err := os.ReadFile(o.json); err != nil || json.Unmarshal(text, &back) != nil || len(back.Rows) != 2 || back.Rows[0].Reached != "goal" {
		t.Errorf("%v: %+v", err, back)
	}
}

// What a flood does to the original is in the report of whoever measures it, and on no page.
func TestThePageDoesNotTellWhatAFloodDoes(t *testing.T) {
	var r results
	for _, name := range unpublished {
		r.Rows = append(r.Rows, newRow(name, "ms", true, both, [][]float64{{1000}, {125}}, 1))
	}
	r.Subjects = both
	page := r.markdown()
	if strings.Contains(page, "1000") || strings.Contains(page, "8.00 [") || strings.Count(page, "125 [") != len(unpublished) {
		t.Error(page)
	}
}

func TestAPartialRunLeavesThePageAlone(t *testing.T) {
	page := filepath.Join(t.TempDir(), "page.md")
	for _, o := range []options{{only: "token"}, {balanced: true}, {connections: []int{1}}} {
		o.markdown = page
		if err := sampleResults().write(o); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(page); err == nil {
			t.Errorf("%+v wrote a page", o)
		}
	}
}

func TestAPageWithoutMarksIsLeftAlone(t *testing.T) {
	page := filepath.Join(t.TempDir(), "page.md")
	if err := os.WriteFile(page, []byte("a person's\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := sampleResults().write(options{markdown: page}); err == nil || !strings.Contains(err.Error(), "lacks the lines") {
		t.Errorf("error %v", err)
	}
	if text, _ := os.ReadFile(page); string(text) != "a person's\n" {
		t.Errorf("the page is %q", text)
	}
}
