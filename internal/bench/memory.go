package main

import (
	"context"
	"time"
)

// Names of rows.
const (
	rowPeak  = "resident memory, peak over all workloads"
	rowAfter = "resident memory, 5 s later"
)

// pause is how long after all work the memory is read once more.
const pause = 5 * time.Second

// compareMemory presses servers that have every plugin with everything there is,
// each workload at its highest number of connections and a crowd that signs in at
// the end, and reads how large they have become and what they keep.
func compareMemory(ctx context.Context, all []subject, rounds int, o options) ([]row, error) {
	peak, after := make([][]float64, len(all)), make([][]float64, len(all))
	highest := 0.0
	for round := range rounds {
		for _, i := range order(len(all), round) {
			r, err := all[i].under(everything).start(ctx)
			if err != nil {
				return nil, err
			}
			c := contestant{running: r}
			err = c.work(ctx, o)
			if err == nil {
				time.Sleep(pause)
				peak[i], after[i] = append(peak[i], mebibytes(peakMemory(r.processes()...))), append(after[i], mebibytes(residentMemory(r.processes()...)))
			}
			highest = max(highest, loadAverage())
			r.stop()
			if err != nil {
				return nil, err
			}
		}
	}
	return []row{
		newRow(rowPeak, "MiB", true, names(all), peak, highest),
		newRow(rowAfter, "MiB", true, names(all), after, highest),
	}, nil
}

// work does some of everything.
func (c *contestant) work(ctx context.Context, o options) error {
	if err := c.meet(ctx); err != nil {
		return err
	}
	for _, w := range workloads {
		if w.setup != plain {
			continue // it differs in nothing but the configuration
		}
		at := w.connections()
		if _, err := c.measure(ctx, w, load{connections: at[len(at)-1], duration: o.duration / 2}); err != nil {
			return err
		}
	}
	_, err := c.flood(ctx, o.flood, nil)
	return err
}
