// Command bench measures the original Better Auth and sallyport side by side,
// on one machine and one Postgres server, with the same load generator, in
// interleaved rounds, and prints both with their ratios:
//
//	make build && go run ./internal/bench
//
// Each server has a database of its own with as many users and sessions as the
// flags say, which is dropped at the end. The original runs as one Node process,
// as most deployments do; -workers adds it with several. The limits of the
// machine are measured in the same run: what a server could do at best.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
)

func main() {
	if os.Getenv(emptyHandler) != "" {
		serveEmpty()
		return
	}
	if addresses := os.Getenv(balancerFor); addresses != "" {
		serveBalancer(addresses)
	}
	o, err := parseFlags(os.Args[1:])
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err == nil {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
		defer stop()
		err = run(ctx, o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run prepares everything, measures, and takes everything away again.
func run(ctx context.Context, o options) error {
	folder, err := os.MkdirTemp("", "sallyport-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	if err := writeSetups(folder); err != nil {
		return err
	}
	databases, err := openDatabases(ctx, o.postgres, folder)
	if err != nil {
		return err
	}
	defer databases.close()
	b := &bench{options: o, databases: databases, report: &report{out: os.Stdout}}
	b.results = results{
		Machine: fmt.Sprintf("%s/%s, %d CPUs", runtime.GOOS, runtime.GOARCH, runtime.NumCPU()), Subjects: o.subjects,
		Users: o.volume.users, Sessions: o.volume.sessions, Rounds: o.rounds, Seconds: o.duration.Seconds(),
	}
	if b.results.Postgres, err = databases.describe(ctx); err != nil {
		return err
	}
	b.report.head(b.results)
	if b.subjects, err = prepare(ctx, o, databases, folder); err != nil {
		return err
	}
	if err := b.measure(ctx); err != nil {
		return err
	}
	return b.results.write(o)
}

func namedError(name string, err error) error { return fmt.Errorf("%s: %w", name, err) }
