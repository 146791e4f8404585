package config

import (
	"strings"
	"testing"
)

// Every problem of a file is one line with its place, the option and what to do.
var problems = []struct{ text, want string }{
	{"nmae: x", "1:1: nmae is not an option; did you mean name?"},
	{"Name: x", "1:1: Name is not an option; did you mean name?"},
	{"limits:\n  freshfor: 5", "2:3: limits.freshfor is not an option; did you mean limits.freshFor?"},
	{"freshFor: 5", "1:1: freshFor is not an option; did you mean limits.freshFor?"},
	{"byKey: {a: {mx: 1}}", "1:13: byKey.a.mx is not an option; did you mean byKey.a.max?"},
	{"frobnicate: 1", "1:1: frobnicate is not an option"},
	{"limits.max: 5", "1:1: limits.max is not an option; write each part as a key of its own, one inside the other"},
	{"limits: {windowMs: 5}", "1:10: limits.windowMs is not an option; use limits.window"},
	{"\"a b\\n\": 1", `1:1: "a b\n" is not an option`},
	{"-: 1", "1:1: - is not an option"},
	{"name: a\nname: b", "2:1: name is given twice, first in line 1"},
	{"redis: {url: x}", "1:1: redis is not supported yet"},
	{"redis:", "1:1: redis is not supported yet"},
	{"hash: x", "1:1: hash cannot be honoured here; use scrypt"},
	{"plugins: {admin: {}}", "1:11: plugins.admin is not supported yet"},
	{"plugins: {jwt: true}", "1:16: plugins.jwt must be an object, keys with values"},
	{"limits: []", "1:9: limits must be an object, keys with values"},
	{"- name", "1:1: the configuration must be an object, keys with values"},
	{"name: 5", "1:7: name must be a text; put it in quotes"},
	{"name: [a]", "1:7: name must be a text; put it in quotes"},
	{"name:", "1:1: name has no value; give it one or take the key out"},
	{"secret: 12345", "1:9: secret must be a text; put it in quotes"},
	{"limits: {max: '7'}", "1:15: limits.max must be a whole number"},
	{"limits: {max: 7.5}", "1:15: limits.max must be a whole number"},
	{"limits: {max: 010}", "1:15: limits.max must be a whole number"},
	{"limits: {max: 0x10}", "1:15: limits.max must be a whole number"},
	{"limits: {max: 99999999999999999999}", "1:15: limits.max must be a whole number"},
	{"limits: {max: 0}", "1:15: limits.max must be at least 1"},
	{"limits: {max: 101}", "1:15: limits.max must be at most 100"},
	{"limits: {window: -1}", "1:18: limits.window must be at least 0 s"},
	{"limits: {window: 1 year}", `1:18: limits.window must be a number of seconds, or a number and a unit such as "15m" or "7d"`},
	{"limits: {window: 1.5}", `1:18: limits.window must be a number of seconds, or a number and a unit such as "15m" or "7d"`},
	{"limits: {window: 99999999999}", "1:18: limits.window is longer than 292 years"},
	{"limits: {enabled: yes}", "1:19: limits.enabled must be true or false"},
	{"limits: {enabled: 1}", "1:19: limits.enabled must be true or false"},
	{"limits: {enabled: 'true'}", "1:19: limits.enabled must be true or false"},
	{"level: DEBUG", "1:8: level must be debug or info"},
	{"site: none", "1:7: site must be strict or lax"},
	{"origins: https://a.test", "1:10: origins must be a list"},
	{"origins: [1]", "1:11: origins[0] must be a text; put it in quotes"},
	{"items: [{value: x}]", "1:9: items[0].version is missing"},
	{"items: [{version: 1}]", "1:9: items[0].value is missing"},
	{"items: [{}]", "1:9: items[0].version is missing\nsallyport.yaml:1:9: items[0].value is missing"},
	{"audience: 5", "1:11: audience must be a text or a list of texts"},
	{"audience: {a: b}", "1:11: audience must be a text or a list of texts"},
	{"base: {hosts: [a]}", "1:7: base as an object with hosts is not supported yet; give it as a text"},
	{"span: 900", "1:7: span must not be a number: it would be a date"},
	{"claims: {a: 5}", "1:13: claims.a must be a text; put it in quotes"},
	{"rules: {/a: true}", "1:13: rules./a must be an object, keys with values, or false"},
	{"rules: {/a: 5}", "1:13: rules./a must be an object, keys with values, or false"},
	{"rules: {/a: 'false'}", "1:13: rules./a must be an object, keys with values, or false"},
	{"rules:\n  /a:", "2:3: rules./a has no value; give it one or take the key out"},
	{"rules: {/a: {}}", "1:13: rules./a.max is missing"},
	{"rules: {/a: {max: 0}}", "1:19: rules./a.max must be at least 1"},
	{"rules: {/a: false, /a: false}", "1:20: rules./a is given twice, first in line 1"},
	{"rules: {a: false}", "1:9: rules.a must begin with a slash"},
	{"name: &x a\nspan: *x", "1:7: name uses a YAML anchor, alias or tag; write the value out\nsallyport.yaml:2:7: span uses a YAML anchor, alias or tag; write the value out"},
	{"name: !!str 5", "1:7: name uses a YAML anchor, alias or tag; write the value out"},
	{"<<: {name: a}", "1:1: the configuration uses a YAML merge or a key that is not a name; write the options out"},
	{"? name\n: a", "1:1: the configuration uses a YAML merge or a key that is not a name; write the options out"},
	{"name: a\n---\nname: b", "3:1: is a second YAML document; only one is read"},
	{"name: [", "1:7: cannot be read as YAML: sequence end token ']' not found"},
	{"name: \"a", "1:7: cannot be read as YAML: could not find end character of double-quoted text"},
	{"name: ${GONE}", "1:7: name needs the variable GONE, which is not set; set it or write ${GONE:-default}"},
	{"name: ${a b}", "1:7: name must name a variable between ${ and }, as in ${NAME} or ${NAME:-default}"},
	{"name: ${GONE", "1:7: name has a ${ without its }; write $${ for a plain one"},
	{"limits: {max: '${WORD}'}", "1:15: limits.max must be a whole number"},
	{"limits: {enabled: '${WORD}'}", "1:19: limits.enabled must be true or false"},
	{"origins: ['${GONE}']", "1:11: origins[0] needs the variable GONE, which is not set; set it or write ${GONE:-default}"},
}

