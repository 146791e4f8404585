package swap

import (
	"flag"
	"fmt"
	"strings"
	"sync"
	"testing"
)

var long = flag.Bool("long", false, "run the long forms")

// pick gives the size of a test: its short form in `make test`, its long form in `make coexist`.
func pick(short, longer int) int {
	if *long {
		return longer
	}
	return short
}

// crowd has people go through all steps at the same time, each in an order of
// their own, as often as rounds says. Each side that runs begins each step of
// half of the people, and in every other round of the other half.
func crowd(t *testing.T, s *site, people []*member, rounds int) {
	t.Helper()
	var group sync.WaitGroup
	sides := s.running()
	for i, p := range people {
		p.t, p.inCrowd = t, true
		group.Go(func() {
			for round := range rounds {
				for _, n := range p.dice.Perm(len(steps)) {
					p.does(steps[n], sides[(i+round)%len(sides)])
				}
			}
			p.step = "has done it all"
			p.lookAround()
		})
	}
	group.Wait()
	for _, p := range people {
		p.inCrowd = false
	}
	if t.Failed() {
		t.FailNow() // whoever was let down knows no more what to expect
	}
}

// population signs people up.
func population(t *testing.T, s *site, n int) []*member {
	t.Helper()
	people := make([]*member, n)
	for i := range people {
		people[i] = newMember(t, s, fmt.Sprintf("member%d", i))
	}
	return people
}

// TestEveryStepGoesToEitherSide has people do everything with each kind of copy
// of the session in a cookie, every request to either side.
func TestEveryStepGoesToEitherSide(t *testing.T) {
	t.Parallel()
	host := sharedHost(t)
	for name, options := range map[string][2]string{
		"compact":        {"", `,"session": {"cookieCache": {"enabled": true}}`},
		"jwt":            {"", `,"session": {"cookieCache": {"enabled": true, "strategy": "jwt"}}`},
		"jwe":            {"", `,"session": {"cookieCache": {"enabled": true, "strategy": "jwe"}}`},
		"jwt of the key": {`"sessionCookieCache": true`, `,"session": {"cookieCache": {"enabled": true, "strategy": "jwt"}}`},
	} {
		t.Run(name, func(t *testing.T) {
			s := bothSides(t, host, options[0], unlimited+options[1])
			crowd(t, s, population(t, s, pick(1, 4)), pick(1, 5))
			s.quiet(t)
		})
	}
}

// TestUsersNoticeNoChangeOfProgram takes people through the life of a database:
// both sides serve it, sallyport is stopped, its schema is dropped, and it comes
// back.
func TestUsersNoticeNoChangeOfProgram(t *testing.T) {
	t.Parallel()
	s := newSite(t, sharedHost(t), "", unlimited)
	s.startTheirs(t)
	var people []*member
	work := func(name string, begin func(t *testing.T)) {
		t.Run(name, func(t *testing.T) {
			begin(t)
			if people == nil {
				people = population(t, s, pick(2, 8))
			}
			crowd(t, s, people, pick(1, 8))
			s.quiet(t)
		})
	}
	work("both", func(t *testing.T) { s.startOurs(t) })
	work("the original alone", func(*testing.T) {})
	work("without the schema sallyport", func(*testing.T) { s.exec(`drop schema sallyport cascade`) })
	work("both again", func(t *testing.T) {
		s.migrate()
		s.startOurs(t)
	})
	for _, step := range steps {
		for _, first := range []side{theirs, ours} {
			if s.done[step.name+" at "+string(first)] == 0 {
				t.Errorf("nobody %s at %s", step.name, first)
			}
		}
	}
}

// quiet wants that the originals have logged no error, and nothing about the
// tables: wrong passwords are warnings.
func (s *site) quiet(t *testing.T) {
	t.Helper()
	if text := s.host.Complaints(); strings.Contains(text, "ERROR") || strings.Contains(text, "Error") {
		t.Errorf("the originals complain:\n%s", text)
	}
}
