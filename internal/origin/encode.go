package origin

import "strings"

// Characters that are percent-encoded in each part of a URL, after the WHATWG
// URL standard, section 1.3. Control characters never get this far, and
// anything outside ASCII is always encoded.
const (
	pathUnsafe         = " \"<>`{}"
	fragmentUnsafe     = " \"<>`"
	queryUnsafe        = " \"<>"
	specialQueryUnsafe = queryUnsafe + "'"
)

const upperHex = "0123456789ABCDEF"

// queryUnsafe is the set for the query of this URL.
func (u *parsed) queryUnsafe() string {
	if u.relative() || u.special() {
		return specialQueryUnsafe
	}
	return queryUnsafe
}

// encode percent-encodes the bytes of s that are unsafe or not ASCII. What is
// encoded already stays as it is.
func encode(s, unsafe string) string {
	var out []byte
	for i := range len(s) {
		if s[i] < 0x80 && strings.IndexByte(unsafe, s[i]) < 0 {
			out = append(out, s[i])
			continue
		}
		out = append(out, '%', upperHex[s[i]>>4], upperHex[s[i]&15])
	}
	return string(out)
}

// resolveDots removes dot segments from an absolute path as browsers do, who
// also see them when they are percent-encoded.
func resolveDots(path string) string {
	segments := strings.Split(path[1:], "/")
	kept := make([]string, 0, len(segments))
	for i, segment := range segments {
		dots := strings.ReplaceAll(strings.ToLower(segment), "%2e", ".")
		if dots == ".." {
			kept = kept[:max(0, len(kept)-1)]
		}
		if dots != "." && dots != ".." {
			kept = append(kept, segment)
		} else if i == len(segments)-1 {
			kept = append(kept, "")
		}
	}
	return "/" + strings.Join(kept, "/")
}

// String writes the URL again from its parts.
func (u *parsed) String() string {
	return u.front(u.authority()) + u.path + u.back()
}

// front is the URL up to its path.
func (u *parsed) front(authority string) string {
	switch {
	case u.relative():
		return ""
	case u.hasAuthority:
		return u.scheme + "://" + authority
	default:
		return u.scheme + ":"
	}
}

// back is the URL from the end of its path.
func (u *parsed) back() string {
	var out string
	if u.hasQuery {
		out = "?" + u.query
	}
	if u.hasFragment {
		out += "#" + u.fragment
	}
	return out
}
