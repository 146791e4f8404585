package secure

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// niceness is that of the threads that hash: low enough that requests which hash nothing come first,
// and high enough that a flood of these leaves a third of a core to sign-ins.
const niceness = 5

// stepBack lets the system prefer all other threads of this process to the one of the calling
// goroutine, which must end as it is: what has stepped back can seldom come forward again.
func stepBack() {
	runtime.LockOSThread()
	_ = unix.Setpriority(unix.PRIO_PROCESS, 0, niceness) // 0 is the calling thread
}
