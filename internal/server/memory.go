package server

import (
	"os"
	"runtime/debug"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// What a server takes in a flood, its hashes apart. docs/guides/running.md says so.
const (
	floodMemory      = 100 << 20
	floodConnections = 2048 // that are within it
	connectionMemory = 25 << 10
)

// LimitHeap has the garbage collector keep within the memory of the container, less
// that of hashes, which is not its own. GOMEMLIMIT comes first. Without a container,
// or one without a limit, nothing changes.
func LimitHeap(cfg *Config) {
	if os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	if container, limited := containerMemory(); limited {
		debug.SetMemoryLimit(heapLimit(container, passwordOptions(cfg).Memory()))
	}
}

// heapLimit leaves a tenth for what nobody counts. It never goes below a quarter of
// the container: the collector cannot make room for hashes that have none.
func heapLimit(container, hashes int64) int64 { return max(container/10*9-hashes, container/4) }

// containerMemory is the limit of this process's cgroup, of either version, or of
// one around it.
func containerMemory() (bytes int64, limited bool) {
	limit, err := memlimit.FromCgroup()
	// An error says that there is no limit, or no cgroup, or none that can be read.
	return int64(limit), err == nil
}

// checkMemory tells where the container is smaller than a flood of sign-ins.
func (k *checker) checkMemory() {
	container, limited := containerMemory()
	if !limited {
		return
	}
	hashes := passwordOptions(k.cfg).Memory()
	needs := floodMemory + hashes + connectionMemory*int64(max(0, k.cfg.Server.MaxConns-floodConnections))
	if container < needs {
		k.add(LevelWarning, "memory", "the container has %d MiB, and a rush of sign-ins takes up to %d, of which hashes take %d: give it more, or lower server.hashSlots",
			container>>20, needs>>20, hashes>>20)
		return
	}
	k.add(LevelOK, "memory", "the %d MiB of the container hold a rush of sign-ins, which takes up to %d", container>>20, needs>>20)
}
