package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// clockTick is the unit of CPU times in /proc, 1/100 s on every Linux that Go
// supports.
const clockTick = 10 * time.Millisecond

// residentMemory returns the resident set of processes in bytes; 0 where there is
// no /proc. What they share counts for each.
func residentMemory(pids ...int) int64 { return statusOf("VmRSS:", pids) }

// peakMemory is the largest that it has been for each of them since its start.
func peakMemory(pids ...int) int64 { return statusOf("VmHWM:", pids) }

// ownMemory is the part of the resident set that is in no file: unlike pages of the
// program, which the system takes and reads again at will, it is the process's alone.
func ownMemory(pids ...int) int64 { return statusOf("RssAnon:", pids) }

// statusOf sums a line of /proc/*/status that is in kilobytes.
func statusOf(name string, pids []int) (sum int64) {
	for _, pid := range pids {
		status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		for line := range strings.Lines(string(status)) {
			fields := strings.Fields(line)
			if len(fields) == 3 && fields[0] == name {
				kilobytes, _ := strconv.ParseInt(fields[1], 10, 64)
				sum += kilobytes << 10
			}
		}
	}
	return sum
}

// processorTime returns the CPU time that processes have used; 0 where there is
// no /proc.
func processorTime(pids ...int) (sum time.Duration) {
	for _, pid := range pids {
		stat, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		// The second field is the name in parentheses, which may hold anything.
		_, rest, _ := strings.Cut(string(stat), ") ")
		fields := strings.Fields(rest)
		if len(fields) < 13 {
			continue
		}
		user, _ := strconv.ParseInt(fields[11], 10, 64)
		system, _ := strconv.ParseInt(fields[12], 10, 64)
		sum += time.Duration(user+system) * clockTick
	}
	return sum
}

// withChildren gives a process and those that its first thread has started and that still run.
func withChildren(pid int) []int {
	all := []int{pid}
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	for _, field := range strings.Fields(string(text)) {
		if child, err := strconv.Atoi(field); err == nil {
			all = append(all, child)
		}
	}
	return all
}

// loadAverage returns the load of the last minute; 0 where there is no /proc.
func loadAverage() float64 {
	text, _ := os.ReadFile("/proc/loadavg")
	first, _, _ := strings.Cut(string(text), " ")
	load, _ := strconv.ParseFloat(first, 64)
	return load
}
