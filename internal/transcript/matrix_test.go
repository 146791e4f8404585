package transcript_test

import (
	"flag"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/transcript"
)

var matrix = flag.Bool("matrix", false, "play every conversation under every setting of cookie cache and plugins, not only under one")

// TestMatrix plays conversations under other settings than their own to both,
// live: each under one of them, and with -matrix under all.
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
		if c.Waits() || c.CountsRequests() {
			t.Skip("takes long: only with -matrix")
		}
		compareUnder(t, c.Sample(), startOriginal)
	})
}

func compareUnder(t *testing.T, c transcript.Conversation, startOriginal start) {
	t.Helper()
	mailbox := mailboxOf(t, c)
	original, err := transcript.Play(t.Context(), c, startOriginal(t, c, mailbox))
	if err != nil {
		t.Skipf("it cannot be played with these settings: %v", err)
	}
	got := play(t, c, startSallyport)
	report(t, c.ExpectUnder(original, got), got)
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
