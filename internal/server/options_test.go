package server_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/server"
)

// proofs name the test that fails when an option has no effect, for the options
// whose effect effects does not show. What only the environment sets stands by
// the name of its variable. Each plugin adds its own, in its effects_*_test.go.
var proofs = map[string]string{
	"user.modelName":                    "TestNamesReachTheTables",
	"user.fields":                       "TestNamesReachTheTables",
	"session.modelName":                 "TestNamesReachTheTables",
	"session.fields":                    "TestNamesReachTheTables",
	"account.modelName":                 "TestNamesReachTheTables",
	"account.encryptOAuthTokens":        "TestTokensAreStoredEncryptedWhereAsked",
	"account.storeAccountCookie":        "TestTheAccountCookieIsRenewedAndRemoved",
	"account.fields":                    "TestNamesReachTheTables",
	"verification.modelName":            "TestNamesReachTheTables",
	"verification.fields":               "TestNamesReachTheTables",
	"secret":                            "TestSecretsOfAConfiguration",
	"secrets":                           "TestSecretsOfAConfiguration",
	"secrets[].version":                 "TestSecretsOfAConfiguration",
	"secrets[].value":                   "TestSecretsOfAConfiguration",
	"logger.level":                      "TestTheLogIsJSONWhenAsked",
	"verification.disableCleanup":       "TestValuesStayWhereCleaningIsOff",
	"rateLimit.modelName":               "TestNamesReachTheCounters",
	"rateLimit.fields":                  "TestNamesReachTheCounters",
	"secondaryStorage.url":              "TestInstancesCountTogetherInRedis",
	"session.storeSessionInDatabase":    "TestWhereSessionsAreKept",
	"session.preserveSessionInDatabase": "TestWhereSessionsAreKept",
	"verification.storeInDatabase":      "TestWhereSessionsAreKept",
	"database.url":                      "TestDatabaseOptions",
	"database.directUrl":                "TestDatabaseOptions",
	"database.schemaName":               "TestDatabaseOptions",
	"server.schema":                     "TestDatabaseOptions",
	"server.hashSlots":                  "TestDatabaseOptions",
	"server.accessLog":                  "TestTheAccessLog",
	"server.audit.retention":            "TestTheAuditLogIsKeptForItsRetention",
	"server.mode":                       "TestModeOf",
	"server.listen":                     "TestListenAddress",
	"server.ops.listen":                 "TestOpsListener",
	"server.ops.pprof":                  "TestProfilesAreTakenWhereSwitchedOn",
	"server.timeouts.read":              "TestTimeoutsReachTheListener",
	"server.timeouts.write":             "TestTimeoutsReachTheListener",
	"server.timeouts.idle":              "TestTimeoutsReachTheListener",
	"server.timeouts.drain":             "TestADrainComesBeforeTheStop",
	"server.maxConnections":             "TestConnectionsAreBounded",
	"server.tls.cert":                   "TestTLS",
	"server.tls.key":                    "TestTLS",
	"server.timeouts.request":           "TestRequestDeadlineIsAnOption",
	"appName":                           "TestMailsArriveAsTheyShould",
	"messaging.from":                    "TestMailsArriveAsTheyShould",
	"messaging.smtp.url":                "TestMailsArriveAsTheyShould",
	"messaging.webhook.url":             "TestTheWebhookGetsWhatTheCallbackWould",
	"messaging.webhook.secret":          "TestTheWebhookGetsWhatTheCallbackWould",
	"messaging.templates":               "TestTemplatesOfAFolderStandIn",
	"messaging.locale":                  "TestTheLanguageFits",
	"HOST":                              "TestListenAddress",
	"PORT":                              "TestListenAddress",
	"LOG_FORMAT":                        "TestTheLogIsJSONWhenAsked",
	"SALLYPORT_CONFIG":                  "TestWhichFileIsRead",
	"SALLYPORT_DATA":                    "TestEnvironmentOfAServer",

	// The variables of telemetry, each by the first name of its option.
	"OTEL_SDK_DISABLED":                            "TestWhereTracesGo",
	"OTEL_TRACES_EXPORTER":                         "TestWhereTracesGo",
	"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT":           "TestWhereTracesGo",
	"OTEL_EXPORTER_OTLP_ENDPOINT":                  "TestWhereTracesGo",
	"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL":           "TestWhatIsRefused",
	"OTEL_EXPORTER_OTLP_TRACES_HEADERS":            "TestWhatTheCollectorIsTold",
	"OTEL_EXPORTER_OTLP_TRACES_TIMEOUT":            "TestACollectorThatHangs",
	"OTEL_EXPORTER_OTLP_TRACES_COMPRESSION":        "TestWhatTheCollectorIsTold",
	"OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE":        "TestACollectorBehindTLS",
	"OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE": "TestACollectorBehindTLS",
	"OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY":         "TestACollectorBehindTLS",
	"OTEL_SERVICE_NAME":                            "TestWhatTheCollectorIsTold",
	"OTEL_RESOURCE_ATTRIBUTES":                     "TestWhatTheCollectorIsTold",
	"OTEL_TRACES_SAMPLER":                          "TestSamplers",
	"OTEL_TRACES_SAMPLER_ARG":                      "TestSamplers",
	"OTEL_PROPAGATORS":                             "TestWhoseTraceIsJoined",
}

func TestEveryAcceptedOptionHasAProof(t *testing.T) {
	shown := map[string]bool{}
	for _, e := range effects {
		shown[e.option] = true
		if e.with == e.without {
			t.Errorf("the row of %s shows no effect", e.option)
		}
	}
	for _, a := range attributes {
		name, _, _ := strings.Cut(a.set, ":")
		shown["advanced.defaultCookieAttributes."+name] = true
		shown["advanced.cookies.<key>.attributes."+name] = true
	}
	for _, model := range extensible {
		for _, o := range fieldOptions {
			shown[model+".additionalFields.<key>."+o.option] = true
		}
	}
	tests := testNames(t)
	left := map[string]bool{}
	for name := range proofs {
		left[name] = true
	}
	for _, option := range config.Options(reflect.TypeFor[server.Config]()) {
		name := option.Name
		if name == "" {
			name = option.Variables[0].Name
		}
		proof := proofs[name]
		delete(left, name)
		switch {
		case option.State != config.Supported, shown[name]:
			delete(shown, name)
		case proof == "":
			t.Errorf("%s is accepted, and no test shows its effect: add a row to effects, or name a test in proofs", name)
		case !tests[proof]:
			t.Errorf("%s is to be proven by %s, which is nowhere", name, proof)
		}
	}
	for name := range left {
		t.Errorf("proofs has %s, which is no option", name)
	}
	for name := range shown {
		t.Errorf("effects has %s, which is no accepted option", name)
	}
}

var testDeclaration = regexp.MustCompile(`(?m)^func (Test\w+)\(t \*testing\.T\)`)

// testNames gives the name of every test in the module's Go packages.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	for _, root := range []string{"..", "../../cmd"} {
		err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, "_test.go") {
				return err
			}
			text, err := os.ReadFile(path)
			for _, match := range testDeclaration.FindAllSubmatch(text, -1) {
				names[string(match[1])] = true
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return names
}

func TestRequestDeadlineIsAnOption(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, compose("server: {timeouts: {request: 3s}}"))
	if got := server.RequestDeadline(s.Server).Seconds(); got != 3 {
		t.Errorf("a request may work for %v s", got)
	}
}
