package server

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/mail"
)

// sender is the configuration of a plugin with options that make the server send
// messages.
type sender interface{ Sends() []auth.SendOption }

// sendOptions are all that make the server send messages. An option that is
// missing here, or in the Sends of its plugin's Config, can be set where nothing
// can be sent.
func sendOptions(cfg *Config) []auth.SendOption {
	password, address, user := &cfg.EmailAndPassword, &cfg.EmailVerification, &cfg.User
	all := []auth.SendOption{
		mailed("emailAndPassword.sendResetPassword", password.SendResetPassword),
		mailed("emailAndPassword.onPasswordReset", password.OnPasswordReset),
		mailed("emailAndPassword.onExistingUserSignUp", password.OnExistingUserSignUp),
		mailed("emailVerification.sendVerificationEmail", address.SendVerificationEmail),
		mailed("user.changeEmail.sendChangeEmailConfirmation", user.ChangeEmail.SendChangeEmailConfirmation),
		mailed("user.deleteUser.sendDeleteAccountVerification", user.DeleteUser.SendDeleteAccountVerification),
	}
	for _, name := range cfg.Plugins.Order() {
		if s, ok := cfg.Plugins.options(name).(sender); ok {
			for _, o := range s.Sends() {
				o.Name = "plugins." + name + "." + o.Name
				all = append(all, o)
			}
		}
	}
	return all
}

func mailed(name string, on bool) auth.SendOption {
	return auth.SendOption{Name: name, Channel: auth.Email, On: on}
}

// sends reports whether the configuration makes the server send anything.
func sends(cfg *Config) bool {
	for _, o := range sendOptions(cfg) {
		if o.On {
			return true
		}
	}
	return false
}

// validateMessaging refuses what cannot be sent. In development messages go to
// the log where there is no other way.
func validateMessaging(cfg *Config, mode Mode) error {
	if err := cfg.Messaging.Check(); err != nil || mode == Development {
		return err
	}
	var errs []error
	for _, o := range sendOptions(cfg) {
		if o.On && !cfg.Messaging.Sends(o.Channel) {
			errs = append(errs, fmt.Errorf("%s: there is no way to send it: set %s", o.Name, waysToSend[o.Channel]))
		}
	}
	return errors.Join(errs...)
}

var waysToSend = map[mail.Channel]string{
	mail.Email: "messaging.smtp.url and messaging.from, or messaging.webhook",
	mail.SMS:   "messaging.webhook",
}

// newSenders makes the ways to send, and finds out whether the templates are in
// order.
func (s *Server) newSenders(d Deps) (*mail.Senders, error) {
	return mail.NewSenders(s.cfg.Messaging, s.Auth.Config.AppName, d.Now, d.Log)
}

// StartDelivery begins to deliver messages. Who calls it calls stop in the end,
// which waits for those under way.
func (s *Server) StartDelivery(ctx context.Context) (stop func(), err error) {
	delivery, err := mail.NewDelivery(mail.DeliveryOptions{
		Outbox: s.Outbox, Senders: s.senders, Log: s.log,
		Count: func(event, outcome string) { s.metrics.messages.WithLabelValues(event, outcome).Inc() },
		Trace: s.tracer.Delivery,
	})
	if err != nil {
		return nil, err
	}
	// It ends by stop alone: messages under way are delivered after ctx has ended.
	if err := delivery.Start(context.WithoutCancel(ctx)); err != nil {
		return nil, err
	}
	return func() {
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
		defer cancel()
		if err := delivery.Stop(ending); err != nil {
			s.log.Error("messages were still being delivered at the end of the grace period", "error", err)
		}
	}, nil
}

// checkMessaging tries the way that mails go.
func (k *checker) checkMessaging(ctx context.Context) {
	senders, err := mail.NewSenders(k.cfg.Messaging, k.cfg.AppName, time.Now, k.log)
	if err != nil {
		k.add(LevelError, "messaging", "%v", err)
		return
	}
	if !sends(k.cfg) && !k.cfg.Messaging.Sends(mail.Email) {
		return
	}
	k.checkWebhook()
	way, err := senders.Check(ctx)
	if err != nil {
		k.add(LevelError, "messaging", "%s: %v; until that is mended messages wait in the outbox", way, err)
		return
	}
	k.add(LevelOK, "messaging", "%s", way)
}

// checkWebhook tells when links and codes can be read on their way.
func (k *checker) checkWebhook() {
	if k.cfg.Messaging.ReadableOnTheWay() {
		k.add(LevelWarning, "messaging.webhook.url", "is not https: whoever is between can read the links and codes")
	}
}
