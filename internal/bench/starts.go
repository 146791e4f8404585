package main

import (
	"context"
	"fmt"
	"os"
	"time"
)

// Names of rows.
const (
	rowMigrated = "start to first 200, migrated database"
	rowFresh    = "start to first 200, fresh database"
	rowIdle     = "resident memory, idle"
	rowOwn      = "resident memory that is in no file, idle"
	rowBinary   = "program on disk"
)

// idleFor is how long a started server is left alone before its memory is read.
const idleFor = 2 * time.Second

// compareStarts starts and stops the servers in turn, with every plugin, on a
// database that has its tables, and reads their memory after idle.
func compareStarts(ctx context.Context, all []subject, starts int, idle time.Duration) ([]row, error) {
	took, rss, own := make([][]float64, len(all)), make([][]float64, len(all)), make([][]float64, len(all))
	highest := 0.0
	for round := range starts {
		for _, i := range order(len(all), round) {
			r, err := all[i].under(everything).start(ctx)
			if err != nil {
				return nil, err
			}
			time.Sleep(idle)
			took[i] = append(took[i], milliseconds(r.took))
			rss[i], own[i] = append(rss[i], mebibytes(residentMemory(r.processes()...))), append(own[i], mebibytes(ownMemory(r.processes()...)))
			r.stop()
			highest = max(highest, loadAverage())
		}
	}
	return []row{
		newRow(rowMigrated, "ms", true, names(all), took, highest),
		newRow(rowIdle, "MiB", true, names(all), rss, highest),
		newRow(rowOwn, "MiB", true, names(all), own, highest),
	}, nil
}

// compareFresh starts them on empty databases, whose tables they make first.
func compareFresh(ctx context.Context, d *databases, all []subject, starts int) (row, error) {
	took := make([][]float64, len(all))
	highest := 0.0
	for round := range starts {
		for _, i := range order(len(all), round) {
			name := fmt.Sprintf("fresh_%d_%d", i, round)
			url, err := d.create(ctx, name)
			if err != nil {
				return row{}, err
			}
			s := all[i].under(everything)
			s.database, s.serve = url, s.fresh
			r, err := s.start(ctx)
			if err != nil {
				return row{}, err
			}
			took[i] = append(took[i], milliseconds(r.took))
			r.stop()
			highest = max(highest, loadAverage())
			if err := d.drop(ctx, name); err != nil {
				return row{}, err
			}
		}
	}
	return newRow(rowFresh, "ms", true, names(all), took, highest), nil
}

// compareSizes tells how large the program is. The original's are spread over
// Node and its packages, and not measured.
func compareSizes(binary string) (row, error) {
	info, err := os.Stat(binary)
	if err != nil {
		return row{}, err
	}
	return newRow(rowBinary, "MB", true, []string{ours}, [][]float64{{float64(info.Size()) / 1e6}}, 0), nil // whatever the load is
}

func mebibytes(n int64) float64 { return float64(n) / (1 << 20) }

func names(all []subject) []string { return each(all, func(s subject) string { return s.name }) }
