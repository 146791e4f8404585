package twofactor_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

func TestAnAppCountsFromItsFirstRightCode(t *testing.T) {
	t.Parallel()
	s := newServer(t, "")
	s.Clock.Stop()
	p := signUp(t, s, "ann").setUp()
	if p.isOn() {
		t.Error("the second factor is on before a code was shown")
	}
	before := p.Cookie("session_token")
	p.verify("000000").Code(http.StatusUnauthorized, "INVALID_CODE")
	a := p.verify(p.code(0)).Is(http.StatusOK)
	out := a.JSON()
	if user := out["user"].(map[string]any); user["twoFactorEnabled"] != false || !strings.HasPrefix(before, out["token"].(string)) {
		t.Errorf("the answer tells of a later state: %s", a.Text)
	}
	if after := p.Cookie("session_token"); after == before || !p.isOn() {
		t.Error("there is no new session, or the second factor is off")
	}
	if n := s.Count(`select count(*) from session`); n != 1 {
		t.Errorf("%d sessions", n)
	}
	if n := s.Count(`select count(*) from "twoFactor" where verified and "failedVerificationCount" = 0 and "lockedUntil" is null`); n != 1 {
		t.Error("the row does not say so")
	}
}

func TestWhatEnableAnswers(t *testing.T) {
	t.Parallel()
	s := newServer(t, `issuer: "Acme & Co", totpOptions: {digits: 8, period: 60}, backupCodeOptions: {amount: 3, length: 12}`)
	p := signUp(t, s, "ann").setUp()
	uri := regexp.MustCompile(`^otpauth://totp/Acme%20%26%20Co:ann%40example\.test\?secret=[A-Z2-7]{52}&issuer=Acme\+%26\+Co&digits=8&period=60$`)
	if !uri.MatchString(p.uri) {
		t.Errorf("the URI is %s", p.uri)
	}
	code := regexp.MustCompile(`^[A-Za-z0-9]{5}-[A-Za-z0-9]{7}$`)
	if len(p.codes) != 3 || slices.ContainsFunc(p.codes, func(c string) bool { return !code.MatchString(c) }) {
		t.Errorf("the codes are %q", p.codes)
	}
	a := p.Post("/two-factor/enable", map[string]any{"password": authtest.Password, "issuer": "Other"}).Is(http.StatusOK)
	if first := p.uri; !strings.Contains(a.Text, "otpauth://totp/Other:") || strings.Contains(a.Text, first) {
		t.Errorf("a second try gives %s", a.Text)
	}
	again := p.Post("/two-factor/get-totp-uri", password(authtest.Password)).Is(http.StatusOK)
	if !strings.Contains(again.Text, "otpauth://totp/Better%20Auth:") {
		t.Errorf("once more: %s", again.Text)
	}
	if n := s.Count(`select count(*) from "twoFactor"`); n != 1 {
		t.Errorf("%d rows", n)
	}
}

func TestEnablingRefuses(t *testing.T) {
	t.Parallel()
	s := newServer(t, "")
	p := signUp(t, s, "ann")
	long := strings.Repeat("x", 129)
	for _, path := range []string{"/two-factor/enable", "/two-factor/disable"} {
		s.Client().Post(path, password(authtest.Password)).Code(http.StatusUnauthorized, "UNAUTHORIZED")
		p.Post(path, "{}").Code(http.StatusBadRequest, "VALIDATION_ERROR")
		s.Client().Post(path, "{}").Code(http.StatusBadRequest, "VALIDATION_ERROR")
		p.Post(path, password("")).Code(http.StatusBadRequest, "INVALID_PASSWORD")
		p.Post(path, password("a wrong one")).Code(http.StatusBadRequest, "INVALID_PASSWORD")
		p.Post(path, password(long)).Code(http.StatusBadRequest, "PASSWORD_TOO_LONG")
	}
	for _, method := range []any{"sms", "", 1, nil, []string{"otp"}} {
		a := p.Post("/two-factor/enable", map[string]any{"password": authtest.Password, "method": method}).Code(http.StatusBadRequest, "VALIDATION_ERROR")
		if !strings.Contains(a.Text, `[body.method] Invalid option: expected one of \"otp\"|\"totp\"`) {
			t.Errorf("method %v: %s", method, a.Text)
		}
	}
	p.Post("/two-factor/enable", map[string]any{"password": authtest.Password, "method": "otp"}).Code(http.StatusBadRequest, "OTP_NOT_CONFIGURED")
	if n := s.Count(`select count(*) from "twoFactor"`); n != 0 {
		t.Errorf("%d rows are left", n)
	}
}

