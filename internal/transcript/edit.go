package transcript

// with returns a copy of an object in which the member at path is set, added
// at the end if it is new; a nil value removes it. Missing objects on the way
// are made.
func (n node) with(path []string, value *node) node {
	changed := node{object: true, members: append([]member(nil), n.members...)}
	i := changed.index(path[0])
	if len(path) > 1 {
		inner := node{object: true}
		if i >= 0 {
			inner = changed.members[i].value
		}
		deeper := inner.with(path[1:], value)
		value = &deeper
	}
	switch {
	case value == nil && i >= 0:
		changed.members = append(changed.members[:i], changed.members[i+1:]...)
	case value == nil:
	case i >= 0:
		changed.members[i].value = *value
	default:
		changed.members = append(changed.members, member{rawKey: quote(path[0]), key: path[0], value: *value})
	}
	return changed
}

func (n node) index(key string) int {
	for i, m := range n.members {
		if m.key == key {
			return i
		}
	}
	return -1
}

// patched lays a patch over an object as RFC 7396 says (null removes), keeping
// the order of keys, which decides the order of plugins.
func (n node) patched(patch node) node {
	if !patch.object {
		return patch
	}
	result := node{object: true, members: append([]member(nil), n.members...)}
	for _, m := range patch.members {
		value := m.value
		if i := result.index(m.key); i >= 0 {
			value = result.members[i].value.patched(m.value)
		} else if m.value.object {
			value = node{object: true}.patched(m.value)
		}
		if value.raw == "null" {
			result = result.with([]string{m.key}, nil)
			continue
		}
		result = result.with([]string{m.key}, &value)
	}
	return result
}
