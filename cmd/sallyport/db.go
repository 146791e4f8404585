package main

import (
	"fmt"
	"log/slog"
	"os"

	"github.com/spf13/cobra"

	"github.com/sallyport-auth/sallyport/internal/postgres"
	"github.com/sallyport-auth/sallyport/internal/postgres/bundle"
)

func newDB() *cobra.Command {
	return group("db", "Manage the private Postgres", &cobra.Command{
		Use: "install", Short: "Fetch the pinned Postgres bundle for the private database", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			log := slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), nil))
			folder, err := postgres.OpenFolder(os.Getenv("SALLYPORT_DATA"), "", log)
			if err != nil {
				return err
			}
			dir, err := bundle.Install(cmd.Context(), folder.InstallDir(), log)
			if err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), "installed Postgres in "+dir)
			return nil
		},
	})
}
