// Command compare plays conversations to a sallyport server and to the original
// and prints where they differ. It exits 1 when they do. A conversation about
// identity providers is played to the server of this source, within this process.
//
//	compare -only sign-in -serve "bin/sallyport serve"
//	compare -only sign-in/"right password" -target http://127.0.0.1:8080 -database URL
//	compare -list
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/sallyport-auth/sallyport/internal/transcript"
)

// options are the command's flags.
type options struct {
	only, serve, target, database, postgres string
	list, show, recorded, matrix            bool
	parallel                                int
}

func main() {
	var o options
	flag.StringVar(&o.only, "only", "", "play the conversations whose topic/name contains this text")
	flag.StringVar(&o.serve, "serve", "", "command line that serves sallyport; started once per conversation with its configuration (\"oracle\": the original itself)")
	flag.StringVar(&o.target, "target", "", "base address of a server that already runs with the configuration -list -v prints")
	flag.StringVar(&o.database, "database", "", "Postgres URL of the database of -target, which must be empty and migrated")
	flag.StringVar(&o.postgres, "postgres", os.Getenv("SALLYPORT_TEST_DATABASE_URL"), "Postgres URL of a role that may create databases")
	flag.BoolVar(&o.matrix, "matrix", false, "play them under every other setting of cookie cache and plugins than their own")
	flag.BoolVar(&o.list, "list", false, "list the conversations")
	flag.BoolVar(&o.show, "v", false, "print the original's answers too, and with -list the configurations")
	flag.BoolVar(&o.recorded, "recorded", false, "compare with the committed recordings instead of a live original")
	flag.IntVar(&o.parallel, "j", 2, "conversations at a time")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	failed, err := run(ctx, o)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if failed > 0 {
		os.Exit(1)
	}
}

// testdata is the folder of conversations, which stands beside the source.
func testdata() string {
	_, here, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(here), "..", "..", "testdata")
}

// run plays what was chosen and returns how many conversations differ.
func run(ctx context.Context, o options) (int, error) {
	all, err := transcript.Load(testdata())
	if err != nil {
		return 0, err
	}
	var chosen []transcript.Conversation
	for _, c := range all {
		switch {
		case !strings.Contains(c.String(), o.only):
		case o.matrix:
			chosen = append(chosen, c.Matrix()...)
		default:
			chosen = append(chosen, c)
		}
	}
	if o.list {
		for _, c := range chosen {
			fmt.Printf("%-60s %3d steps\n", c, len(c.Steps))
			if o.show {
				fmt.Println("   ", c.Config)
			}
		}
		return 0, nil
	}
	if o.serve == "" && o.target == "" {
		return 0, fmt.Errorf("name what to compare: -serve or -target (or -list)")
	}
	if o.target != "" && len(chosen) != 1 {
		return 0, fmt.Errorf("-only must leave one conversation for -target; it leaves %d", len(chosen))
	}
	return playAll(ctx, o, chosen), nil
}

// playAll plays conversations side by side and prints each report whole.
func playAll(ctx context.Context, o options, chosen []transcript.Conversation) int {
	var (
		mu     sync.Mutex
		group  sync.WaitGroup
		failed int
		slots  = make(chan struct{}, max(o.parallel, 1))
	)
	for _, c := range chosen {
		slots <- struct{}{}
		group.Go(func() {
			report, ok := judge(ctx, o, c)
			mu.Lock()
			defer mu.Unlock()
			fmt.Print(report)
			if !ok {
				failed++
			}
			<-slots
		})
	}
	group.Wait()
	fmt.Printf("%d conversations, %d differ\n", len(chosen), failed)
	return failed
}

// judge plays one conversation and reports it.
func judge(ctx context.Context, o options, c transcript.Conversation) (string, bool) {
	var b strings.Builder
	differences, original, err := compare(ctx, o, c)
	if o.show {
		for i, a := range original.Answers {
			fmt.Fprintf(&b, "%3d %s\n    %d %s\n    %s\n", i+1, a.Step, a.Status, a.Body,
				strings.Join(slices.Concat(a.Headers, a.Cookies, a.Messages, a.Asked, a.Rows), "\n    "))
		}
	}
	for _, d := range differences {
		fmt.Fprintln(&b, d)
	}
	switch {
	case errors.Is(err, errNotPlayed):
		fmt.Fprintf(&b, "skip %s: %v\n", c, err)
		err = nil
	case err != nil:
		fmt.Fprintf(&b, "FAIL %s: %v\n", c, err)
	case len(differences) > 0:
		fmt.Fprintf(&b, "FAIL %s: %d differences\n", c, len(differences))
	default:
		fmt.Fprintf(&b, "ok   %s\n", c)
	}
	return b.String(), err == nil && len(differences) == 0
}
