package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/server"
)

func newInit(o *options) *cobra.Command {
	return &cobra.Command{
		Use: "init", Short: "Write a commented sallyport.yaml and print a fresh secret", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return writeStarter(cmd, cmp.Or(o.file, config.DefaultFile))
		},
	}
}

// writeStarter never overwrites a file that is there.
func writeStarter(cmd *cobra.Command, path string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already: move it away first", path)
	}
	if err != nil {
		return err
	}
	_, err = file.WriteString(server.Starter)
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "wrote %s; set this in the environment and keep it secret:\n", path)
	fmt.Fprintln(cmd.OutOrStdout(), "BETTER_AUTH_SECRET="+newSecretText())
	return nil
}
