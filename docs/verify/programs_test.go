// Package verify runs the verifiers of this folder, in each language, against a running server. One table says what
// they must let in and refuse.
package verify

import (
	"bufio"
	"context"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var java = flag.Bool("java", false, "run the verifier in Java too, which needs a JDK of 17 or newer and Maven")

// patience is for a program that neither answers nor ends.
const patience = 2 * time.Minute

// program is a verifier that reads tokens and answers each in a line.
type program struct {
	name    string
	command []string
}

// programs gives the verifiers, built where they need it.
func programs(t *testing.T) []program {
	t.Helper()
	needs(t, "node/node_modules", "../../web/examples/fastapi/.venv/bin/python")
	binary := filepath.Join(t.TempDir(), "verify")
	build(t, "go", "build", "-o", binary, "./go")
	list := []program{
		{"go", []string{binary}},
		{"node", []string{"node", "node/main.mjs"}},
		{"python", []string{"../../web/examples/fastapi/.venv/bin/python", "python/main.py"}},
	}
	if *java {
		classes := t.TempDir()
		build(t, "mvn", "-q", "-B", "-f", "java/pom.xml", "-DbuildDirectory="+classes, "package", "dependency:copy-dependencies")
		list = append(list, program{"java", []string{"java", "-cp", classes + "/classes:" + classes + "/dependency/*", "Main"}})
	}
	return list
}

func needs(t *testing.T, files ...string) {
	t.Helper()
	for _, file := range files {
		if _, err := os.Stat(file); err != nil {
			t.Fatalf("%s is missing: run `make test`, which installs what the tests need", file)
		}
	}
}

func build(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

// running is a program that waits for tokens.
type running struct {
	t       *testing.T
	tokens  io.Writer
	answers *bufio.Scanner
}

// start runs a program with these variables in its environment, until the test ends.
func (p program) start(t *testing.T, environment ...string) *running {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	cmd := exec.CommandContext(ctx, p.command[0], p.command[1:]...)
	cmd.Env, cmd.Stderr = append(os.Environ(), environment...), t.Output()
	tokens, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	answers, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = tokens.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("%s: %v", p.name, err)
		}
		cancel()
	})
	return &running{t, tokens, bufio.NewScanner(answers)}
}

// ask gives the answer to a token.
func (r *running) ask(token string) string {
	r.t.Helper()
	if _, err := io.WriteString(r.tokens, token+"\n"); err != nil {
		r.t.Fatal(err)
	}
	if !r.answers.Scan() {
		r.t.Fatalf("no answer to %q", token)
	}
	return r.answers.Text()
}

// wants fails the test unless the answer to a token begins so.
func (r *running) wants(token, answer string) {
	r.t.Helper()
	if got := r.ask(token); !strings.HasPrefix(got, answer) {
		r.t.Errorf("answered %q, want %s", got, answer)
	}
}

// comesToAnswer asks until the answer begins so: a verifier pauses between two fetches of the key set.
func (r *running) comesToAnswer(token, answer string) {
	r.t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(100 * time.Millisecond) {
		got := r.ask(token)
		if strings.HasPrefix(got, answer) {
			return
		}
		if time.Now().After(deadline) {
			r.t.Fatalf("still answers %q, want %s", got, answer)
		}
	}
}
