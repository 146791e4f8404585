package trace_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/trace"
	"github.com/sallyport-auth/sallyport/internal/trace/otlptest"
)

// read gives the configuration of an environment.
func read(t testing.TB, environment ...string) trace.Config {
	t.Helper()
	var all struct {
		Traces trace.Config `yaml:",inline"`
	}
	if _, err := config.Load(&all, config.Source{Name: "x", Environment: environment}); err != nil {
		t.Fatal(err)
	}
	config.SetDefaults(&all)
	return all.Traces
}

// patience is how long the end waits for a collector.
const patience = 3 * time.Second

// sent makes a span for each request under an environment, and gives when it is at
// the collector.
func sent(t *testing.T, log *slog.Logger, trusted bool, requests []*http.Request, environment ...string) {
	t.Helper()
	cfg := read(t, environment...)
	if err := cfg.Check(); err != nil {
		t.Fatal(err)
	}
	tracer, err := trace.New(t.Context(), cfg, trace.Options{Version: "1.2.3", BaseURL: "https://auth.example.com/api/auth", Log: log})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range requests {
		_, end := tracer.Begin(r, trusted)
		if end != nil {
			end(trace.Request{ID: "r1", Method: r.Method, Route: "/api/auth/ok", Status: 200})
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	tracer.Close(ctx)
}

func request() []*http.Request {
	return []*http.Request{httptest.NewRequest(http.MethodGet, "/api/auth/ok", nil)}
}

func quietly() *slog.Logger { return slog.New(slog.DiscardHandler) }

func TestWhereTracesGo(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		set  []string // %s is the collector
		path string   // empty where nothing is sent
	}{
		{[]string{"OTEL_EXPORTER_OTLP_ENDPOINT=%s"}, "/v1/traces"},
		{[]string{"OTEL_EXPORTER_OTLP_ENDPOINT=%s/base/"}, "/base/v1/traces"},
		{[]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=%s/mine", "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9"}, "/mine"},
		{[]string{"OTEL_EXPORTER_OTLP_ENDPOINT=%s", "OTEL_TRACES_EXPORTER=otlp", "OTEL_SDK_DISABLED=false"}, "/v1/traces"},
		{[]string{"OTEL_EXPORTER_OTLP_ENDPOINT=%s", "OTEL_TRACES_EXPORTER=none"}, ""},
		{[]string{"OTEL_EXPORTER_OTLP_ENDPOINT=%s", "OTEL_SDK_DISABLED=true"}, ""},
		{nil, ""},
	} {
		c := otlptest.New(t)
		set := make([]string, len(tt.set))
		for i, s := range tt.set {
			set[i] = strings.ReplaceAll(s, "%s", c.URL)
		}
		sent(t, quietly(), false, request(), set...)
		var got string
		for _, r := range c.Requests() {
			got += r.URL.Path
		}
		if got != tt.path || (len(c.Spans()) == 1) != (tt.path != "") {
			t.Errorf("%s: sent to %q, %d spans", tt.set, got, len(c.Spans()))
		}
	}
}

func TestWhatTheCollectorIsTold(t *testing.T) {
	t.Parallel()
	c := otlptest.New(t)
	sent(t, quietly(), false, request(), "OTEL_EXPORTER_OTLP_ENDPOINT="+c.URL, "OTEL_EXPORTER_OTLP_HEADERS=x-other=1",
		"OTEL_EXPORTER_OTLP_TRACES_HEADERS=authorization=Basic%20abc, x-tenant = t1", "OTEL_EXPORTER_OTLP_COMPRESSION=gzip",
		"OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf", "OTEL_RESOURCE_ATTRIBUTES=deployment.environment.name=prod%20eu,service.name=list", "OTEL_SERVICE_NAME=auth")
	if len(c.Requests()) != 1 {
		t.Fatalf("%d requests", len(c.Requests()))
	}
	h := c.Requests()[0].Header
	if h.Get("Authorization") != "Basic abc" || h.Get("X-Tenant") != "t1" || h.Get("X-Other") != "" || h.Get("Content-Encoding") != "gzip" {
		t.Errorf("headers %v", h)
	}
	if r := c.Resource(); r["service.name"] != "auth" || r["service.version"] != "1.2.3" || r["deployment.environment.name"] != "prod eu" {
		t.Errorf("resource %v", r)
	}
	plain := otlptest.New(t)
	sent(t, quietly(), false, request(), "OTEL_EXPORTER_OTLP_ENDPOINT="+plain.URL)
	if r := plain.Resource(); r["service.name"] != "sallyport" || plain.Requests()[0].Header.Get("Content-Encoding") != "" {
		t.Errorf("by default %v %v", r, plain.Requests()[0].Header)
	}
}

// Both sides show certificates, and a wrong one ends the matter.
func TestACollectorBehindTLS(t *testing.T) {
	t.Parallel()
	c := otlptest.Unstarted(t)
	c.Server.StartTLS()
	file := filepath.Join(t.TempDir(), "ca.pem")
	write(t, file, "CERTIFICATE", c.Server.Certificate().Raw)
	endpoint := "OTEL_EXPORTER_OTLP_ENDPOINT=" + c.Server.URL
	sent(t, quietly(), false, request(), endpoint, "OTEL_EXPORTER_OTLP_TIMEOUT=2000")
	if len(c.Spans()) != 0 {
		t.Error("a certificate of nobody was believed")
	}
	sent(t, quietly(), false, request(), endpoint, "OTEL_EXPORTER_OTLP_CERTIFICATE="+file)
	if len(c.Spans()) != 1 {
		t.Error("the certificate was not believed")
	}

	strict := otlptest.Unstarted(t)
	strict.Server.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert, MinVersion: tls.VersionTLS12}
	strict.Server.StartTLS()
	key, err := x509.MarshalPKCS8PrivateKey(strict.Server.TLS.Certificates[0].PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	keyFile := filepath.Join(t.TempDir(), "key.pem")
	write(t, keyFile, "PRIVATE KEY", key)
	environment := []string{"OTEL_EXPORTER_OTLP_ENDPOINT=" + strict.Server.URL, "OTEL_EXPORTER_OTLP_CERTIFICATE=" + file, "OTEL_EXPORTER_OTLP_TIMEOUT=2000"}
	sent(t, quietly(), false, request(), environment...)
	if len(strict.Spans()) != 0 {
		t.Error("no certificate was wanted")
	}
	sent(t, quietly(), false, request(), append(environment, "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE="+file, "OTEL_EXPORTER_OTLP_CLIENT_KEY="+keyFile)...)
	if len(strict.Spans()) != 1 {
		t.Error("the certificate was not shown")
	}
}

func write(t *testing.T, file, kind string, content []byte) {
	t.Helper()
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: content}), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	const endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9"
	for set, want := range map[string]string{
		"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=localhost:4318": "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT must be a URL",
		"OTEL_EXPORTER_OTLP_HEADERS=secret":                 "OTEL_EXPORTER_OTLP_HEADERS must be name=value",
		"OTEL_RESOURCE_ATTRIBUTES=a=%zz":                    "OTEL_RESOURCE_ATTRIBUTES must be name=value",
		"OTEL_TRACES_SAMPLER=traceidratio":                  "",
		"OTEL_EXPORTER_OTLP_CERTIFICATE=/gone":              "OTEL_EXPORTER_OTLP_CERTIFICATE names no file",
		"OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE=/gone":       "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE and",
		"OTEL_EXPORTER_OTLP_CLIENT_KEY=/gone":               "OTEL_EXPORTER_OTLP_CLIENT_KEY name no",
		"OTEL_TRACES_SAMPLER_ARG=2":                         "OTEL_TRACES_SAMPLER_ARG must be a share",
		"OTEL_TRACES_SAMPLER_ARG=NaN":                       "OTEL_TRACES_SAMPLER_ARG must be a share",
		"OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf":         "",
	} {
		environment := []string{endpoint, set}
		if strings.HasPrefix(set, "OTEL_TRACES_SAMPLER_ARG") {
			environment = append(environment, "OTEL_TRACES_SAMPLER=traceidratio")
		}
		err := read(t, environment...).Check()
		if text := fmt.Sprint(err); want == "" && err != nil || want != "" && !strings.Contains(text, want) || strings.Contains(text, "secret") {
			t.Errorf("%s: %v", set, err)
		}
	}
	var all struct {
		Traces trace.Config `yaml:",inline"`
	}
	for _, set := range []string{"OTEL_EXPORTER_OTLP_PROTOCOL=grpc", "OTEL_EXPORTER_OTLP_TIMEOUT=99999999999999"} {
		if _, err := config.Load(&all, config.Source{Name: "x", Environment: []string{set}}); err == nil {
			t.Errorf("%s is taken", set)
		}
	}
}

