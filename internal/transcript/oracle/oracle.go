// Package oracle runs the pinned Better Auth, from npm, as a process on a
// Postgres database, so that its answers can be compared with sallyport's.
package oracle

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
)

// Process is one running original. It ends with Stop, and by itself when the
// process that started it does.
type Process struct {
	// URL is where it listens, without a path.
	URL    string
	cmd    *exec.Cmd
	stdin  io.Closer
	stderr *tail
	config string
}

// folder is where this package and its node_modules are.
func folder() (string, error) {
	_, here, _, ok := runtime.Caller(0)
	if !ok {
		return "", errors.New("the oracle runs only from its source folder")
	}
	return filepath.Dir(here), nil
}

// Install fetches the locked npm packages when they are not there yet.
var Install = sync.OnceValue(func() error {
	dir, err := folder()
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "better-auth", "package.json")); err == nil {
		return nil
	}
	npm := exec.Command("npm", "ci", "--no-audit", "--no-fund")
	npm.Dir = dir
	if out, err := npm.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci in %s: %w\n%s", dir, err, out)
	}
	return nil
})

// Start runs the original with a configuration (JSON text, as sallyport takes
// it) and a secret, which may be empty when the configuration names one, on an
// empty database, migrates it and waits until it listens.
func Start(ctx context.Context, config, databaseURL, secret string) (*Process, error) {
	if err := Install(); err != nil {
		return nil, err
	}
	dir, err := folder()
	if err != nil {
		return nil, err
	}
	path, err := writeConfig(config)
	if err != nil {
		return nil, err
	}
	p := &Process{config: path, stderr: &tail{}}
	p.cmd = exec.CommandContext(ctx, "node", filepath.Join(dir, "server.mjs"), path)
	p.cmd.Dir = dir
	p.cmd.Env = append(bareEnvironment(), "NODE_ENV=production", "DATABASE_URL="+databaseURL, "BETTER_AUTH_SECRET="+secret)
	p.cmd.Stderr = p.stderr
	if err := p.start(); err != nil {
		p.Stop()
		return nil, fmt.Errorf("the original did not start: %w\n%s", err, p.stderr)
	}
	return p, nil
}

// bareEnvironment leaves out every variable that configures either server.
func bareEnvironment() []string {
	return []string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "TZ=UTC"}
}

func writeConfig(config string) (string, error) {
	f, err := os.CreateTemp("", "transcript-*.json")
	if err != nil {
		return "", err
	}
	defer f.Close()
	_, err = f.WriteString(config)
	return f.Name(), err
}

// start waits for the line "ready PORT".
func (p *Process) start() error {
	stdin, err := p.cmd.StdinPipe()
	if err != nil {
		return err
	}
	p.stdin = stdin
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := p.cmd.Start(); err != nil {
		return err
	}
	lines := bufio.NewReader(stdout)
	for {
		line, err := lines.ReadString('\n')
		if port, ok := strings.CutPrefix(strings.TrimSpace(line), "ready "); ok {
			p.URL = "http://127.0.0.1:" + port
			// What it prints later must not fill the pipe.
			go func() { _, _ = io.Copy(io.Discard, lines) }()
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// Stop ends the process and waits for it.
func (p *Process) Stop() {
	if p.stdin != nil {
		_ = p.stdin.Close()
	}
	if p.cmd.Process != nil {
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait()
	}
	_ = os.Remove(p.config)
}

// Complaints returns the end of what the process wrote to its standard error.
func (p *Process) Complaints() string { return p.stderr.String() }

// tail keeps the last few kilobytes written to it.
type tail struct {
	mu   sync.Mutex
	text []byte
}

const tailLength = 8 << 10

func (t *tail) Write(text []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, text...)
	if len(t.text) > tailLength {
		t.text = t.text[len(t.text)-tailLength:]
	}
	return len(text), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.text)
}
