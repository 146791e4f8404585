package soak

import "testing"

// TestR3WhatNoStandbyConfirmsIsNotAcknowledged has a primary whose synchronous
// standby is gone, as one has that was cut off from its successor. A commit waits
// there for the standby; Postgres answers a cancelled wait as if it were a success.
func TestR3WhatNoStandbyConfirmsIsNotAcknowledged(t *testing.T) {
	t.Parallel()
	db := newCluster(t)
	i := newSite(t, basic+"server: {timeouts: {request: 2}}\n", db.url()).serve()
	c := newClient(i)
	c.signUp(t, "ann@example.test")
	db.exec(`alter system set synchronous_standby_names = 'gone'`)
	db.exec(`select pg_reload_conf()`)
	within(t, "a commit that waits", func() bool {
		return db.ask(`select count(*) from pg_settings where name = 'synchronous_standby_names' and setting = 'gone'`) == 1
	})
	for _, ask := range []struct {
		path string
		body any
	}{
		{"/sign-up/email", credentials("bob@example.test")},
		{"/sign-in/email", credentials("ann@example.test")},
		{"/sign-out", map[string]any{}},
	} {
		if a := c.post(ask.path, ask.body); !a.refused() || a.err != nil {
			t.Errorf("%s, which no standby has, is answered %s", ask.path, a)
		}
	}
}