func TestAnAppThatCountsIsNotReplaced(t *testing.T) {
	t.Parallel()
	s := newServer(t, "")
	p := withApp(t, s, "ann")
	p.Post("/two-factor/enable", password(authtest.Password)).Code(http.StatusBadRequest, "TOTP_ALREADY_ENABLED")
	s.Exec(`update "twoFactor" set verified = null`)
	p.Post("/two-factor/enable", password(authtest.Password)).Code(http.StatusBadRequest, "TOTP_ALREADY_ENABLED")
}

func TestAnAppMayCountAtOnce(t *testing.T) {
	t.Parallel()
	s := newServer(t, "skipVerificationOnEnable: true")
	p := signUp(t, s, "ann")
	before := p.Cookie("session_token")
	p.setUp()
	if !p.isOn() || p.Cookie("session_token") == before || s.Count(`select count(*) from session`) != 1 {
		t.Error("the second factor is off, or the session is not a new one")
	}
	p.Post("/two-factor/enable", password(authtest.Password)).Code(http.StatusBadRequest, "TOTP_ALREADY_ENABLED")
}

func TestSentCodesCountAtOnce(t *testing.T) {
	t.Parallel()
	s := newServer(t, "otpOptions: {sendOTP: true}, totpOptions: {disable: true}")
	p := signUp(t, s, "ann")
	before := p.Cookie("session_token")
	a := p.Post("/two-factor/enable", map[string]any{"password": authtest.Password, "method": "otp"}).Is(http.StatusOK)
	if a.Text != `{"method":"otp"}` || !p.isOn() || p.Cookie("session_token") == before {
		t.Errorf("%s, on %v", a.Text, p.isOn())
	}
	a = p.Post("/two-factor/enable", password(authtest.Password)).Code(http.StatusBadRequest, "TOTP_NOT_CONFIGURED")
	if !strings.Contains(a.Text, "TOTP is not available") {
		t.Error(a.Text)
	}
	for _, path := range []string{"/two-factor/get-totp-uri", "/two-factor/verify-totp"} {
		a := p.Post(path, map[string]any{"password": authtest.Password, "code": "123456"}).Code(http.StatusBadRequest, "TOTP_NOT_CONFIGURED")
		if !strings.Contains(a.Text, "totp isn't configured") {
			t.Errorf("%s: %s", path, a.Text)
		}
	}
}

func TestDisablingLeavesNothing(t *testing.T) {
	t.Parallel()
	s := newServer(t, "")
	p := withApp(t, s, "ann")
	before := p.Cookie("session_token")
	if a := p.Post("/two-factor/disable", password(authtest.Password)).Is(http.StatusOK); a.Text != `{"status":true}` {
		t.Error(a.Text)
	}
	if p.isOn() || p.Cookie("session_token") == before || s.Count(`select count(*) from session`) != 1 {
		t.Error("the second factor is on, or the session is not a new one")
	}
	if n := s.Count(`select count(*) from "twoFactor"`); n != 0 {
		t.Errorf("%d rows", n)
	}
	p.verify(p.code(0)).Code(http.StatusBadRequest, "TOTP_NOT_ENABLED")
	p.setUp()
	p.verify(p.code(-1)).Is(http.StatusOK) // a new secret, of which no step has been taken
}

// The session that is replaced takes its fields along, but for those that every
// new session begins with.
func TestTheNewSessionIsLikeTheOldOne(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, configuration("skipVerificationOnEnable: true")+
		"session: {additionalFields: {device: {type: string, required: false}, visits: {type: number, required: false, defaultValue: 1}}}")
	p := signUp(t, s, "ann")
	p.Post("/update-session", map[string]any{"device": "phone", "visits": 7}).Is(http.StatusOK)
	s.Exec(`update session set "ipAddress" = '192.0.2.7', "userAgent" = 'before'`)
	p.setUp()
	if n := s.Count(`select count(*) from session where device = 'phone' and visits = 1 and "ipAddress" = '192.0.2.7' and "userAgent" = 'before'`); n != 1 {
		t.Error("it is another one")
	}
}

