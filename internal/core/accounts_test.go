package core_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// linkSocial gives the only user of a database an account at a provider, with
// tokens that nobody may see.
func linkSocial(s *authtest.Server, id, scope string) {
	s.Exec(`insert into account (id, "accountId", "providerId", "userId", "accessToken", "refreshToken", "idToken", scope, "createdAt", "updatedAt")
		select $1, 'at-the-provider', 'github', id, 'secret-access', 'secret-refresh', 'secret-id', $2, now(), now() from "user"`, id, scope)
}

func TestListedAccountsShowNoSecrets(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	c := s.Client()
	c.SignUp("ann@example.test")
	linkSocial(s, "social", "read:user, user:email ,,")
	a := c.Get("/list-accounts").Is(http.StatusOK)
	for _, secret := range []string{"secret", "password", "Token", "scrypt"} {
		if strings.Contains(a.Text, secret) {
			t.Errorf("%q is in %s", secret, a.Text)
		}
	}
	if want := `"id":"social","scopes":["read:user","user:email"]}`; !strings.Contains(a.Text, want) {
		t.Errorf("no %s in %s", want, a.Text)
	}
	if order := keys(t, strings.Trim(a.Text, "[]")); !strings.HasPrefix(order, "accountId providerId userId createdAt updatedAt id scopes") {
		t.Errorf("the order is %s", order)
	}
}

func TestUnlinkingKeepsOneAccount(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	c := s.Client()
	c.SignUp("ann@example.test")
	unlink := func(id string) *authtest.Answer { return c.Post("/unlink-account", map[string]any{"accountId": id}) }
	unlink("anything").Code(http.StatusBadRequest, "FAILED_TO_UNLINK_LAST_ACCOUNT")
	linkSocial(s, "social", "")
	unlink("anything").Code(http.StatusBadRequest, "ACCOUNT_NOT_FOUND")
	unlink("at-the-provider").Code(http.StatusBadRequest, "ACCOUNT_NOT_FOUND")
	unlink("social").Is(http.StatusOK)
	unlink("social").Code(http.StatusBadRequest, "FAILED_TO_UNLINK_LAST_ACCOUNT")
	if n := s.Count(`select count(*) from account`); n != 1 {
		t.Errorf("%d accounts", n)
	}
}

func TestAccountsOfOthersAreOutOfReach(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter+"account: {accountLinking: {allowUnlinkingAll: true}}\n")
	ann, bob := s.Client(), s.Client()
	ann.SignUp("ann@example.test")
	linkSocial(s, "of-ann", "")
	user, _ := bob.SignUp("bob@example.test").JSON()["user"].(map[string]any)
	for _, path := range []string{"/unlink-account", "/get-access-token", "/refresh-token"} {
		bob.Post(path, map[string]any{"accountId": "of-ann"}).Code(http.StatusBadRequest, "ACCOUNT_NOT_FOUND")
	}
	bob.Get("/account-info?accountId=of-ann").Code(http.StatusBadRequest, "ACCOUNT_NOT_FOUND")
	// Nor does a user's id in the request help.
	for _, path := range []string{"/get-access-token", "/refresh-token"} {
		ann.Post(path, map[string]any{"accountId": "of-ann", "userId": user["id"]}).Code(http.StatusBadRequest, "PROVIDER_NOT_SUPPORTED")
	}
	if n := s.Count(`select count(*) from account where id = 'of-ann'`); n != 1 {
		t.Errorf("%d accounts", n)
	}
}

// However two removals meet, one account stays, unless all may go.
func TestParallelUnlinkingKeepsOneAccount(t *testing.T) {
	t.Parallel()
	servers := twoServers(t)
	s := servers[0]
	first := s.Client()
	first.SignUp("ann@example.test")
	s.Exec(`update account set id = 'first'`)
	cookie := s.Server.Auth.SessionCookieName() + "=" + first.Cookie("session_token")
	bare := [2]*authtest.Client{servers[0].Client(), servers[1].Client()}
	for range 10 {
		s.Exec(`delete from account where id <> 'first'`)
		s.Exec(`update account set id = 'first'`)
		linkSocial(s, "second", "")
		requests := make([]*http.Request, 20)
		for i := range requests {
			body := fmt.Sprintf(`{"accountId":%q}`, []string{"first", "second"}[i/2%2])
			requests[i] = bare[i%2].Request(http.MethodPost, "/unlink-account", "application/json", body)
			requests[i].Header.Set("Cookie", cookie)
		}
		var got tally
		authtest.Together(len(requests), func(i int) { got.add(bare[i%2].Try(requests[i])) })
		if got.count["200"] != 1 || got.count["400"] != len(requests)-1 {
			t.Errorf("answers %v", got.count)
		}
		if n := s.Count(`select count(*) from account`); n != 1 {
			t.Fatalf("%d accounts are left", n)
		}
		s.Exec(`update account set id = 'first'`)
	}
}
