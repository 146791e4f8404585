package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// container makes a cgroup of so much memory. Where the kernel does not let this process, which takes
// root and a controller that is mounted to be written, there is none to test in.
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
			err = overwrite(filepath.Join(dir, version.limit), fmt.Sprint(mebibytes<<20))
		}
		if err == nil {
			return dir
		}
		failed = err
	}
	t.Skipf("a limit of memory needs root and cgroups that can be written: %v", failed)
	return ""
}

// overwrite writes a file that must be there: in a cgroup the kernel makes them.
func overwrite(path, text string) error {
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	return errors.Join(err, file.Close())
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
