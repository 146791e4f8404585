// Command sallyport is an identity server that answers as Better Auth does.
//
// Each subcommand has a file of its own; instance.go opens what several of
// them need: the configuration, the private Postgres, the secret.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

// Exit codes of the command line.
const (
	exitFailed = 1
	exitUsage  = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), stopSignals()...)
	// The first signal asks, a second one ends the process as if it were not caught.
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:]))
}

// stopSignals are the signals that ask for a clean end. A closed terminal is
// one, as the private Postgres would stay behind; under nohup it is not.
func stopSignals() []os.Signal {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	return signals
}

// run runs one command line and gives its exit code. Errors are one line each
// on stderr.
func run(ctx context.Context, args []string) int {
	root := newRoot()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		err = errInterrupted
	}
	for line := range strings.Lines(err.Error()) {
		fmt.Fprintln(os.Stderr, "sallyport: "+strings.TrimRight(line, "\n"))
	}
	if errors.As(err, new(usageError)) {
		return exitUsage
	}
	return exitFailed
}

// suggestionDistance is how many letters may be wrong in a command for it to be guessed.
const suggestionDistance = 2

// errInterrupted stands for whatever a command says when it is told to end
// before it is done.
var errInterrupted = errors.New("told to end before it was done")

// usageError is an error in the command line itself.
type usageError struct{ error }

// newRoot makes the tree of commands.
func newRoot() *cobra.Command {
	var o options
	root := &cobra.Command{
		Use:           "sallyport",
		Short:         "An identity server that speaks Better Auth's HTTP contract on Postgres",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          unknownCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.PersistentFlags().StringVar(&o.file, "config", "", "configuration file (default $SALLYPORT_CONFIG, else ./sallyport.yaml if there)")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usageError{fmt.Errorf("%w; see `%s --help`", err, cmd.CommandPath())}
	})
	root.AddCommand(
		newServe(&o), newMigrate(&o), newCheck(&o), newInit(&o), newConfig(), newKeys(&o), newUser(&o), newAudit(&o), newMail(&o), newSecret(), newDB(), newHealthcheck(&o), newVersion(),
	)
	root.InitDefaultHelpCmd()
	for _, c := range root.Commands() {
		if c.Name() == "help" {
			c.Args = knownTopic
		}
	}
	return root
}

// knownTopic refuses `help` for what is no command.
func knownTopic(cmd *cobra.Command, args []string) error {
	found, rest, err := cmd.Root().Find(args)
	if err != nil || len(rest) == 0 {
		return err
	}
	return unknownCommand(found, rest)
}

// unknownCommand refuses words that name no command, with the nearest one.
func unknownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	text := fmt.Sprintf("%q is not a command of %q", args[0], cmd.CommandPath())
	cmd.SuggestionsMinimumDistance = suggestionDistance
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		text += "; did you mean " + near[0] + "?"
	}
	return usageError{errors.New(text)}
}

// group makes a command that only holds others.
func group(use, short string, commands ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{
		Use: use, Short: short, Args: unknownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_ = cmd.Help()
			return usageError{fmt.Errorf("%s needs one of its commands", cmd.CommandPath())}
		},
	}
	c.AddCommand(commands...)
	return c
}

// noArgs refuses arguments.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError{fmt.Errorf("%s takes no argument, got %q", cmd.CommandPath(), args[0])}
	}
	return nil
}

// oneArg wants exactly one argument, which what names.
func oneArg(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != 1 {
			return usageError{fmt.Errorf("%s takes exactly one argument: %s", cmd.CommandPath(), what)}
		}
		return nil
	}
}