func TestSamplers(t *testing.T) {
	t.Parallel()
	const traced, untraced = "00-00000000000000000000000000000001-00000000000000aa-01", "00-00000000000000000000000000000001-00000000000000aa-00"
	for _, tt := range []struct {
		sampler, arg, parent string
		least, most          int // of 400
	}{
		{"", "", "", 400, 400},
		{"", "", untraced, 400, 400},
		{"always_off", "", traced, 0, 0},
		{"parentbased_always_off", "", traced, 0, 0},
		{"traceidratio", "0.25", "", 50, 150},
		{"parentbased_traceidratio", "0.25", "", 50, 150},
		// Neither the flag nor an id that every ratio takes makes a difference.
		{"parentbased_traceidratio", "0.25", traced, 50, 150},
		{"traceidratio", "0.25", traced, 50, 150},
		{"traceidratio", "0.25", untraced, 50, 150},
		{"traceidratio", "0", traced, 0, 0},
		{"traceidratio", "", "", 400, 400},
	} {
		c := otlptest.New(t)
		requests := make([]*http.Request, 400)
		for i := range requests {
			requests[i] = request()[0]
			requests[i].Header.Set("Traceparent", tt.parent)
		}
		sent(t, quietly(), true, requests, "OTEL_EXPORTER_OTLP_ENDPOINT="+c.URL, "OTEL_TRACES_SAMPLER="+tt.sampler, "OTEL_TRACES_SAMPLER_ARG="+tt.arg)
		if n := len(c.Spans()); n < tt.least || n > tt.most {
			t.Errorf("%+v: %d spans", tt, n)
		}
	}
}

