package config

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

const everyForm = `
name: Acme
secret: "s3cret"
level: debug
site: LAX
origins: [https://a.test, https://b.test]
limits:
  max: 7
  window: 15m
  enabled: false
  freshFor: 0
  bytes: 5000000000
plugins:
  jwt:
items:
  - version: 0
    value: old
byKey:
  session_token: {max: 3}
claims:
  zeta: user.id
  alpha: user.email
rules:
  /z: false
  /a: {max: 2}
audience: [one]
base: https://x.test
span: 15m
`

func TestEveryFormIsRead(t *testing.T) {
	got, warnings, err := read(everyForm)
	if err != nil || warnings != nil {
		t.Fatal(err, warnings)
	}
	off, lax, zero, none := false, "lax", 0, Duration(0)
	want := tree{
		Name: "Acme", Secret: NewSecret("s3cret"), Level: "debug", Site: &lax,
		Origins: []string{"https://a.test", "https://b.test"},
		Limits:  limits{Max: 7, Window: Duration(15 * time.Minute), Enabled: &off, FreshFor: &none, Bytes: 5e9},
		Plugins: plugins{JWT: &limits{}, order: []string{"jwt"}},
		Items:   []item{{Version: &zero, Value: NewSecret("old")}},
		ByKey:   map[string]limits{"session_token": {Max: 3}},
		Claims:  Ordered[string]{{"zeta", "user.id"}, {"alpha", "user.email"}}, Audience: Many("one"),
		Rules: Ordered[rule]{{"/z", rule{off: true}}, {"/a", rule{Max: 2}}},
		Base:  "https://x.test", Span: "15m",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestJSONIsReadToo(t *testing.T) {
	got, _, err := read("{\n\t\"name\": \"\\u00e9\\/\\ud83d\\ude00\",\n\t\"limits\": {\"max\": 7, \"enabled\": true},\n\t\"audience\": \"one\"\n}\n")
	if err != nil || got.Name != "é/😀" || got.Limits.Max != 7 || !*got.Limits.Enabled {
		t.Errorf("got %+v, %v", got, err)
	}
	if !reflect.DeepEqual(got.Audience, One("one")) {
		t.Errorf("audience %+v", got.Audience)
	}
}

func TestNothingToReadIsNoError(t *testing.T) {
	for _, text := range []string{"", "\n", "# nothing\n", "---\n", "null\n", "{}", "\uFEFF", "limits:\nplugins:\n"} {
		if got, _, err := read(text); err != nil || !reflect.DeepEqual(got, tree{Plugins: got.Plugins}) {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
}

func TestAnEmptyListIsNotAnAbsentOne(t *testing.T) {
	got, _, err := read("origins: []")
	if err != nil || got.Origins == nil || len(got.Origins) != 0 {
		t.Errorf("got %#v, %v", got.Origins, err)
	}
}

func TestWhichFileIsRead(t *testing.T) {
	t.Chdir(t.TempDir())
	write := func(name, text string) {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	find := func(flag string, environment ...string) string {
		source, err := Find(flag, "name: starter", environment)
		if err != nil {
			return err.Error()
		}
		return source.Name + "=" + string(source.Text)
	}
	expect := func(got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	expect(find(""), "the starter configuration=name: starter")
	write("sallyport.yaml", "name: default")
	expect(find(""), "sallyport.yaml=name: default")
	write("env.yaml", "name: env")
	expect(find("", "SALLYPORT_CONFIG=env.yaml"), "env.yaml=name: env")
	write("flag.json", `{"name": "flag"}`)
	expect(find("flag.json", "SALLYPORT_CONFIG=env.yaml"), `flag.json={"name": "flag"}`)
	expect(find("gone.yaml"), "gone.yaml: cannot be read: no such file or directory")
	expect(find("", "SALLYPORT_CONFIG=gone.yaml"), "gone.yaml: cannot be read: no such file or directory")
	expect(find("."), ".: cannot be read: is a directory")
}

func TestTheStarterIsSaidToApply(t *testing.T) {
	t.Chdir(t.TempDir())
	source, err := Find("", "name: starter", nil)
	if err != nil {
		t.Fatal(err)
	}
	var got tree
	warnings, err := Load(&got, source)
	if err != nil || got.Name != "starter" || len(warnings) != 0 || !source.Starter() {
		t.Errorf("got %+v, %q, %v, %t", got, warnings, err, source.Starter())
	}
}

func TestALargeFileIsRefused(t *testing.T) {
	_, _, err := read("# " + strings.Repeat("x", maxFile))
	if err == nil || err.Error() != "sallyport.yaml: is larger than 256 KiB" {
		t.Error(err)
	}
}

// filed writes a value to a file and returns NAME_FILE=path.
func filed(t *testing.T, name, value string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "value")
	if err := os.WriteFile(path, []byte(value), 0o600); err != nil {
		t.Fatal(err)
	}
	return name + "_FILE=" + path
}
