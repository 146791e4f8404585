package main

import (
	"context"
	"time"
)

// limit is something that a server cannot do without, done by itself.
type limit struct {
	Name  string  `json:"name"`
	Unit  string  `json:"unit"`
	Value spread  `json:"value"`
	Load  float64 `json:"load"`
}

// limits measures what this machine can do at best.
func (b *bench) limits(ctx context.Context) error {
	if !b.wants("limits") {
		return nil
	}
	for _, part := range []func(context.Context, *bench) ([]limit, error){hashLimits, signLimit, selectLimits, handlerLimits} {
		all, err := part(ctx, b)
		if err != nil {
			return err
		}
		for _, l := range all {
			b.results.Limits = append(b.results.Limits, l)
			b.report.limit(l)
		}
	}
	return nil
}

func newLimit(name, unit string, values []float64) limit {
	return limit{Name: name, Unit: unit, Value: spreadOf(values), Load: loadAverage()}
}

// timed runs the work some times and gives how long each took, in units.
func timed(times int, unit time.Duration, work func() error) ([]float64, error) {
	var all []float64
	for range times {
		begin := time.Now()
		if err := work(); err != nil {
			return nil, err
		}
		all = append(all, float64(time.Since(begin))/float64(unit))
	}
	return all, nil
}
