package redis

import (
	"context"
	"strings"
)

// State is what a Redis says about itself. What it does not say is empty.
type State struct {
	Version string
	// Policy is what it drops when its memory is full, and Bounded whether it
	// has a limit at all.
	Policy  string
	Bounded bool
}

// MayDrop tells whether it may forget a counter before its window is over.
func (s State) MayDrop() bool { return s.Bounded && s.Policy != "" && s.Policy != "noeviction" }

// Inspect counts once, as the server would, and asks Redis about itself.
func Inspect(ctx context.Context, o Options) (State, error) {
	c, err := newClient(o)
	if err != nil {
		return State{}, err
	}
	defer c.Close()
	if err := c.probe(ctx); err != nil {
		return State{}, err
	}
	// An account that may only count is refused this; nothing depends on it.
	info, _ := c.redis.Info(ctx).Result()
	limit := field(info, "maxmemory")
	return State{Version: field(info, "redis_version"), Policy: field(info, "maxmemory_policy"), Bounded: limit != "" && limit != "0"}, nil
}

// field finds a line name:value.
func field(info, name string) string {
	for line := range strings.Lines(info) {
		if value, ok := strings.CutPrefix(line, name+":"); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
