// Package trace tells a collector what a request was busy with, in the form of
// OpenTelemetry: a span for each request, and in it one for each statement and
// each wait of some length.
//
// Nothing here sends what a client has written: no path with a value in it, no
// query, no body, no header but User-Agent, no parameter of a statement. All
// methods of a nil *Tracer do nothing, at no cost.
package trace

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/sallyport-auth/sallyport/internal/config"
)

// scope names the part that makes the spans.
const scope = "github.com/sallyport-auth/sallyport"

// Tracer makes spans and sends them.
type Tracer struct {
	provider *sdk.TracerProvider
	spans    trace.Tracer
	joins    bool
	server   []attribute.KeyValue // what every span of a request says
}

// Options are what New needs beside the configuration.
type Options struct {
	// Version is the server's.
	Version string
	// BaseURL is the address that clients use.
	BaseURL string
	Log     *slog.Logger
}

// New makes a Tracer. It is nil where the configuration sends traces nowhere. A
// collector that cannot be reached is no error, now or later.
func New(ctx context.Context, cfg Config, o Options) (*Tracer, error) {
	if !cfg.on() {
		return nil, nil
	}
	config.SetDefaults(&cfg)
	sampler, err := cfg.sampler()
	if err != nil {
		return nil, err
	}
	attributes, err := cfg.attributes(o.Version)
	if err != nil {
		return nil, err
	}
	exporter, err := cfg.exporter(ctx)
	if err != nil {
		return nil, err
	}
	provider := sdk.NewTracerProvider(
		// How spans are gathered, and the limits, are ours: the SDK would read the
		// variables for them, of which we warn.
		sdk.WithBatcher(&quiet{SpanExporter: exporter, log: o.Log},
			sdk.WithMaxQueueSize(sdk.DefaultMaxQueueSize), sdk.WithMaxExportBatchSize(sdk.DefaultMaxExportBatchSize),
			sdk.WithBatchTimeout(sdk.DefaultScheduleDelay*time.Millisecond), sdk.WithExportTimeout(sdk.DefaultExportTimeout*time.Millisecond)),
		sdk.WithSampler(sampler), sdk.WithResource(resource.NewWithAttributes(semconv.SchemaURL, attributes...)),
		sdk.WithRawSpanLimits(sdk.SpanLimits{
			AttributeValueLengthLimit: maxText, AttributeCountLimit: 32, EventCountLimit: 8, LinkCountLimit: 8,
			AttributePerEventCountLimit: 8, AttributePerLinkCountLimit: 8,
		}),
	)
	return &Tracer{provider: provider, spans: provider.Tracer(scope, trace.WithInstrumentationVersion(o.Version)), joins: cfg.joins(), server: serverAttributes(o.BaseURL)}, nil
}

// maxText is how long a text in a span may be.
const maxText = 256

// attributes say which service it is. OTEL_SERVICE_NAME stands above the list.
func (c *Config) attributes(version string) ([]attribute.KeyValue, error) {
	given, err := pairs(c.Resource)
	if err != nil {
		return nil, fmt.Errorf("OTEL_RESOURCE_ATTRIBUTES %w", err)
	}
	all := []attribute.KeyValue{semconv.ServiceName("sallyport"), semconv.ServiceVersion(version)}
	for _, p := range given {
		all = append(all, attribute.String(p.name, p.value))
	}
	if c.ServiceName != "" {
		all = append(all, semconv.ServiceName(c.ServiceName))
	}
	return all, nil
}

// exporter speaks to the collector.
func (c *Config) exporter(ctx context.Context) (sdk.SpanExporter, error) {
	address, err := c.url()
	if err != nil {
		return nil, err
	}
	headers, err := c.headers()
	if err != nil {
		return nil, err
	}
	secured, err := c.tls()
	if err != nil {
		return nil, err
	}
	compression := otlptracehttp.NoCompression
	if c.Compression == "gzip" {
		compression = otlptracehttp.GzipCompression
	}
	o := []otlptracehttp.Option{
		otlptracehttp.WithEndpointURL(address), otlptracehttp.WithHeaders(headers),
		otlptracehttp.WithTimeout(time.Duration(c.Timeout) * time.Millisecond), otlptracehttp.WithCompression(compression),
	}
	if strings.HasPrefix(address, "https:") {
		o = append(o, otlptracehttp.WithTLSClientConfig(secured))
	}
	return otlptracehttp.New(ctx, o...)
}

func (c *Config) tls() (*tls.Config, error) {
	out := &tls.Config{MinVersion: tls.VersionTLS12}
	if c.Certificate != "" {
		text, err := os.ReadFile(c.Certificate)
		out.RootCAs = x509.NewCertPool()
		if err != nil || !out.RootCAs.AppendCertsFromPEM(text) {
			return nil, errors.New("OTEL_EXPORTER_OTLP_CERTIFICATE names no file with certificates in PEM")
		}
	}
	if c.ClientCert == "" && c.ClientKey == "" {
		return out, nil
	}
	own, err := tls.LoadX509KeyPair(c.ClientCert, c.ClientKey)
	if err != nil {
		return nil, errors.New("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE and OTEL_EXPORTER_OTLP_CLIENT_KEY name no certificate with its key in PEM")
	}
	out.Certificates = []tls.Certificate{own}
	return out, nil
}

// Close sends what is left, as long as ctx lasts.
func (t *Tracer) Close(ctx context.Context) {
	if t != nil {
		_ = t.provider.Shutdown(ctx) // the exporter has logged what is wrong
	}
}

// ID is the id of the trace that ctx belongs to, empty where it is in none that
// is sent.
func ID(ctx context.Context) string {
	if s := trace.SpanContextFromContext(ctx); s.IsSampled() {
		return s.TraceID().String()
	}
	return ""
}