func TestWhoseTraceIsJoined(t *testing.T) {
	t.Parallel()
	const id = "4bf92f3577b34da6a3ce929d0e0e4736"
	for _, tt := range []struct {
		trusted     bool
		propagators string
		joined      bool
	}{
		{true, "", true}, {true, "baggage, tracecontext", true}, {true, "none", false}, {true, "b3", false}, {false, "", false},
	} {
		c := otlptest.New(t)
		r := request()
		r[0].Header.Set("Traceparent", "00-"+id+"-00f067aa0ba902b7-01")
		sent(t, quietly(), tt.trusted, r, "OTEL_EXPORTER_OTLP_ENDPOINT="+c.URL, "OTEL_PROPAGATORS="+tt.propagators)
		spans := c.Spans()
		if len(spans) != 1 || (spans[0].Trace == id) != tt.joined || (spans[0].Parent == "00f067aa0ba902b7") != tt.joined {
			t.Errorf("%+v: %+v", tt, spans)
		}
	}
}

// A collector that takes nothing costs one line of the log, and no time.
func TestACollectorThatRefuses(t *testing.T) {
	t.Parallel()
	c := otlptest.New(t)
	c.Refuse()
	var log bytes.Buffer
	many := make([]*http.Request, 2000)
	for i := range many {
		many[i] = request()[0]
	}
	sent(t, slog.New(slog.NewTextHandler(&log, nil)), false, many, "OTEL_EXPORTER_OTLP_ENDPOINT="+c.URL)
	if len(c.Requests()) < 2 || strings.Count(log.String(), "traces could not be sent") != 1 || strings.Count(log.String(), "\n") != 1 {
		t.Errorf("%d requests, and the log has %s", len(c.Requests()), log.String())
	}
}

