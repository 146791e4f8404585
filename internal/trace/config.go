package trace

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/config"
)

// Config is where traces go, by the environment variables of OpenTelemetry. Of two
// names for one option the first, which is for traces alone, counts.
type Config struct {
	Disabled       bool          `yaml:"-" env:"OTEL_SDK_DISABLED" doc:"Whether no traces are made, whatever else is set."`
	Exporter       string        `yaml:"-" env:"OTEL_TRACES_EXPORTER" enum:"otlp,none" default:"otlp" doc:"Whether traces are sent: otlp, or none."`
	TracesEndpoint string        `yaml:"-" env:"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT" doc:"The URL to which traces are sent. Traces are made where this or the next is set, else none."`
	Endpoint       string        `yaml:"-" env:"OTEL_EXPORTER_OTLP_ENDPOINT" doc:"The URL of a collector, to which /v1/traces is added."`
	Protocol       string        `yaml:"-" env:"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL,OTEL_EXPORTER_OTLP_PROTOCOL" enum:"http/protobuf" default:"http/protobuf" doc:"How a collector is spoken to."`
	Headers        config.Secret `yaml:"-" env:"OTEL_EXPORTER_OTLP_TRACES_HEADERS,OTEL_EXPORTER_OTLP_HEADERS" doc:"Headers for the collector, as name=value,name=value with percent escapes."`
	Timeout        int           `yaml:"-" env:"OTEL_EXPORTER_OTLP_TRACES_TIMEOUT,OTEL_EXPORTER_OTLP_TIMEOUT" default:"10000" min:"1" max:"3600000" doc:"How long the collector may take to answer, in milliseconds."`
	Compression    string        `yaml:"-" env:"OTEL_EXPORTER_OTLP_TRACES_COMPRESSION,OTEL_EXPORTER_OTLP_COMPRESSION" enum:"none,gzip" default:"none" doc:"How traces are compressed."`
	Certificate    string        `yaml:"-" env:"OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE,OTEL_EXPORTER_OTLP_CERTIFICATE" doc:"A file with the certificates that the collector's is checked against."`
	ClientCert     string        `yaml:"-" env:"OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE,OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE" doc:"A file with the certificate that is shown to the collector."`
	ClientKey      string        `yaml:"-" env:"OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY,OTEL_EXPORTER_OTLP_CLIENT_KEY" doc:"A file with the key of that certificate."`
	ServiceName    string        `yaml:"-" env:"OTEL_SERVICE_NAME" doc:"The name of the service in traces; default is sallyport."`
	Resource       string        `yaml:"-" env:"OTEL_RESOURCE_ATTRIBUTES" doc:"Further attributes of the service in traces, as name=value,name=value with percent escapes."`
	Sampler        string        `yaml:"-" env:"OTEL_TRACES_SAMPLER" enum:"always_on,always_off,traceidratio,parentbased_always_on,parentbased_always_off,parentbased_traceidratio" default:"parentbased_always_on" doc:"Which requests are traced. The server decides by itself, never by what a request says."`
	SamplerArg     string        `yaml:"-" env:"OTEL_TRACES_SAMPLER_ARG" doc:"The share of requests that traceidratio traces, from 0 to 1; default is 1."`
	Propagators    string        `yaml:"-" env:"OTEL_PROPAGATORS" default:"tracecontext" doc:"Whose trace a request joins: tracecontext reads the traceparent header of trusted proxies, none joins no trace; other names in the list mean nothing here."`
}

// on tells whether traces are sent anywhere.
func (c *Config) on() bool {
	return !c.Disabled && c.Exporter != "none" && (c.Endpoint != "" || c.TracesEndpoint != "")
}

// Check tells what is wrong with what is set.
func (c Config) Check() error {
	if !c.on() {
		return nil
	}
	_, errSampler := c.sampler()
	_, errAddress := c.url()
	_, errTLS := c.tls()
	_, errAttributes := c.attributes("")
	_, errHeaders := c.headers()
	return errors.Join(errAddress, errHeaders, errTLS, errAttributes, errSampler)
}

// headers are what the collector wants to be told.
func (c *Config) headers() (map[string]string, error) {
	given, err := pairs(c.Headers.Reveal())
	if err != nil {
		return nil, fmt.Errorf("OTEL_EXPORTER_OTLP_HEADERS %w", err)
	}
	headers := map[string]string{}
	for _, p := range given {
		headers[p.name] = p.value
	}
	return headers, nil
}

// url is where traces are sent.
func (c *Config) url() (string, error) {
	text, name := c.TracesEndpoint, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
	if text == "" {
		text, name = c.Endpoint, "OTEL_EXPORTER_OTLP_ENDPOINT"
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return "", errors.New(name + " must be a URL such as http://localhost:4318")
	}
	if c.TracesEndpoint == "" {
		u = u.JoinPath("v1", "traces")
	}
	return u.String(), nil
}

// joins tells whether requests join the trace of a trusted proxy.
func (c *Config) joins() bool {
	for name := range strings.SplitSeq(c.Propagators, ",") {
		if strings.TrimSpace(name) == "tracecontext" {
			return true
		}
	}
	return false
}

// pair is one name and its value.
type pair struct{ name, value string }

var errPairs = errors.New("must be name=value,name=value with percent escapes")

// pairs reads the form that headers and attributes have.
func pairs(text string) ([]pair, error) {
	var all []pair
	for part := range strings.SplitSeq(text, ",") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		name, value, found := strings.Cut(part, "=")
		value, err := url.PathUnescape(strings.TrimSpace(value))
		if name = strings.TrimSpace(name); !found || name == "" || err != nil {
			return nil, errPairs
		}
		all = append(all, pair{name, value})
	}
	return all, nil
}
