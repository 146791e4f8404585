package transcript

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestServersThatBehaveAlikeDoNotDiffer(t *testing.T) {
	want := newSample(1).recording()
	for seed := range uint64(50) {
		if found := Compare(want, newSample(seed+2).recording()); len(found) > 0 {
			t.Fatalf("seed %d: %v", seed+2, found)
		}
	}
}

// noticed plays a spoilt sample and wants a difference.
func noticed(t *testing.T, what string, spoil func(s *sample, replies []*reply)) {
	t.Helper()
	want := newSample(1).recording()
	s := newSample(2)
	replies := s.replies()
	spoil(s, replies)
	if len(Compare(want, s.read(replies, []row{s.row()}))) == 0 {
		t.Errorf("not noticed: %s", what)
	}
}

func TestEveryStatusAndHeaderIsCompared(t *testing.T) {
	for i := range newSample(1).replies() {
		noticed(t, "another status", func(_ *sample, r []*reply) { r[i].status++ })
		noticed(t, "a header more", func(_ *sample, r []*reply) { r[i].header.Set("X-Powered-By", "x") })
		noticed(t, "a wrong extra header", func(_ *sample, r []*reply) { r[i].header.Set("X-Content-Type-Options", "sniff") })
		for name := range newSample(1).replies()[i].header {
			noticed(t, name+" missing", func(_ *sample, r []*reply) { r[i].header.Del(name) })
			noticed(t, name+" twice", func(_ *sample, r []*reply) { r[i].header.Add(name, r[i].header.Get(name)) })
			noticed(t, name+" with another value", func(_ *sample, r []*reply) { r[i].header.Set(name, "x"+r[i].header.Get(name)) })
			noticed(t, name+" with a space", func(_ *sample, r []*reply) { r[i].header.Set(name, r[i].header.Get(name)+" ") })
		}
	}
}

func TestEveryPartOfACookieIsCompared(t *testing.T) {
	cookies := newSample(1).replies()[0].header["Set-Cookie"]
	for i, line := range cookies {
		noticed(t, "a cookie missing", func(_ *sample, r []*reply) {
			r[0].header["Set-Cookie"] = append(cookies[:0:0], r[0].header["Set-Cookie"][1-i])
		})
		parts := strings.Split(line, "; ")
		for j := range parts {
			change := func(what string, edit func(parts []string) []string) {
				noticed(t, fmt.Sprintf("%s: %s", what, parts[j]), func(_ *sample, r []*reply) {
					now := strings.Split(r[0].header["Set-Cookie"][i], "; ")
					r[0].header["Set-Cookie"][i] = strings.Join(edit(now), "; ")
				})
			}
			change("changed", func(p []string) []string { p[j] = "x" + p[j]; return p })
			change("in another case", func(p []string) []string { p[j] = strings.ToUpper(p[j]); return p })
			if j > 0 {
				change("missing", func(p []string) []string { return append(p[:j], p[j+1:]...) })
			}
			if j > 1 {
				change("moved", func(p []string) []string { p[j], p[j-1] = p[j-1], p[j]; return p })
			}
		}
	}
	noticed(t, "cookies in another order", func(_ *sample, r []*reply) {
		c := r[0].header["Set-Cookie"]
		c[0], c[1] = c[1], c[0]
	})
}

func TestSignaturesAreChecked(t *testing.T) {
	cookie := func(s *sample, value string) func(r []*reply) {
		return func(r []*reply) {
			r[0].header["Set-Cookie"][0] = "better-auth.session_token=" + value + "; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax"
		}
	}
	values := map[string]func(s *sample) string{
		"not encoded":                func(s *sample) string { return s.token + "." + sign(Secret, s.token) },
		"signed with another secret": func(s *sample) string { return encodeURIComponent(s.token + "." + sign("other", s.token)) },
		"without a signature":        func(s *sample) string { return s.token },
		"of another session": func(s *sample) string {
			other := s.id()
			return encodeURIComponent(other + "." + sign(Secret, other))
		},
		"in url-safe base64": func(s *sample) string {
			return encodeURIComponent(s.token + "." + strings.NewReplacer("+", "-", "/", "_", "=", "").Replace(sign(Secret, s.token)))
		},
	}
	for what, value := range values {
		noticed(t, "a cookie "+what, func(s *sample, r []*reply) { cookie(s, value(s))(r) })
	}
	noticed(t, "a header signed with another secret", func(s *sample, r []*reply) {
		r[0].header.Set("Set-Auth-Token", s.token+"."+sign("other", s.token))
	})
}

