package provider_test

import (
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/oauth"
	"github.com/sallyport-auth/sallyport/internal/oauth/provider"
)

// documentedScopes is a row of the page of providers: the id and the scopes.
var documentedScopes = regexp.MustCompile("(?m)^\\| `([a-z]+)` \\|[^|]+\\| (?:`([^`]+)`|none) \\|")

// The page says what to enter at each console, and which scopes to tick there.
func TestThePageOfProvidersKnowsEachAndItsScopes(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../../docs/providers.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string][]string{}
	for _, row := range documentedScopes.FindAllStringSubmatch(string(page), -1) {
		rows[row[1]] = strings.Fields(row[2])
	}
	for _, id := range provider.IDs() {
		if _, there := rows[id]; !there {
			t.Errorf("%s has no row", id)
		}
	}
	for _, tr := range trials(t) {
		made, err := tr.play(t, "authorize", nil).make(t, nil)
		if err != nil {
			t.Fatal(err)
		}
		address, err := made.Authorize(oauth.Authorization{State: "s", Verifier: "v", RedirectURI: "https://app.test/"})
		if err != nil {
			t.Fatal(err)
		}
		at, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if asked := strings.FieldsFunc(at.Query().Get("scope"), func(r rune) bool { return r == ' ' || r == ',' }); !slices.Equal(asked, rows[tr.id]) {
			t.Errorf("%s asks for %q, and the page says %q", tr.id, asked, rows[tr.id])
		}
	}
}
