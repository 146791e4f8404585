package trace_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/trace"
	"github.com/sallyport-auth/sallyport/internal/trace/otlptest"
)

// A request to another server is a part of the request that made it, and tells of
// its address no more than the host: what else is in it may be a secret.
func TestSpansOfWhatOthersAreAsked(t *testing.T) {
	t.Parallel()
	c := otlptest.New(t)
	tracer, err := trace.New(t.Context(), read(t, "OTEL_EXPORTER_OTLP_ENDPOINT="+c.URL), trace.Options{BaseURL: "https://auth.example.com", Log: quietly()})
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := tracer.Begin(request()[0], false)
	for _, x := range []struct {
		address, wrong string
		status         int
	}{{"https://api.one.test/a-secret?code=a-secret", "", 200}, {"https://two.test:8443/", "timeout", 0}} {
		r := httptest.NewRequest(http.MethodPost, x.address, nil)
		_, ended := tracer.Asking(ctx, r)
		if r.Header.Get("Traceparent") != "" {
			t.Error("a stranger is told of the trace")
		}
		ended(x.status, x.wrong)
	}
	end(trace.Request{ID: "r1", Method: "GET", Route: "/x", Status: 200})
	_, none := tracer.Asking(t.Context(), request()[0])
	none(200, "")
	tracer.Close(t.Context())
	spans := map[string]otlptest.Span{}
	for _, span := range c.Spans() {
		spans[span.Name] = span
	}
	one, two := spans["POST api.one.test"], spans["POST two.test"]
	if len(spans) != 3 || one.Kind.String() != "SPAN_KIND_CLIENT" || one.Parent != spans["GET /x"].ID || one.Failed || one.Attributes["http.response.status_code"] != "200" {
		t.Errorf("the spans are %v", spans)
	}
	if !two.Failed || two.Attributes["error.type"] != "timeout" || two.Attributes["server.port"] != "8443" || two.Attributes["http.response.status_code"] != "" {
		t.Errorf("one that failed is %+v", two)
	}
	if strings.Contains(fmt.Sprint(spans), "a-secret") {
		t.Errorf("more than the host is told: %v", spans)
	}
}
