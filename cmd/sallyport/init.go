package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/server"
)

func newInit() *cobra.Command {
	return &cobra.Command{
		Use: "init", Short: "Write a commented sallyport.yaml and print a fresh secret", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return writeStarter(cmd) },
	}
}

// writeStarter never overwrites a file that is there.
func writeStarter(cmd *cobra.Command) error {
	file, err := os.OpenFile(config.DefaultFile, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already: move it away first", config.DefaultFile)
	}
	if err != nil {
		return err
	}
	_, err = file.WriteString(server.Starter)
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "wrote %s; set this in the environment and keep it secret:\n", config.DefaultFile)
	fmt.Fprintln(cmd.OutOrStdout(), "BETTER_AUTH_SECRET="+newSecretText())
	return nil
}
