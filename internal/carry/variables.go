package carry

import (
	"reflect"
	"slices"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/config"
)

// secretName are the names of options whose texts are secret, where the server does not know the option.
var secretName = compiled(`(?i)(secret|password|secret_?key|private_?key|api_?key|access_?key|connection_?string|authorization)$`)

// secretHeader are the names of headers whose values are secret.
var secretHeader = compiled(`(?i)headers\.[^.]*(auth|token|secret|key|password|cookie)[^.]*$`)

// text carries a text over: as it is, or as the variable that holds it.
func (t *taker) text(name string, from *node, at *outline) *node {
	var option *config.Option
	if at != nil {
		option = at.option
	}
	switch markOf(from) {
	case isVariable:
		return t.variable(name, from.get(isVariable).text, from.get("value"), option)
	case isSecret:
		return t.variable(name, variableFor(name), nil, option)
	}
	header := secretHeader().MatchString(name)
	secret := header || option != nil && option.Type == reflect.TypeFor[config.Secret]() || t.inComment && secretName().MatchString(name)
	if secret && !t.o.WithSecrets {
		return t.variable(name, variableFor(name), nil, option)
	}
	return newText(strings.ReplaceAll(from.text, "${", "$${"))
}

// variable refers to an environment variable. One that the server reads by itself needs no mention.
func (t *taker) variable(name, variable string, value *node, option *config.Option) *node {
	held := stand
	if value != nil && value.kind == text {
		held = value.text
	}
	t.values[variable] = held
	t.note(variable, name)
	if option != nil && slices.ContainsFunc(option.Variables, func(v config.Variable) bool { return v.Name == variable }) {
		return nil
	}
	return newText("${" + variable + "}")
}

// needs notes what the server must be told and the app's options do not say, because the app has it from the
// environment too.
func (t *taker) needs(document *node) {
	told := func(option string) bool {
		return document.get(option) != nil || slices.ContainsFunc(t.variables, func(v Variable) bool { return v.Option == option })
	}
	if !told("secret") && !told("secrets") {
		t.note("BETTER_AUTH_SECRET", "secret")
	}
	if !told("baseURL") {
		t.note("BETTER_AUTH_URL", "baseURL")
	}
	if document.get("database").get("url") == nil {
		t.note("DATABASE_URL", "database.url")
	}
}

// stand stands for what a variable will hold while the file is tried.
const stand = "a-value-that-is-not-known-0123456789-ABCDEF"

func (t *taker) note(variable, option string) {
	if !slices.ContainsFunc(t.variables, func(v Variable) bool { return v.Name == variable }) {
		t.variables = append(t.variables, Variable{variable, option})
	}
}

var notInNames = compiled(`[^A-Z0-9]+`)

// variableFor makes the name of a variable for an option that holds a secret.
func variableFor(name string) string {
	if name == "secret" {
		return "BETTER_AUTH_SECRET"
	}
	name = strings.ReplaceAll(name, "oAuth", "oauth")
	for _, prefix := range []string{"socialProviders.", "plugins."} {
		name = strings.TrimPrefix(name, prefix)
	}
	made := strings.Trim(notInNames().ReplaceAllString(strings.ToUpper(snake().ReplaceAllString(name, "${1}_$2")), "_"), "_")
	if made == "" || made[0] >= '0' && made[0] <= '9' {
		made = "AUTH_" + made
	}
	return made
}

var snake = compiled(`([a-z0-9])([A-Z])`)
