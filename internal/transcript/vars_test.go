package transcript

import (
	"net/http"
	"testing"
)

func TestVariablesAreFilledIn(t *testing.T) {
	v := &vars{kept: map[string]string{"id": "a.b"}, jars: map[string]*jar{"ann": {}}, secret: "s"}
	v.jars["ann"].take(http.Header{"Set-Cookie": {"__Secure-x.session_token=to%2Fken; Path=/"}})
	signature := sign("s", "a.b")
	for text, want := range map[string]string{
		"plain $ {x}":                        "plain $ {x}",
		"${id} and ${id}":                    "a.b and a.b",
		"${ann/session_token}":               "to%2Fken",
		"${ann/__Secure-x.session_token}":    "to%2Fken",
		"${ann/session_token|decode}":        "to/ken",
		"${'lit'|repeat:3}":                  "litlitlit",
		"${id|sign}":                         "a.b." + signature,
		"${id|sign|encode}":                  encodeURIComponent("a.b." + signature),
		"${id|sign|token}":                   "a.b",
		"${id|signwith:other}":               "a.b." + sign("other", "a.b"),
		"${'abcdef'|flip}":                   "abAdef",
		"${'ab'|chop}${'x=='|unpad}":         "ax",
		"${'+/'|urlsafe}${'aB'|upper}":       "-_AB",
		"${'Ab'|lower}${'ab'|base64}":        "abYWI=",
		"${'{\"a\":\"b|c\"}'|hs256}":         hs256("s", `{"a":"b|c"}`),
		"${'http://x.test/a/b?c=%2F'|path}":  "/a/b?c=%2F",
		"${'http://x.test/a?c=%2F&d'|query}": "c=%2F&d", "${'http://x.test/a?c=%2F'|param:c}": "/",
		// RFC 6238, appendix B, in a step of a hundred years.
		"${'otpauth://totp/a:b?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&digits=8&period=3155760000'|totp:1}": "94287082",
		"${'ü /?&=+~!*()'|encode}${''}": "%C3%BC%20%2F%3F%26%3D%2B~!*()",
	} {
		if got, err := v.fill(text); err != nil || got != want {
			t.Errorf("%s is %q (%v), want %q", text, got, err, want)
		}
	}
	for _, text := range []string{"${nothing}", "${bob/x}", "${ann/x}", "${id|dance}", "${id|repeat:x}", "${id|totp}", "${'otpauth://totp/a:b?secret=GE&digits=8&period=30'|totp:x}"} {
		if got, err := v.fill(text); err == nil {
			t.Errorf("%s is %q", text, got)
		}
	}
}

func TestJarsKeepAndForget(t *testing.T) {
	j := &jar{}
	j.take(http.Header{"Set-Cookie": {"a=1", "b=2; Path=/", "c=3"}})
	j.take(http.Header{"Set-Cookie": {"b=; Max-Age=0", "a=4; Max-Age=60", "d=; max-age=0; Path=/"}})
	if got := j.header(); got != "a=4; c=3" {
		t.Errorf("the jar holds %q", got)
	}
}
