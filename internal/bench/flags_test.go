package main

import (
	"slices"
	"testing"
	"time"
)

func TestFlags(t *testing.T) {
	o, err := parseFlags([]string{"-short", "-rounds", "2", "-connections", "1,64", "-workers", "2", "-only", "get-"})
	if err != nil {
		t.Fatal(err)
	}
	if o.rounds != 2 || o.duration >= time.Second || o.starts != 1 {
		t.Errorf("a short run that was told its rounds: %+v", o)
	}
	if !slices.Equal(o.connections, []int{1, 64}) || !slices.Equal(o.subjects, []string{"original", ours, "original, 2 workers"}) {
		t.Errorf("%v, %q", o.connections, o.subjects)
	}
	if !o.wants("GET /get-session") || o.wants("start") {
		t.Error("-only chooses wrongly")
	}
	for _, wrong := range [][]string{{"-rounds", "0"}, {"-connections", "1,x"}, {"-connections", "0"}, {"-sessions", "0"}} {
		if _, err := parseFlags(wrong); err == nil {
			t.Errorf("%q is accepted", wrong)
		}
	}
}
