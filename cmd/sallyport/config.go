package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sallyport-auth/sallyport/internal/carry"
	"github.com/sallyport-auth/sallyport/internal/config"
)

// stdio stands for standard input or output where a file is named.
const stdio = "-"

func newConfig() *cobra.Command {
	return group("config", "Make configuration files", newConfigImport())
}

// importing is how options of an app are carried over.
type importing struct {
	carry.Options
	out    string
	strict bool
}

func newConfigImport() *cobra.Command {
	var im importing
	c := &cobra.Command{
		Use:   "import FILE|-",
		Short: "Turn the options of a Better Auth app into a sallyport.yaml",
		Long: `Turn the options of a Better Auth app, as docs/migrate/print-options.mjs prints them, into a configuration
file, and list on stderr what has no place in it, with its substitute. The file is one that the server starts with,
once the variables that are named are set. Exit 0 also where something is listed, unless --strict is given.`,
		Args: oneArg("the file that the script printed, or - for standard input"),
		RunE: func(cmd *cobra.Command, args []string) error { return im.run(cmd, args[0]) },
	}
	c.Flags().StringVar(&im.out, "out", config.DefaultFile, "file to write, which must not be there yet, or - for standard output")
	c.Flags().BoolVar(&im.strict, "strict", false, "exit 1 when something has no place in the file; it is written all the same")
	c.Flags().BoolVar(&im.WithSecrets, "with-secrets", false, "write secrets that were printed into the file, in the place of variables")
	return c
}

func (im *importing) run(cmd *cobra.Command, path string) error {
	text, err := readPrinted(cmd, path)
	if err != nil {
		return err
	}
	result, err := carry.From(text, im.Options)
	if err != nil {
		return fmt.Errorf("%s %w", inputName(path), err)
	}
	if err := im.write(cmd, result.YAML); err != nil {
		return err
	}
	tell(cmd.ErrOrStderr(), result)
	if im.strict && len(result.Lost) > 0 {
		return fmt.Errorf("not everything was carried over: see the list above, and the end of the file")
	}
	return nil
}

// inputName is what messages call a file.
func inputName(path string) string {
	if path == stdio {
		return "standard input"
	}
	return path
}

// readPrinted reads what the script printed, and no more than that can be.
func readPrinted(cmd *cobra.Command, path string) ([]byte, error) {
	from := cmd.InOrStdin()
	if path != stdio {
		file, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		from = file
	}
	return io.ReadAll(io.LimitReader(from, carry.MaxText+1))
}

// write never overwrites a file that is there.
func (im *importing) write(cmd *cobra.Command, text string) error {
	if im.out == stdio {
		_, err := io.WriteString(cmd.OutOrStdout(), text)
		return err
	}
	if err := writeNew(im.out, text, 0o600); err != nil {
		return err
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "wrote %s\n", im.out)
	return nil
}

// writeNew writes a file that must not be there yet.
func writeNew(path, text string, mode fs.FileMode) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already: move it away first", path)
	}
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	return errors.Join(err, file.Close())
}

// tell lists what is to be set, and what was lost.
func tell(w io.Writer, result *carry.Result) {
	for _, v := range result.Variables {
		fmt.Fprintf(w, "set %s in the environment, for %s\n", v.Name, v.Option)
	}
	for _, l := range result.Lost {
		fmt.Fprintf(w, "not carried over: %s %s\n", l.Name, strings.TrimSpace(l.Why))
	}
}
