package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sallyport-auth/sallyport/internal/mail"
	"github.com/sallyport-auth/sallyport/internal/secure"
)

func newMail(o *options) *cobra.Command {
	return group("mail", "Try out how messages are sent and what they look like", newMailTest(o), newMailPreview(o))
}

func newMailTest(o *options) *cobra.Command {
	var to string
	c := &cobra.Command{
		Use: "test --to ADDRESS", Short: "Send one test message, at once, the way the configuration names", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if to == "" {
				return usageError{errors.New("sallyport mail test needs --to and an address")}
			}
			return mailTest(cmd.Context(), cmd.OutOrStdout(), o, to)
		},
	}
	c.Flags().StringVar(&to, "to", "", "the address that gets the message")
	return c
}

func mailTest(ctx context.Context, out io.Writer, o *options, to string) error {
	in, err := o.load()
	if err != nil {
		return err
	}
	if !in.cfg.Messaging.Sends(mail.Email) {
		return errors.New("there is no way to send messages: set messaging.smtp.url and messaging.from, or messaging.webhook")
	}
	senders, err := mail.NewSenders(in.cfg.Messaging, in.cfg.AppName, time.Now, in.log)
	if err != nil {
		return err
	}
	id, err := secure.NewID(rand.Reader)
	if err != nil {
		return err
	}
	l := &mail.Letter{ID: id, Event: "test", Channel: mail.Email, Recipient: to, Data: []byte("{}"), CreatedAt: time.Now()}
	if err := senders.Send(ctx, l); err != nil {
		return fmt.Errorf("the message was not sent: %w", err)
	}
	fmt.Fprintf(out, "sent to %s\n", to)
	return nil
}

func newMailPreview(o *options) *cobra.Command {
	var p preview
	c := &cobra.Command{
		Use: "preview [EVENT]", Short: "Show a message with sample data; without EVENT list the messages",
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usageError{errors.New("sallyport mail preview takes one argument at most: the event")}
			}
			return p.run(cmd.OutOrStdout(), o, args)
		},
	}
	c.Flags().StringVar(&p.locale, "locale", "", "the language, such as de; default is messaging.locale")
	c.Flags().StringVar(&p.format, "format", "text", "text or html")
	c.Flags().StringVar(&p.file, "out", "", "the file to write to; default is the terminal")
	return c
}

// preview is how a message is to be shown.
type preview struct{ locale, format, file string }

func (p *preview) run(out io.Writer, o *options, args []string) error {
	if p.format != "text" && p.format != "html" {
		return usageError{fmt.Errorf("--format must be text or html, not %q", p.format)}
	}
	in, err := o.load()
	if err != nil {
		return err
	}
	templates, err := mail.LoadTemplates(in.cfg.Messaging.Templates, in.cfg.Messaging.Locale)
	if err != nil {
		return err
	}
	if len(args) == 0 {
		_, err := fmt.Fprintln(out, strings.Join(templates.Events(), "\n"))
		return err
	}
	v := mail.Sample(args[0])
	v.AppName = in.cfg.AppName
	m, err := templates.Render(args[0], p.locale, v)
	if errors.Is(err, mail.ErrNoTemplate) {
		return fmt.Errorf("%w: the messages are %s", err, strings.Join(templates.Events(), ", "))
	}
	if err != nil {
		return err
	}
	return p.write(out, m)
}

func (p *preview) write(out io.Writer, m mail.Mail) error {
	text := "Subject: " + m.Subject + "\n\n" + m.Text
	if p.format == "html" {
		text = m.HTML
	}
	if text == "" {
		return errors.New("this message has no HTML in this language")
	}
	if p.file != "" {
		return os.WriteFile(p.file, []byte(text), 0o644)
	}
	_, err := io.WriteString(out, text)
	return err
}
