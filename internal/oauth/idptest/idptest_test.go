package idptest_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/oauth/idptest"
)

const (
	back     = "https://app.test/callback"
	verifier = "a-verifier-0123456789-0123456789-0123456789-0123456789"
)

// client is an application that speaks to a provider.
type client struct {
	t   *testing.T
	idp *idptest.Server
}

// ask sends a request and reads an object.
func (c client) ask(method, address string, header http.Header, form url.Values) (int, map[string]any) {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header = header.Clone()
	if r.Header == nil {
		r.Header = http.Header{}
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	got, err := c.idp.Transport().RoundTrip(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	body, err := io.ReadAll(got.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	var object map[string]any
	_ = json.Unmarshal(body, &object)
	return got.StatusCode, object
}

// code lets the user sign in and gives the code.
func (c client) code(address string, script idptest.Script, extra ...string) string {
	c.t.Helper()
	sum := sha256.Sum256([]byte(verifier))
	q := url.Values{
		"response_type": {"code"}, "client_id": {"app"}, "redirect_uri": {back}, "state": {"the-state"}, "nonce": {"the-nonce"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"}, "scope": {"openid email"},
	}
	for i := 0; i < len(extra); i += 2 {
		q.Set(extra[i], extra[i+1])
	}
	landing, err := c.idp.Browse(c.t.Context(), address+"?"+q.Encode(), script)
	if err != nil {
		c.t.Fatal(err)
	}
	to, err := url.Parse(landing.Address)
	if err != nil {
		c.t.Fatal(err)
	}
	if to.Query().Get("state") != "the-state" || !strings.HasPrefix(landing.Address, back+"?") {
		c.t.Errorf("the browser is sent to %s", landing.Address)
	}
	return to.Query().Get("code")
}

func exchange(code string, changes ...string) url.Values {
	form := url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {back}, "code_verifier": {verifier},
		"client_id": {"app"}, "client_secret": {idptest.SecretOf("app")},
	}
	for i := 0; i < len(changes); i += 2 {
		form.Set(changes[i], changes[i+1])
	}
	return form
}

const (
	githubStart = "https://github.com/login/oauth/authorize"
	githubToken = "https://github.com/login/oauth/access_token"
)

func TestACodeIsGoodOnceAndOnlyForItsClient(t *testing.T) {
	t.Parallel()
	c := client{t, idptest.New(t)}
	for name, wrong := range map[string][]string{
		"verifier":     {"code_verifier", "another"},
		"redirect_uri": {"redirect_uri", "https://other.test/"},
		"secret":       {"client_secret", "another"},
		"client":       {"client_id", "other", "client_secret", idptest.SecretOf("other")},
		"code":         {"code", "another"},
		"grant_type":   {"grant_type", "password"},
	} {
		if status, got := c.ask("POST", githubToken, nil, exchange(c.code(githubStart, idptest.Script{}), wrong...)); status < 400 || got["error"] == nil {
			t.Errorf("another %s: %d %v", name, status, got)
		}
	}
	form := exchange(c.code(githubStart, idptest.Script{}))
	if status, got := c.ask("POST", githubToken, nil, form); status != 200 || got["access_token"] == nil {
		t.Errorf("a good code: %d %v", status, got)
	}
	if status, got := c.ask("POST", githubToken, nil, form); status != 400 || got["error"] != "invalid_grant" {
		t.Errorf("a used code: %d %v", status, got)
	}
}

func TestRefreshTokensRotate(t *testing.T) {
	t.Parallel()
	c := client{t, idptest.New(t)}
	_, got := c.ask("POST", githubToken, nil, exchange(c.code(githubStart, idptest.Script{})))
	form := exchange("", "grant_type", "refresh_token", "refresh_token", got["refresh_token"].(string))
	status, next := c.ask("POST", githubToken, nil, form)
	if status != 200 || next["refresh_token"] == got["refresh_token"] || next["access_token"] == got["access_token"] {
		t.Errorf("a refresh: %d %v after %v", status, next, got)
	}
	if status, got := c.ask("POST", githubToken, nil, form); status != 400 || got["error"] != "invalid_grant" {
		t.Errorf("a used refresh token: %d %v", status, got)
	}
}

func TestProfilesNeedTheAccessToken(t *testing.T) {
	t.Parallel()
	c := client{t, idptest.New(t)}
	script := idptest.Script{Profile: json.RawMessage(`{"name":"Another","email":"a@b.test","bio":null}`)}
	_, tokens := c.ask("POST", githubToken, nil, exchange(c.code(githubStart, script)))
	header := http.Header{"Authorization": {"Bearer " + tokens["access_token"].(string)}}
	status, got := c.ask("GET", "https://api.github.com/user", header, nil)
	if _, bio := got["bio"]; status != 200 || got["name"] != "Another" || got["email"] != "a@b.test" || bio || got["id"] != 48151623.0 {
		t.Errorf("the profile is %d %v", status, got)
	}
	if status, _ := c.ask("GET", "https://api.github.com/user", nil, nil); status != 401 {
		t.Errorf("without a token it is %d", status)
	}
	c.idp.Tell("github", idptest.Script{User: "503"})
	if status, _ := c.ask("GET", "https://api.github.com/user", header, nil); status != 503 {
		t.Errorf("told to fail it is %d", status)
	}
}

func TestRequestsOfServersAreKept(t *testing.T) {
	t.Parallel()
	c := client{t, idptest.New(t)}
	c.ask("POST", githubToken, nil, exchange(c.code(githubStart, idptest.Script{})))
	c.ask("GET", "https://unknown.test/a%2Fb?c=d", nil, nil)
	asked := c.idp.Asked()
	if len(asked) != 2 || asked[0].URL != githubToken || !strings.Contains(asked[0].Body, "code_verifier="+verifier) || asked[1].URL != "https://unknown.test/a%2Fb?c=d" {
		t.Errorf("asked was %v", asked)
	}
	if len(c.idp.Asked()) != 0 {
		t.Error("it is asked of twice")
	}
}

func TestAFormCanBringTheCodeBack(t *testing.T) {
	t.Parallel()
	idp := idptest.New(t)
	address := "https://idp.test/authorize?response_type=code&client_id=app&redirect_uri=" + url.QueryEscape(back) + "&state=a%26b&response_mode=form_post"
	got, err := idp.Browse(t.Context(), address, idptest.Script{})
	if err != nil || got.Address != back || got.Form.Get("state") != "a&b" || got.Form.Get("code") == "" {
		t.Errorf("the browser is sent to %v %v", got, err)
	}
	for _, wrong := range []string{"client_id=app", "redirect_uri=", "response_type=code"} {
		bad := strings.Replace(address, wrong, "x=", 1)
		if got, err := idp.Browse(t.Context(), bad, idptest.Script{}); err == nil {
			t.Errorf("%s: sent to %v", bad, got)
		}
	}
}

func TestBrowsersBringBackWhatIsScripted(t *testing.T) {
	t.Parallel()
	idp := idptest.New(t)
	denied := "access_denied"
	address := "https://idp.test/authorize?response_type=code&client_id=app&redirect_uri=" + url.QueryEscape(back) + "&state=s"
	got, err := idp.Browse(t.Context(), address, idptest.Script{Callback: map[string]*string{"error": &denied, "code": nil}})
	if err != nil || got.Address != back+"?error=access_denied&state=s" {
		t.Errorf("the browser is sent to %v %v", got, err)
	}
}
