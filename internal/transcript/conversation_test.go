package transcript

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// conversations loads all of testdata.
func conversations(t *testing.T) []Conversation {
	t.Helper()
	all, err := Load("testdata")
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatal("there are no conversations")
	}
	return all
}

func TestConversationsHaveNamesOfTheirOwn(t *testing.T) {
	seen := map[string]bool{}
	plain := regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9 ,'-]*$`)
	for _, c := range conversations(t) {
		path := recordingPath("testdata", c)
		if seen[path] || !plain.MatchString(c.Name) {
			t.Errorf("%q is not a name of its own that can be a file's", c)
		}
		seen[path] = true
	}
}

func TestEveryRecordingHasItsConversation(t *testing.T) {
	known := map[string]bool{}
	for _, c := range conversations(t) {
		known[recordingPath("testdata", c)] = true
	}
	files, err := filepath.Glob("testdata/recorded/*/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		if !known[path] {
			t.Errorf("%s belongs to no conversation", path)
		}
	}
}

func TestEveryWantedDifferenceIsARowOfTheDocuments(t *testing.T) {
	page, err := os.ReadFile("../../docs/compatibility.md")
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, c := range conversations(t) {
		for _, step := range c.Steps {
			if step.Wanted != nil {
				used[step.Wanted.Row] = true
			}
		}
	}
	for _, e := range extras {
		used[e.row] = true
	}
	for row := range used {
		if row == "" || !strings.Contains(string(page), "\n| "+row) {
			t.Errorf("docs/compatibility.md has no row that begins with %q", row)
		}
	}
}

const example = `{
	"config": {"baseURL": "https://auth.test:8443/base", "plugins": {"jwt": {}, "bearer": {}}},
	"headers": {"Origin": "a", "x-one": "1"},
	"conversations": [{
		"name": "one",
		"config": {"plugins": {"jwt": null, "admin": {}}, "secrets": [{"version": 2, "value": "new"}, {"version": 1, "value": "old"}]},
		"headers": {"origin": "b"},
		"steps": [
			{"do": "POST /x", "json": {"a": {"b": 1}, "c": 2}, "headers": {"ORIGIN": null}, "each": {"json.a.b": [null, "$absent", [2]]}},
			{"do": "GET /y", "each": {"header.x-one": ["2", "$absent"]}},
			{"name": "last", "sql": "SELECT 1"}
		]
	}]
}`

func TestAFileIsReadAsItSays(t *testing.T) {
	all, err := parseFile("topic", []byte(example))
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	c := all[0]
	if want := `{"baseURL":"https://auth.test:8443/base","plugins":{"bearer":{},"admin":{}},"secrets":[{"version":2,"value":"new"},{"version":1,"value":"old"}]}`; c.Config != want {
		t.Errorf("config is %s", c.Config)
	}
	var names []string
	for _, s := range c.Steps {
		names = append(names, s.Name+" "+string(s.JSON)+string(s.Headers["origin"])+string(s.Headers["x-one"]))
	}
	want := []string{
		`POST /x [json.a.b=null] {"a":{"b":null},"c":2}null"1"`,
		`POST /x [json.a.b="$absent"] {"a":{},"c":2}null"1"`,
		`POST /x [json.a.b=[2]] {"a":{"b":[2]},"c":2}null"1"`,
		`GET /y [header.x-one="2"] "b""2"`,
		`GET /y [header.x-one="$absent"] "b"null`,
		`last "b""1"`,
	}
	if strings.Join(names, "\n") != strings.Join(want, "\n") {
		t.Errorf("steps are\n%s", strings.Join(names, "\n"))
	}
	if host, path := c.base(); host != "auth.test:8443" || path != "/base" {
		t.Errorf("base is %s %s", host, path)
	}
	if current, versions := c.secrets(); current != "new" || versions[1] != "old" || versions[-1] != Secret {
		t.Errorf("secrets are %q %v", current, versions)
	}
}

func TestFilesWithMistakesAreRefused(t *testing.T) {
	for what, text := range map[string]string{
		"an unknown key":   `{"conversations": [{"name": "x", "stepz": []}]}`,
		"an unknown place": `{"conversations": [{"name": "x", "steps": [{"do": "GET /", "each": {"jsno": ["x"]}}]}]}`,
		"no JSON":          `{`,
	} {
		if _, err := parseFile("topic", []byte(text)); err == nil {
			t.Errorf("%s is not refused", what)
		}
	}
}

func TestTheBasePathOfEveryConfiguration(t *testing.T) {
	for config, want := range map[string]string{
		`{}`:                            "/api/auth",
		`{"baseURL":"http://a.test"}`:   "a.test/api/auth",
		`{"baseURL":"http://a.test/"}`:  "a.test/api/auth",
		`{"baseURL":"http://a.test/x"}`: "a.test/x",
		`{"baseURL":"http://a.test/x","basePath":"/y"}`: "a.test/x",
		`{"baseURL":"http://a.test","basePath":"/y/"}`:  "a.test/y",
		`{"baseURL":"http://a.test","basePath":"y"}`:    "a.test/y",
		`{"baseURL":"http://a.test","basePath":"/"}`:    "a.test",
	} {
		host, path := Conversation{Config: config}.base()
		if host+strings.TrimSuffix(path, "/") != want {
			t.Errorf("%s: %s%s, want %s", config, host, path, want)
		}
	}
}
