package transcript

import "strings"

// places lists the paths of all members of a value, however deep.
func places(n node, above []string) [][]string {
	var all [][]string
	for _, m := range n.members {
		path := append(append([]string(nil), above...), m.key)
		all = append(append(all, path), places(m.value, path)...)
	}
	return all
}

// edits are the ways in which one member of an object can be spoilt; each gets
// the members and the position.
var edits = map[string]func(members []member, i int) []member{
	"removed": func(m []member, i int) []member { return append(m[:i:i], m[i+1:]...) },
	"renamed": func(m []member, i int) []member {
		m[i].rawKey = strings.Replace(m[i].rawKey, `"`, `"x`, 1)
		return m
	},
	"of another type": func(m []member, i int) []member {
		if m[i].value.raw == "7" {
			return append(m, m[i])
		}
		m[i].value = node{raw: "7"}
		return m
	},
	"null or not": func(m []member, i int) []member {
		if m[i].value.raw == "null" {
			m[i].value.raw = `""`
		} else {
			m[i].value = node{raw: "null"}
		}
		return m
	},
	"another text": func(m []member, i int) []member {
		m[i].value = node{raw: `"other"`}
		return m
	},
	"moved": func(m []member, i int) []member {
		j := (i + 1) % len(m)
		m[i], m[j] = m[j], m[i]
		return m
	},
	"twice":    func(m []member, i int) []member { return append(m, m[i]) },
	"one more": func(m []member, _ int) []member { return append(m, member{rawKey: `"new"`, value: node{raw: "1"}}) },
}

// edited applies an edit at a path to a copy.
func edited(n node, path []string, edit func([]member, int) []member) node {
	changed := node{object: true, members: append([]member(nil), n.members...)}
	i := changed.index(path[0])
	if len(path) > 1 {
		changed.members[i].value = edited(changed.members[i].value, path[1:], edit)
		return changed
	}
	changed.members = edit(changed.members, i)
	return changed
}
