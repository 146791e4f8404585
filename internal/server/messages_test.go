package server

import (
	"slices"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/mail"
)

const everyMessage = `
emailAndPassword: {enabled: true, sendResetPassword: true, onPasswordReset: true, onExistingUserSignUp: true}
emailVerification: {sendVerificationEmail: true}
user: {changeEmail: {enabled: true, sendChangeEmailConfirmation: true}, deleteUser: {enabled: true, sendDeleteAccountVerification: true}}
plugins: {twoFactor: {otpOptions: {sendOTP: true}}}
baseURL: https://auth.test
`

// Every message has an option and words.
func TestEveryMessageHasAnOptionAndATemplate(t *testing.T) {
	templates, err := mail.LoadTemplates("", "")
	if err != nil {
		t.Fatal(err)
	}
	events := slices.DeleteFunc(templates.Events(), func(e string) bool { return e == "test" })
	var options []string
	for _, o := range sendOptions(parse(t, everyMessage)) {
		if !o.On {
			t.Errorf("%s is not what the file says", o.Name)
		}
		options = append(options, o.Name[strings.LastIndexByte(o.Name, '.')+1:])
	}
	slices.Sort(options)
	if !slices.Equal(events, options) {
		t.Errorf("templates %q, options %q", events, options)
	}
}

func TestWhatCannotBeSentIsRefusedInProduction(t *testing.T) {
	cfg := parse(t, everyMessage)
	if err := validateMessaging(cfg, Development); err != nil {
		t.Errorf("in development: %v", err)
	}
	err := validateMessaging(cfg, Production)
	for _, o := range sendOptions(cfg) {
		if err == nil || !strings.Contains(err.Error(), o.Name+": there is no way to send it: set messaging.smtp.url") {
			t.Errorf("%s: %v", o.Name, err)
		}
	}
	cfg = parse(t, everyMessage+"messaging: {from: a@acme.test, smtp: {url: 'smtps://mail.test'}}")
	if err := validateMessaging(cfg, Production); err != nil {
		t.Errorf("with a mail server: %v", err)
	}
	if cfg = parse(t, ""); sends(cfg) || validateMessaging(cfg, Production) != nil {
		t.Error("a configuration that sends nothing wants a way to send")
	}
}
