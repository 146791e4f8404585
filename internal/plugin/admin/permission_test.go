package admin

import "testing"

func TestARoleAllowsByItselfAllThatIsAsked(t *testing.T) {
	t.Parallel()
	role := Statements{"user": {"list", "ban"}, "session": {"list"}, "empty": {}}
	tests := []struct {
		name  string
		asked Statements
		want  bool
	}{
		{"one action", Statements{"user": {"ban"}}, true},
		{"several resources", Statements{"user": {"ban", "list"}, "session": {"list"}}, true},
		{"one action too many", Statements{"user": {"ban", "delete"}}, false},
		{"one resource too many", Statements{"user": {"ban"}, "session": {"revoke"}}, false},
		{"an unknown resource", Statements{"user": {"ban"}, "project": {"read"}}, false},
		{"no action of a resource", Statements{"user": {"ban"}, "session": {}}, false},
		{"no action where there is none", Statements{"empty": {}}, false},
		{"nothing", Statements{}, false},
	}
	for _, tt := range tests {
		if got := role.allow(tt.asked); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}

func TestAUserMayDoWhatOneOfTheRolesAllows(t *testing.T) {
	t.Parallel()
	a := &Admin{
		roles: Roles{"support": {"user": {"get"}}, "guard": {"session": {"revoke"}}, "user": {}},
		cfg:   Config{DefaultRole: "support", AdminUserIDs: []string{"root"}},
	}
	tests := []struct {
		id, role string
		asked    Statements
		want     bool
	}{
		{"1", "support", Statements{"user": {"get"}}, true},
		{"1", "user,support", Statements{"user": {"get"}}, true},
		{"1", "user, support", Statements{"user": {"get"}}, false}, // " support" is another name
		{"1", "support,guard", Statements{"user": {"get"}, "session": {"revoke"}}, false},
		{"1", "nobody", Statements{"user": {"get"}}, false},
		{"1", "Support", Statements{"user": {"get"}}, false},
		{"1", "", Statements{"user": {"get"}}, true}, // the default role
		{"root", "user", Statements{"user": {"get"}, "anything": {"else"}}, true},
		{"root2", "user", Statements{"user": {"get"}}, false},
	}
	for _, tt := range tests {
		if got := a.may(tt.id, tt.role, tt.asked); got != tt.want {
			t.Errorf("%s as %q, asking for %v: %v", tt.id, tt.role, tt.asked, got)
		}
	}
}

func TestWhoIsAnAdmin(t *testing.T) {
	t.Parallel()
	for given, want := range map[string][]string{
		"Boss":      {"Boss", "boss"}, // case does not let an admin be impersonated
		"boss,user": {"boss", "user", "boss", "user"},
	} {
		cfg := Config{Roles: Roles{"boss": {}, "user": {}}}
		if err := cfg.AdminRoles.UnmarshalOption(given); err != nil {
			t.Fatal(err)
		}
		a := &Admin{adminRoles: cfg.adminRoles(), cfg: Config{AdminUserIDs: []string{"root"}}}
		for _, role := range want {
			if !a.isAdmin("1", role) || !a.isAdmin("1", "x,"+role) {
				t.Errorf("%s: %s is no admin", given, role)
			}
		}
		if a.isAdmin("1", "other") || !a.isAdmin("root", "other") {
			t.Errorf("%s: wrong about others", given)
		}
	}
}
