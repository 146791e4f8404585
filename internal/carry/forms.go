package carry

import "strings"

// forms are options whose value in an app has another form in a file, by their names, in which * stands for anything. A
// form gives false for what it does not know.
var forms = []struct {
	name string
	form func(*node) (*node, bool)
}{
	{"advanced.database.generateId", generatedID},
	{"plugins.admin.ac", accessControl},
	{"plugins.admin.roles", roles},
	{"plugins.jwt.jwt.getSubject", given},
	{"plugins.jwt.jwt.definePayload", given},
	{"socialProviders.*.mapProfileToUser", filled},
	{"plugins.genericOAuth.config*.mapProfileToUser", filled},
	{"plugins.genericOAuth.config*.accountSubject", subject},
	{"plugins.username.usernameValidator", pattern},
	{"plugins.username.displayUsernameValidator", pattern},
	{"plugins.username.usernameNormalization", called},
	{"plugins.username.displayUsernameNormalization", called},
}

// form gives an option the form that a file has for it, where it has one of its own.
func (t *taker) form(name string, from *node) (*node, bool) {
	for _, f := range forms {
		if matches(f.name, name) {
			return f.form(from)
		}
	}
	return nil, false
}

// generatedID knows the function that makes UUIDs.
func generatedID(n *node) (*node, bool) {
	if gives := n.get("gives"); markOf(n) == isFunction && gives != nil && gives.text == "uuid" {
		return newText("uuid"), true
	}
	return nil, false
}

// accessControl takes the actions out of an access control. One without any says nothing.
func accessControl(n *node) (*node, bool) {
	inner, ok := statements(n)
	if ok && len(inner.keys) == 0 {
		return nil, true
	}
	return inner, ok
}

// statements takes the actions out of what has them beside functions.
func statements(n *node) (*node, bool) {
	inner := n.get("statements")
	if inner == nil || inner.kind != object || !holdsFunction(n) {
		return nil, false
	}
	return inner, true
}

// roles takes the actions out of each role.
func roles(n *node) (*node, bool) {
	made := &node{kind: object}
	for i, member := range n.members {
		role, ok := statements(member)
		if n.kind != object || !ok {
			return nil, false
		}
		made.put(n.keys[i], role)
	}
	return made, true
}

// given takes what a function gives, as paths from user and session.
func given(n *node) (*node, bool) {
	gives := n.get("gives")
	if markOf(n) != isFunction || gives == nil {
		return nil, false
	}
	return gives, true
}

// filled takes the fields that a function fills, as paths from its argument.
func filled(n *node) (*node, bool) {
	fields := n.get("fills")
	if markOf(n) != isFunction || fields == nil {
		return nil, false
	}
	return fields, true
}

// subject takes the field of a profile that a function gives.
func subject(n *node) (*node, bool) {
	field := n.get("subject")
	if markOf(n) != isFunction || field == nil {
		return nil, false
	}
	return field, true
}

// pattern takes the regular expression of a function that does nothing but try it.
func pattern(n *node) (*node, bool) {
	tests, flags := n.get("tests"), n.get("flags")
	if markOf(n) != isFunction || tests == nil || flags == nil {
		return nil, false
	}
	switch flags.text {
	case "", "u", "v":
		return newText(strings.ReplaceAll(tests.text, "${", "$${")), true
	case "i", "iu":
		return newText("(?i)" + strings.ReplaceAll(tests.text, "${", "$${")), true
	}
	return nil, false
}

// called takes what a function calls on its argument.
func called(n *node) (*node, bool) {
	calls := n.get("calls")
	if markOf(n) != isFunction || calls == nil {
		return nil, false
	}
	form, ok := map[string]string{"toLowerCase": "lowercase", "trim": "trim"}[calls.text]
	return newText(form), ok
}
