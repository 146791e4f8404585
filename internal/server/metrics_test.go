package server_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/server"
)

// labels are all that a metric of ours may have, each with few values.
var labels = []string{
	"route", "method", "code", "decision", "event", "host", "outcome", "table", "which", "version", "commit", "contract",
}

// metric is what the server says of one of its metrics.
type metric struct {
	name, help string
	labels     []string
}

var descPattern = regexp.MustCompile(`^Desc\{fqName: "([^"]+)", help: "(.*?)", (?:unit: "[^"]*", )?constLabels: \{(.*?)\}, variableLabels: \{(.*)\}\}$`)

// ownMetrics gives every metric of ours, also those that nothing has happened to
// yet, by name.
func ownMetrics(t *testing.T, s *authtest.Server) []metric {
	t.Helper()
	described := make(chan *prometheus.Desc)
	go func() {
		server.Registry(s.Server).Describe(described)
		close(described)
	}()
	var all []metric
	for d := range described {
		parts := descPattern.FindStringSubmatch(d.String())
		if parts == nil {
			if strings.Contains(d.String(), `"sallyport`) {
				t.Errorf("no name, help and labels in %s", d)
			}
			continue
		}
		if !strings.HasPrefix(parts[1], "go_") && !strings.HasPrefix(parts[1], "process_") {
			names := strings.FieldsFunc(parts[4], func(r rune) bool { return r == ',' })
			if constant, _, found := strings.Cut(parts[3], "="); found {
				names = append(names, constant)
			}
			all = append(all, metric{parts[1], parts[2], names})
		}
	}
	slices.SortFunc(all, func(a, b metric) int { return strings.Compare(a.name, b.name) })
	return slices.CompactFunc(all, func(a, b metric) bool { return a.name == b.name })
}

// allMetrics is a configuration with which there is every metric; its Redis is
// away.
func allMetrics() string {
	return compose("rateLimit: {enabled: true}", "secondaryStorage: {url: 'redis://127.0.0.1:1'}")
}

func TestMetricsKeepToTheConventions(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, allMetrics())
	s.Client().SignUp("ann@example.test")
	problems, err := testutil.GatherAndLint(server.Registry(s.Server))
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
	if err != nil {
		t.Error(err)
	}
	all := ownMetrics(t, s)
	if len(all) < 25 {
		t.Errorf("only %d metrics", len(all))
	}
	for _, m := range all {
		if !strings.HasPrefix(m.name, "sallyport_") || !regexp.MustCompile(`^[A-Z].*\.$`).MatchString(m.help) {
			t.Errorf("%s %q has another prefix, or is not explained by a sentence", m.name, m.help)
		}
		for _, l := range m.labels {
			if !slices.Contains(labels, l) {
				t.Errorf("%s has the label %s, which is not among those with few values", m.name, l)
			}
		}
	}
	families, err := server.Registry(s.Server).Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if own := strings.HasPrefix(f.GetName(), "sallyport_"); own && (f.GetType().String() == "COUNTER") != strings.HasSuffix(f.GetName(), "_total") {
			t.Errorf("%s is a %s", f.GetName(), f.GetType())
		}
	}
}

const guide = "../../docs/guides/observing.md"

// The table of the guide is made from what the server says of its metrics.
func TestTheMetricsOfTheGuideAreUpToDate(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, allMetrics())
	text, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "<!-- metrics: made by make generate -->\n", "<!-- end of metrics -->"
	before, rest, found := strings.Cut(string(text), begin)
	_, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		t.Fatalf("%s has no place for the metrics", guide)
	}
	table := "| metric | labels | meaning |\n|---|---|---|\n"
	for _, m := range ownMetrics(t, s) {
		table += fmt.Sprintf("| `%s` | %s | %s |\n", m.name, strings.Join(m.labels, ", "), m.help)
	}
	server.CheckGenerated(t, guide, []byte(before+begin+table+end+after))
}

// An alert on a metric that is not there never fires.
func TestTheGuideNamesOnlyMetricsThatAreThere(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, allMetrics())
	known := map[string]bool{}
	for _, m := range ownMetrics(t, s) {
		known[m.name] = true
		for _, part := range []string{"_bucket", "_sum", "_count"} {
			known[m.name+part] = true
		}
	}
	text, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range regexp.MustCompile(`sallyport_\w+`).FindAllString(string(text), -1) {
		if !known[name] {
			t.Errorf("the guide has %s", name)
		}
	}
}

