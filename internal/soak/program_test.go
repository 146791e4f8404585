package soak

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// scratch is a folder for this test process.
var scratch string

// program builds sallyport once for this test process.
var program = sync.OnceValues(func() (string, error) {
	path := filepath.Join(scratch, "sallyport")
	out, err := exec.Command("go", "build", "-o", path, "../../cmd/sallyport").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

// child is a process that ends with the test, and with this process however it
// ends.
type child struct {
	t     *testing.T
	cmd   *exec.Cmd
	ended chan struct{}
}

// spawn starts a process.
func spawn(t *testing.T, cmd *exec.Cmd) *child {
	t.Helper()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c := &child{t: t, cmd: cmd, ended: make(chan struct{})}
	dismiss := guard(t, cmd.Process.Pid)
	go func() {
		_ = cmd.Wait()
		dismiss()
		close(c.ended)
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-c.ended
	})
	return c
}

// signal sends a signal and does not wait for what comes of it.
func (c *child) signal(s syscall.Signal) {
	c.t.Helper()
	if err := c.cmd.Process.Signal(s); err != nil {
		c.t.Fatal(err)
	}
}

// end sends a signal, waits for the end of the process and gives its exit code,
// -1 for one that the signal killed.
func (c *child) end(s syscall.Signal) int {
	c.t.Helper()
	c.signal(s)
	within(c.t, "the end of "+c.cmd.Path, func() bool {
		select {
		case <-c.ended:
			return true
		default:
			return false
		}
	})
	return c.cmd.ProcessState.ExitCode()
}

// guard starts a shell that outlives this process: when its input ends without
// a word, which the kernel sees to, it kills the process. dismiss is that word.
func guard(t *testing.T, pid int) (dismiss func()) {
	t.Helper()
	cmd := exec.Command("/bin/sh", "-c", `read word; [ "$word" = ended ] || kill -KILL "$1"`, "guard", strconv.Itoa(pid))
	// Ctrl-C in a terminal is for the tests, not for what cleans up after them.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	input, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return func() {
		_, _ = io.WriteString(input, "ended\n")
		_ = cmd.Wait()
	}
}

// TestNothingOutlivesAKilledTest runs this test binary once more, as a process
// that starts another and then waits to be killed.
func TestNothingOutlivesAKilledTest(t *testing.T) {
	if os.Getenv("SOAK_HELPER") != "" {
		fmt.Println(spawn(t, exec.Command("sleep", "600")).cmd.Process.Pid)
		select {}
	}
	helper := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	helper.Env = append(os.Environ(), "SOAK_HELPER=1")
	out, err := helper.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	c := spawn(t, helper)
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Fatal(err)
	}
	c.end(syscall.SIGKILL)
	within(t, "the end of the other process", func() bool {
		state, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			return syscall.Kill(pid, 0) != nil
		}
		return strings.Contains(string(state), ") Z ") // dead, and nobody has asked
	})
}
