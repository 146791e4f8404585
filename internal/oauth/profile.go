package oauth

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
)

// Undefined is a member that JavaScript would leave undefined: it is not written.
type Undefined struct{}

// Member gives the member of an object, Undefined where it has none.
func Member(o api.Object, key string) any {
	if v, ok := o.Get(key); ok {
		return v
	}
	return Undefined{}
}

// Truthy tells whether JavaScript takes a value for true.
func Truthy(v any) bool {
	switch v := v.(type) {
	case nil, Undefined:
		return false
	case bool:
		return v
	case string:
		return v != ""
	case float64:
		return v != 0 && !math.IsNaN(v)
	}
	return true
}

// UserInfo joins what a provider says of a user with the fields that
// mapProfileToUser takes from the profile, and leaves out what is undefined.
func (o *Options) UserInfo(profile, user api.Object) *UserInfo {
	var unsaid []string
	for _, name := range slices.Sorted(maps.Keys(o.MapProfileToUser)) {
		value := At(profile, o.MapProfileToUser[name])
		if value == any(Undefined{}) {
			unsaid = append(unsaid, name)
		}
		user = user.Set(name, value)
	}
	user = slices.DeleteFunc(user, func(m api.Member) bool { return m.Value == Undefined{} })
	return &UserInfo{User: user, Profile: profile, Unsaid: unsaid}
}

// At gives the value at a path of names and numbers, such as data.user.0.name,
// Undefined where there is none. A member whose name is the whole path comes first:
// names may hold dots, such as https://slack.com/user_id.
func At(o api.Object, path string) any {
	if v, ok := o.Get(path); ok {
		return v
	}
	var v any = o
	for name := range strings.SplitSeq(path, ".") {
		switch in := v.(type) {
		case api.Object:
			v = Member(in, name)
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(in) {
				return Undefined{}
			}
			v = in[i]
		default:
			return Undefined{}
		}
	}
	return v
}
