package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// container makes a cgroup of so much memory, and skips the test where this process
// may not: on a machine that does not lend it its cgroups.
func container(t *testing.T, mebibytes int) string {
	t.Helper()
	var failed error
	for _, version := range []struct{ folder, limit string }{
		{"/sys/fs/cgroup/memory", "memory.limit_in_bytes"},
		{"/sys/fs/cgroup", "memory.max"},
	} {
		dir, err := os.MkdirTemp(version.folder, "sallyport-test-")
		if err == nil {
			t.Cleanup(func() { _ = os.Remove(dir) })
			err = os.WriteFile(filepath.Join(dir, version.limit), fmt.Append(nil, mebibytes<<20), 0)
		}
		if err == nil {
			return dir
		}
		failed = err
	}
	t.Skipf("no cgroup can be made here: %v", failed)
	return ""
}

// metric gives the value of a line of /metrics.
func metric(t *testing.T, address, name string) string {
	t.Helper()
	text := metrics(t, address)
	for line := range strings.Lines(text) {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			return strings.TrimSpace(value)
		}
	}
	t.Fatalf("no %s in %s", name, text)
	return ""
}

func TestTheHeapKeepsWithinTheContainer(t *testing.T) {
	t.Parallel()
	const line = "go_gc_gomemlimit_bytes"
	o, ops := newProducer(t), authtest.FreeAddress(t)
	o.env["OPS_ADDR"] = ops
	o.configure("server: {hashSlots: 1, timeouts: {drain: 0}}\n")
	s := o.serve("--migrate")
	free := metric(t, ops, line)
	s.stop()

	o.cgroup = container(t, 400)
	s = o.serve()
	if got := metric(t, ops, line); got == free {
		t.Errorf("in a container of 400 MiB the limit is %s, as without", got)
	}
	s.stop()
	if warned := "the container has"; strings.Contains(s.log.String(), warned) {
		t.Errorf("400 MiB are too few:\n%s", s.log)
	}

	o.env["GOMEMLIMIT"] = "100000000"
	s = o.serve()
	if got := metric(t, ops, line); got != "1e+08" {
		t.Errorf("with GOMEMLIMIT the limit is %s", got)
	}
	s.stop()

	o.configure("server: {hashSlots: 8, timeouts: {drain: 0}}\n")
	s = o.serve()
	s.stop()
	says(t, s.log.String(), "level=WARN", "the container has 400 MiB", "lower server.hashSlots")
	says(t, o.run("check").stdout, "the container has 400 MiB")
}
