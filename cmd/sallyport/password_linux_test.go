package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// terminal is a command that runs on a terminal, and who sits there.
type terminal struct {
	t      *testing.T
	screen *bufio.Reader
	keys   *os.File
	// tty is the command's side.
	tty  *os.File
	wait func() error
	quit func(os.Signal) error
}

// sits runs a command on a terminal.
func (o *operator) sits(args ...string) *terminal {
	o.t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		o.t.Fatal(err)
	}
	fd := int(master.Fd())
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		o.t.Fatal(err)
	}
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		o.t.Fatal(err)
	}
	tty, err := os.OpenFile(fmt.Sprint("/dev/pts/", n), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { _, _ = tty.Close(), master.Close() })
	cmd := o.command(o.t.Context(), args...)
	cmd.Stdin, cmd.Stderr = tty, tty
	if err := cmd.Start(); err != nil {
		o.t.Fatal(err)
	}
	return &terminal{o.t, bufio.NewReader(master), master, tty, cmd.Wait, cmd.Process.Signal}
}

// asks waits for a prompt.
func (m *terminal) asks(prompt string) {
	m.t.Helper()
	text, err := m.screen.ReadString(':')
	if err != nil || !strings.HasSuffix(text, prompt) {
		m.t.Fatalf("it asks %q, %v", text, err)
	}
	if strings.Contains(text, "battery") {
		m.t.Errorf("the terminal shows what was typed: %q", text)
	}
}

func (m *terminal) types(line string) {
	m.t.Helper()
	m.waitsUntilHidden()
	if _, err := m.keys.WriteString(line + "\n"); err != nil {
		m.t.Fatal(err)
	}
}

// waitsUntilHidden waits for the echo to go off, which it does a moment after the
// prompt has come.
func (m *terminal) waitsUntilHidden() {
	m.t.Helper()
	for !m.hides() {
		runtime.Gosched()
	}
}

// hides tells whether the terminal shows nothing of what is typed.
func (m *terminal) hides() bool {
	state, err := unix.IoctlGetTermios(int(m.tty.Fd()), unix.TCGETS)
	if err != nil {
		m.t.Fatal(err)
	}
	return state.Lflag&unix.ECHO == 0
}

func TestAPasswordIsAskedForOnATerminal(t *testing.T) {
	t.Parallel()
	o := newAdministrator(t, administered)
	create := []string{"user", "create", "--name", "A", "--email"}
	m := o.sits(append(create, "ann@example.test")...)
	m.asks("Password, empty for none:")
	m.types("horse battery")
	m.asks("The same again:")
	m.types("horse battery")
	if err := m.wait(); err != nil || m.hides() {
		t.Errorf("it ends with %v", err)
	}
	m = o.sits(append(create, "bob@example.test")...)
	m.asks("Password, empty for none:")
	m.types("")
	if err := m.wait(); err != nil {
		t.Errorf("it ends with %v", err)
	}
	if users, accounts := o.query(`select count(*) from "user"`), o.query(`select count(*) from account`); users != 2 || accounts != 1 {
		t.Errorf("%d users, %d passwords", users, accounts)
	}
	m = o.sits("user", "set-password", "--user", "bob@example.test")
	m.asks("New password:")
	m.types("horse battery")
	m.asks("The same again:")
	m.types("house battery")
	if err := m.wait(); err == nil {
		t.Error("two passwords that differ are taken")
	}
}

// Whoever interrupts the question gets the terminal back as it was.
func TestAnInterruptedQuestionLeavesTheTerminalAsItWas(t *testing.T) {
	t.Parallel()
	o := newAdministrator(t, administered)
	m := o.sits("user", "set-password", "--user", "ann@example.test")
	m.asks("New password:")
	m.waitsUntilHidden()
	if err := m.quit(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := m.wait(); err == nil {
		t.Error("it ends as if nothing was")
	}
	if m.hides() {
		t.Error("the terminal still hides what is typed")
	}
}

// On a terminal an import shows a bar, which is gone before anything else is said.
func TestAnImportShowsABarOnATerminal(t *testing.T) {
	t.Parallel()
	o := newAdministrator(t, movedHere)
	o.file("users.jsonl", `{"email": "ann@example.test"}`+"\n")
	m := o.sits("user", "import", "users.jsonl")
	text, err := m.screen.ReadString(']')
	if err != nil || !strings.HasSuffix(text, "[####################]") {
		t.Errorf("it shows %q, %v", text, err)
	}
	if text, err = m.screen.ReadString('\x1b'); err != nil || !strings.HasPrefix(text, " 100%, 1 imported, ") || !strings.HasSuffix(text, " records a second\r\x1b") {
		t.Errorf("it goes on with %q, %v", text, err)
	}
	if err := m.wait(); err != nil {
		t.Error(err)
	}
}
