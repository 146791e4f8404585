package provider_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/oauth/provider"
	"github.com/sallyport-auth/sallyport/internal/transcript/oracle"
)

// now is the time for both sides.
var now = time.UnixMilli(1_800_000_000_123)

// TestProvidersDoAsTheOriginals plays the same to each provider of the original
// and to ours: authorizations, callbacks with the answers that the provider
// documents and with every way in which these can be broken, refresh tokens, ID
// tokens. Addresses, requests and users have to be the same to the byte.
//
// A provider is compared from the moment that it has a file in testdata/trials:
// testdata/README.md tells what is in there.
func TestProvidersDoAsTheOriginals(t *testing.T) {
	if testing.Short() {
		t.Skip("needs Node")
	}
	t.Parallel()
	original := startOriginal(t)
	for _, trial := range trials(t) {
		t.Run(trial.id, func(t *testing.T) {
			plays := trial.plays(t)
			want := original.play(t, plays, trial.documented(t))
			compare(t, plays, want)
		})
	}
}

// compare plays to ours and tells the first few differences.
func compare(t *testing.T, plays []*play, originals []performance) {
	t.Helper()
	differ := 0
	for i, p := range plays {
		got, want := perform(t, p), originals[i].outcome
		asked, wanted := strings.Join(p.asked, "\t"), originals[i].asked
		if p.mustWork && strings.Contains(string(want), `"failed"`) {
			t.Errorf("%s: the original fails at %s: the trial is wrong", p.name, want)
		}
		if p.refused {
			if string(got) != `{"failed":"options"}` {
				t.Errorf("%s is not refused with %s", p.name, p.Options)
			}
			continue
		}
		if bytes.Equal(want, got) && (asked == wanted || bytes.HasPrefix(got, []byte(`{"failed"`)) && strings.HasPrefix(wanted, asked)) {
			continue // where all fails in the end, ours may stop asking earlier
		}
		if differ++; differ <= shown {
			t.Errorf("%s, with %s%s%s", p.name, p.Options, differing("outcome", string(got), string(want)), differing("requests", asked, wanted))
		}
	}
	if differ > shown {
		t.Errorf("and %d more of %d", differ-shown, len(plays))
	}
}

// shown is how many differences of a provider are told.
const shown = 3

func differing(what, got, want string) string {
	if got == want {
		return ""
	}
	return fmt.Sprintf("\n %s:\n  ours %s\n  want %s", what, got, want)
}

// TestEveryProviderIsTried finds a provider without a trial.
func TestEveryProviderIsTried(t *testing.T) {
	t.Parallel()
	for _, id := range provider.IDs() {
		if _, err := os.Stat(filepath.Join("testdata", "trials", id+".json")); err != nil {
			t.Errorf("%s is not compared with the original: %v", id, err)
		}
	}
}

// ownOptions are those that the original does not have, each with its own test.
var ownOptions = []string{"teamId", "keyId", "privateKey"}

// TestEveryOptionOfAProviderIsTried finds an option that a provider takes and no
// trial of it sets.
func TestEveryOptionOfAProviderIsTried(t *testing.T) {
	t.Parallel()
	for _, tr := range trials(t) {
		for _, option := range provider.Takes(tr.id) {
			tried := tr.Options[option] != nil || slices.Contains(ownOptions, option)
			for _, set := range tr.Sets {
				tried = tried || set[option] != nil
			}
			if !tried {
				t.Errorf("no set of %s has %s", tr.id, option)
			}
		}
	}
}

// original is the process that has the original's providers.
type original struct {
	stdin  io.Writer
	stdout *bufio.Reader
}

func startOriginal(t *testing.T) *original {
	t.Helper()
	if err := oracle.Install(); err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), "node", "--max-semi-space-size=64", "testdata/original.mjs", fmt.Sprint(now.UnixMilli()))
	complaints := &bytes.Buffer{}
	command.Stderr = complaints
	stdin, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = stdin.Close()
		if err := command.Wait(); err != nil && t.Context().Err() == nil {
			t.Errorf("the original's process: %v\n%s", err, complaints)
		}
	})
	return &original{stdin, bufio.NewReader(stdout)}
}

// performance is what came of a play at the original.
type performance struct {
	outcome []byte
	asked   string
}

// play hands over plays and waits for what came of them.
func (o *original) play(t *testing.T, plays []*play, common *answers) []performance {
	t.Helper()
	text, err := json.Marshal(map[string]any{"plays": plays, "common": common})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.stdin.Write(append(text, '\n')); err != nil {
		t.Fatal(err)
	}
	performances := make([]performance, len(plays))
	for i := range performances {
		outcome, _ := o.stdout.ReadBytes('\n')
		asked, err := o.stdout.ReadString('\n')
		if err != nil {
			t.Fatalf("the original's process ended: %v", err)
		}
		performances[i] = performance{bytes.TrimSpace(outcome), strings.TrimSuffix(asked, "\n")}
	}
	return performances
}
