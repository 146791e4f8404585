package carry_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/carry"
	"github.com/sallyport-auth/sallyport/internal/plugin/genericoauth"
	"github.com/sallyport-auth/sallyport/internal/server"
	"github.com/sallyport-auth/sallyport/internal/transcript"
	"github.com/sallyport-auth/sallyport/internal/transcript/oracle"
)

// journey is a configuration that an original is made with, and that comes back.
type journey struct {
	Config  json.RawMessage `json:"config"`
	Version string          `json:"version,omitempty"`
	ORM     string          `json:"orm,omitempty"`
	want    string
}

// TestConfigurationsGoRound gives the configurations of the conversations to the original, and others to
// earlier ones and to one on Drizzle, prints the options that each is made with, and carries them back.
func TestConfigurationsGoRound(t *testing.T) {
	if testing.Short() {
		t.Skip("needs Node")
	}
	t.Parallel()
	var journeys []journey
	for _, text := range configurations(t) {
		journeys = append(journeys, journey{Config: json.RawMessage(text), want: text})
	}
	for _, version := range []string{"1.4", "1.6", "1.7.1"} {
		journeys = append(journeys, journey{Config: json.RawMessage(inEveryVersion), Version: version, want: inEveryVersion})
	}
	journeys = append(journeys,
		journey{Config: json.RawMessage(onDrizzle), ORM: "drizzle/plural", want: pluralOnDrizzle},
		journey{Config: json.RawMessage(namedOnDrizzle), ORM: "drizzle/auth", want: inSchemaOnDrizzle})
	printed := printMany(t, journeys)
	for i, j := range journeys {
		result, err := carry.From(printed[i], carry.Options{WithSecrets: true})
		if err != nil {
			t.Errorf("%s\n%v", j.want, err)
			continue
		}
		compare(t, j.want, result)
	}
}

// inEveryVersion are options of plugins that all versions have.
const inEveryVersion = `{"baseURL":"http://auth.test","emailAndPassword":{"enabled":true,"sendResetPassword":true},"plugins":{
	"twoFactor":{"issuer":"Acme","otpOptions":{"sendOTP":true}},"jwt":{"jwks":{"keyPairConfig":{"alg":"ES256"}}},"bearer":{"requireSignature":true},
	"openAPI":{"path":"/docs"},"username":{"minUsernameLength":5},
	"admin":{"defaultBanReason":"x","ac":{"user":["list"]},"roles":{"admin":{"user":["list"]}}}}}`

// The names that the schemas of the oracle give.
const (
	onDrizzle       = `{"baseURL":"http://auth.test","plugins":{"username":{}}}`
	namedOnDrizzle  = `{"baseURL":"http://auth.test","user":{"modelName":"members","fields":{"email":"mail"}},"plugins":{"username":{}}}`
	snakeTimes      = `"createdAt":"created_at","updatedAt":"updated_at"`
	snakeAccount    = `"account_id","providerId":"provider_id","userId":"user_id","accessToken":"access_token","refreshToken":"refresh_token","idToken":"id_token","accessTokenExpiresAt":"access_token_expires_at","refreshTokenExpiresAt":"refresh_token_expires_at",` + snakeTimes
	snakeSession    = `"expiresAt":"expires_at","userAgent":"user_agent","userId":"user_id",` + snakeTimes
	snakeUsername   = `"plugins":{"username":{"schema":{"user":{"fields":{"displayUsername":"display_username"}}}}}}`
	pluralOnDrizzle = `{"baseURL":"http://auth.test","user":{"modelName":"users","fields":{"emailVerified":"email_verified",` + snakeTimes + `}},
		"session":{"modelName":"sessions","fields":{"ipAddress":"ip_address",` + snakeSession + `}},
		"account":{"modelName":"accounts","fields":{"accountId":` + snakeAccount + `}},
		"verification":{"modelName":"verifications","fields":{"expiresAt":"expires_at",` + snakeTimes + `}},` + snakeUsername
	inSchemaOnDrizzle = `{"baseURL":"http://auth.test","database":{"schemaName":"auth"},
		"user":{"modelName":"members","fields":{"email":"mail","emailVerified":"is_verified","image":"avatar_url",` + snakeTimes + `}},
		"session":{"modelName":"login","fields":{"ipAddress":"ip",` + snakeSession + `}},
		"account":{"fields":{"accountId":` + snakeAccount + `}},
		"verification":{"fields":{"expiresAt":"expires_at",` + snakeTimes + `}},` + snakeUsername
)

