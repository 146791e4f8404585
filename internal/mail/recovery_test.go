package mail_test

import (
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/mail/smtptest"
)

// recovered is how soon messages arrive once the mail server works again.
const recovered = 30 * time.Second

func smtpMessaging(s *smtptest.Server) string {
	return "messaging: {from: 'Acme <no-reply@acme.test>', smtp: {url: 'smtp://" + s.Addr + "'}}\n"
}

// ids gives how often each Message-ID came.
func ids(t *testing.T, mails []smtptest.Mail) map[string]int {
	t.Helper()
	count := map[string]int{}
	for _, m := range mails {
		read, err := mail.ReadMessage(strings.NewReader(m.Data))
		if err != nil {
			t.Fatal(err)
		}
		count[strings.TrimSuffix(strings.TrimPrefix(read.Header.Get("Message-Id"), "<"), "@acme.test>")]++
	}
	return count
}

// Whatever is wrong with the mail server, messages wait, and are delivered soon
// after it works again.
func TestMailIsDeliveredWhenTheServerIsBack(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]func(*smtptest.Server){
		"is down":             func(s *smtptest.Server) { s.Stop() },
		"has no time":         func(s *smtptest.Server) { s.Fail(smtptest.Refuse(smtptest.Hello, 421, smtp.EnhancedCode{4, 3, 2})) },
		"puts off recipients": func(s *smtptest.Server) { s.Fail(smtptest.Refuse(smtptest.To, 451, smtp.EnhancedCode{4, 3, 0})) },
		"stalls at once":      func(s *smtptest.Server) { s.Fail(s.Stall(smtptest.Hello)) },
		"stalls in the mail":  func(s *smtptest.Server) { s.Fail(s.Stall(smtptest.Data)) },
		"hangs up":            func(s *smtptest.Server) { s.Fail(smtptest.HangUp(smtptest.Data)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := smtptest.New(t, smtptest.Options{})
			fault(server)
			s := authtest.New(t, authtest.Starter+smtpMessaging(server), authtest.Delivering())
			send(t, s, reset("ann@example.test"), reset("bob@example.test"), reset("cay@example.test"))
			waiting := s.Messages()
			time.Sleep(5 * time.Second)
			if len(server.Mails()) != 0 || s.Count(`select count(*) from sallyport.message`) != 3 {
				t.Fatalf("%d mails were taken by a server that %s", len(server.Mails()), name)
			}
			server.Fail(nil)
			if name == "is down" {
				server.Start()
			}
			empty(t, s, recovered)
			got := ids(t, server.Mails())
			for _, m := range waiting {
				if got[m.ID] == 0 {
					t.Errorf("the message to %s did not come: %v", m.Recipient, got)
				}
				delete(got, m.ID)
			}
			if len(got) > 0 || strings.Contains(s.Log.String(), "@example.test") {
				t.Errorf("unknown ids %v; log %s", got, s.Log)
			}
		})
	}
}

// A message that the server will not have is tried again later and in the end
// given up, and keeps no other one waiting.
func TestAPoisonMessageMovesAside(t *testing.T) {
	t.Parallel()
	server := smtptest.New(t, smtptest.Options{})
	refuse := smtptest.Refuse(smtptest.To, 550, smtp.EnhancedCode{5, 1, 1})
	server.Fail(func(c *smtp.Conn, step smtptest.Step, to string) error {
		if strings.HasPrefix(to, "poison") {
			return refuse(c, step, to)
		}
		return nil
	})
	s := authtest.New(t, authtest.Starter+smtpMessaging(server), authtest.Delivering())
	send(t, s, reset("poison@example.test"), reset("ann@example.test"), reset("bob@example.test"))
	eventually(t, 15*time.Second, "the other mails", func() bool { return len(server.Mails()) == 2 })
	aside := `select count(*) from sallyport.river_job where state = 'retryable' and attempt = 1
		and scheduled_at between now() + interval '30 seconds' and now() + interval '90 seconds'`
	eventually(t, 5*time.Second, "the poison to be put aside", func() bool { return s.Count(aside) == 1 })
	if s.Count(`select count(*) from sallyport.message`) != 1 {
		t.Error("the message is not there any more")
	}
	s.Exec(`update sallyport.river_job set state = 'available', attempt = 4, scheduled_at = now() where state = 'retryable'`)
	empty(t, s, 15*time.Second)
	eventually(t, 5*time.Second, "the job to be discarded", func() bool {
		return s.Count(`select count(*) from sallyport.river_job where state = 'discarded' and errors::text not like '%example%'`) == 1
	})
	log := s.Log.String()
	if !strings.Contains(log, "is given up") || !strings.Contains(log, "550 5.1.1") || strings.Contains(log, "poison@") {
		t.Errorf("the log says %s", log)
	}
}

func TestAnExpiredMessageIsNotDelivered(t *testing.T) {
	t.Parallel()
	server := smtptest.New(t, smtptest.Options{})
	server.Stop()
	s := authtest.New(t, authtest.Starter+smtpMessaging(server), authtest.Delivering())
	send(t, s, reset("ann@example.test"))
	s.Clock.Advance(2 * time.Hour)
	server.Start()
	empty(t, s, 15*time.Second)
	if len(server.Mails()) != 0 || !strings.Contains(s.Log.String(), "has expired") {
		t.Errorf("%d mails; log %s", len(server.Mails()), s.Log)
	}
}
