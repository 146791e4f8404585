package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// options are the command's flags.
type options struct {
	postgres, binary, only string
	subjects               []string
	volume                 volume
	connections            []int
	rounds, warmUp, starts int
	duration               time.Duration
	flood                  flood
	json, markdown         string
	balanced, short        bool
}

// parseFlags reads the command line. -short changes what other flags do not.
func parseFlags(arguments []string) (options, error) {
	o := options{subjects: []string{"original", ours}}
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.BoolVar(&o.short, "short", false, "a quick look: one short round, one start, few rows, and memory under load only with -only memory")
	workers := f.Int("workers", 0, "also measure the original with this many workers (node:cluster)")
	f.StringVar(&o.postgres, "postgres", os.Getenv("SALLYPORT_TEST_DATABASE_URL"), "Postgres URL of a role that may create databases; unset: a throw-away server")
	f.StringVar(&o.binary, "sallyport", "bin/sallyport", "the server to measure")
	f.Func("subjects", "what to measure (original,sallyport)", func(text string) error { o.subjects = strings.Split(text, ","); return nil })
	f.IntVar(&o.volume.users, "users", 10_000, "users in each database")
	f.IntVar(&o.volume.sessions, "sessions", 20_000, "sessions in each database")
	f.StringVar(&o.only, "only", "", "measure what has this text in its name: a workload, start, memory, overload, limits")
	f.Func("connections", "run every workload with these numbers of connections, as 1,16,64, and not with its own", func(text string) (err error) {
		o.connections, err = numbers(text)
		return err
	})
	f.IntVar(&o.rounds, "rounds", 3, "rounds of each workload")
	f.DurationVar(&o.duration, "duration", 2*time.Second, "how long a round lasts")
	f.IntVar(&o.warmUp, "warm-up", 500, "requests of each workload before the first round")
	f.IntVar(&o.starts, "starts", 5, "how often each server is started")
	f.IntVar(&o.flood.people, "crowd", 200, "how many sign in at once where the server has too much to do")
	f.DurationVar(&o.flood.duration, "crowd-for", 8*time.Second, "how long they come again")
	f.BoolVar(&o.balanced, "balanced", false, "measure one and two instances of sallyport behind a balancer, and nothing else")
	f.StringVar(&o.json, "json", "", "write the results to this file as JSON")
	f.StringVar(&o.markdown, "markdown", "", "write them as a table between the two marks in this Markdown file")
	if err := f.Parse(arguments); err != nil {
		return o, err
	}
	if o.short {
		o.shorten(f)
	}
	if *workers > 0 {
		o.subjects = append(o.subjects, fmt.Sprintf("original, %d workers", *workers))
	}
	return o, o.check()
}

// shorten sets what was not set by a flag of its own.
func (o *options) shorten(f *flag.FlagSet) {
	given := map[string]bool{}
	f.Visit(func(set *flag.Flag) { given[set.Name] = true })
	for name, value := range map[string]string{
		"rounds": "1", "duration": "300ms", "warm-up": "100", "starts": "1", "users": "2000", "sessions": "20000", "crowd": "40", "crowd-for": "1s",
	} {
		if !given[name] {
			_ = f.Set(name, value) // a value of the right type
		}
	}
}

func (o *options) check() error {
	least := min(o.rounds, o.starts, o.volume.users, o.volume.sessions, o.flood.people)
	for _, n := range o.connections {
		least = min(least, n)
	}
	if least < 1 {
		return errors.New("-connections, -rounds, -starts, -users, -sessions and -crowd must be at least 1")
	}
	return nil
}

// wants tells whether something of that name is to be measured.
func (o *options) wants(name string) bool { return strings.Contains(name, o.only) }

// whole tells whether everything is measured that a page should show.
func (o *options) whole() bool { return o.only == "" && !o.balanced && o.connections == nil }

func numbers(text string) (all []int, err error) {
	for part := range strings.SplitSeq(text, ",") {
		n, err := strconv.Atoi(part)
		if err != nil {
			return nil, err
		}
		all = append(all, n)
	}
	return all, nil
}