func TestEveryPartOfAJWTIsCompared(t *testing.T) {
	jwts := map[string]func(s *sample) string{
		"another claim": func(s *sample) string {
			return s.jwt(s.header(), strings.Replace(s.claims(), "http://auth.test", "http://other.test", 1))
		},
		"one claim less": func(s *sample) string {
			return s.jwt(s.header(), strings.Replace(s.claims(), `,"iss":"http://auth.test"`, "", 1))
		},
		"claims in another order": func(s *sample) string {
			return s.jwt(s.header(), fmt.Sprintf(`{"sub":%q,"iat":%d,"exp":%d,"iss":"http://auth.test"}`, s.user, s.now.Unix(), s.now.Unix()+900))
		},
		"a subject who is another": func(s *sample) string { return s.jwt(s.header(), strings.Replace(s.claims(), s.user, s.session, 1)) },
		"another lifetime": func(s *sample) string {
			return s.jwt(s.header(), strings.Replace(s.claims(), fmt.Sprint(s.now.Unix()+900), fmt.Sprint(s.now.Unix()+600), 1))
		},
		"a lifetime a minute longer": func(s *sample) string {
			return s.jwt(s.header(), strings.Replace(s.claims(), fmt.Sprint(s.now.Unix()+900), fmt.Sprint(s.now.Unix()+960), 1))
		},
		"milliseconds": func(s *sample) string {
			return s.jwt(s.header(), strings.Replace(s.claims(), fmt.Sprint(s.now.Unix()), fmt.Sprint(s.now.UnixMilli()), 1))
		},
		"a time as a text": func(s *sample) string {
			return s.jwt(s.header(), strings.Replace(s.claims(), fmt.Sprint(s.now.Unix()), fmt.Sprintf("%q", fmt.Sprint(s.now.Unix())), 1))
		},
		"spaces in it":            func(s *sample) string { return s.jwt(s.header(), strings.Replace(s.claims(), ",", ", ", 1)) },
		"a type in the header":    func(s *sample) string { return s.jwt(strings.Replace(s.header(), "{", `{"typ":"JWT",`, 1), s.claims()) },
		"header in another order": func(s *sample) string { return s.jwt(fmt.Sprintf(`{"kid":%q,"alg":"EdDSA"}`, s.kid), s.claims()) },
		"an unknown kid":          func(s *sample) string { return s.jwt(fmt.Sprintf(`{"alg":"EdDSA","kid":%q}`, s.id()), s.claims()) },
		"no signature":            func(s *sample) string { return strings.TrimRight(s.jwt(s.header(), s.claims()), letters+"-_") + "AAAA" },
		"another key": func(s *sample) string {
			other := *newSample(99)
			other.kid, other.user, other.now = s.kid, s.user, s.now
			return other.jwt(s.header(), s.claims())
		},
		"padding": func(s *sample) string { return s.jwt(s.header(), s.claims()) + "==" },
	}
	for what, jwt := range jwts {
		noticed(t, "a JWT with "+what, func(s *sample, r []*reply) { r[1].header.Set("Set-Auth-Jwt", jwt(s)) })
	}
}

