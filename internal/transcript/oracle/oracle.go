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

	"github.com/sallyport-auth/sallyport/internal/scrypt"
)

// Process is one running original. It ends with Stop, and by itself when the
// process that started it does.
type Process struct {
	// URL is where it listens, without a path.
	URL    string
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	stdout *bufio.Reader
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
var Install = sync.OnceValue(func() error { return install("", "better-auth") })

// installEarlier does so for the earlier versions.
var installEarlier = sync.OnceValue(func() error { return install("earlier", "better-auth-1.4") })

// installORMs does so for the ORMs.
var installORMs = sync.OnceValue(func() error { return install("orm", "prisma") })

// install runs npm in a folder of this package unless it has a package already.
func install(in, has string) error {
	dir, err := folder()
	if err != nil {
		return err
	}
	dir = filepath.Join(dir, in)
	if _, err := os.Stat(filepath.Join(dir, "node_modules", has, "package.json")); err == nil {
		return nil
	}
	npm := exec.Command("npm", "ci", "--no-audit", "--no-fund")
	npm.Dir = dir
	if out, err := npm.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci in %s: %w\n%s", dir, err, out)
	}
	return nil
}

// Install fetches what an original needs beside the pinned one.
func (o Options) Install() error {
	switch {
	case o.Version != "":
		return installEarlier()
	case o.ORM != "":
		return installORMs()
	}
	return nil
}

// Options say how an original runs.
type Options struct {
	// Config is JSON text, as sallyport takes it.
	Config string
	// DatabaseURL is that of an empty database, unless AsIs.
	DatabaseURL string
	// Receiver is the URL that messages are posted to; empty: nowhere.
	Receiver string
	// Provider is the URL of an identity provider that stands in for every other
	// host, as that of package idptest does; empty: they are asked themselves.
	Provider string
	// Version names an earlier Better Auth, as earlier/package.json does: 1.4,
	// 1.6, 1.7.1. Empty is the pinned one. Only a [Host] heeds it, and AsIs.
	Version string
	// ORM runs it on one, with a schema that it has in the folder orm, such as
	// drizzle/plural; the ORM's own migrator makes the tables. Only a [Host]
	// heeds it.
	ORM string
	// AsIs starts it on a database that is not empty and leaves that as it is;
	// it does not start where its own migrator would change anything.
	AsIs bool
	// HashCost is that of passwords; zero is the original's own. Only a [Host]
	// heeds it.
	HashCost scrypt.Cost
}

// Start runs the original with a secret, which may be empty when the
// configuration names one, migrates its database and waits until it listens.
func Start(ctx context.Context, o Options, secret string) (*Process, error) {
	path, err := writeConfig(o.Config)
	if err != nil {
		return nil, err
	}
	p, err := launch(ctx, []string{path}, "DATABASE_URL="+o.DatabaseURL, "RECEIVER_URL="+o.Receiver, "PROVIDER_URL="+o.Provider, "BETTER_AUTH_SECRET="+secret)
	if err != nil {
		_ = os.Remove(path)
		return nil, err
	}
	p.config = path
	port, err := p.ready()
	if err != nil {
		p.Stop()
		return nil, fmt.Errorf("the original did not start: %w\n%s", err, p.stderr)
	}
	p.URL = origin(port)
	// What it prints later must not fill the pipe.
	go func() { _, _ = io.Copy(io.Discard, p.stdout) }()
	return p, nil
}

// launch runs server.mjs with arguments and variables.
func launch(ctx context.Context, arguments []string, variables ...string) (*Process, error) {
	if err := Install(); err != nil {
		return nil, err
	}
	dir, err := folder()
	if err != nil {
		return nil, err
	}
	p := &Process{stderr: &tail{}}
	p.cmd = exec.CommandContext(ctx, "node", append([]string{filepath.Join(dir, "server.mjs")}, arguments...)...)
	p.cmd.Dir = dir
	p.cmd.Env = append(bareEnvironment(), variables...)
	p.cmd.Stderr = p.stderr
	if p.stdin, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.stdout = bufio.NewReader(stdout)
	return p, p.cmd.Start()
}

// origin is where a server on a port is.
func origin(port string) string { return "http://127.0.0.1:" + port }

// ready waits for the line "ready PORT".
func (p *Process) ready() (port string, err error) {
	for {
		line, err := p.stdout.ReadString('\n')
		line = strings.TrimSpace(line)
		if port, ok := strings.CutPrefix(line, "ready "); ok {
			return port, nil
		}
		if reason, ok := strings.CutPrefix(line, "failed "); ok {
			return "", errors.New(reason)
		}
		if err != nil {
			return "", err
		}
	}
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

// Stop ends the process and waits for it.
func (p *Process) Stop() {
	_ = p.stdin.Close()
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
	if p.config != "" {
		_ = os.Remove(p.config)
	}
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
