package server_test

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // RFC 6238
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"testing"
	"time"
)

func init() {
	maps.Copy(proofs, map[string]string{
		"plugins.twoFactor.issuer":                              "TestWhatEnableAnswers",
		"plugins.twoFactor.totpOptions.digits":                  "TestWhatEnableAnswers",
		"plugins.twoFactor.totpOptions.period":                  "TestWhatEnableAnswers",
		"plugins.twoFactor.totpOptions.disable":                 "TestSentCodesCountAtOnce",
		"plugins.twoFactor.totpOptions.allowPasswordless":       "TestWhoHasNoPassword",
		"plugins.twoFactor.otpOptions.sendOTP":                  "TestSentCodesHaveTheirOptions",
		"plugins.twoFactor.otpOptions.period":                   "TestSentCodesHaveTheirOptions",
		"plugins.twoFactor.otpOptions.digits":                   "TestSentCodesHaveTheirOptions",
		"plugins.twoFactor.otpOptions.allowedAttempts":          "TestSentCodesHaveTheirOptions",
		"plugins.twoFactor.otpOptions.storeOTP":                 "TestSentCodesAreStoredAsConfigured",
		"plugins.twoFactor.backupCodeOptions.amount":            "TestWhatEnableAnswers",
		"plugins.twoFactor.backupCodeOptions.length":            "TestWhatEnableAnswers",
		"plugins.twoFactor.backupCodeOptions.storeBackupCodes":  "TestWhatIsStored",
		"plugins.twoFactor.backupCodeOptions.allowPasswordless": "TestWhoHasNoPassword",
		"plugins.twoFactor.skipVerificationOnEnable":            "TestAnAppMayCountAtOnce",
		"plugins.twoFactor.allowPasswordless":                   "TestWhoHasNoPassword",
		"plugins.twoFactor.twoFactorCookieMaxAge":               "TestASignInWaitsAsLongAsConfigured",
		"plugins.twoFactor.trustDeviceMaxAge":                   "TestABrowserIsTrustedAsLongAsConfigured",
		"plugins.twoFactor.accountLockout.enabled":              "TestTheCountMayBeOff",
		"plugins.twoFactor.accountLockout.maxFailedAttempts":    "TestManyWrongCodesShutTheSecondFactor",
		"plugins.twoFactor.accountLockout.durationSeconds":      "TestManyWrongCodesShutTheSecondFactor",
		"plugins.twoFactor.gate":                                "TestTheGateAsksAfterAVerificationLink",
		"plugins.twoFactor.twoFactorTable":                      "TestIdsAndNamesOfTheTable",
		"plugins.twoFactor.schema.user.fields":                  "TestIdsAndNamesOfTheTable",
		"plugins.twoFactor.schema.twoFactor.modelName":          "TestNamesOfTableAndColumns",
		"plugins.twoFactor.schema.twoFactor.fields":             "TestIdsAndNamesOfTheTable",
	})
	maps.Copy(audited, map[string]string{
		"POST /two-factor/enable":                "password-check failure, sign-in success, two-factor-enabled success",
		"POST /two-factor/disable":               "password-check failure, sign-in success, two-factor-disabled success",
		"POST /two-factor/get-totp-uri":          "password-check failure",
		"POST /two-factor/verify-totp":           "sign-in success, two-factor-enabled success, two-factor-failed failure, two-factor-verified success",
		"POST /two-factor/verify-backup-code":    "backup-code-used success, two-factor-failed failure, two-factor-verified success",
		"POST /two-factor/send-otp":              "two-factor-code-sent success",
		"POST /two-factor/verify-otp":            "sign-in success, two-factor-failed failure, two-factor-verified success",
		"POST /two-factor/generate-backup-codes": "backup-codes-generated success, password-check failure",
	})
	visits = append(visits, (*visitor).secondFactor)
}

// secondFactor sets up an app, uses and renews backup codes, and gives it all up.
func (v *visitor) secondFactor() {
	gil := v.signUp("gil.audit@example.test")
	right, wrong := map[string]any{"password": gil.password}, map[string]any{"password": "a wrong password"}
	gil.Post("/two-factor/enable", wrong).Is(http.StatusBadRequest)
	out := gil.Post("/two-factor/enable", right).Is(http.StatusOK).JSON()
	u, err := url.Parse(out["totpURI"].(string))
	if err != nil {
		v.t.Fatal(err)
	}
	backup := out["backupCodes"].([]any)[0].(string)
	v.secret(u.Query().Get("secret"), backup)
	gil.Post("/two-factor/get-totp-uri", wrong).Is(http.StatusBadRequest)
	gil.Post("/two-factor/get-totp-uri", right).Is(http.StatusOK)
	for _, code := range []string{"no-code-at-all", totpCode(v.t, u)} {
		gil.Post("/two-factor/verify-totp", map[string]any{"code": code})
		v.secret("no-code-at-all")
	}
	for _, code := range []string{"not-a-backup-code", backup} {
		gil.Post("/two-factor/verify-backup-code", map[string]any{"code": code})
		v.secret("not-a-backup-code")
	}
	gil.Post("/two-factor/generate-backup-codes", wrong).Is(http.StatusBadRequest)
	gil.Post("/two-factor/generate-backup-codes", right).Is(http.StatusOK)
	gil.Post("/two-factor/disable", wrong).Is(http.StatusBadRequest)
	gil.Post("/two-factor/disable", right).Is(http.StatusOK)
	hal := v.signUp("hal.audit@example.test")
	hal.Post("/two-factor/enable", map[string]any{"password": hal.password, "method": "otp"}).Is(http.StatusOK)
	hal.Post("/sign-in/email", map[string]any{"email": "hal.audit@example.test", "password": hal.password}).Is(http.StatusOK)
	hal.Post("/two-factor/send-otp", map[string]any{}).Is(http.StatusOK)
	code := v.s.LastMessage("sendOTP").Text("otp")
	for _, code := range []string{"no-code-at-all", code} {
		hal.Post("/two-factor/verify-otp", map[string]any{"code": code, "trustDevice": true})
	}
}

// totpCode gives the code that an app shows now (RFC 6238), of six digits.
func totpCode(t *testing.T, uri *url.URL) string {
	t.Helper()
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(uri.Query().Get("secret"))
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha1.New, key)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(time.Now().Unix()/30)))
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 15
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[at:at+4])&0x7fffffff%1000000)
}
