package main

import (
	"context"
	"fmt"
	"os"
)

// few is how many rows a database has that is there for its tables.
var few = volume{users: 1000, sessions: 10_000}

// prepare makes the chosen subjects and their databases.
func prepare(ctx context.Context, o options, d *databases, folder string) ([]subject, error) {
	var all []subject
	for _, name := range o.subjects {
		s, err := newSubject(name, o.binary, folder)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	for i := range all {
		var err error
		if all[i].small, err = d.make(ctx, all, i, everything, few); err != nil {
			return nil, err
		}
		if all[i].database, err = d.make(ctx, all, i, plain, o.volume); err != nil {
			return nil, err
		}
	}
	d.settle(ctx)
	return all, nil
}

// make makes the database of one of the subjects for a setup. The first one's is
// loaded, and the others get a copy, which they migrate if need be.
func (d *databases) make(ctx context.Context, all []subject, i int, of setup, v volume) (url string, err error) {
	name := func(i int) string { return fmt.Sprintf("%s_%d", of, i) }
	if i == 0 {
		url, err = d.create(ctx, name(0))
	} else {
		url, err = d.copy(ctx, name(i), name(0))
	}
	if err != nil {
		return "", err
	}
	s := all[i]
	s.database, s.setup = url, of
	if err := s.makeTables(ctx); err != nil || i > 0 {
		return url, err
	}
	fmt.Fprintf(os.Stderr, "bench: loading %d users and %d sessions\n", v.users, v.sessions)
	return url, v.load(ctx, url)
}
