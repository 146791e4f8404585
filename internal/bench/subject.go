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
	"strings"
	"time"

	"github.com/sallyport-auth/sallyport/internal/transcript/oracle"
)

//go:embed original.mjs
var originalScript string

// config is what both servers run with. Rate limits are off, since all load
// comes from one address; the header that repeats the token on every
// get-session is off, since /token is measured by itself.
const config = `{
	"baseURL": "http://127.0.0.1:3000",
	"emailAndPassword": {"enabled": true},
	"rateLimit": {"enabled": false},
	"plugins": {"jwt": {"disableSettingJwtHeader": true}}
}`

// cachedConfig is config with a session cookie cache.
var cachedConfig = strings.Replace(config, "{", `{"session": {"cookieCache": {"enabled": true}},`, 1)

// secret signs the cookies of both. It guards nothing: the databases live as
// long as the run.
const secret = "only-for-measuring-0123456789-abcdefghij"

// subject is one of the servers that are compared.
type subject struct {
	name     string
	dir      string   // working directory
	serve    []string // command line of the server
	migrate  []string // command line that makes the tables
	env      []string
	config   string // the variable that names its configuration file
	file     string // that file
	database string // URL of its own database
}

// newSubject makes the subject of a name.
func newSubject(name, binary, database, configFile string) (subject, error) {
	switch name {
	case "original":
		return original(database, configFile)
	case "sallyport":
		return sallyport(binary, database, configFile)
	default:
		return subject{}, fmt.Errorf("-subjects: %q is neither original nor sallyport", name)
	}
}

// original is Better Auth in Node.
func original(database, configFile string) (subject, error) {
	if err := oracle.Install(); err != nil {
		return subject{}, err
	}
	_, here, _, _ := runtime.Caller(0)
	node := []string{"node", "--input-type=module", "-e", originalScript}
	return subject{
		name: "original", dir: filepath.Join(filepath.Dir(here), "..", "transcript", "oracle"), database: database,
		serve: node, migrate: append([]string{"env", "BENCH_MIGRATE=1"}, node...), config: "BENCH_CONFIG", file: configFile,
	}, nil
}

// sallyport is the built binary.
func sallyport(binary, database, configFile string) (subject, error) {
	binary, err := filepath.Abs(binary)
	if err != nil {
		return subject{}, err
	}
	if _, err := os.Stat(binary); err != nil {
		return subject{}, fmt.Errorf("%w (make build leaves it there)", err)
	}
	return subject{
		name: "sallyport", dir: filepath.Dir(configFile), database: database,
		serve: []string{binary, "serve"}, migrate: []string{binary, "migrate", "up"},
		env: []string{"HOST=127.0.0.1"}, config: "SALLYPORT_CONFIG", file: configFile,
	}, nil
}

// under is the subject with another configuration file.
func (s subject) under(file string) subject {
	s.file = file
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
		s.config + "=" + s.file,
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
