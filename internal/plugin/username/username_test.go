package username_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

const on = "emailAndPassword: {enabled: true}\nrateLimit: {enabled: false}\nplugins: {username: {}}\n"

// signUp makes a user with a name.
func signUp(c *authtest.Client, email, name string) *authtest.Answer {
	return c.Post("/sign-up/email", map[string]any{"name": "A", "email": email, "password": authtest.Password, "username": name})
}

func signIn(c *authtest.Client, name, password string) *authtest.Answer {
	return c.Post("/sign-in/username", map[string]any{"username": name, "password": password})
}

func TestOneOfManyWhoWantANameGetsIt(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, on, authtest.RealHashes())
	servers := []*authtest.Server{s, authtest.New(t, on+"baseURL: "+s.URL+"\n", authtest.Beside(s), authtest.RealHashes())}
	const crowd = 24
	var mu sync.Mutex
	answers := map[string]int{}
	authtest.Together(crowd, func(i int) {
		a := signUp(servers[i%2].Client(), fmt.Sprintf("u%d@example.test", i), []string{"Racer", "RACER", "racer"}[i%3])
		mu.Lock()
		defer mu.Unlock()
		answers[fmt.Sprint(a.Status, a.JSON()["code"])]++
	})
	// On a slow machine some find the line of hashes full, and ask for nothing.
	if later := answers["400USERNAME_IS_ALREADY_TAKEN"]; answers["200 <nil>"] != 1 || later == 0 || later+answers["503SERVICE_UNAVAILABLE"] != crowd-1 {
		t.Errorf("answers %v", answers)
	}
	for _, table := range []string{"user", "account", "session"} {
		if n := s.Count(`select count(*) from "` + table + `"`); n != 1 {
			t.Errorf("%d rows in %s", n, table)
		}
	}
}

func TestOneOfManyUsersGetsANewName(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, on, authtest.RealHashes())
	servers := []*authtest.Server{s, authtest.New(t, on+"baseURL: "+s.URL+"\n", authtest.Beside(s), authtest.RealHashes())}
	const crowd = 16
	clients := make([]*authtest.Client, crowd)
	for i := range clients {
		clients[i] = servers[i%2].Client()
		clients[i].SignUp(fmt.Sprintf("u%d@example.test", i))
	}
	var mu sync.Mutex
	answers := map[string]int{}
	authtest.Together(crowd, func(i int) {
		a := clients[i].Post("/update-user", map[string]any{"username": "Racer"})
		mu.Lock()
		defer mu.Unlock()
		answers[fmt.Sprint(a.Status, a.JSON()["code"])]++
	})
	if answers["200 <nil>"] != 1 || answers["400USERNAME_IS_ALREADY_TAKEN"] != crowd-1 {
		t.Errorf("answers %v", answers)
	}
}

// Where an address has an account already, the answer for a name that is lost in
// the same moment tells no more than that.
func TestARaceTellsNothingAboutAddresses(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, strings.Replace(on, "enabled: true", "enabled: true, autoSignIn: false", 1))
	signUp(s.Client(), "known@example.test", "known").Is(http.StatusOK)
	authtest.Together(8, func(i int) {
		a := signUp(s.Client(), []string{"known@example.test", fmt.Sprintf("u%d@example.test", i)}[i%2], "racer")
		if a.Status != http.StatusOK && a.Status != http.StatusServiceUnavailable && a.JSON()["code"] != "USERNAME_IS_ALREADY_TAKEN" {
			t.Errorf("%d %s", a.Status, a.Text)
		}
	})
	if n := s.Count(`select count(*) from "user"`); n != 2 {
		t.Errorf("%d users", n)
	}
}