func TestWhoHasNoPassword(t *testing.T) {
	t.Parallel()
	s := newServer(t, "allowPasswordless: true, totpOptions: {allowPasswordless: false}")
	p := signUp(t, s, "ann")
	p.Post("/two-factor/enable", "{}").Code(http.StatusBadRequest, "INVALID_PASSWORD")
	p.Post("/two-factor/enable", `{"password":null}`).Code(http.StatusBadRequest, "VALIDATION_ERROR")
	s.Exec(`update account set password = null`)
	s.Clock.Stop()
	p.take(p.Post("/two-factor/enable", "{}").Is(http.StatusOK).JSON())
	p.verify(p.code(0)).Is(http.StatusOK)
	p.Post("/two-factor/get-totp-uri", "{}").Code(http.StatusBadRequest, "VALIDATION_ERROR")
	p.Post("/two-factor/get-totp-uri", password("any")).Code(http.StatusBadRequest, "INVALID_PASSWORD")
	p.Post("/two-factor/generate-backup-codes", "{}").Is(http.StatusOK)
	p.Post("/two-factor/disable", "{}").Is(http.StatusOK)

	s = newServer(t, "allowPasswordless: true, backupCodeOptions: {allowPasswordless: false}")
	p = signUp(t, s, "ann")
	s.Exec(`delete from account`)
	p.Post("/two-factor/enable", "{}").Is(http.StatusOK)
	p.Post("/two-factor/get-totp-uri", "{}").Is(http.StatusOK)
	s.Exec(`update "user" set "twoFactorEnabled" = true`)
	p.Post("/two-factor/generate-backup-codes", "{}").Code(http.StatusBadRequest, "VALIDATION_ERROR")
}

func TestIdsAndNamesOfTheTable(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]struct{ options, database string }{
		"serial":  {"", "\nadvanced: {database: {generateId: serial}}"},
		"uuid":    {"", "\nadvanced: {database: {generateId: uuid}}"},
		"renamed": {"twoFactorTable: second, schema: {user: {fields: {twoFactorEnabled: has_second}}, twoFactor: {fields: {secret: shared, backupCodes: codes, userId: owner, verified: seen, failedVerificationCount: wrong, lockedUntil: shut}}}", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := authtest.New(t, configuration(config.options)+config.database)
			p := withApp(t, s, "ann")
			p.Post("/two-factor/get-totp-uri", password(authtest.Password)).Is(http.StatusOK)
			p.Post("/two-factor/verify-backup-code", map[string]any{"code": p.codes[0]}).Is(http.StatusOK)
			p.verify(p.code(0)).Is(http.StatusOK)
			p.take(p.Post("/two-factor/generate-backup-codes", password(authtest.Password)).Is(http.StatusOK).JSON())
			p.Post("/two-factor/verify-backup-code", map[string]any{"code": p.codes[9]}).Is(http.StatusOK)
			p.Post("/two-factor/disable", password(authtest.Password)).Is(http.StatusOK)
		})
	}
}

// What is stored is what Better Auth stores: hexadecimal ciphertexts of a text and
// of a list.
func TestWhatIsStored(t *testing.T) {
	t.Parallel()
	for option, encrypted := range map[string]bool{"": true, "backupCodeOptions: {storeBackupCodes: plain}": false} {
		s := newServer(t, option)
		p := signUp(t, s, "ann").setUp()
		hex := `'^[0-9a-f]{144}$'` // a nonce, 32 characters and a tag
		if n := s.Count(`select count(*) from "twoFactor" where secret ~ ` + hex); n != 1 {
			t.Errorf("%q: the secret has another form", option)
		}
		list, err := json.Marshal(p.codes)
		if err != nil {
			t.Fatal(err)
		}
		if n := s.Count(`select count(*) from "twoFactor" where "backupCodes" = $1`, string(list)); (n == 0) != encrypted {
			t.Errorf("%q: the codes have another form", option)
		}
		p.Post("/two-factor/verify-backup-code", map[string]any{"code": p.codes[3]}).Is(http.StatusOK)
		p.Post("/two-factor/verify-backup-code", map[string]any{"code": p.codes[3]}).Code(http.StatusUnauthorized, "INVALID_BACKUP_CODE")
	}
}
