package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/sallyport-auth/sallyport/internal/legacy"
	"github.com/sallyport-auth/sallyport/internal/users"
)

// importFlags are those of `user import`.
type importFlags struct {
	dryRun            bool
	refused, firebase string
}

func newUserImport(o *options) *cobra.Command {
	var f importFlags
	c := &cobra.Command{
		Use: "import FILE", Short: "Make users of a file that has a JSON object in each line", Args: oneArg("a file, or - for standard input"),
		Long: "Make users of a file that has a JSON object in each line, with password hashes of other software where there are some.\n\n" +
			"Each record is imported as a whole or not at all. Those that are refused are named with their lines, and the exit code is 1. " +
			"Users who are there already as the file has them are counted and left alone, so that an import may be begun again at any time. " +
			"docs/guides/import.md tells what a record may hold.",
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, o, args[0]) },
	}
	c.Flags().BoolVar(&f.dryRun, "dry-run", false, "check everything and keep nothing")
	c.Flags().StringVar(&f.refused, "refused", "", "write the lines about refused records to this file, and not to standard error")
	c.Flags().StringVar(&f.firebase, "firebase-hash-config", "", "a file with the password hash parameters of a Firebase project, as its console shows them")
	return c
}

func (f *importFlags) run(cmd *cobra.Command, o *options, file string) (err error) {
	if sameFile(f.refused, file) || sameFile(f.refused, f.firebase) { // it would be emptied
		return usageError{fmt.Errorf("--refused names %s, which is read: name another file", f.refused)}
	}
	options := users.ImportOptions{DryRun: f.dryRun}
	if f.firebase != "" {
		if options.Firebase, err = firebaseConfig(f.firebase); err != nil {
			return err
		}
	}
	in, size, err := openInput(cmd, file)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	refusals, closeRefusals, err := f.openRefusals(cmd)
	if err != nil {
		return err
	}
	show := newProgress(cmd.ErrOrStderr(), size)
	options.Progress = show.tell
	options.Refused = func(line int, why error) {
		show.clear()
		fmt.Fprintf(refusals, "line %d %s\n", line, printable(why.Error()))
	}
	var tally users.Tally
	began := time.Now()
	err = withUsers(cmd.Context(), o, func(u *users.Users) error {
		var err error
		tally, err = u.Import(cmd.Context(), in, options)
		return err
	})
	show.clear()
	fmt.Fprintln(cmd.OutOrStdout(), f.summary(tally, time.Since(began)))
	if err = errors.Join(err, closeRefusals()); err == nil && tally.Refused > 0 {
		err = fmt.Errorf("%d of %d records were refused", tally.Refused, tally.Lines())
	}
	return err
}

// summary is what is said at the end, however that came.
func (f *importFlags) summary(t users.Tally, took time.Duration) string {
	done := "imported"
	if f.dryRun {
		done = "would be imported"
	}
	return fmt.Sprintf("%d %s, %d were there already, %d refused, in %s (%.0f records a second)",
		t.Imported, done, t.Present, t.Refused, took.Round(10*time.Millisecond), float64(t.Lines())/max(took.Seconds(), 0.001))
}

// openInput opens the file, and gives its size, 0 where that is not known.
func openInput(cmd *cobra.Command, name string) (io.ReadCloser, int64, error) {
	if name == "-" {
		return interruptible(cmd.Context(), cmd.InOrStdin()), 0, nil
	}
	file, err := os.Open(name) //nolint:gosec // the operator names it
	if err != nil {
		return nil, 0, err
	}
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return file, 0, nil //nolint:nilerr // only the progress is less telling
	}
	return file, info.Size(), nil
}

// interruptible is an input that ends when the command is told to, also while it
// waits for somebody to write.
func interruptible(ctx context.Context, in io.Reader) io.ReadCloser {
	out, copied := io.Pipe()
	go func() {
		_, err := io.Copy(copied, in)
		_ = copied.CloseWithError(err)
	}()
	context.AfterFunc(ctx, func() { _ = copied.CloseWithError(ctx.Err()) })
	return out
}

// openRefusals gives where the lines about refused records go.
func (f *importFlags) openRefusals(cmd *cobra.Command) (io.Writer, func() error, error) {
	if f.refused == "" {
		return cmd.ErrOrStderr(), func() error { return nil }, nil
	}
	refused, err := os.OpenFile(f.refused, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, nil, err
	}
	out := bufio.NewWriter(refused)
	return out, func() error { return errors.Join(out.Flush(), refused.Close()) }, nil
}

// sameFile tells whether two names are of one file that is there.
func sameFile(one, other string) bool {
	a, errA := os.Stat(one)
	b, errB := os.Stat(other)
	return errA == nil && errB == nil && os.SameFile(a, b)
}

// maxFirebaseConfig is far more than the parameters take.
const maxFirebaseConfig = 64 << 10

func firebaseConfig(name string) (*legacy.Firebase, error) {
	file, err := os.Open(name) //nolint:gosec // the operator names it
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	text, err := io.ReadAll(io.LimitReader(file, maxFirebaseConfig))
	if err != nil {
		return nil, err
	}
	f, err := legacy.ParseFirebaseConfig(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s %w", name, err)
	}
	return f, nil
}