func TestEveryPlaceOfABodyIsCompared(t *testing.T) {
	for i := range newSample(1).replies() {
		for _, path := range places(decoded(newSample(1).replies()[i]), nil) {
			for what, edit := range edits {
				noticed(t, fmt.Sprintf("body %d, %s: %s", i, strings.Join(path, "."), what), func(_ *sample, r []*reply) {
					r[i].body = []byte(edited(decoded(r[i]), path, edit).String())
				})
			}
		}
		for what, change := range map[string]func(body string) string{
			"a newline at the end": func(b string) string { return b + "\n" },
			"a space":              func(b string) string { return strings.Replace(b, ":", ": ", 1) },
			"an escaped slash":     func(b string) string { return strings.Replace(b, "/home", `\/home`, 1) },
			"an escaped bracket":   func(b string) string { return strings.Replace(b, "<", `\u003c`, 1) },
			"empty":                func(string) string { return "" },
			"null":                 func(string) string { return "null" },
			"cut off":              func(b string) string { return b[:len(b)-1] },
		} {
			if body := string(newSample(1).replies()[i].body); change(body) != body {
				noticed(t, what, func(_ *sample, r []*reply) { r[i].body = []byte(change(string(r[i].body))) })
			}
		}
		noticed(t, "another media type", func(_ *sample, r []*reply) { r[i].header = http.Header{"Content-Type": {"text/plain"}} })
	}
}

func TestTimesAndIdentitiesAreCompared(t *testing.T) {
	formats := map[string]string{
		"microseconds": "2006-01-02T15:04:05.000000Z", "no fraction": "2006-01-02T15:04:05Z", "an offset": "2006-01-02T15:04:05.000+00:00",
	}
	for what, format := range formats {
		noticed(t, "a time with "+what, func(s *sample, r []*reply) {
			r[1].body = []byte(strings.Replace(string(r[1].body), s.iso(0), s.now.Format(format), 1))
		})
	}
	for _, wrong := range []time.Duration{-time.Hour, -time.Minute, time.Minute, 24 * time.Hour, 604800 * time.Second} {
		noticed(t, fmt.Sprint("a time wrong by ", wrong), func(s *sample, r []*reply) {
			r[1].body = []byte(strings.Replace(string(r[1].body), s.iso(604800*time.Second), s.iso(604800*time.Second+wrong), 1))
		})
	}
	for _, length := range []int{31, 33} {
		noticed(t, fmt.Sprint("an id of ", length), func(s *sample, r []*reply) {
			r[1].body = []byte(strings.Replace(string(r[1].body), s.session, (s.session + "x")[:length], 1))
		})
	}
	noticed(t, "another token than in the cookie", func(s *sample, r []*reply) {
		r[0].body = []byte(strings.Replace(string(r[0].body), s.token, s.id(), 1))
	})
}

func TestEveryColumnOfARowIsCompared(t *testing.T) {
	want := newSample(1).recording()
	other := "other"
	rows := map[string]func(r row) []row{
		"none":    func(row) []row { return nil },
		"twice":   func(r row) []row { return []row{r, r} },
		"renamed": func(r row) []row { r.columns[2] = "Token"; return []row{r} },
		"swapped": func(r row) []row {
			r.columns[4], r.columns[5] = r.columns[5], r.columns[4]
			r.values[4], r.values[5] = r.values[5], r.values[4]
			return []row{r}
		},
		"a column less": func(r row) []row { r.columns, r.values = r.columns[:6], r.values[:6]; return []row{r} },
		"finer than milliseconds": func(r row) []row {
			fine := strings.Replace(*r.values[3], "+00", "", 1)
			if !strings.Contains(fine, ".") {
				fine += "."
			}
			fine = (fine + "000")[:len("2006-01-02 15:04:05.000")] + "001+00"
			r.values[3] = &fine
			return []row{r}
		},
	}
	for i, column := range newSample(1).row().columns {
		rows[column+" changed"] = func(r row) []row { r.values[i] = &other; return []row{r} }
		rows[column+" null or not"] = func(r row) []row {
			if r.values[i] == nil {
				r.values[i] = new(string)
			} else {
				r.values[i] = nil
			}
			return []row{r}
		}
	}
	for what, spoil := range rows {
		s := newSample(2)
		if len(Compare(want, s.read(s.replies(), spoil(s.row())))) == 0 {
			t.Errorf("not noticed: row %s", what)
		}
	}
}

func TestStepsMissingOrMoreAreDifferences(t *testing.T) {
	want := newSample(1).recording()
	short := want
	short.Answers = want.Answers[:2]
	if len(Compare(want, short)) == 0 || len(Compare(short, want)) == 0 {
		t.Error("a missing step is not noticed")
	}
}
