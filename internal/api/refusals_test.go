package api

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestManyRefusalsAreFewLines(t *testing.T) {
	t.Parallel()
	var text bytes.Buffer
	log := slog.New(slog.NewTextHandler(&text, nil))
	var r refusals
	for range 1000 {
		r.tell(log, NewError(http.StatusServiceUnavailable, "SERVICE_UNAVAILABLE", "later"))
	}
	if n := strings.Count(text.String(), "request refused"); n != 1 {
		t.Errorf("%d lines", n)
	}
	r.next = time.Time{}
	r.tell(log, NewError(http.StatusServiceUnavailable, "SERVICE_UNAVAILABLE", "later"))
	if want := fmt.Sprint("others=", 999); !strings.Contains(text.String(), want) {
		t.Errorf("no %s in %s", want, text.String())
	}
}
