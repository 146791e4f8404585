package transcript_test

import (
	"flag"
	"fmt"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/transcript"
)

var matrix = flag.Bool("matrix", false, "play every conversation under every setting of cookie cache and plugins, not only a sixth under one")

// TestMatrix plays conversations under other settings than their own to both,
// live: a sixth of them under one each, and with -matrix all under all.
func TestMatrix(t *testing.T) {
	if testing.Short() {
		t.Skip("needs Node and a minute")
	}
	startOriginal := originals(t)
	each(t, func(t *testing.T, c transcript.Conversation) {
		if *matrix {
			for _, other := range c.Matrix() {
				t.Run(other.Name, func(t *testing.T) { t.Parallel(); compareUnder(t, other, startOriginal) })
			}
			return
		}
		sample, chosen := c.Sample()
		if !chosen || c.Waits() || c.CountsRequests() {
			t.Skip("only with -matrix")
		}
		compareUnder(t, sample, startOriginal)
	})
}

func compareUnder(t *testing.T, c transcript.Conversation, startOriginal start) {
	t.Helper()
	mailbox := mailboxOf(t, c)
	original, err := transcript.Play(t.Context(), c, startOriginal(t, c, mailbox))
	switch {
	case err != nil && *matrix:
		t.Skipf("it needs other settings, such as the plugin whose table a step reads: %v", err)
	case err != nil:
		t.Fatal(err) // every conversation of the sample can be played
	}
	got := play(t, c, startCheaply)
	report(t, c.ExpectUnder(original, got), got)
}

func TestTheSampleMeetsEverySetting(t *testing.T) {
	all, err := transcript.Load("testdata")
	if err != nil {
		t.Fatal(err)
	}
	met := map[string]int{}
	for _, c := range all {
		if sample, chosen := c.Sample(); chosen && !c.Waits() && !c.CountsRequests() {
			met[sample.Name[strings.LastIndex(sample.Name, "("):]]++
		}
	}
	for _, cache := range []string{"no", "compact", "jwt", "jwe"} {
		for _, plugins := range []string{"own", "no", "all"} {
			if setting := fmt.Sprintf("(%s cache, %s plugins)", cache, plugins); met[setting] == 0 && setting != "(no cache, own plugins)" {
				t.Errorf("nothing is played with %s", setting)
			}
		}
	}
	t.Log(met)
}

func TestTheMatrixIsSmallerForConversationsAboutIt(t *testing.T) {
	config := func(text string) transcript.Conversation {
		return transcript.Conversation{Topic: "x", Name: "y", Config: text}
	}
	for text, want := range map[string]int{
		`{}`:                                 4*2 - 1,
		`{"plugins":{"jwt":{}}}`:             4*3 - 1,
		`{"plugins":{"jwt":{},"bearer":{}}}`: 4*3 - 1,
		`{"session":{"cookieCache":{"enabled":true}}}`:      1,
		`{"plugins":{},"session":{"cookieCache":{"x":[]}}}`: 2,
	} {
		all := config(text).Matrix()
		if len(all) != want {
			t.Errorf("%s has %d settings, want %d", text, len(all), want)
		}
	}
}
