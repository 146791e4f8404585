package main

import (
	"context"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/sallyport-auth/sallyport/internal/plugin/jwt"
	"github.com/sallyport-auth/sallyport/internal/server"
)

func newKeys(o *options) *cobra.Command {
	var now bool
	rotate := &cobra.Command{
		Use: "rotate", Short: "Make a new signing key; it is published at once and signs after 70 seconds", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withKeys(cmd.Context(), o, func(k *jwt.Keys) error {
				key, err := k.Rotate(cmd.Context(), now)
				if err != nil {
					return err
				}
				fmt.Fprintln(cmd.OutOrStdout(), key.ID)
				return nil
			})
		},
	}
	rotate.Flags().BoolVar(&now, "now", false, "sign with the new key at once; verifiers that keep a key set may refuse it for a while")
	return group("keys", "Manage the keys that sign JWTs",
		&cobra.Command{
			Use: "list", Short: "List the signing keys", Args: noArgs,
			RunE: func(cmd *cobra.Command, _ []string) error {
				return withKeys(cmd.Context(), o, func(k *jwt.Keys) error { return listKeys(cmd, k) })
			},
		},
		rotate,
		&cobra.Command{
			Use: "retire KID", Short: "Stop signing with a key; it stays published for the grace period", Args: oneArg("the key's id"),
			RunE: func(cmd *cobra.Command, args []string) error {
				return withKeys(cmd.Context(), o, func(k *jwt.Keys) error { return k.Retire(cmd.Context(), args[0]) })
			},
		},
	)
}

func withKeys(ctx context.Context, o *options, do func(*jwt.Keys) error) error {
	in, err := o.open(ctx)
	if err != nil {
		return err
	}
	defer in.close()
	if err := in.prepareTables(ctx, in.private != nil); err != nil {
		return err
	}
	return server.WithKeys(ctx, in.cfg, in.log, do)
}

func listKeys(cmd *cobra.Command, k *jwt.Keys) error {
	keys, err := k.List(cmd.Context())
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "KID\tALG\tSTATE\tCREATED\tEXPIRES")
	for _, key := range keys {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", key.ID, key.Alg, key.State, key.CreatedAt.Format("2006-01-02 15:04:05Z"), key.Expiry())
	}
	return w.Flush()
}
