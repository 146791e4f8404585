package admin_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// names lists who is in an answer of /admin/list-users, and the total.
func names(a *authtest.Answer) string {
	body := a.Is(http.StatusOK).JSON()
	var all []string
	for _, u := range body["users"].([]any) {
		all = append(all, u.(map[string]any)["name"].(string))
	}
	if _, paged := body["limit"]; paged {
		all = append(all, "paged")
	}
	return strings.Join(all, " ")
}

func TestUsersAreSearchedFilteredAndSorted(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, with("", ""))
	ann := signUpAdmin(t, s, "Ann")
	signUp(t, s, "Bob")
	signUp(t, s, "Cem")
	for query, want := range map[string]string{
		"":                                   "Ann Bob Cem",
		"sortBy=name&sortDirection=desc":     "Cem Bob Ann",
		"limit=1&offset=1":                   "Bob paged",
		"searchValue=ob":                     "Bob",
		"searchValue=C&searchField=name":     "Cem",
		"filterField=role&filterValue=admin": "Ann",
		"filterField=role&filterValue=admin&filterOperator=ne":   "Bob Cem",
		"filterField=id&filterOperator=in&filterValue=" + ann.id: "",
		"limit=5&filterField=password&filterValue=x":             "",
		"limit=5&filterField=createdAt&filterValue=some+day":     "",
		"limit=-1": "",
		"limit=5&filterField=name&filterValue=Nobody":                                "paged",
		"filterField=name&filterValue=" + url.QueryEscape(`'; drop table "user" --`): "",
	} {
		if got := names(ann.Get("/admin/list-users?" + query)); got != want {
			t.Errorf("%s gives %q, want %q", query, got, want)
		}
	}
}

func TestAPageOfAListIsBounded(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, with("", ""))
	ann := signUpAdmin(t, s, "Ann")
	s.Exec(`insert into "user" (id, name, email, "emailVerified") select 'x' || i, 'X', i || '@x.test', false from generate_series(1, 9999) i`)
	if n := len(ann.Get("/admin/list-users?limit=1000000").Is(http.StatusOK).JSON()["users"].([]any)); n != 10_000 {
		t.Errorf("%d users", n)
	}
	signUp(t, s, "Bob")
	if a := ann.Get("/admin/list-users?limit=1000000").Is(http.StatusBadRequest).JSON(); a["code"] != "VALIDATION_ERROR" {
		t.Errorf("%v", a)
	}
	if n := len(ann.Get("/admin/list-users?limit=10000&offset=1").Is(http.StatusOK).JSON()["users"].([]any)); n != 10_000 {
		t.Errorf("%d users", n)
	}
}

// Who may not does nothing, whatever is sent, and learns nothing of others.
func TestAdministrationIsRefused(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, with("", ""))
	bob, cem := signUp(t, s, "Bob"), signUp(t, s, "Cem")
	for path, code := range map[string]string{
		"list-user-sessions":   "YOU_ARE_NOT_ALLOWED_TO_LIST_USERS_SESSIONS",
		"revoke-user-session":  "YOU_ARE_NOT_ALLOWED_TO_REVOKE_USERS_SESSIONS",
		"revoke-user-sessions": "YOU_ARE_NOT_ALLOWED_TO_REVOKE_USERS_SESSIONS",
		"remove-user":          "YOU_ARE_NOT_ALLOWED_TO_DELETE_USERS",
		"set-user-password":    "YOU_ARE_NOT_ALLOWED_TO_SET_USERS_PASSWORD",
		"impersonate-user":     "YOU_ARE_NOT_ALLOWED_TO_IMPERSONATE_USERS",
	} {
		for _, id := range []string{cem.id, bob.id, "nobody"} {
			body := map[string]any{"userId": id, "sessionToken": cem.token, "newPassword": "x"}
			if a := bob.Post("/admin/"+path, body).Is(http.StatusForbidden).JSON(); a["code"] != code {
				t.Errorf("%s: %v", path, a)
			}
			if a := s.Client().Post("/admin/"+path, body).Is(http.StatusUnauthorized); a.Text != "" {
				t.Errorf("%s: %s", path, a.Text)
			}
		}
	}
	if a := bob.Get("/admin/list-users").Is(http.StatusForbidden).JSON(); a["code"] != "YOU_ARE_NOT_ALLOWED_TO_LIST_USERS" {
		t.Errorf("%v", a)
	}
	if who(cem.Client) != "Cem" || s.Count(`select count(*) from "user"`) != 2 {
		t.Error("something was done")
	}
}

func TestAListTellsNothingOfAFieldThatIsNotReturned(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, with("", "user: {additionalFields: {note: {type: string, required: false, returned: false, fieldName: note_text}}}"))
	boss, ann := signUpAdmin(t, s, "boss"), signUp(t, s, "ann")
	s.Exec(`update "user" set note_text = 'secret' where id = $1`, ann.id)
	for _, query := range []string{
		"filterField=note&filterValue=s&filterOperator=starts_with", "filterField=note_text&filterValue=secret",
		"sortBy=note", "sortBy=note_text",
	} {
		if a := boss.Get("/admin/list-users?" + query).Is(http.StatusOK); a.Text != `{"users":[],"total":0}` {
			t.Errorf("%s: %s", query, a.Text)
		}
	}
}
