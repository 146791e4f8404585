// Command bench measures the original Better Auth and sallyport side by side,
// on one machine and one Postgres server, with the same load generator, in
// interleaved rounds, and prints both with their ratios:
//
//	make build && go run ./internal/bench
//
// Each server has a database of its own with as many users and sessions as the
// flags say, which is dropped at the end. The
// original runs as one Node process, as most deployments do; where a machine
// has more cores, several processes would serve more.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// options are the command's flags.
type options struct {
	postgres, binary, only, subjects string
	connections, rounds, warmUp      int
	volume                           volume
	starts                           int
	duration                         time.Duration
	short                            bool
}

func main() {
	var o options
	flag.StringVar(&o.postgres, "postgres", os.Getenv("SALLYPORT_TEST_DATABASE_URL"), "Postgres URL of a role that may create databases; unset: a throw-away server")
	flag.StringVar(&o.binary, "sallyport", "bin/sallyport", "the server to measure")
	flag.StringVar(&o.subjects, "subjects", "original,sallyport", "what to measure")
	flag.StringVar(&o.only, "only", "", "measure the workloads whose name contains this text (\"start\": only the start)")
	flag.IntVar(&o.volume.users, "users", 10_000, "users in each database")
	flag.IntVar(&o.volume.sessions, "sessions", 20_000, "sessions in each database")
	flag.IntVar(&o.connections, "connections", 16, "connections, each sending one request at a time")
	flag.IntVar(&o.rounds, "rounds", 3, "rounds of each workload")
	flag.DurationVar(&o.duration, "duration", 2*time.Second, "how long a round lasts")
	flag.IntVar(&o.warmUp, "warm-up", 1500, "requests before the first round")
	flag.IntVar(&o.starts, "starts", 5, "how often each server is started")
	flag.BoolVar(&o.short, "short", false, "a quick look: one short round, one start")
	flag.Parse()
	if o.short {
		o.rounds, o.duration, o.warmUp, o.starts = 1, 500*time.Millisecond, 300, 1
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run prepares everything, measures, and takes everything away again.
func run(ctx context.Context, o options) error {
	if o.connections < 1 || o.rounds < 1 || o.starts < 1 || o.volume.users < 1 || o.volume.sessions < 1 {
		return errors.New("-connections, -rounds, -starts, -users and -sessions must be at least 1")
	}
	folder, err := os.MkdirTemp("", "sallyport-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	configFile := filepath.Join(folder, "config.json")
	cachedFile := filepath.Join(folder, "cached.json")
	err = errors.Join(os.WriteFile(configFile, []byte(config), 0o600), os.WriteFile(cachedFile, []byte(cachedConfig), 0o600))
	if err != nil {
		return err
	}
	databases, err := openDatabases(ctx, o.postgres, folder)
	if err != nil {
		return err
	}
	defer databases.close()
	subjects, err := prepare(ctx, o, databases, configFile)
	if err != nil {
		return err
	}
	return measureAll(ctx, o, subjects, each(subjects, func(s subject) subject { return s.under(cachedFile) }))
}

// prepare makes the chosen subjects, their databases and their tables. The first
// one's is loaded, and the others get a copy, which they migrate if need be.
func prepare(ctx context.Context, o options, d *databases, configFile string) ([]subject, error) {
	var all []subject
	for name := range strings.SplitSeq(o.subjects, ",") {
		var url string
		var err error
		if len(all) == 0 {
			url, err = d.create(ctx, name)
		} else {
			url, err = d.copy(ctx, name, all[0].name)
		}
		if err != nil {
			return nil, err
		}
		s, err := newSubject(name, o.binary, url, configFile)
		if err == nil {
			err = s.makeTables(ctx)
		}
		if err == nil && len(all) == 0 {
			fmt.Fprintf(os.Stderr, "bench: loading %d users and %d sessions\n", o.volume.users, o.volume.sessions)
			err = o.volume.load(ctx, url)
		}
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	d.settle(ctx)
	return all, nil
}

// measureAll prints each result when it has it. The workloads of a cookie cache
// are for the subjects that have one.
func measureAll(ctx context.Context, o options, subjects, cached []subject) error {
	p := &report{out: os.Stdout, names: each(subjects, func(s subject) string { return s.name })}
	p.head(o)
	begins, err := compareStarts(ctx, subjects, o.starts, idleFor)
	if err != nil {
		return err
	}
	p.starts(begins)
	if o.only == "start" {
		return nil
	}
	if err := measure(ctx, o, p, subjects, false); err != nil {
		return err
	}
	if err := measure(ctx, o, p, cached, true); err != nil {
		return err
	}
	p.foot()
	return nil
}

// measure runs the chosen workloads with or without a cookie cache.
func measure(ctx context.Context, o options, p *report, subjects []subject, cached bool) error {
	chosen := slices.DeleteFunc(slices.Clone(workloads), func(w workload) bool {
		return w.cached != cached || !strings.Contains(w.name, o.only)
	})
	if len(chosen) == 0 {
		return nil
	}
	l := load{connections: o.connections, duration: o.duration}
	all, stop, err := startAll(ctx, subjects, l, o.warmUp)
	defer stop()
	if err != nil {
		return err
	}
	for _, w := range chosen {
		c, err := compare(ctx, w, all, o.rounds, l)
		if err != nil {
			return err
		}
		p.rates(c)
	}
	return nil
}

// startAll starts the servers, makes people on each and warms them up. stop
// must be called in any case.
func startAll(ctx context.Context, subjects []subject, l load, requests int) (all []contestant, stop func(), err error) {
	stop = func() {
		for _, c := range all {
			c.stop()
		}
	}
	for _, s := range subjects {
		r, err := s.start(ctx)
		if err != nil {
			return all, stop, err
		}
		c := contestant{running: r}
		all = append(all, c)
		if c.people, err = findPeople(ctx, s.database, crowd); err != nil {
			return all, stop, namedError(s.name, err)
		}
		if err := visit(ctx, r.address, c.people); err != nil {
			return all, stop, namedError(s.name, err)
		}
		all[len(all)-1] = c
		if err := warmUp(ctx, c, l, requests); err != nil {
			return all, stop, err
		}
	}
	return all, stop, nil
}

func namedError(name string, err error) error { return fmt.Errorf("%s: %w", name, err) }
