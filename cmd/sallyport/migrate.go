package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sallyport-auth/sallyport/internal/migrate"
	"github.com/sallyport-auth/sallyport/internal/server"
)

func newMigrate(o *options) *cobra.Command {
	return group("migrate", "Show and apply changes to the database", newPlan(o), newUp(o),
		&cobra.Command{
			Use: "status", Short: "Tell whether anything is pending", Args: noArgs,
			RunE: func(cmd *cobra.Command, _ []string) error { return withMigration(cmd, o, status) },
		},
		&cobra.Command{
			Use: "uninstall", Short: "Remove what is this server's alone; Better Auth's tables stay", Args: noArgs,
			RunE: func(cmd *cobra.Command, _ []string) error { return withMigration(cmd, o, uninstall) },
		},
	)
}

func newPlan(o *options) *cobra.Command {
	var indexes, newTables bool
	c := &cobra.Command{
		Use: "plan", Short: "Print the SQL that up would run, and touch nothing", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withMigration(cmd, o, func(cmd *cobra.Command, m migrate.Options) error {
				m.NewTables = newTables
				return plan(cmd, m, indexes)
			})
		},
	}
	c.Flags().BoolVar(&indexes, "indexes", false, "with the extra indexes that up --indexes makes")
	c.Flags().BoolVar(&newTables, "new-tables", false, "as up --new-tables")
	return c
}

func newUp(o *options) *cobra.Command {
	var indexes, newTables bool
	c := &cobra.Command{
		Use: "up", Short: "Apply pending changes under a lock; also adopts a Better Auth database", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withMigration(cmd, o, func(cmd *cobra.Command, m migrate.Options) error {
				m.NewTables = newTables
				return up(cmd, m, indexes)
			})
		},
	}
	c.Flags().BoolVar(&indexes, "indexes", false, "make the extra indexes by which expired rows are found; the tables stay in use")
	c.Flags().BoolVar(&newTables, "new-tables", false, "make tables and columns also where they seem to be there under other names")
	return c
}

func withMigration(cmd *cobra.Command, o *options, do func(*cobra.Command, migrate.Options) error) error {
	in, err := o.open(cmd.Context())
	if err != nil {
		return err
	}
	defer in.close()
	m, err := in.migration()
	if err != nil {
		return err
	}
	err = do(cmd, m)
	if other := new(*migrate.OtherNames); errors.As(err, other) {
		fmt.Fprintf(cmd.OutOrStdout(), "# to be put into the configuration, so that the tables are found:\n%s", server.NamesFound(in.cfg, *other))
	}
	return err
}

func plan(cmd *cobra.Command, m migrate.Options, indexes bool) error {
	report, err := migrate.Inspect(cmd.Context(), m)
	printRemarks(cmd.OutOrStdout(), report.Remarks)
	if err != nil {
		return err
	}
	advice, err := migrate.Advise(cmd.Context(), m)
	if err != nil {
		return err
	}
	duplicates, err := migrate.Duplicates(cmd.Context(), m)
	if err != nil {
		return err
	}
	printAdvice(cmd.OutOrStdout(), advice, indexes)
	for _, d := range duplicates {
		fmt.Fprintf(cmd.OutOrStdout(), "-- advice: %s\n", d)
	}
	steps := report.Steps
	if indexes {
		more, err := migrate.PlanIndexes(cmd.Context(), m)
		if err != nil {
			return err
		}
		steps = append(steps, more...)
	}
	printSteps(cmd.OutOrStdout(), steps)
	return nil
}

// printAdvice writes, as comments, which indexes large tables lack. Those that are in
// the plan anyway need no advice.
func printAdvice(w io.Writer, advice []migrate.Advice, planned bool) {
	for _, a := range advice {
		if !planned || len(a.Steps) == 0 {
			fmt.Fprintf(w, "-- advice: %s\n", a)
		}
	}
	if len(advice) > 0 && !planned {
		fmt.Fprintln(w, "-- advice: `sallyport migrate up --indexes` makes these, and those of smaller tables, while everything goes on")
	}
}

// printRemarks writes what differs and stays so as comments, so that a plan is SQL
// from its first line to its last.
func printRemarks(w io.Writer, remarks []migrate.Remark) {
	for _, r := range remarks {
		level := "warning"
		if r.Refused {
			level = "refused"
		}
		fmt.Fprintf(w, "-- %s: %s\n", level, strings.ReplaceAll(r.String(), "\n", " "))
	}
}

func printSteps(w io.Writer, steps []migrate.Step) {
	if len(steps) == 0 {
		fmt.Fprintln(w, "-- nothing to do")
	}
	for _, s := range steps {
		fmt.Fprintf(w, "-- %s\n%s;\n", s.What, s.SQL)
	}
}

func up(cmd *cobra.Command, m migrate.Options, indexes bool) error {
	report, err := migrate.Inspect(cmd.Context(), m)
	if err != nil {
		return err
	}
	steps := report.Steps
	if err := migrate.Up(cmd.Context(), m); err != nil {
		return err
	}
	if indexes {
		more, err := migrate.UpIndexes(cmd.Context(), m)
		if err != nil {
			return err
		}
		steps = append(steps, more...)
	}
	for _, s := range steps {
		fmt.Fprintln(cmd.OutOrStdout(), s.What)
	}
	printRemarks(cmd.OutOrStdout(), report.Remarks)
	fmt.Fprintln(cmd.OutOrStdout(), "the database is up to date")
	return nil
}

func status(cmd *cobra.Command, m migrate.Options) error {
	steps, err := migrate.Plan(cmd.Context(), m)
	if err != nil {
		return err
	}
	for _, s := range steps {
		fmt.Fprintln(cmd.OutOrStdout(), "pending: "+s.What)
	}
	if len(steps) > 0 {
		return fmt.Errorf("%d changes are pending: run `sallyport migrate up`", len(steps))
	}
	fmt.Fprintln(cmd.OutOrStdout(), "the database is up to date")
	return nil
}

func uninstall(cmd *cobra.Command, m migrate.Options) error {
	steps, err := migrate.Uninstall(cmd.Context(), m)
	if err != nil {
		return err
	}
	for _, s := range steps {
		fmt.Fprintln(cmd.OutOrStdout(), s.What)
	}
	fmt.Fprintln(cmd.OutOrStdout(), "nothing of sallyport is left; Better Auth's tables are as they were")
	return nil
}
