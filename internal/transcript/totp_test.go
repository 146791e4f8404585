package transcript

import (
	"context"
	"strings"
	"testing"
	"time"
)

// The vectors of RFC 6238, appendix B, for SHA-1.
func TestCodesOfAnApp(t *testing.T) {
	u, err := parseTOTPURI("otpauth://totp/a:b?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=a&digits=8&period=30")
	if err != nil {
		t.Fatal(err)
	}
	for seconds, want := range map[int64]string{59: "94287082", 1111111109: "07081804", 20000000000: "65353130"} {
		if got := u.code(time.Unix(seconds, 0)); got != want {
			t.Errorf("at %d the code is %s, want %s", seconds, got, want)
		}
	}
	for _, text := range []string{"", "http://a.test?secret=GE&digits=6&period=30", "otpauth://totp/a:b?secret=1&digits=6&period=30", "otpauth://totp/a:b?secret=GE&digits=6&period=0"} {
		if _, err := parseTOTPURI(text); err == nil {
			t.Errorf("%q is one", text)
		}
	}
}

func TestSecretsAndBackupCodesHaveNames(t *testing.T) {
	const secret = "abcdefghijklmnopqrstuvwxyz01234-"
	r := emptyReader("{}")
	body := r.body(context.Background(), `{"totpURI":"otpauth://totp/a:b?secret=MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43UOV3HO6DZPIYDCMRTGQWQ&digits=6&period=30","backupCodes":["aaaaa-bbbbb","ccccc-ddddd"]}`, "application/json")
	if want := `{"totpURI":"otpauth://totp/a:b?secret=<base32 of <app secret 1>>&digits=6&period=30","backupCodes":["<backup code of 5-5 1>","<backup code of 5-5 2>"]}`; body != want {
		t.Errorf("%s, want %s", body, want)
	}
	for column, c := range map[string][2]string{
		"secret":      {seal(t, Secret, secret), "<encrypted <app secret 1>>"},
		"backupCodes": {seal(t, Secret, `["ccccc-ddddd"]`), `<encrypted ["<backup code of 5-5 2>"]>`},
	} {
		if got := r.column(context.Background(), column, c[0]); got != c[1] {
			t.Errorf("%s: %s, want %s", column, got, c[1])
		}
	}
	if got := r.column(context.Background(), "backupCodes", `["aaaaa-bbbbb"]`); got != `["<backup code of 5-5 1>"]` {
		t.Errorf("plain: %s", got)
	}
	if got := r.column(context.Background(), "secret", seal(t, "another", secret)); !strings.HasPrefix(got, "<not decryptable") {
		t.Errorf("under another secret: %s", got)
	}
}
