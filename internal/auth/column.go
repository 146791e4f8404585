package auth

import (
	"time"

	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// UserColumn is a field that a plugin adds to users. The zero value is none.
type UserColumn struct{ place extraPlace }

// SessionColumn is a field that a plugin adds to sessions. The zero value is none.
type SessionColumn struct{ place extraPlace }

// UserColumn finds a field that a plugin has added to users. That there is none
// is a fault of this program.
func (a *Auth) UserColumn(name string) UserColumn {
	return UserColumn{placeOf(a.userFields, name)}
}

// SessionColumn is UserColumn for sessions.
func (a *Auth) SessionColumn(name string) SessionColumn {
	return SessionColumn{placeOf(a.sessionFields, name)}
}

// Of gives the value that a user has: nil, or what the database gives for the
// type of the field. A user from the cookie cache lacks what clients never see.
func (k UserColumn) Of(u *store.User) any { return k.place.of(u.Extra) }

// Text gives the value of a text, which is empty where there is none.
func (k UserColumn) Text(u *store.User) string { return k.place.text(u.Extra) }

// True tells whether the value is true.
func (k UserColumn) True(u *store.User) bool { return k.place.of(u.Extra) == true }

// Time gives the value of a date, which is the zero time where there is none.
func (k UserColumn) Time(u *store.User) time.Time {
	at, _ := k.place.of(u.Extra).(time.Time)
	return at
}

// Set changes the value in a user that is not stored yet.
func (k UserColumn) Set(u *store.User, v any) { k.place.set(&u.Extra, v) }

// Of gives the value that a session has, as UserColumn.Of does.
func (k SessionColumn) Of(s *store.Session) any { return k.place.of(s.Extra) }

// Text gives the value of a text, which is empty where there is none.
func (k SessionColumn) Text(s *store.Session) string { return k.place.text(s.Extra) }

// Set changes the value in a session that is not stored yet.
func (k SessionColumn) Set(s *store.Session, v any) { k.place.set(&s.Extra, v) }

// extraPlace is where a further field is in the list of a record; count is how
// long the list is.
type extraPlace struct{ index, count int }

func placeOf(t *schema.Table, name string) extraPlace {
	p := extraPlace{index: -1}
	for i := range t.Fields {
		if schema.IsCore(t.Model, t.Fields[i].Name) {
			continue
		}
		if t.Fields[i].Name == name {
			p.index = p.count
		}
		p.count++
	}
	if p.index < 0 {
		panic("auth: no plugin adds the field " + name + " to " + t.Model)
	}
	return p
}

func (p extraPlace) of(extra []any) any {
	if p.index >= len(extra) {
		return nil
	}
	return extra[p.index]
}

func (p extraPlace) text(extra []any) string {
	text, _ := p.of(extra).(string)
	return text
}

func (p extraPlace) set(extra *[]any, v any) {
	for len(*extra) < p.count {
		*extra = append(*extra, nil)
	}
	(*extra)[p.index] = v
}