func TestProblemsAreNamedInOneLine(t *testing.T) {
	for _, c := range problems {
		_, _, err := read(c.text, "WORD=hunter2")
		if err == nil || err.Error() != "sallyport.yaml:"+c.want {
			t.Errorf("%q:\n got %v\nwant sallyport.yaml:%s", c.text, err, c.want)
		}
	}
}

func TestFilesThatAreNoTextAreRefused(t *testing.T) {
	for _, text := range []string{"name: \x00", "name: \xff"} {
		if _, _, err := read(text); err == nil || err.Error() != "sallyport.yaml: is not UTF-8 text" {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestAllProblemsAreReportedAtOnceInOrder(t *testing.T) {
	_, _, err := read("limits: {max: 0}\nnmae: x\nhash: x", "PORT=0", "BETTER_AUTH_NAME=x", "BETTER_AUTH_NAME_FILE=/gone")
	want := []string{
		"sallyport.yaml:1:15: limits.max must be at least 1",
		"sallyport.yaml:2:1: nmae is not an option; did you mean name?",
		"sallyport.yaml:3:1: hash cannot be honoured here; use scrypt",
		"BETTER_AUTH_NAME and BETTER_AUTH_NAME_FILE are both set; unset one of them",
		"PORT must be at least 1",
	}
	if err == nil || err.Error() != strings.Join(want, "\n") {
		t.Errorf("got:\n%v", err)
	}
}

func TestProblemsNeverRepeatAValue(t *testing.T) {
	for _, text := range []string{"limits: {max: hunter2}", "level: hunter2", "limits: {window: '${WORD}'}", "level: '${WORD}'", "secret: [hunter2]"} {
		_, _, err := read(text, "WORD=hunter2", "PORT=hunter2")
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