// Tries by name and by address open the same door: they are counted together,
// and an unknown name is told apart by nothing.
func TestTriesByNameCountAsThoseByAddress(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, on+"advanced: {ipAddress: {trustedProxies: [127.0.0.1]}}\n")
	s.Clock.Stop()
	at := func(address string) *authtest.Client {
		c := s.Client()
		c.Header.Set("X-Forwarded-For", address)
		return c
	}
	signUp(at("192.0.2.1"), "Ann@example.test", "Ann").Is(http.StatusOK)
	for i := range 5 {
		from := at(fmt.Sprintf("198.51.100.%d", i))
		signIn(from, "ANN", "not the password").Code(http.StatusUnauthorized, "INVALID_USERNAME_OR_PASSWORD")
		from.Post("/sign-in/email", map[string]any{"email": "ann@example.test", "password": "not the password"}).Is(http.StatusUnauthorized)
	}
	known := signIn(at("203.0.113.1"), "ann", authtest.Password).Is(http.StatusTooManyRequests)
	at("203.0.113.1").Post("/sign-in/email", map[string]any{"email": "ann@example.test", "password": authtest.Password}).Is(http.StatusTooManyRequests)
	for i := range 10 {
		signIn(at(fmt.Sprintf("198.51.100.%d", i)), "nobody", "not the password").Code(http.StatusUnauthorized, "INVALID_USERNAME_OR_PASSWORD")
	}
	unknown := signIn(at("203.0.113.1"), "NOBODY", authtest.Password).Is(http.StatusTooManyRequests)
	if known.Text != unknown.Text {
		t.Errorf("%s, and for nobody %s", known.Text, unknown.Text)
	}
	signIn(at("192.0.2.1"), "ann", authtest.Password).Is(http.StatusOK)
}

// A sign-in that fails asks the database as often whoever is meant.
func TestASignInAsksTheSameForEverybody(t *testing.T) {
	t.Parallel()
	wire := &authtest.Wire{}
	s := authtest.New(t, on, authtest.Through(wire))
	signUp(s.Client(), "ann@example.test", "ann").Is(http.StatusOK)
	signUp(s.Client(), "bob@example.test", "bob").Is(http.StatusOK)
	s.Exec(`delete from account where "userId" = (select id from "user" where username = 'bob')`)
	asked := map[int][]string{}
	for _, name := range []string{"ann", "bob", "nobody"} {
		signIn(s.Client(), name, "not the password").Is(http.StatusUnauthorized) // prepares
		before := wire.Statements()
		signIn(s.Client(), name, "not the password").Is(http.StatusUnauthorized)
		n := wire.Statements() - before
		asked[n] = append(asked[n], name)
	}
	if len(asked) != 1 {
		t.Errorf("statements: %v", asked)
	}
}

func TestANameStaysWhoeverCarriesTheSession(t *testing.T) {
	t.Parallel()
	for _, plugins := range []string{"bearer: {}, username: {immutableUsername: true}", "username: {immutableUsername: true}, bearer: {}"} {
		s := authtest.New(t, strings.Replace(on, "username: {}", plugins, 1)+"session: {cookieCache: {enabled: true}}\n")
		a := signUp(s.Client(), "ann@example.test", "ann").Is(http.StatusOK)
		c := s.Client()
		c.Header.Set("Authorization", fmt.Sprint("Bearer ", a.JSON()["token"]))
		c.Post("/update-user", map[string]any{"username": "other"}).Code(http.StatusBadRequest, "USERNAME_IS_IMMUTABLE")
		c.Post("/update-user", map[string]any{"username": nil}).Code(http.StatusBadRequest, "USERNAME_IS_IMMUTABLE")
		c.Post("/update-user", map[string]any{"username": "ANN", "displayUsername": "Ann"}).Is(http.StatusOK)
	}
}

// A copy of the session from before the name was chosen does not let it be chosen
// again.
func TestAnOldCopyOfTheSessionFreesNoName(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, strings.Replace(on, "username: {}", "username: {immutableUsername: true}", 1)+"session: {cookieCache: {enabled: true}}\n")
	old := s.Client()
	old.SignUp("ann@example.test")
	fresh := s.Client()
	fresh.Post("/sign-in/email", map[string]any{"email": "ann@example.test", "password": authtest.Password}).Is(http.StatusOK)
	fresh.Post("/update-user", map[string]any{"username": "ann"}).Is(http.StatusOK)
	old.Post("/update-user", map[string]any{"username": "other"}).Code(http.StatusBadRequest, "USERNAME_IS_IMMUTABLE")
}

func TestOptionsThatFitNoNameAreRefused(t *testing.T) {
	t.Parallel()
	for _, options := range []string{"minUsernameLength: 9, maxUsernameLength: 8", "minUsernameLength: 31"} {
		err := authtest.Start(t, authtest.Config(t, "baseURL: http://auth.test\n"+strings.Replace(on, "username: {}", "username: {"+options+"}", 1)))
		if err == nil || !strings.Contains(err.Error(), "plugins.username") {
			t.Errorf("%s: %v", options, err)
		}
	}
}
