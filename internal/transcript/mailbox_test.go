package transcript

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
)

func TestConversationsThatSend(t *testing.T) {
	for config, want := range map[string]bool{
		`{}`: false,
		`{"emailAndPassword":{"enabled":true,"sendResetPassword":false}}`:                       false,
		`{"emailAndPassword":{"enabled":true,"sendResetPassword":true}}`:                        true,
		`{"user":{"deleteUser":{"enabled":true,"sendDeleteAccountVerification":true}}}`:         true,
		`{"emailAndPassword":{"onPasswordReset":true},"onlyHere":true}`:                         true,
		`{"emailAndPassword":{"enabled":true},"advanced":{"useSecureCookies":true,"one":true}}`: false,
	} {
		if got := (Conversation{Config: config}).SendsMessages(); got != want {
			t.Errorf("%s: %v", config, got)
		}
	}
}

// message posts what a server would send to a mailbox.
func post(t *testing.T, m *Mailbox, text string) {
	t.Helper()
	response, err := http.Post(m.Address(), "application/json", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if response.Body.Close(); response.StatusCode != http.StatusOK {
		t.Fatal(response.Status)
	}
}

func TestAMailboxGivesEveryMessageOnce(t *testing.T) {
	m, err := NewMailbox()
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	post(t, m, "1")
	post(t, m, "2")
	if got, _ := m.Take(t.Context()); !slices.Equal(got, []string{"1", "2"}) {
		t.Errorf("it gives %v", got)
	}
	if got, _ := m.Take(t.Context()); len(got) != 0 {
		t.Errorf("it still gives %v", got)
	}
}

func TestMessagesAreCompared(t *testing.T) {
	recorded := func(messages ...string) Recording {
		return Recording{Answers: []Answer{{Messages: messages}}}
	}
	for _, other := range [][]string{{}, {"b"}, {"a", "b"}, {"b", "a"}} {
		if len(Compare(recorded("a"), recorded(other...))) == 0 {
			t.Errorf("%v is the same", other)
		}
	}
	wanted := Wanted{Messages: []string{}}
	if got := wanted.over(Answer{Messages: []string{"a"}}); len(got.Messages) != 0 {
		t.Errorf("wanted are none, expected %v", got.Messages)
	}
	wanted = Wanted{Replace: [2]string{"a", "b"}}
	if got := wanted.over(Answer{Messages: []string{"a"}}); got.Messages[0] != "b" {
		t.Errorf("wanted is b, expected %v", got.Messages)
	}
}

func TestLinksAreReadWithWhatTheyHold(t *testing.T) {
	s := newSample(1)
	r := newReader(Conversation{Config: "{}"}, func(context.Context, string) (string, error) { return s.jwk(), nil })
	r.begin(s.now)
	r.end(s.now)
	token := hs256(Secret, `{"email":"ann@example.test","userId":"`+s.user+`"}`)
	link := "http://auth.test/api/auth/verify-email?token=" + token + "&callbackURL=%2F"
	want := `http://auth.test/api/auth/verify-email?token=<jwt {"alg":"HS256"} {"email":"ann@example.test","userId":"<id 1>"} rightly signed>&callbackURL=%2F`
	if got := r.text(t.Context(), link); got != want {
		t.Errorf("the link reads %s", got)
	}
	if got := r.text(t.Context(), link[:len(link)-20]+link[len(link)-16:]); !strings.Contains(got, "NOT RIGHTLY SIGNED") {
		t.Errorf("a spoilt link reads %s", got)
	}
	reset := "http://auth.test/api/auth/reset-password/sJ9Pp2aVnR6sgYdk1qKLm4Xe?callbackURL=https%3A%2F%2Fapp.test"
	if got := r.text(t.Context(), reset); got != "http://auth.test/api/auth/reset-password/<short id 1>?callbackURL=https%3A%2F%2Fapp.test" {
		t.Errorf("a reset link reads %s", got)
	}
	if got := r.text(t.Context(), "confirmationOfAddressesx"); strings.Contains(got, "<") {
		t.Errorf("a word reads %s", got)
	}
}
