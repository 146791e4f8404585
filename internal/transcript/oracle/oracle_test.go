package oracle_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/postgres/pgtest"
	"github.com/sallyport-auth/sallyport/internal/transcript/oracle"
)

const (
	config = `{"baseURL":"http://auth.test","emailAndPassword":{"enabled":true},"rateLimit":{"enabled":false},"plugins":{"jwt":{},"bearer":{}}}`
	secret = "a-secret-for-the-original-0123456789-ABCDEF"
)

// ask returns the status and the body of a GET.
func ask(t *testing.T, url string) (int, string) {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

func TestTheOriginalAnswers(t *testing.T) {
	if testing.Short() {
		t.Skip("needs Node")
	}
	t.Parallel()
	process, err := oracle.Start(t.Context(), oracle.Options{Config: config, DatabaseURL: pgtest.URL(t)}, secret)
	if err != nil {
		t.Fatal(err)
	}
	defer process.Stop()
	if status, body := ask(t, process.URL+"/api/auth/ok"); status != 200 || body != `{"ok":true}` {
		t.Errorf("/ok is %d %s", status, body)
	}
	if status, body := ask(t, process.URL+"/api/auth/jwks"); status != 200 || !strings.HasPrefix(body, `{"keys":[{"alg":"EdDSA"`) {
		t.Errorf("/jwks is %d %s", status, body)
	}
}

func TestOneHostRunsManyOriginals(t *testing.T) {
	if testing.Short() {
		t.Skip("needs Node")
	}
	t.Parallel()
	host, err := oracle.NewHost(t.Context(), secret)
	if err != nil {
		t.Fatal(err)
	}
	defer host.Close()
	first, stopFirst, err := host.Start(oracle.Options{Config: config, DatabaseURL: pgtest.URL(t)})
	if err != nil {
		t.Fatal(err)
	}
	second, stopSecond, err := host.Start(oracle.Options{Config: strings.Replace(config, "auth.test", "auth.test/deep", 1), DatabaseURL: pgtest.URL(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer stopSecond()
	stopFirst()
	if status, _ := ask(t, second+"/deep/ok"); status != 200 {
		t.Errorf("the second is %d", status)
	}
	if response, err := http.Get(first + "/api/auth/ok"); err == nil {
		_ = response.Body.Close()
		t.Error("the first still answers")
	}
}

func TestAConfigurationTheOriginalRefusesIsAnError(t *testing.T) {
	if testing.Short() {
		t.Skip("needs Node")
	}
	t.Parallel()
	host, err := oracle.NewHost(t.Context(), secret)
	if err != nil {
		t.Fatal(err)
	}
	defer host.Close()
	if _, _, err := host.Start(oracle.Options{Config: `{"plugins":{"nonsense":{}}}`, DatabaseURL: pgtest.URL(t)}); err == nil || !strings.Contains(err.Error(), "nonsense") {
		t.Errorf("the host says %v", err)
	}
	if _, err := oracle.Start(t.Context(), oracle.Options{Config: `{"plugins":{"nonsense":{}}}`, DatabaseURL: pgtest.URL(t)}, secret); err == nil || !strings.Contains(err.Error(), "nonsense") {
		t.Errorf("a process says %v", err)
	}
}
