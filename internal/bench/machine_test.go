package main

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

func TestMachine(t *testing.T) {
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("no /proc here")
	}
	own := os.Getpid()
	if rss := residentMemory(own); rss < 1<<20 || peakMemory(own) < rss || residentMemory(own, own) < 2*(rss-1<<20) {
		t.Errorf("resident memory %d, peak %d, twice %d", rss, peakMemory(own), residentMemory(own, own))
	}
	if anonymous := ownMemory(own); anonymous <= 0 || anonymous >= residentMemory(own) {
		t.Errorf("own memory %d", anonymous)
	}
	for processorTime(own) == 0 {
		_ = strings.Repeat("x", 1<<20) // until the first tick has passed
	}
	if loadAverage() < 0 {
		t.Error("negative load")
	}
}

func TestWorkersCountWithTheirPrimary(t *testing.T) {
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("no /proc here")
	}
	parent := exec.Command("sh", "-c", "sleep 60 & echo started; wait")
	out, err := parent.StdoutPipe()
	if err == nil {
		err = parent.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	_, _ = out.Read(make([]byte, 8))
	pids := withChildren(parent.Process.Pid)
	if len(pids) != 2 || !slices.Contains(pids, parent.Process.Pid) {
		t.Errorf("processes %v", pids)
	}
	for _, pid := range pids {
		if p, err := os.FindProcess(pid); err == nil {
			_ = p.Kill()
		}
	}
	_ = parent.Wait()
}
