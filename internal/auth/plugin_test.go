package auth

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/store"
)

func TestGatesAndSessionHooksAreAskedInOrder(t *testing.T) {
	t.Parallel()
	var asked []string
	closed := errors.New("closed")
	plugin := func(name string, asks bool, err error) Plugin {
		return Plugin{
			ID: name,
			Gate: Gate{
				Asks: func(*api.Call, Entrant) bool { return asks },
				Pass: func(context.Context, *store.Store, *api.Call, Entrant) (Verdict, error) {
					asked = append(asked, "gate "+name)
					return Verdict{Then: func() { asked = append(asked, "then "+name) }}, err
				},
			},
			Records: RecordHooks{BeforeSessionCreate: func(context.Context, *store.Store, *api.Call, *store.User) error {
				asked = append(asked, "session "+name)
				return err
			}},
		}
	}
	a := &Auth{}
	a.Attach([]Plugin{{ID: "none"}, plugin("a", true, nil), plugin("b", false, closed)})
	v, err := a.PassGates(t.Context(), nil, nil, Entrant{})
	if err != nil {
		t.Errorf("the gates gave %v", err)
	}
	v.conclude()
	a.Attach([]Plugin{plugin("c", true, nil), plugin("d", true, closed), plugin("e", true, nil)})
	if _, err := a.PassGates(t.Context(), nil, nil, Entrant{}); !errors.Is(err, closed) {
		t.Errorf("the gates gave %v", err)
	}
	if err := a.mayHaveSession(t.Context(), nil, nil, nil); !errors.Is(err, closed) {
		t.Errorf("the hooks gave %v", err)
	}
	if want := []string{"gate a", "then a", "gate a", "gate c", "gate d", "session a", "session b"}; !slices.Equal(asked, want) {
		t.Errorf("asked %q, want %q", asked, want)
	}
}

func TestTheFirstGateWithAnotherAnswerDecides(t *testing.T) {
	t.Parallel()
	var then []string
	plugin := func(name string, instead any) Plugin {
		return Plugin{ID: name, Gate: Gate{
			Asks: func(*api.Call, Entrant) bool { return true },
			Pass: func(context.Context, *store.Store, *api.Call, Entrant) (Verdict, error) {
				return Verdict{Instead: instead, Then: func() { then = append(then, name) }}, nil
			},
		}}
	}
	a := &Auth{}
	a.Attach([]Plugin{plugin("a", nil), plugin("b", "wait"), plugin("c", nil)})
	v, err := a.PassGates(t.Context(), nil, nil, Entrant{})
	if err != nil || v.Instead != "wait" {
		t.Errorf("the gates gave %v and %v", v.Instead, err)
	}
	if v.conclude(); !slices.Equal(then, []string{"b"}) {
		t.Errorf("%q follow", then)
	}
}

func TestColumnsOfPluginsAreFoundByName(t *testing.T) {
	t.Parallel()
	set := schema.MustNewSet(schema.Core, []schema.Table{
		{Model: "user", Fields: []schema.Field{{Name: "role", Type: schema.String}, {Name: "banned", Type: schema.Boolean}, {Name: "banExpires", Type: schema.Date}}},
		{Model: "session", Fields: []schema.Field{{Name: "impersonatedBy", Type: schema.String}}},
	})
	a := &Auth{userFields: set.Table("user"), sessionFields: set.Table("session")}
	role, banned, expires := a.UserColumn("role"), a.UserColumn("banned"), a.UserColumn("banExpires")
	u := &store.User{}
	if role.Text(u) != "" || banned.True(u) || !expires.Time(u).IsZero() || role.Of(u) != nil {
		t.Error("a user without further fields has some")
	}
	at := time.Now()
	banned.Set(u, true)
	expires.Set(u, at)
	role.Set(u, "admin")
	if role.Text(u) != "admin" || !banned.True(u) || !expires.Time(u).Equal(at) || len(u.Extra) != 3 {
		t.Errorf("the fields are %v", u.Extra)
	}
	s := &store.Session{}
	by := a.SessionColumn("impersonatedBy")
	by.Set(s, "id")
	if by.Text(s) != "id" || by.Of(s) != "id" {
		t.Errorf("the fields are %v", s.Extra)
	}
	defer func() {
		if recover() == nil {
			t.Error("an unknown field is found")
		}
	}()
	a.UserColumn("name")
}
