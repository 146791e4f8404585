package swap

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/jose"
)

// TestEitherSideRotatesTheKeys has the original end a key and make the next, and
// then sallyport make one ahead of time, with tokens of both sides verified with
// the key sets of both.
func TestEitherSideRotatesTheKeys(t *testing.T) {
	t.Parallel()
	s := bothSides(t, sharedHost(t), `"jwks": {"rotationInterval": 3600, "gracePeriod": 7200}`, unlimited)
	p := population(t, s, 1)[0]
	p.step = "sees keys rotate"
	first := p.kid(ours)
	if p.kid(theirs) != first {
		t.Fatal("the original does not sign with sallyport's first key")
	}
	p.takesTokens()

	s.exec(`update jwks set "expiresAt" = $1`, time.Now().UTC().Add(-time.Second))
	second := p.kid(theirs)
	if second == first {
		t.Fatal("the original has made no other key")
	}
	p.published(second)
	p.takesTokens()
	if p.kid(ours) != second {
		t.Error("sallyport does not sign with the original's key")
	}

	// A minute before its end sallyport publishes the next, which the original
	// takes at once.
	s.exec(`update jwks set "expiresAt" = $1 where id = $2`, time.Now().UTC().Add(time.Minute), second)
	p.within("another key", func() bool { return p.kid(theirs) != second })
	third := p.kid(theirs)
	if got := p.kid(ours); got != second {
		t.Errorf("sallyport signs with %s, want the key that verifiers know, %s; the next is %s", got, second, third)
	}
	for range 4 {
		p.takesTokens()
	}
	p.lookAround()
	if n := s.count(`select count(*) from jwks`); n != 3 {
		t.Errorf("there are %d keys", n)
	}
}

// kid names the key that a side signs with.
func (p *member) kid(s side) string {
	a, err := p.some().get(s, "/token")
	id, errKid := jose.KeyID(p.ok(p.noted(a, err)).member("token"))
	if errKid != nil {
		p.fail("%v", errKid)
	}
	return id
}

// published waits until every side has a key in its set.
func (p *member) published(kid string) {
	for _, s := range p.site.running() {
		p.within("the key at "+string(s), func() bool {
			a, err := p.site.device().get(s, "/jwks")
			return p.noted(a, err).status == http.StatusOK && strings.Contains(a.text, kid)
		})
	}
}

func (p *member) within(what string, is func() bool) {
	for end := time.Now().Add(deliveredWithin); !is(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			p.fail("%s does not come", what)
		}
	}
}
