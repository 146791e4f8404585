package swap

import (
	"net/http"
	"strings"
	"testing"
)

// The original compares the tables with what it writes before it answers the
// first request, and answers none where they differ. That check is on by default,
// and judges tables that sallyport has made and written to.
func TestTheOriginalChecksTheTables(t *testing.T) {
	t.Parallel()
	s := newSite(t, ownHost(t), "", unlimited)
	s.startOurs(t)
	b := s.device()
	if a, err := b.post(ours, "/sign-up/email", map[string]any{"name": "Ann", "email": "ann@example.test", "password": "correct horse"}); err != nil || a.status != http.StatusOK {
		t.Fatalf("%v %d %s", err, a.status, a.text)
	}
	s.startTheirs(t)
	if a, err := b.get(theirs, "/get-session"); err != nil || a.status != http.StatusOK || a.member("user.email") != "ann@example.test" {
		t.Errorf("%v %d %s", err, a.status, a.text)
	}
	s.quiet(t)

	// Each original here starts, and is asked for the first time after the change.
	for column, change := range map[string][2]string{
		"userAgent": {`alter table session drop column "userAgent"`, `alter table session add column "userAgent" text`},
		"color": {
			`alter table session add column color text not null default 'red'; alter table session alter column color drop default`,
			`alter table session drop column color`,
		},
	} {
		s.startTheirs(t)
		s.exec(change[0])
		a, err := b.get(theirs, "/get-session")
		said := s.host.Complaints()
		if err != nil || a.status != http.StatusInternalServerError || !strings.Contains(said, "SCHEMA_MISMATCH") || !strings.Contains(said, column) {
			t.Errorf("%s: %v, the original answers %d %s and logs %s", column, err, a.status, a.text, said)
		}
		s.exec(change[1])
	}
}
