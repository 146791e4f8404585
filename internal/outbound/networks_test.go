package outbound_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/outbound"
)

func TestNetworksOfAConfiguration(t *testing.T) {
	t.Parallel()
	var n outbound.Networks
	if err := n.UnmarshalOption([]any{"10.1.2.3/8", "192.168.1.7", "::1", "::ffff:127.0.0.1"}); err != nil {
		t.Fatal(err)
	}
	want := []string{"10.0.0.0/8", "192.168.1.7/32", "::1/128", "127.0.0.1/32"}
	for i, network := range n {
		if network.String() != want[i] {
			t.Errorf("%d is %s, not %s", i, network, want[i])
		}
	}
	for _, bad := range []any{"10.0.0.0/8", []any{"intranet"}, []any{"fe80::1%eth0"}, []any{10}, map[string]any{}} {
		if n.UnmarshalOption(bad) == nil {
			t.Errorf("%v was taken", bad)
		}
	}
}

func TestOwnNetworksAreAskedOnlyWhereAllowed(t *testing.T) {
	t.Parallel()
	neighbour := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(neighbour.Close)
	ask := func(allowed ...any) error {
		var n outbound.Networks
		if err := n.UnmarshalOption(allowed); err != nil {
			t.Fatal(err)
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, neighbour.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, err = outbound.New(outbound.Options{Allow: n}).Do(t.Context(), r)
		return err
	}
	if err := ask("10.0.0.0/8"); !errors.Is(err, outbound.ErrPrivate) {
		t.Errorf("another network is allowed, and the neighbour was asked: %v", err)
	}
	if err := ask("127.0.0.0/8"); err != nil {
		t.Error(err)
	}
}
