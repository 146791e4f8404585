package config

import (
	"reflect"
	"testing"
)

func TestTheEnvironmentStandsAboveTheFile(t *testing.T) {
	cases := map[string]struct {
		environment []string
		want        string
	}{
		"nothing set":              {nil, "file"},
		"replaced":                 {[]string{"BETTER_AUTH_NAME=env"}, "env"},
		"empty counts as not set":  {[]string{"BETTER_AUTH_NAME="}, "file"},
		"the second of two":        {[]string{"OTHER_NAME=other"}, "other"},
		"the first of two":         {[]string{"OTHER_NAME=other", "BETTER_AUTH_NAME=env"}, "env"},
		"a value that counts not":  {[]string{"OTHER_NAME=/"}, "file"},
		"another name with a file": {[]string{filed(t, "BETTER_AUTH_NAME", "from a file\n")}, "from a file"},
		"an empty one with a file": {[]string{"BETTER_AUTH_NAME=", filed(t, "BETTER_AUTH_NAME", "x\r\n")}, "x"},
	}
	for name, c := range cases {
		got, warnings, err := read("name: file", c.environment...)
		if err != nil || warnings != nil || got.Name != c.want {
			t.Errorf("%s: %q, %q, %v", name, got.Name, warnings, err)
		}
	}
}

func TestAListVariableAdds(t *testing.T) {
	got, _, err := read("origins: [https://a.test]", "BETTER_AUTH_ORIGINS= https://b.test,,https://c.test ")
	if want := []string{"https://a.test", "https://b.test", "https://c.test"}; err != nil || !reflect.DeepEqual(got.Origins, want) {
		t.Errorf("got %q, %v", got.Origins, err)
	}
}

func TestVariablesAreChecked(t *testing.T) {
	for environment, want := range map[string]string{
		"PORT=http":                       "PORT must be a whole number",
		"PORT=65536":                      "PORT must be at most 65535",
		"BETTER_AUTH_SECRET_FILE=/gone/x": "BETTER_AUTH_SECRET_FILE names a file that cannot be read: no such file or directory",
	} {
		if _, _, err := read("", environment); err == nil || err.Error() != want {
			t.Errorf("%s: %v", environment, err)
		}
	}
}

func TestOnlyTheEnvironmentSetsSomeOptions(t *testing.T) {
	got, _, err := read("", "PORT=8080")
	if err != nil || got.Port != 8080 {
		t.Errorf("got %d, %v", got.Port, err)
	}
}

func TestVariablesWithoutEffectAreWarnedOf(t *testing.T) {
	for environment, want := range map[string]string{
		"REDIS_URL=redis://x":           "REDIS_URL is set, but redis is not supported yet; it has no effect",
		"REDIS_URL_FILE=/x":             "REDIS_URL_FILE is set, but redis is not supported yet; it has no effect",
		"OTEL_SERVICE_NAME=x":           "OTEL_SERVICE_NAME is set, but that is not supported yet; it has no effect",
		"BETTER_AUTH_SECRTE=x":          "BETTER_AUTH_SECRTE is not a variable that this server reads; did you mean BETTER_AUTH_SECRET?",
		"BETTER_AUTH_FROBNICATE_IT=x":   "BETTER_AUTH_FROBNICATE_IT is not a variable that this server reads",
		"BETTER_AUTH_NAM_FILE=x":        "BETTER_AUTH_NAM_FILE is not a variable that this server reads; did you mean BETTER_AUTH_NAME?",
		"BETTER_AUTH_TELEMETRY_DEBUG=1": "",
		"REDIS_URL=":                    "",
		"OTHER=1":                       "",
	} {
		_, warnings, err := read("", environment)
		if err != nil || want == "" && warnings != nil || want != "" && (len(warnings) != 1 || warnings[0] != want) {
			t.Errorf("%s: %q, %v", environment, warnings, err)
		}
	}
}

func TestReferencesAreFilledIn(t *testing.T) {
	env := []string{"HOST=a.test", "EMPTY=", "MAX=9", "ON=true", "FOR=15m", filed(t, "KEPT", "secret\n")}
	for text, want := range map[string]string{
		"${HOST}":             "a.test",
		"https://${HOST}/x":   "https://a.test/x",
		"${HOST}${HOST}":      "a.testa.test",
		"${GONE:-b.test}":     "b.test",
		"${EMPTY:-b.test}":    "b.test",
		"${EMPTY}":            "",
		"${GONE:-}":           "",
		"${KEPT}":             "secret",
		"$${HOST} costs $5 $": "${HOST} costs $5 $",
		"$HOST {HOST}":        "$HOST {HOST}",
	} {
		got, _, err := read("name: '"+text+"'", env...)
		if err != nil || got.Name != want {
			t.Errorf("%s: %q, %v", text, got.Name, err)
		}
	}
	got, _, err := read("limits: {max: '${MAX}', enabled: '${ON}', window: '${FOR}'}\naudience: ['${HOST}']\nsecret: ${KEPT}\nclaims: {a: '${HOST}'}", env...)
	if err != nil || got.Limits.Max != 9 || !*got.Limits.Enabled || got.Limits.Window.Seconds() != 900 ||
		got.Audience.Values[0] != "a.test" || got.Secret.Reveal() != "secret" || got.Claims[0].Value != "a.test" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestAValueIsNotExpandedTwice(t *testing.T) {
	got, _, err := read("name: ${A}", "A=${B}", "B=x")
	if err != nil || got.Name != "${B}" {
		t.Errorf("got %q, %v", got.Name, err)
	}
}