// Whatever strangers send, the number of time series stays what it is.
func TestStrangersMakeNoTimeSeries(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	h := s.Server.Handler()
	for i := range 10_000 {
		method := []string{"GET", "POST", "BREW", fmt.Sprintf("M%d", i)}[i%4]
		path := []string{"/", "/api/auth/", "/api/auth/ok/", "/api/auth/reset-password/"}[rand.IntN(4)] + fmt.Sprint("odd-", i)
		r := httptest.NewRequest(method, path, nil)
		r.Header.Set("Host", fmt.Sprint("h", i))
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
	if n := testutil.CollectAndCount(server.Registry(s.Server), "sallyport_http_requests_total"); n == 0 || n > 10 {
		t.Errorf("10,000 odd requests make %d time series", n)
	}
}

// What is refused before it is routed counts for the route that it asked for.
func TestRefusalsCountForTheirRoute(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, compose("rateLimit: {enabled: true, max: 1}"))
	for range 2 {
		ask(s, "/api/auth/reset-password/secret", nil)
	}
	ask(s, "/livez", nil)
	ask(s, "/readyz", nil)
	for _, series := range []string{
		`route="/reset-password/{token}",method="GET",code="429"`, `route="/livez",method="GET",code="200"`, `route="/readyz",method="GET",code="200"`,
	} {
		if got := value(t, s, "sallyport_http_requests_total", series); got != 1 {
			t.Errorf("%s is %v", series, got)
		}
	}
	if got := value(t, s, "sallyport_http_requests_in_flight", ""); got != 0 {
		t.Errorf("%v requests are in flight", got)
	}
	if value(t, s, "sallyport_http_response_bytes_total", "") < 100 {
		t.Error("the bytes of answers are not counted")
	}
}

// value gives one number of a metric, by its labels in the order of labels; -1 where
// it is not there.
func value(t *testing.T, s *authtest.Server, name, series string) float64 {
	t.Helper()
	families, err := server.Registry(s.Server).Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			var pairs []string
			for _, l := range m.GetLabel() {
				pairs = append(pairs, fmt.Sprintf("%s=%q", l.GetName(), l.GetValue()))
			}
			slices.SortFunc(pairs, func(a, b string) int {
				place := func(pair string) int { name, _, _ := strings.Cut(pair, "="); return slices.Index(labels, name) }
				return place(a) - place(b)
			})
			if f.GetName() == name && strings.Join(pairs, ",") == series {
				return m.GetGauge().GetValue() + m.GetCounter().GetValue()
			}
		}
	}
	return -1
}

func TestKeysAndTheDatabaseInMetrics(t *testing.T) {
	t.Parallel()
	wire := &authtest.Wire{}
	s := authtest.New(t, compose("plugins: {jwt: {jwks: {rotationInterval: 30d}}}"), authtest.Through(wire))
	s.Clock.Advance(5_000_000_000) // 5 s
	created, end := value(t, s, "sallyport_signing_key_created_timestamp_seconds", ""), value(t, s, "sallyport_signing_key_end_timestamp_seconds", "")
	if created <= 0 || end-created != 30*24*3600 || value(t, s, "sallyport_signing_keys_published", "") != 1 {
		t.Errorf("the key was made at %v and ends at %v", created, end)
	}
	if skew := value(t, s, "sallyport_clock_skew_seconds", ""); skew < 4 || skew > 6 {
		t.Errorf("the clocks are %v s apart", skew)
	}
	asked := wire.Statements()
	for range 50 {
		if value(t, s, "sallyport_ready", "") != 1 || value(t, s, "sallyport_messages_waiting", "") != 0 {
			t.Fatal("the database is there")
		}
	}
	if n := wire.Statements() - asked; n > 4 {
		t.Errorf("50 scrapes asked the database %d times", n)
	}
	if value(t, s, "sallyport_database_acquires_total", "") <= 0 || value(t, s, "sallyport_database_connections_max", "") != 10 {
		t.Error("the pool is not told of")
	}
}

func TestProfilesAreTakenWhereSwitchedOn(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		options string
		status  int
	}{{"", http.StatusNotFound}, {", pprof: true", http.StatusOK}} {
		p := run(t, "server: {listen: '127.0.0.1:0', ops: {listen: '127.0.0.1:0'"+tt.options+"}}\n")
		for path, status := range map[string]int{
			"/debug/pprof/": tt.status, "/debug/pprof/heap": tt.status, "/debug/pprof/cmdline": tt.status,
			"/debug/pprof/symbol": tt.status, "/debug/pprof/profile?seconds=1": tt.status, "/debug/pprof/trace?seconds=0.1": tt.status,
			"/livez": http.StatusOK, "/readyz": http.StatusOK, "/metrics": http.StatusOK, "/": http.StatusNotFound,
		} {
			res, err := http.Get("http://" + p.ops + path)
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close()
			if res.StatusCode != status || res.Header.Get("X-Content-Type-Options") != "nosniff" || res.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%q: %s answers %d %v, want %d", tt.options, path, res.StatusCode, res.Header, status)
			}
		}
		ask(p.Server, "/debug/pprof/", nil).Is(http.StatusNotFound)
	}
	cfg := authtest.Config(t, "server: {ops: {pprof: true}}")
	if err := server.Complete(cfg, server.Development); err == nil || !strings.Contains(err.Error(), "server.ops.pprof needs") {
		t.Errorf("profiles without a listener: %v", err)
	}
}
