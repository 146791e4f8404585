package carry_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/carry"
	"github.com/sallyport-auth/sallyport/internal/server"
	"github.com/sallyport-auth/sallyport/internal/transcript/oracle"
)

const script = "../../docs/migrate/print-options.mjs"

// node runs the script with arguments and variables, and gives what it prints to both streams.
func node(t *testing.T, variables []string, arguments ...string) (stdout, stderr string, err error) {
	t.Helper()
	if testing.Short() {
		t.Skip("needs Node")
	}
	if err := oracle.Install(); err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), "node", append([]string{script}, arguments...)...)
	c.Env = append([]string{"PATH=" + os.Getenv("PATH")}, variables...)
	var out, complaints bytes.Buffer
	c.Stdout, c.Stderr = &out, &complaints
	err = c.Run()
	return out.String(), complaints.String(), err
}

// print gives the options of an app of testdata as the script prints them.
func printed(t *testing.T, variables []string, arguments ...string) string {
	t.Helper()
	out, complaints, err := node(t, variables, arguments...)
	if err != nil {
		t.Fatalf("%v\n%s", err, complaints)
	}
	return out
}

// everything is what the app of everything.mjs prints; each test only reads it.
var everything = func() func(*testing.T) string {
	var once sync.Once
	var text string
	return func(t *testing.T) string {
		t.Helper()
		once.Do(func() { text = printed(t, nil, "testdata/everything.mjs") })
		if text == "" {
			t.Fatal("everything.mjs was not printed")
		}
		return text
	}
}()

func carried(t *testing.T, text string, o carry.Options) *carry.Result {
	t.Helper()
	result, err := carry.From([]byte(text), o)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return result
}

// starts makes sure that a file is one that the server starts with, under variables.
func starts(t *testing.T, text string, variables ...string) *server.Config {
	t.Helper()
	variables = append([]string{
		"DATABASE_URL=postgres://127.0.0.1/auth", "BETTER_AUTH_URL=https://auth.example.com",
		"BETTER_AUTH_SECRET=a-secret-for-tests-0123456789-ABCDEF",
	}, variables...)
	cfg, err := server.ParseConfig(text, variables)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	cfg.Messaging.Webhook.URL, cfg.Messaging.Webhook.Secret = cfg.Secret, cfg.Secret
	return cfg
}

// lostNames are the names of what was lost.
func lostNames(result *carry.Result) (names []string) {
	for _, l := range result.Lost {
		names = append(names, l.Name)
	}
	return names
}

// why gives the words for an option that was lost.
func why(t *testing.T, result *carry.Result, name string) string {
	t.Helper()
	i := slices.IndexFunc(result.Lost, func(l carry.Lost) bool { return l.Name == name })
	if i < 0 {
		t.Errorf("%s is not noted among %q", name, lostNames(result))
		return ""
	}
	return result.Lost[i].Why
}

func says(t *testing.T, text string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}

// app wraps options as the script prints them.
func app(options string) string { return `{"sallyport":1,"options":` + options + `}` }

// quote writes a text as JSON.
func quote(t *testing.T, text string) string {
	t.Helper()
	quoted, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(quoted)
}
