package server

import (
	"context"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/secure"
)

// checkSealed looks at what plugins have stored encrypted: whether the secrets open
// it, and which of them are still needed.
func (k *checker) checkSealed(ctx context.Context, secrets *secure.Secrets, plugins []auth.Plugin) {
	var all []auth.Sealed
	for _, p := range plugins {
		if p.Sealed == nil {
			continue
		}
		some, err := p.Sealed(ctx)
		if err != nil {
			k.add(LevelError, "plugins."+p.ID, "%v", err)
			return
		}
		all = append(all, some...)
	}
	for i := range all {
		k.checkOpens(&all[i])
	}
	for _, tag := range secrets.OlderTags() {
		k.tellNeed(tag, all)
	}
}

// checkOpens is an error where all of a kind is lost: then it is the secret that is
// missing, and whoever has a second factor cannot sign in.
func (k *checker) checkOpens(s *auth.Sealed) {
	secret := secure.SecretOf(s.Tag)
	switch {
	case s.Opened == s.Tried:
	case s.Opened == 0:
		k.add(LevelError, "secrets", "no configured secret opens %s that %s has encrypted: put that secret back into BETTER_AUTH_SECRETS or BETTER_AUTH_SECRET",
			s, secret)
	default:
		k.add(LevelWarning, "secrets", "%d of %d %s that were tried do not open with %s: they are damaged, and their owners have to set them up anew",
			s.Tried-s.Opened, s.Tried, s.Many, secret)
	}
}

// tellNeed tells whether an older secret may go.
func (k *checker) tellNeed(tag string, all []auth.Sealed) {
	var needs []string
	for _, s := range merge(all, tag) {
		needs = append(needs, s.String())
	}
	if len(needs) > 0 {
		k.add(LevelOK, "secrets", "%s is still needed by %s", secure.SecretOf(tag), strings.Join(needs, " and "))
		return
	}
	k.add(LevelOK, "secrets", "nothing that is stored for good needs %s: it may go when the sessions that it has signed may end", secure.SecretOf(tag))
}

// merge adds up what is of one kind.
func merge(all []auth.Sealed, tag string) (out []auth.Sealed) {
	for _, s := range all {
		if s.Tag != tag {
			continue
		}
		if n := len(out); n > 0 && out[n-1].Many == s.Many {
			out[n-1].Count += s.Count
			continue
		}
		out = append(out, s)
	}
	return out
}
