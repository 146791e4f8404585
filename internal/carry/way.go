package carry

import (
	"fmt"
	"slices"
)

// A way leads to a node of a document: the places in members, from the top.

// at gives the node at the end of a way.
func at(n *node, way []int) *node {
	for _, i := range way {
		n = n.members[i]
	}
	return n
}

// nameOf gives the dotted name of a node.
func nameOf(n *node, way []int) (name string) {
	for _, i := range way {
		if n.kind == object {
			name = join(name, n.keys[i])
		} else {
			name += fmt.Sprintf("[%d]", i)
		}
		n = n.members[i]
	}
	return name
}

// removeAt takes a node out.
func removeAt(n *node, way []int) {
	last := len(way) - 1
	at(n, way[:last]).remove(way[last])
}

// isWithin tells whether a node is another one or in it.
func isWithin(way, other []int) bool {
	return len(way) >= len(other) && slices.Equal(way[:len(other)], other)
}

// inside lists the ways to every member of every object, from behind, and those in a member before the
// member: whoever removes in this order changes no place that is still to come.
func inside(n *node) (ways [][]int) {
	if n.kind != object {
		return nil
	}
	for i := len(n.members) - 1; i >= 0; i-- {
		for _, way := range inside(n.members[i]) {
			ways = append(ways, append([]int{i}, way...))
		}
		ways = append(ways, []int{i})
	}
	return ways
}

func copyOf(n *node) *node {
	made := *n
	made.keys, made.members = slices.Clone(n.keys), make([]*node, len(n.members))
	for i, member := range n.members {
		made.members[i] = copyOf(member)
	}
	return &made
}
