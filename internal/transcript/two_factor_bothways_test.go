package transcript_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/transcript"
	"github.com/sallyport-auth/sallyport/internal/transcript/oracle"
)

// secondFactors is a configuration with apps whose codes last for an hour.
const secondFactors = `{
	"baseURL": "http://auth.test", "emailAndPassword": {"enabled": true}, "rateLimit": {"enabled": false}, %s
	"plugins": {"twoFactor": {"totpOptions": {"period": 3600} %s}}
}`

// TestEitherServerTakesTheOthersCodes sets up an app at one server and gives its
// codes, and the backup codes, to the other on the same database.
func TestEitherServerTakesTheOthersCodes(t *testing.T) {
	if testing.Short() {
		t.Skip("needs Node")
	}
	host, err := oracle.NewHost(t.Context(), transcript.Secret)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(host.Close)
	const versions = `"secrets": [{"version": 2, "value": "the-second-secret-0123456789-ABCDEFGH"}, {"version": 1, "value": "the-first-secret-0123456789-ABCDEFGHI"}],`
	for name, options := range map[string][2]string{
		"encrypted":             {"", ""},
		"plain":                 {"", `, "backupCodeOptions": {"storeBackupCodes": "plain"}`},
		"secrets with versions": {versions, ""},
		"numbered":              {`"advanced": {"database": {"generateId": "serial"}},`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := transcript.Conversation{Topic: "two-factor", Name: name, Config: fmt.Sprintf(secondFactors, options[0], options[1])}
			ours := startSallyport(t, c, nil)
			theirs, stop, err := host.Start(oracle.Options{Config: c.Config, DatabaseURL: ours.DatabaseURL})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(stop)
			swapCodes(t, theirs, ours.BaseURL, "original@example.test")
			swapCodes(t, ours.BaseURL, theirs, "sallyport@example.test")
		})
	}
}

// swapCodes sets up an app at maker and gives it up at reader.
func swapCodes(t *testing.T, maker, reader, email string) {
	t.Helper()
	const proof = `{"password":"correct horse"}`
	cookies, _ := say(t, maker, http.MethodPost, "/sign-up/email", "", fmt.Sprintf(`{"name":"Ann","email":%q,"password":"correct horse"}`, email))
	_, text := say(t, maker, http.MethodPost, "/two-factor/enable", cookies, proof)
	uri, codes := setUp(t, text)
	next, _ := say(t, reader, http.MethodPost, "/two-factor/verify-totp", cookies, code(t, uri, -1))
	cookies = next
	say(t, reader, http.MethodPost, "/two-factor/verify-backup-code", cookies, given(codes[0]))
	say(t, maker, http.MethodPost, "/two-factor/verify-backup-code", cookies, given(codes[1]))
	say(t, reader, http.MethodPost, "/two-factor/verify-backup-code", cookies, given(codes[2]))
	_, text = say(t, reader, http.MethodPost, "/two-factor/generate-backup-codes", cookies, proof)
	_, codes = setUp(t, text)
	say(t, maker, http.MethodPost, "/two-factor/verify-backup-code", cookies, given(codes[0]))
	say(t, maker, http.MethodPost, "/two-factor/verify-totp", cookies, code(t, uri, 0))
	_, text = say(t, reader, http.MethodPost, "/two-factor/get-totp-uri", cookies, proof)
	if again, _ := setUp(t, text); again != uri {
		t.Errorf("%s: the other server reads %s, want %s", email, again, uri)
	}
	say(t, reader, http.MethodPost, "/two-factor/disable", cookies, proof)
}

func setUp(t *testing.T, text string) (uri string, codes []string) {
	t.Helper()
	var out struct {
		TOTPURI     string   `json:"totpURI"`
		BackupCodes []string `json:"backupCodes"`
	}
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatal(err)
	}
	return out.TOTPURI, out.BackupCodes
}

func code(t *testing.T, uri string, steps int) string {
	t.Helper()
	text, err := transcript.TOTPCode(uri, fmt.Sprint(steps), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return given(text)
}

func given(code string) string { return fmt.Sprintf(`{"code":%q}`, code) }
