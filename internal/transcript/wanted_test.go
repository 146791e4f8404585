package transcript

import (
	"encoding/json"
	"strings"
	"testing"
)

func expectOne(t *testing.T, wanted *Wanted, a Answer) (Answer, error) {
	t.Helper()
	c := Conversation{Topic: "t", Name: "n", Steps: []Step{{Name: a.Step, Wanted: wanted}}}
	r, err := c.Expect(Recording{Answers: []Answer{a}})
	return r.Answers[0], err
}

func TestWantedDifferencesReplaceOnlyWhatTheyName(t *testing.T) {
	original := Answer{Step: "s", Status: 500, Headers: []string{"content-type: text/plain", "location: /x"}, Cookies: []string{"a=1"}, Body: "b"}
	got, err := expectOne(t, &Wanted{Row: "r", Status: 400, JSON: json.RawMessage(`{ "b": 1, "a": 2 }`), Headers: []string{"location:"}}, original)
	if err != nil {
		t.Fatal(err)
	}
	if got.Status != 400 || got.Body != `{"b":1,"a":2}` || strings.Join(got.Headers, ";") != "content-type: application/json" || got.Cookies[0] != "a=1" {
		t.Errorf("expected is %+v", got)
	}
	if original.Headers[0] != "content-type: text/plain" {
		t.Error("the recording was changed")
	}
}

func TestWantedRows(t *testing.T) {
	original := Answer{Step: "s", Rows: []string{`t {"a":"<step 1>"}`, `t {"a":"x"}`}}
	got, err := expectOne(t, &Wanted{Row: "r", Replace: [2]string{"<step 1>", "<step 2>"}}, original)
	if err != nil || got.Rows[0] != `t {"a":"<step 2>"}` || got.Rows[1] != original.Rows[1] {
		t.Errorf("expected is %v (%v)", got.Rows, err)
	}
	if got, err = expectOne(t, &Wanted{Row: "r", Rows: []string{}}, original); err != nil || len(got.Rows) != 0 {
		t.Errorf("expected is %v (%v)", got.Rows, err)
	}
}

func TestWantedSilence(t *testing.T) {
	got, err := expectOne(t, &Wanted{Row: "r", Unasked: "/b"}, Answer{Step: "s", Asked: []string{"GET http://x/a", "GET http://x/b"}})
	if err != nil || len(got.Asked) != 1 || got.Asked[0] != "GET http://x/a" {
		t.Errorf("expected is %v (%v)", got.Asked, err)
	}
}

func TestADeclaredDifferenceThatIsNoneIsAnError(t *testing.T) {
	if _, err := expectOne(t, &Wanted{Row: "r", Status: 400}, Answer{Step: "s", Status: 400}); err == nil {
		t.Error("not noticed")
	}
}

func TestARecordingOfOtherStepsIsAnError(t *testing.T) {
	c := Conversation{Steps: []Step{{Name: "a"}}}
	for _, answers := range [][]Answer{{}, {{Step: "b"}}, {{Step: "a"}, {Step: "b"}}} {
		if _, err := c.Expect(Recording{Answers: answers}); err == nil {
			t.Errorf("not noticed: %v", answers)
		}
	}
}

func TestExtraHeadersAreForgivenOnlyAsTheTableSays(t *testing.T) {
	for _, c := range []struct {
		want, got []string
		origin    string
		alike     bool
	}{
		{nil, []string{"x-content-type-options: nosniff", "cache-control: no-store"}, "", true},
		{nil, []string{"cache-control: no-cache"}, "", false},
		{[]string{"cache-control: max-age=1"}, []string{"cache-control: no-store"}, "", false},
		{[]string{"cache-control: no-store"}, nil, "", false},
		{[]string{"x-retry-after: 10"}, []string{"retry-after: 10", "x-retry-after: 10"}, "", true},
		{[]string{"x-retry-after: 10"}, []string{"retry-after: 9", "x-retry-after: 10"}, "", false},
		{[]string{"x-retry-after: 10"}, []string{"x-retry-after: 9"}, "", true},
		{[]string{"x-retry-after: 10"}, []string{"x-retry-after: 8"}, "", false},
		{[]string{"x-retry-after: 1"}, []string{"x-retry-after: 0"}, "", false},
		{[]string{"x-retry-after: 10"}, []string{"x-retry-after: 10.5"}, "", false},
		{[]string{"x-retry-after: 10"}, nil, "", false},
		{nil, []string{"x-retry-after: 10"}, "", false},
		{nil, []string{"retry-after: 10"}, "", false},
		{nil, []string{"vary: Origin"}, "", true},
		{nil, []string{"vary: *"}, "", false},
		{nil, []string{"access-control-allow-origin: http://a.test", "access-control-allow-credentials: true"}, "http://a.test", true},
		{nil, []string{"access-control-allow-origin: *"}, "http://a.test", false},
		{nil, []string{"access-control-allow-origin: null"}, "null", false},
		{nil, []string{"access-control-allow-origin: http://b.test"}, "http://a.test", false},
		{nil, []string{"access-control-allow-origin: http://evil.test"}, "http://evil.test", false},
		{nil, []string{"access-control-allow-credentials: true"}, "", false},
		{nil, []string{"access-control-expose-headers: set-auth-token, set-auth-jwt, X-Retry-After, Retry-After"}, "", true},
		{nil, []string{"access-control-expose-headers: set-cookie"}, "", false},
		{[]string{"access-control-expose-headers: set-auth-jwt"}, []string{"access-control-expose-headers: set-auth-token, set-auth-jwt"}, "", true},
		{[]string{"access-control-expose-headers: set-auth-jwt"}, []string{"access-control-expose-headers: set-auth-token"}, "", false},
		{nil, []string{"server: x"}, "", false},
		{nil, []string{"x-content-type-options: nosniff", "x-content-type-options: nosniff"}, "", false},
	} {
		want := Recording{Answers: []Answer{{Status: 200, Headers: c.want, Origin: c.origin}}}
		got := Recording{Answers: []Answer{{Status: 200, Headers: c.got, Origin: c.origin}}}
		if found := Compare(want, got); (len(found) == 0) != c.alike {
			t.Errorf("%v and %v: %v", c.want, c.got, found)
		}
	}
}
