package carry_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/carry"
	"github.com/sallyport-auth/sallyport/internal/server"
	"github.com/sallyport-auth/sallyport/internal/transcript"
	"github.com/sallyport-auth/sallyport/internal/transcript/oracle"
)

// TestConfigurationsGoRound gives every configuration of the conversations to the original, prints the
// options that it is made with, and carries them back.
func TestConfigurationsGoRound(t *testing.T) {
	if testing.Short() {
		t.Skip("needs Node")
	}
	t.Parallel()
	given := configurations(t)
	printed := printMany(t, given)
	for i, want := range given {
		result, err := carry.From(printed[i], carry.Options{WithSecrets: true})
		if err != nil {
			t.Errorf("%s\n%v", want, err)
			continue
		}
		compare(t, want, result)
	}
}

// configurations are those of all conversations that both servers start with.
func configurations(t *testing.T) (texts []string) {
	t.Helper()
	conversations, err := transcript.Load("../transcript/testdata")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, c := range conversations {
		if !seen[c.Config] {
			seen[c.Config] = true
			texts = append(texts, c.Config)
		}
	}
	if len(texts) < 50 {
		t.Fatalf("there are only %d configurations", len(texts))
	}
	return texts
}

// printMany lets one process print the options of many originals.
func printMany(t *testing.T, configs []string) [][]byte {
	t.Helper()
	if err := oracle.Install(); err != nil {
		t.Fatal(err)
	}
	var input bytes.Buffer
	for _, text := range configs {
		if err := json.Compact(&input, []byte(text)); err != nil {
			t.Fatal(err)
		}
		input.WriteByte('\n')
	}
	many := exec.CommandContext(t.Context(), "node", "testdata/print-many.mjs")
	many.Env = []string{"PATH=" + os.Getenv("PATH")}
	var output bytes.Buffer
	many.Stdin, many.Stderr = &input, &output
	if err := many.Run(); err != nil {
		t.Fatalf("%v\n%s", err, output.String())
	}
	lines := bytes.Split(bytes.TrimSpace(output.Bytes()), []byte("\n"))
	if len(lines) != len(configs) {
		t.Fatalf("%d of %d were printed:\n%s", len(lines), len(configs), lines[len(lines)-1])
	}
	return lines
}

func compare(t *testing.T, text string, result *carry.Result) {
	t.Helper()
	want, got := parse(t, text), parse(t, result.YAML)
	// What the app has no options for.
	want.Server, want.Messaging = got.Server, got.Messaging
	// The oracle makes functions of these that tell nothing; TestFunctionsWithAFormAreCarried has others.
	unreadable := func(name string) bool {
		return name == "secondaryStorage" || strings.HasPrefix(name, "plugins.username.") && strings.HasSuffix(name, "Validator")
	}
	if u := want.Plugins.Username; u != nil {
		u.UsernameValidator, u.DisplayUsernameValidator = got.Plugins.Username.UsernameValidator, got.Plugins.Username.DisplayUsernameValidator
	}
	if want.SecondaryStorage = got.SecondaryStorage; strings.Contains(text, `"secondaryStorage"`) {
		want.Session.StoreSessionInDatabase, want.Verification.StoreInDatabase = got.Session.StoreSessionInDatabase, got.Verification.StoreInDatabase
	}
	if !reflect.DeepEqual(want, got) {
		t.Errorf("%s\nbecame\n%s", text, result.YAML)
	}
	for _, l := range result.Lost {
		if !unreadable(l.Name) {
			t.Errorf("%s\nlost %s %s", text, l.Name, l.Why)
		}
	}
}

func parse(t *testing.T, text string) *server.Config {
	t.Helper()
	cfg, err := server.ParseConfig(text, []string{"DATABASE_URL=postgres://127.0.0.1/auth"})
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return cfg
}
