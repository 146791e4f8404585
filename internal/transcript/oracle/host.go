package oracle

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/sallyport-auth/sallyport/internal/scrypt"
)

// Host is one process that runs many originals, which saves each the second
// that Node needs to load Better Auth. They share the counters of the memory
// rate limit, so whoever counts needs a process of its own: see [Start].
type Host struct {
	mu      sync.Mutex
	process *Process
}

// NewHost starts the process. All its servers have the same secret, unless
// their configurations name others.
func NewHost(ctx context.Context, secret string) (*Host, error) {
	p, err := launch(ctx, nil, "BETTER_AUTH_SECRET="+secret)
	if err != nil {
		return nil, err
	}
	return &Host{process: p}, nil
}

// Start runs one more original, as the function [Start] does, and returns where
// it listens and how to stop it.
func (h *Host) Start(o Options) (url string, stop func(), err error) {
	var cost any
	if o.HashCost != (scrypt.Cost{}) {
		cost = map[string]int{"N": o.HashCost.N, "r": o.HashCost.R}
	}
	order, err := json.Marshal(map[string]any{
		"config": json.RawMessage(o.Config), "databaseURL": o.DatabaseURL, "receiver": o.Receiver, "provider": o.Provider,
		"version": o.Version, "orm": o.ORM, "asIs": o.AsIs, "hashCost": cost,
	})
	if err != nil {
		return "", nil, err
	}
	if err := o.Install(); err != nil {
		return "", nil, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.tell(string(order)); err != nil {
		return "", nil, err
	}
	port, err := h.process.ready()
	if err != nil {
		return "", nil, fmt.Errorf("the original did not start: %w\n%s", err, h.process.stderr)
	}
	return origin(port), func() { h.stop(port) }, nil
}

func (h *Host) tell(line string) error {
	_, err := fmt.Fprintln(h.process.stdin, line)
	return err
}

// stop ends one server, so that its database can be dropped.
func (h *Host) stop(port string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	number, err := strconv.Atoi(port)
	if err != nil || h.tell(fmt.Sprintf(`{"stop":%d}`, number)) != nil {
		return // the process is gone, and its servers with it
	}
	for {
		line, err := h.process.stdout.ReadString('\n')
		if err != nil || strings.TrimSpace(line) == "stopped" {
			return
		}
	}
}

// Complaints returns the end of what its servers wrote to standard error.
func (h *Host) Complaints() string { return h.process.Complaints() }

// Close ends the process and every server in it.
func (h *Host) Close() { h.process.Stop() }
