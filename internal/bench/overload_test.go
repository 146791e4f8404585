package main

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestAFloodIsProbed(t *testing.T) {
	left, right := &endpoints{}, &endpoints{}
	all := contest(t, "", left, right)
	rows, err := compareFloods(t.Context(), all, 1, flood{people: 5, duration: 120 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 4 || rows[3].Name != rowFloodSignIns || rows[3].cell(ours).Value.Median < 5 || rows[2].cell(ours).Value.Median <= 0 {
		t.Errorf("rows %+v", rows)
	}
	if left.addressed.Load() != left.signIns.Load() || left.addressed.Load() == 0 {
		t.Errorf("%d of %d sign-ins came from an address of their own", left.addressed.Load(), left.signIns.Load())
	}
	// Calm and amid, at 0, 50 and 100 ms each, and sometimes at their ends.
	if probes := left.hits.Load() - left.signIns.Load(); probes < 4 || probes > 8 {
		t.Errorf("%d probes", probes)
	}
}

func TestAProbeWithAWrongAnswerIsAnError(t *testing.T) {
	broken := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/get-session") {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		(&endpoints{}).ServeHTTP(w, r)
	})
	c := contest(t, "", broken)[0]
	if _, err := c.weather(t.Context(), flood{people: 1, duration: time.Millisecond}); err == nil || !strings.Contains(err.Error(), "status 500") {
		t.Errorf("error %v", err)
	}
}

func TestRefusedSignInsAreToldOfAFlood(t *testing.T) {
	refuse := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, basePath+"/sign-in") {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		(&endpoints{}).ServeHTTP(w, r)
	})
	rows, err := compareFloods(t.Context(), contest(t, "", &endpoints{}, refuse), 1, flood{people: 1, duration: time.Millisecond})
	if err != nil || rows[3].cell(ours).Refused != 1 {
		t.Errorf("%+v, %v", rows, err)
	}
}

func TestTheUtmostOfAFloodIsThreeTimesTheCalm(t *testing.T) {
	all := contest(t, "", &endpoints{}, &endpoints{})
	storms := [][]storm{
		{{calm: outcome{p99: time.Second}, amid: outcome{p99: time.Second}, signIns: outcome{requests: 1}}},
		{{calm: outcome{p99: 10 * time.Millisecond}, amid: outcome{p99: 29 * time.Millisecond}, signIns: outcome{requests: 4}}},
	}
	rows := floodRows(all, storms, 0)
	if rows[2].Target.Beyond != 30 || rows[2].Reached != "beyond" || rows[3].Reached != "beyond" {
		t.Errorf("target %+v: %s, %s", rows[2].Target, rows[2].Reached, rows[3].Reached)
	}
}
