package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/sallyport-auth/sallyport/internal/server"
)

func newCheck(o *options) *cobra.Command {
	var appOrigin string
	c := &cobra.Command{
		Use: "check", Short: "Check configuration, database, keys, clock, mail, proxy and cookies", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return check(cmd, o, appOrigin) },
	}
	c.Flags().StringVar(&appOrigin, "app-origin", "", "origin of the app that will call this server, such as https://app.example.com")
	return c
}

// check prints a line per finding, and fails when one is an error.
func check(cmd *cobra.Command, o *options, appOrigin string) error {
	in, err := o.open(cmd.Context())
	if err != nil {
		return err
	}
	defer in.close()
	if in.private != nil {
		// serve would do so too, so that nothing is pending there.
		if err := in.prepareTables(cmd.Context(), true); err != nil {
			return err
		}
	}
	findings := server.Check(cmd.Context(), in.cfg, in.log, appOrigin)
	return report(cmd.OutOrStdout(), findings)
}

func report(w io.Writer, findings []server.Finding) error {
	failed := false
	for _, f := range findings {
		fmt.Fprintf(w, "%-8s %s: %s\n", f.Level, f.Subject, f.Text)
		failed = failed || f.Level == server.LevelError
	}
	if failed {
		return errors.New("check found errors")
	}
	return nil
}
