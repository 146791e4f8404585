package transcript

import (
	"testing"
	"time"
)

// steps is a clock on which two steps have passed, half a second apart.
func steps(config string, further ...int64) (*clock, time.Time) {
	start := time.Date(2026, 11, 24, 1, 2, 3, 400_500_600, time.UTC)
	c := newClock(config, further)
	for i := range 2 {
		from := start.Add(time.Duration(i) * 500 * time.Millisecond)
		c.begin(from)
		c.end(from.Add(100 * time.Millisecond))
	}
	return c, start
}

func TestTimesAreNamedByStepAndDistance(t *testing.T) {
	c, start := steps(`{"session":{"expiresIn":7200}}`, 42)
	for what, check := range map[string]struct {
		at   time.Time
		want string
	}{
		"the first step":                {start.Add(50 * time.Millisecond), "<step 1>"},
		"cut to the millisecond":        {start.Truncate(time.Millisecond), "<step 1>"},
		"the second step":               {start.Add(550 * time.Millisecond), "<step 2>"},
		"a week ahead":                  {start.Add(time.Millisecond + 604800*time.Second), "<step 1 +604800s>"},
		"a minute ago":                  {start.Add(501*time.Millisecond - time.Minute), "<step 2 -60s>"},
		"a number of the configuration": {start.Add(501*time.Millisecond + 2*time.Hour), "<step 2 +7200s>"},
		"a number of the conversation":  {start.Add(42 * time.Second), "<step 1 +42s>"},
		"between the steps":             {start.Add(300 * time.Millisecond), "<about +0s>"},
		"an unknown distance":           {start.Add(1234 * time.Second), "<about +1260s>"},
		"while the server started":      {start.Add(-4 * time.Second), "<before step 1>"},
		"made then, for later":          {start.Add(-4*time.Second + 2*time.Hour), "<before step 1 +7200s>"},
	} {
		if got := c.name(check.at, time.Millisecond); got != check.want {
			t.Errorf("%s is %s, want %s", what, got, check.want)
		}
	}
}

func TestOnlyTimesAsTheyAreWrittenAreNamed(t *testing.T) {
	c, _ := steps("{}")
	for text, want := range map[string]string{
		"2026-11-24T01:02:03.450Z":      "<step 1>",
		"2026-11-24 01:02:03.45+00":     "<step 1>",
		"2026-11-24 01:02:03.450001+00": "<step 1> finer than milliseconds",
		"2026-11-24T01:02:03Z":          "",
		"2026-11-24T01:02:03.450000Z":   "",
		"2026-11-24T01:02:03.450+00:00": "",
		"2026-13-24T01:02:03.450Z":      "",
		"2026-11-24 01:02:03.45+01":     "",
		"2020-01-02T03:04:05.678Z":      "",
		"2020-01-02 03:04:05.678+00":    "",
		"on 2026-11-24T01:02:03.450Z":   "",
	} {
		if got, _ := c.text(text); got != want {
			t.Errorf("%s is %q, want %q", text, got, want)
		}
	}
}

func TestSecondsOfTokens(t *testing.T) {
	c, start := steps("{}")
	for number, want := range map[string]string{"1795482123": "<step 2>", "1795483023": "<step 2 +900s>", "1.5": "", `"x"`: ""} {
		if got, _ := c.seconds(number); got != want {
			t.Errorf("%s is %q, want %q (the first step is at %d)", number, got, want, start.Unix())
		}
	}
}