// configurations are those of all conversations that both servers start with.
func configurations(t *testing.T) (texts []string) {
	t.Helper()
	conversations, err := transcript.Load("../transcript/testdata")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, c := range conversations {
		if !seen[c.Config] {
			seen[c.Config] = true
			texts = append(texts, c.Config)
		}
	}
	if len(texts) < 50 {
		t.Fatalf("there are only %d configurations", len(texts))
	}
	return texts
}

// printMany lets one process print the options of many originals.
func printMany(t *testing.T, journeys []journey) [][]byte {
	t.Helper()
	if err := oracle.Install(); err != nil {
		t.Fatal(err)
	}
	var input bytes.Buffer
	for _, j := range journeys {
		if err := (oracle.Options{Version: j.Version, ORM: j.ORM}).Install(); err != nil {
			t.Fatal(err)
		}
		if err := json.NewEncoder(&input).Encode(j); err != nil {
			t.Fatal(err)
		}
	}
	many := exec.CommandContext(t.Context(), "node", "testdata/print-many.mjs")
	many.Env = []string{"PATH=" + os.Getenv("PATH")}
	var output bytes.Buffer
	many.Stdin, many.Stderr = &input, &output
	if err := many.Run(); err != nil {
		t.Fatalf("%v\n%s", err, output.String())
	}
	lines := bytes.Split(bytes.TrimSpace(output.Bytes()), []byte("\n"))
	if len(lines) != len(journeys) {
		t.Fatalf("%d of %d were printed:\n%s", len(lines), len(journeys), lines[len(lines)-1])
	}
	return lines
}

var unreadableProvider = regexp.MustCompile(`^plugins\.genericOAuth\.config\[\d+\]\.(accountSubject|mapProfileToUser)$|^socialProviders\.\w+\.mapProfileToUser$`)

func compare(t *testing.T, text string, result *carry.Result) {
	t.Helper()
	want, got := parse(t, text), parse(t, result.YAML)
	// What the app has no options for.
	want.Server, want.Messaging = got.Server, got.Messaging
	// The oracle makes functions of these that tell nothing; TestFunctionsWithAFormAreCarried has others.
	unreadable := func(name string) bool {
		return name == "secondaryStorage" || unreadableProvider.MatchString(name) || strings.HasPrefix(name, "plugins.username.") && strings.HasSuffix(name, "Validator")
	}
	if u := want.Plugins.Username; u != nil {
		u.UsernameValidator, u.DisplayUsernameValidator = got.Plugins.Username.UsernameValidator, got.Plugins.Username.DisplayUsernameValidator
	}
	if want.SecondaryStorage = got.SecondaryStorage; strings.Contains(text, `"secondaryStorage"`) {
		want.Session.StoreSessionInDatabase, want.Verification.StoreInDatabase = got.Session.StoreSessionInDatabase, got.Verification.StoreInDatabase
	}
	for i := range min(len(want.Social.SocialProviders), len(got.Social.SocialProviders)) {
		if mapped := want.Social.SocialProviders[i].Value.MapProfileToUser; mapped != nil {
			got.Social.SocialProviders[i].Value.MapProfileToUser = mapped
		}
	}
	writtenOut(t, want.Plugins.GenericOAuth, got.Plugins.GenericOAuth)
	if !reflect.DeepEqual(want, got) {
		t.Errorf("%s\nbecame\n%s", text, result.YAML)
	}
	for _, l := range result.Lost {
		if !unreadable(l.Name) {
			t.Errorf("%s\nlost %s %s", text, l.Name, l.Why)
		}
	}
}

// writtenOut makes presets comparable with what their helpers give in an app, where nothing tells that it was a helper.
func writtenOut(t *testing.T, want, got *genericoauth.Config) {
	t.Helper()
	if want == nil || got == nil || len(want.Config) != len(got.Config) {
		return
	}
	for i := range want.Config {
		// The oracle makes functions of these that tell nothing.
		if want.Config[i].AccountSubject != "" {
			got.Config[i].AccountSubject = want.Config[i].AccountSubject
		}
		if want.Config[i].MapProfileToUser != nil {
			got.Config[i].MapProfileToUser = want.Config[i].MapProfileToUser
		}
		for _, p := range []*genericoauth.Provider{&want.Config[i], &got.Config[i]} {
			full, err := p.Written()
			if err != nil {
				t.Error(err)
			}
			full.Domain, full.Preset = "", ""
			if full.DiscoveryURL != "" && full.Issuer != "" && full.DiscoveryURL == strings.TrimSuffix(full.Issuer, "/")+"/.well-known/openid-configuration" {
				full.Issuer = ""
			}
			*p = full
		}
	}
}

func parse(t *testing.T, text string) *server.Config {
	t.Helper()
	cfg, err := server.ParseConfig(text, []string{"DATABASE_URL=postgres://127.0.0.1/auth"})
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return cfg
}
