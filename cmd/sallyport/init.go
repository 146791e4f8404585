package main

import (
	"cmp"
	"fmt"

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
	if err := writeNew(path, server.Starter, 0o644); err != nil {
		return err
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "wrote %s; set this in the environment and keep it secret:\n", path)
	fmt.Fprintln(cmd.OutOrStdout(), "BETTER_AUTH_SECRET="+newSecretText())
	return nil
}
