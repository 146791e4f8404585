package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// passwordFlags say where a password comes from. It is never an argument: those
// of a running command can be seen by everybody on the machine.
type passwordFlags struct{ stdin bool }

func (p *passwordFlags) add(c *cobra.Command) {
	c.Flags().BoolVar(&p.stdin, "password-stdin", false, "read the password from standard input, and do not ask for it")
}

// Whether there has to be a password.
const (
	optional = false
	required = true
)

// read gives the password; it is empty where there is none and need not be.
func (p *passwordFlags) read(cmd *cobra.Command, needed bool) (password string, err error) {
	fd := int(os.Stdin.Fd())
	switch {
	case p.stdin:
		password, err = pipedPassword(cmd.InOrStdin())
	case term.IsTerminal(fd):
		password, err = typedPassword(cmd.Context(), cmd.ErrOrStderr(), fd, needed)
	case needed:
		return "", usageError{fmt.Errorf("%s reads the password with --password-stdin, or asks for it on a terminal", cmd.CommandPath())}
	}
	if err == nil && (!utf8.ValidString(password) || strings.ContainsAny(password, "\x00\r\n")) {
		return "", errors.New("the password must be one line of UTF-8")
	}
	return password, err
}

// maxPiped is far more than any password may have.
const maxPiped = 64 << 10

// pipedPassword takes all there is, but for the end of the line.
func pipedPassword(in io.Reader) (string, error) {
	text, err := io.ReadAll(io.LimitReader(in, maxPiped))
	if err != nil {
		return "", fmt.Errorf("reading the password: %w", err)
	}
	password := strings.TrimSuffix(strings.TrimSuffix(string(text), "\n"), "\r")
	if password == "" {
		return "", errors.New("there is no password on standard input")
	}
	return password, nil
}

// typedPassword asks twice, so that nobody is shut out by a slip.
func typedPassword(ctx context.Context, out io.Writer, fd int, needed bool) (string, error) {
	prompt := "Password, empty for none: "
	if needed {
		prompt = "New password: "
	}
	first, err := askHidden(ctx, out, fd, prompt)
	switch {
	case err != nil:
		return "", err
	case first == "" && needed:
		return "", errors.New("no password was typed")
	case first == "":
		return "", nil
	}
	again, err := askHidden(ctx, out, fd, "The same again: ")
	if err == nil && again != first {
		err = errors.New("the two passwords differ")
	}
	return first, err
}

// askHidden reads a line that the terminal does not show. Whoever interrupts it gets the
// terminal back as it was.
func askHidden(ctx context.Context, out io.Writer, fd int, prompt string) (string, error) {
	before, err := term.GetState(fd)
	if err != nil {
		return "", fmt.Errorf("asking for the password: %w", err)
	}
	fmt.Fprint(out, prompt)
	defer fmt.Fprintln(out)
	type line struct {
		text []byte
		err  error
	}
	read := make(chan line, 1)
	go func() {
		text, err := term.ReadPassword(fd)
		read <- line{text, err}
	}()
	select {
	case <-ctx.Done():
		return "", errors.Join(ctx.Err(), term.Restore(fd, before))
	case l := <-read:
		if l.err != nil && !errors.Is(l.err, io.EOF) {
			return "", fmt.Errorf("asking for the password: %w", l.err)
		}
		return string(l.text), nil
	}
}