// A collector that does not answer keeps nobody from ending, and is given up on in
// time.
func TestACollectorThatHangs(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		timeout     string
		least, most time.Duration
	}{{"300", 0, patience / 2}, {"60000", patience - time.Second, 2 * patience}} {
		gone := make(chan time.Duration, 10)
		hanging := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			began := time.Now()
			_, _ = io.Copy(io.Discard, r.Body) // the end of a connection shows after the body
			<-r.Context().Done()
			gone <- time.Since(began)
		}))
		began := time.Now()
		sent(t, quietly(), false, request(), "OTEL_EXPORTER_OTLP_ENDPOINT="+hanging.URL, "OTEL_EXPORTER_OTLP_TIMEOUT="+tt.timeout)
		if took := time.Since(began); took > 2*patience {
			t.Errorf("with a timeout of %s ms it ended after %v", tt.timeout, took)
		}
		hanging.CloseClientConnections() // the exporter itself goes on until its time is over
		if waited := <-gone; waited < tt.least || waited > tt.most {
			t.Errorf("with a timeout of %s ms the collector was waited for %v", tt.timeout, waited)
		}
		hanging.Close()
	}
}

func TestNothingIsMadeWithoutAnEndpoint(t *testing.T) {
	tracer, err := trace.New(t.Context(), read(t), trace.Options{})
	if tracer != nil || err != nil {
		t.Fatal(tracer, err)
	}
	if tracer.Statements() != nil {
		t.Error("pgx has somebody to tell")
	}
	r := request()[0]
	if n := testing.AllocsPerRun(100, func() {
		ctx, _ := tracer.Begin(r, true)
		tracer.Hashed(ctx, time.Time{}, time.Second, time.Second)
		_, end := tracer.Delivery(ctx, "e", "c", "i")
		end("delivered", false)
		_ = trace.ID(ctx)
	}); n != 0 {
		t.Errorf("it costs %v allocations", n)
	}
}

func BenchmarkARequestUntraced(b *testing.B) { benchmark(b) }

func BenchmarkARequestTraced(b *testing.B) {
	c := otlptest.New(b)
	benchmark(b, "OTEL_EXPORTER_OTLP_ENDPOINT="+c.URL)
}

func BenchmarkARequestLeftOut(b *testing.B) {
	benchmark(b, "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9", "OTEL_TRACES_SAMPLER=always_off")
}

func benchmark(b *testing.B, environment ...string) {
	tracer, err := trace.New(b.Context(), read(b, environment...), trace.Options{Log: quietly(), BaseURL: "http://a.test"})
	if err != nil {
		b.Fatal(err)
	}
	defer tracer.Close(b.Context())
	r := request()[0]
	b.ReportAllocs()
	for b.Loop() {
		if _, end := tracer.Begin(r, false); end != nil {
			end(trace.Request{ID: "r1", Method: "GET", Route: "/ok", Status: 200})
		}
	}
}

// A variable of OpenTelemetry that has no effect is told of, so that nobody waits
// for what it promises.
func TestVariablesWithoutEffectAreWarnedOf(t *testing.T) {
	t.Parallel()
	for set, want := range map[string]string{
		"OTEL_METRICS_EXPORTER=otlp":         "OTEL_METRICS_EXPORTER is not a variable that this server reads; it has no effect",
		"OTEL_BSP_MAX_QUEUE_SIZE=1":          "OTEL_BSP_MAX_QUEUE_SIZE is not a variable that this server reads; it has no effect",
		"OTEL_LOGS_EXPORTER=":                "",
		"OTEL_EXPORTER_OTLP_HEADERS=a=b":     "",
		"OTEL_EXPORTER_OTLP_CLIENT_KEY=/key": "",
	} {
		var all struct {
			Traces trace.Config `yaml:",inline"`
		}
		warnings, err := config.Load(&all, config.Source{Name: "x", Environment: []string{set}})
		if err != nil || strings.Join(warnings, "\n") != want {
			t.Errorf("%s: %q, %v", set, warnings, err)
		}
	}
}

// The SDK reads variables of its own, of which a start warns that they have no
// effect. They have none.
func TestHowSpansAreGatheredIsOurs(t *testing.T) {
	t.Setenv("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "1")
	var exports atomic.Int64
	collector := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { exports.Add(1) }))
	defer collector.Close()
	sent(t, quietly(), false, append(request(), append(request(), request()...)...), "OTEL_EXPORTER_OTLP_ENDPOINT="+collector.URL)
	if n := exports.Load(); n != 1 {
		t.Errorf("3 spans came in %d parts", n)
	}
}
