package main

import (
	"context"
	"time"
)

const (
	// calmLoad is the load average below which the next row begins: what it adds itself must stay below busyLoad.
	calmLoad = 2.5
	// settleWithin bounds the wait, in seconds, where others keep the machine busy. The row then says so.
	settleWithin = 90
)

// settle waits until the load of the row before is forgotten.
func settle(ctx context.Context, load func() float64) error {
	for range settleWithin {
		if load() < calmLoad {
			break
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
	return nil
}
