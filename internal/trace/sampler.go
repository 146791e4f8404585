package trace

import (
	crand "crypto/rand"
	"errors"
	"strconv"
	"strings"

	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// sampler makes the sampler that the configuration names. At the door of the
// server parentbased ones decide as the others do, because a request comes from
// outside; inside, whatever belongs to a traced request is traced.
func (c *Config) sampler() (sdk.Sampler, error) {
	switch strings.TrimPrefix(c.Sampler, "parentbased_") {
	case "always_off":
		return doorkeeper{sdk.NeverSample()}, nil
	case "traceidratio":
		share := 1.0
		if c.SamplerArg != "" {
			var err error
			if share, err = strconv.ParseFloat(c.SamplerArg, 64); err != nil || !(share >= 0 && share <= 1) {
				return nil, errors.New("OTEL_TRACES_SAMPLER_ARG must be a share from 0 to 1")
			}
		}
		return doorkeeper{sdk.TraceIDRatioBased(share)}, nil
	default:
		return doorkeeper{sdk.AlwaysSample()}, nil
	}
}

// doorkeeper decides about whatever begins here. A request that joins a trace may
// come from a stranger through a proxy that hands its headers on: neither its flag
// nor an id chosen for the purpose may fill the collector, or keep a request out.
type doorkeeper struct{ sdk.Sampler }

// ShouldSample follows a span of our own and decides anew about all others.
func (d doorkeeper) ShouldSample(p sdk.SamplingParameters) sdk.SamplingResult {
	parent := trace.SpanContextFromContext(p.ParentContext)
	if parent.IsValid() && !parent.IsRemote() {
		decision := sdk.Drop
		if parent.IsSampled() {
			decision = sdk.RecordAndSample
		}
		return sdk.SamplingResult{Decision: decision, Tracestate: parent.TraceState()}
	}
	if parent.IsValid() {
		_, _ = crand.Read(p.TraceID[:]) // never fails, by its documentation
	}
	return d.Sampler.ShouldSample(p)
}
