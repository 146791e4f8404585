// Package otlptest is a collector for tests: a server that takes traces as a real
// one does, by OTLP over HTTP, and shows what came.
package otlptest

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	collect "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	common "go.opentelemetry.io/proto/otlp/common/v1"
	otlp "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// Collector is a running collector.
type Collector struct {
	// URL is its address.
	URL string
	// Server is what runs it.
	Server *httptest.Server

	mu       sync.Mutex
	refuse   bool
	requests []*http.Request
	spans    []Span
	resource map[string]string
	text     string
}

// Span is one span as it came.
type Span struct {
	Name, Trace, ID, Parent string
	Kind                    otlp.Span_SpanKind
	Failed                  bool
	Attributes              map[string]string
}

// New starts a collector.
func New(t testing.TB) *Collector {
	t.Helper()
	c := Unstarted(t)
	c.Server.Start()
	c.URL = c.Server.URL
	return c
}

// Unstarted gives a collector whose Server the test starts.
func Unstarted(t testing.TB) *Collector {
	t.Helper()
	c := &Collector{}
	c.Server = httptest.NewUnstartedServer(http.HandlerFunc(c.take))
	t.Cleanup(c.Server.Close)
	return c
}

// Refuse makes it take nothing more.
func (c *Collector) Refuse() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.refuse = true
}

func (c *Collector) take(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.requests = append(c.requests, r)
	if c.refuse {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if err := c.read(r); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/x-protobuf")
}

func (c *Collector) read(r *http.Request) error {
	var body io.Reader = r.Body
	if r.Header.Get("Content-Encoding") == "gzip" {
		var err error
		if body, err = gzip.NewReader(body); err != nil {
			return err
		}
	}
	text, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	var batch collect.ExportTraceServiceRequest
	if err := proto.Unmarshal(text, &batch); err != nil {
		return err
	}
	c.text += batch.String()
	for _, of := range batch.GetResourceSpans() {
		c.resource = attributes(of.GetResource().GetAttributes())
		for _, in := range of.GetScopeSpans() {
			for _, s := range in.GetSpans() {
				c.spans = append(c.spans, Span{
					Name: s.GetName(), Trace: fmt.Sprintf("%x", s.GetTraceId()), ID: fmt.Sprintf("%x", s.GetSpanId()),
					Parent: fmt.Sprintf("%x", s.GetParentSpanId()), Kind: s.GetKind(),
					Failed: s.GetStatus().GetCode() == otlp.Status_STATUS_CODE_ERROR, Attributes: attributes(s.GetAttributes()),
				})
			}
		}
	}
	return nil
}

func attributes(list []*common.KeyValue) map[string]string {
	all := map[string]string{}
	for _, a := range list {
		switch v := a.GetValue().GetValue().(type) {
		case *common.AnyValue_StringValue:
			all[a.GetKey()] = v.StringValue
		case *common.AnyValue_IntValue:
			all[a.GetKey()] = fmt.Sprint(v.IntValue)
		default:
			all[a.GetKey()] = a.GetValue().String()
		}
	}
	return all
}

// Spans gives all that came, in their order.
func (c *Collector) Spans() []Span {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Span(nil), c.spans...)
}

// Requests gives the requests that brought them.
func (c *Collector) Requests() []*http.Request {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]*http.Request(nil), c.requests...)
}

// Resource gives the attributes of the service.
func (c *Collector) Resource() map[string]string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.resource
}

// Text gives everything that came, written out.
func (c *Collector) Text() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.text
}
