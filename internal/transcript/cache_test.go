package transcript

import (
	"maps"
	"testing"
)

func TestPartsAreJoinedByTheirNumbers(t *testing.T) {
	t.Parallel()
	got := parts([]string{"data.1=b; Path=/", "data.10=d", "data.0=a", "token=t", "data.2=c", "other.0=o", "other.1=; Max-Age=0"})
	if want := map[string]string{"data": "abcd", "other": "o"}; !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
