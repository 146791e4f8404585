package carry

import (
	"slices"
	"sort"
)

// arrange puts options into the order of the server's list. Plugins, and keys that the operator chooses,
// keep theirs, which has a meaning.
func (t *taker) arrange(name string, n *node, at *outline) {
	if n.kind != object || at == nil {
		return
	}
	for i, key := range n.keys {
		t.arrange(join(name, key), n.members[i], at.under(key))
	}
	if name == "plugins" || at.parts[chosen] != nil {
		return
	}
	sort.Stable(byOrder{n, at.names})
}

// byOrder sorts the members of an object by the order of their names elsewhere.
type byOrder struct {
	*node
	names []string
}

func (b byOrder) Len() int { return len(b.keys) }
func (b byOrder) Less(i, j int) bool {
	return slices.Index(b.names, b.keys[i]) < slices.Index(b.names, b.keys[j])
}

func (b byOrder) Swap(i, j int) {
	b.keys[i], b.keys[j] = b.keys[j], b.keys[i]
	b.members[i], b.members[j] = b.members[j], b.members[i]
}
