package transcript

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"strings"
)

// proxiedForm is what servers with the plugin oAuthProxy tell each other in the
// query of an address.
var proxiedForm = regexp.MustCompile(`([?&](state|profile)=)((?:(?:%24|\$)ba(?:%24|\$)[0-9]+(?:%24|\$))?[0-9a-f]{96,})`)

// proxied opens what is encrypted in an address, and tells whether there was any.
func (r *reader) proxied(ctx context.Context, text string) (string, bool) {
	match := proxiedForm.FindStringSubmatchIndex(text)
	if match == nil {
		return text, false
	}
	purpose := map[string]string{"state": "oauth-proxy-package", "profile": "oauth-proxy-profile"}[text[match[4]:match[5]]]
	sealed := strings.ReplaceAll(text[match[6]:match[7]], "%24", "$")
	return r.text(ctx, text[:match[6]]) + r.opened(ctx, purpose, sealed) + r.text(ctx, text[match[7]:]), true
}

// opened reads JSON that is encrypted for a purpose of the proxy.
func (r *reader) opened(ctx context.Context, purpose, sealed string) string {
	derive := purposeKey(purpose)
	plain, version, err := r.unsealWith(sealed, func(secret string) (string, error) {
		if r.proxySecret != "" {
			secret = r.proxySecret
		}
		return derive(secret)
	})
	if err != nil {
		return "<not decryptable: " + err.Error() + ">"
	}
	n, err := parseCompact(plain)
	if err != nil {
		return "<encrypted" + version + ", no JSON: " + r.text(ctx, plain) + ">"
	}
	if profile, ok := n.child("profile"); ok {
		profile = r.providersDates(profile)
		n = n.with([]string{"profile"}, &profile)
	}
	return "<encrypted" + version + " " + r.json(ctx, n).String() + ">"
}

// popupForm is the page with which a sign-in in a popup ends. What it tells the
// application is in an element of data.
var popupForm = regexp.MustCompile(`(?s)^<!doctype html>.*<script type="application/json" id="better-auth-oauth-popup">([^<]*)</script>`)

// popup reads that page by what it tells.
func (r *reader) popup(ctx context.Context, page string) (string, bool) {
	match := popupForm.FindStringSubmatch(page)
	if match == nil {
		return "", false
	}
	return "<page that posts " + r.body(ctx, match[1], "application/json") + ">", true
}

var (
	pageScript   = regexp.MustCompile(`(?s)<script>(.*?)</script>`)
	scriptPolicy = regexp.MustCompile(`^default-src 'none'; script-src '([^']+)'; base-uri 'none'(?:; form-action 'none'; frame-ancestors 'none')?$`)
)

// popupPolicy reads the content security policy of that page: whether it lets its
// script run and nothing else.
func popupPolicy(page, policy string) string {
	script, allowed := pageScript.FindStringSubmatch(page), scriptPolicy.FindStringSubmatch(policy)
	if !popupForm.MatchString(page) || script == nil || allowed == nil {
		return policy
	}
	sum := sha256.Sum256([]byte(script[1]))
	if allowed[1] != "sha256-"+base64.StdEncoding.EncodeToString(sum[:]) {
		return policy
	}
	return "<lets the page's script run and nothing else>"
}
