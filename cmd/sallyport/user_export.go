package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/sallyport-auth/sallyport/internal/users"
)

func newUserExport(o *options) *cobra.Command {
	var secrets bool
	c := &cobra.Command{
		Use: "export [FILE]", Short: "Write every user to a file that `user import` reads", Args: oneArgAtMost("a file, or - for standard output"),
		Long: "Write every user to a file that `user import` reads, or to standard output, with a JSON object in each line.\n\n" +
			"Only its owner can read the file. It is there when it is complete, and not before.",
		RunE: func(cmd *cobra.Command, args []string) error {
			export := func(out io.Writer) (n int, err error) {
				err = withUsers(cmd.Context(), o, func(u *users.Users) error {
					n, err = u.Export(cmd.Context(), out, secrets)
					return err
				})
				return n, err
			}
			if len(args) == 0 || args[0] == "-" {
				return exportToOutput(cmd, export)
			}
			n, err := exportToFile(args[0], export)
			if err == nil {
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d users exported to %s\n", n, args[0])
			}
			return err
		},
	}
	c.Flags().BoolVar(&secrets, "with-passwords", false, "write the hashes of passwords too, and the tokens of providers")
	return c
}

// exportToOutput writes to a reader who may have seen enough and go.
func exportToOutput(cmd *cobra.Command, export func(io.Writer) (int, error)) error {
	signal.Ignore(syscall.SIGPIPE)
	out := bufio.NewWriter(cmd.OutOrStdout())
	_, err := export(out)
	if err = errors.Join(err, out.Flush()); errors.Is(err, syscall.EPIPE) {
		return nil
	}
	return err
}

// exportToFile writes a file beside the one that is asked for, which takes its name
// in the end.
func exportToFile(name string, export func(io.Writer) (int, error)) (n int, err error) {
	file, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*") // which only its owner can read
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(file.Name())
		}
	}()
	out := bufio.NewWriter(file)
	n, err = export(out)
	if err = errors.Join(err, out.Flush(), file.Sync(), file.Close()); err != nil {
		return n, err
	}
	return n, os.Rename(file.Name(), name)
}

// oneArgAtMost wants one argument, which what names, or none.
func oneArgAtMost(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > 1 {
			return usageError{fmt.Errorf("%s takes at most one argument: %s", cmd.CommandPath(), what)}
		}
		return nil
	}
}
