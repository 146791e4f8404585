package transcript

import (
	"net/http"
	"strings"
)

// jar keeps one actor's cookies in the order they came. It keeps to names and
// expiry only: domain, path and Secure are compared as they were sent, and a
// conversation over plain http must keep __Secure- cookies too.
type jar struct {
	names  []string
	values map[string]string
}

// header is the Cookie header of the jar, empty when it holds none.
func (j *jar) header() string {
	pairs := make([]string, 0, len(j.names))
	for _, name := range j.names {
		pairs = append(pairs, name+"="+j.values[name])
	}
	return strings.Join(pairs, "; ")
}

// get finds a cookie by its name or by the last part of it, which no prefix
// changes: session_token.
func (j *jar) get(name string) (string, bool) {
	for _, full := range j.names {
		if full == name || strings.HasSuffix(full, "."+name) {
			return j.values[full], true
		}
	}
	return "", false
}

// take stores what an answer sets and drops what it expires.
func (j *jar) take(header http.Header) {
	for _, line := range header["Set-Cookie"] {
		pair, attributes, _ := strings.Cut(line, ";")
		name, value, _ := strings.Cut(pair, "=")
		gone := strings.Contains(strings.ToLower(attributes), "max-age=0")
		j.set(name, value, gone)
	}
}

func (j *jar) set(name, value string, gone bool) {
	if j.values == nil {
		j.values = map[string]string{}
	}
	_, known := j.values[name]
	switch {
	case gone && known:
		delete(j.values, name)
		for i, other := range j.names {
			if other == name {
				j.names = append(j.names[:i:i], j.names[i+1:]...)
			}
		}
	case gone:
	case known:
		j.values[name] = value
	default:
		j.names = append(j.names, name)
		j.values[name] = value
	}
}
