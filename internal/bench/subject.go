package main

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"github.com/sallyport-auth/sallyport/internal/transcript/oracle"
)

//go:embed original.mjs
var originalScript string

// secret signs the cookies of both. It guards nothing: the databases live as
// long as the run.
const secret = "only-for-measuring-0123456789-abcdefghij"

// subject is one of the servers that are compared.
type subject struct {
	name    string
	dir     string   // working directory
	serve   []string // command line of the server
	fresh   []string // the same, where it makes its tables first
	migrate []string // command line that makes the tables
	env     []string
	config  string // the variable that names its configuration file
	folder  string // has those of all setups
	setup   setup

	database string // URL of its own database
	small    string // URL of another one, with the tables of every plugin and few rows
}

// newSubject makes the subject of a name: original, original with a number of
// workers, or sallyport.
func newSubject(name, binary, folder string) (subject, error) {
	workers := 0
	switch n, _ := fmt.Sscanf(name, "original, %d workers", &workers); {
	case name == "original", n == 1 && workers > 0:
		return original(name, workers, folder)
	case name == ours:
		return sallyport(binary, folder)
	default:
		return subject{}, fmt.Errorf("-subjects: %q is neither original nor sallyport", name)
	}
}

// original is Better Auth in Node: in one process, or in as many as there are
// workers and one that deals the connections to them.
func original(name string, workers int, folder string) (subject, error) {
	if err := oracle.Install(); err != nil {
		return subject{}, err
	}
	_, here, _, _ := runtime.Caller(0)
	node := []string{"node", "--input-type=module", "-e", originalScript}
	return subject{
		name: name, dir: filepath.Join(filepath.Dir(here), "..", "transcript", "oracle"), folder: folder, setup: plain,
		serve: node, fresh: with("BENCH_MIGRATE=first", node), migrate: with("BENCH_MIGRATE=only", node),
		env: []string{fmt.Sprintf("BENCH_WORKERS=%d", workers)}, config: "BENCH_CONFIG",
	}, nil
}

// with is a command line with one more variable in its environment.
func with(variable string, line []string) []string { return append([]string{"env", variable}, line...) }

// sallyport is the built binary.
func sallyport(binary, folder string) (subject, error) {
	binary, err := filepath.Abs(binary)
	if err != nil {
		return subject{}, err
	}
	if _, err := os.Stat(binary); err != nil {
		return subject{}, fmt.Errorf("%w (make build leaves it there)", err)
	}
	return subject{
		name: ours, dir: folder, folder: folder, setup: plain,
		serve: []string{binary, "serve"}, fresh: []string{binary, "serve", "--migrate"}, migrate: []string{binary, "migrate", "up"},
		env: []string{"HOST=127.0.0.1"}, config: "SALLYPORT_CONFIG",
	}, nil
}

// under is the subject with another setup. That of every plugin needs more tables.
func (s subject) under(of setup) subject {
	s.setup = of
	if of == everything {
		s.database = s.small
	}
	return s
}

// command prepares one of the subject's command lines, with nothing in its
// environment but what it needs.
func (s subject) command(ctx context.Context, line []string, more ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, line[0], line[1:]...)
	cmd.Dir = s.dir
	cmd.Env = append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "TZ=UTC",
		"DATABASE_URL=" + s.database, "BETTER_AUTH_SECRET=" + secret,
		s.config + "=" + s.setup.file(s.folder),
	}, append(s.env, more...)...)
	return cmd
}

// makeTables migrates the subject's database.
func (s subject) makeTables(ctx context.Context) error {
	if out, err := s.command(ctx, s.migrate).CombinedOutput(); err != nil {
		return fmt.Errorf("migrating the database of %s: %w\n%s", s.name, err, out)
	}
	return nil
}

// running is a started server.
type running struct {
	subject
	address string        // host:port
	took    time.Duration // from the start of the process to its first 200
	cmd     *exec.Cmd
	stdin   io.Closer
	output  *bytes.Buffer // read only after the end
	ended   chan struct{}
	behind  []*running // the servers, where this is a balancer
}

// start runs the server on a free port and waits for its first 200.
func (s subject) start(ctx context.Context) (*running, error) {
	address, port, err := freeAddress()
	if err != nil {
		return nil, err
	}
	r := &running{subject: s, address: address, output: &bytes.Buffer{}, ended: make(chan struct{})}
	r.cmd = s.command(ctx, s.serve, "PORT="+port)
	r.cmd.Stdout, r.cmd.Stderr = r.output, r.output
	if r.stdin, err = r.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	begin := time.Now()
	if err := r.cmd.Start(); err != nil {
		return nil, err
	}
	go func() { _ = r.cmd.Wait(); close(r.ended) }()
	if err := r.waitReady(ctx); err != nil {
		r.stop()
		return nil, fmt.Errorf("%s: %w\n%s", s.name, err, r.output)
	}
	r.took = time.Since(begin)
	return r, nil
}

// readyWithin bounds the start of a server that neither answers nor ends.
const readyWithin = 30 * time.Second

// waitReady asks every millisecond.
func (r *running) waitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for {
		if answers(ctx, client, "http://"+r.address+basePath+"/ok") {
			return nil
		}
		select {
		case <-r.ended:
			return errors.New("it ended before it answered")
		case <-ctx.Done():
			return fmt.Errorf("it did not answer: %w", ctx.Err())
		case <-time.After(time.Millisecond):
		}
	}
}

func answers(ctx context.Context, client *http.Client, url string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	answer, err := client.Do(request)
	if err != nil {
		return false
	}
	_ = answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}

// stop ends the process and waits for it.
func (r *running) stop() {
	_ = r.stdin.Close()
	_ = r.cmd.Process.Kill()
	<-r.ended
}

// processes are those of the server; of a balancer, those of the servers behind it.
func (r *running) processes() (all []int) {
	for _, server := range r.behind {
		all = append(all, server.processes()...)
	}
	if all == nil {
		all = withChildren(r.cmd.Process.Pid)
	}
	return all
}

// freeAddress finds a port of the loopback interface that nobody uses now.
func freeAddress() (address, port string, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", "", err
	}
	defer l.Close()
	_, port, err = net.SplitHostPort(l.Addr().String())
	return l.Addr().String(), port, err
}
