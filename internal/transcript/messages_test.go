package transcript_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/transcript"
)

// resets is a conversation in which the original sends a link, which is then
// followed.
var resets = transcript.Conversation{
	Topic: "harness", Name: "resets",
	Config: `{"baseURL":"http://auth.test","emailAndPassword":{"enabled":true,"sendResetPassword":true,"onPasswordReset":true},"rateLimit":{"enabled":false}}`,
	Steps: []transcript.Step{
		{
			Name: "sign up", Do: "POST /sign-up/email",
			JSON: json.RawMessage(`{"name":"Ann","email":"ann@example.test","password":"correct horse"}`),
		},
		{
			Name: "ask", Do: "POST /request-password-reset", JSON: json.RawMessage(`{"email":"ann@example.test"}`),
			Keep: map[string]string{"link": "messages.0.data.url", "token": "messages.0.data.token"},
		},
		{Name: "ask for nobody", Do: "POST /request-password-reset", JSON: json.RawMessage(`{"email":"bob@example.test"}`)},
		{Name: "rows", Snapshot: []string{"verification"}},
		{Name: "follow", Raw: "GET ${link|path}"},
		{Name: "reset", Do: "POST /reset-password", JSON: json.RawMessage(`{"newPassword":"another horse","token":"${token}"}`)},
		{Name: "password", Query: "SELECT password FROM account"},
	},
}

func TestTheOriginalsMessagesAreRead(t *testing.T) {
	if testing.Short() {
		t.Skip("needs Node")
	}
	t.Parallel()
	answers := play(t, resets, originals(t)).Answers
	for step, count := range []int{0, 1, 0, 0, 0, 1, 0} {
		if got := answers[step].Messages; len(got) != count {
			t.Errorf("step %d sent %v", step+1, got)
		}
	}
	if got := answers[1].Messages; len(got) == 1 {
		for _, part := range []string{
			`{"event":"sendResetPassword","channel":"email","recipient":"ann@example.test","data":{"user":{"name":"Ann",`,
			`"url":"http://auth.test/api/auth/reset-password/<short id 1>?callbackURL=","token":"<short id 1>"}}`,
		} {
			if !strings.Contains(got[0], part) {
				t.Errorf("%s\n has no %s", got[0], part)
			}
		}
	}
	if rows := answers[3].Rows; len(rows) != 1 || !strings.Contains(rows[0], `"identifier":"reset-password:<short id 1>"`) {
		t.Errorf("the rows are %v", rows)
	}
	if answers[4].Status != 302 || answers[5].Status != 200 {
		t.Errorf("following the link gives %d, the token %d", answers[4].Status, answers[5].Status)
	}
	if rows := answers[6].Rows; len(rows) != 1 || !strings.Contains(rows[0], `another horse`) {
		t.Errorf("the password is %v", rows)
	}
}
