package main

import (
	"bufio"
	"errors"
	"fmt"
	"os/signal"
	"strings"
	"syscall"
	"text/tabwriter"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/sallyport-auth/sallyport/internal/store"
	"github.com/sallyport-auth/sallyport/internal/users"
)

func newUserList(o *options) *cobra.Command {
	var q store.UserSearch
	var asJSON bool
	c := &cobra.Command{
		Use: "list", Short: "List users, the newest first", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if q.Limit < 0 {
				return usageError{fmt.Errorf("--limit takes a number from 0 on, got %d", q.Limit)}
			}
			signal.Ignore(syscall.SIGPIPE) // a reader who has seen enough may go
			err := withUsers(cmd.Context(), o, func(u *users.Users) error { return listUsers(cmd, u, q, asJSON) })
			if errors.Is(err, syscall.EPIPE) {
				return nil
			}
			return err
		},
	}
	c.Flags().StringVar(&q.Role, "role", "", "only those who have this role")
	c.Flags().StringVar(&q.Text, "search", "", "only those in whose address or name this is, in whatever case")
	c.Flags().Int64Var(&q.Limit, "limit", 50, "how many; 0 is all")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON, a line for each user")
	return c
}

// listedAtOnce is how many rows of a table are made equally wide: the list may be
// longer than fits in memory.
const listedAtOnce = 1000

func listUsers(cmd *cobra.Command, u *users.Users, q store.UserSearch, asJSON bool) error {
	found, err := u.Search(cmd.Context(), q)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(cmd.OutOrStdout())
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	if !asJSON {
		fmt.Fprintln(table, "ID\tEMAIL\tVERIFIED\tNAME\tROLE\tCREATED")
	}
	n := 0
	for user, err := range found {
		if err != nil {
			return err
		}
		if asJSON {
			err = printUser(out, u, user, true)
		} else {
			err = printRow(table, u, user)
		}
		if n++; err == nil && n%listedAtOnce == 0 {
			err = table.Flush()
		}
		if err != nil {
			return err
		}
	}
	return errors.Join(table.Flush(), out.Flush())
}

func printRow(table *tabwriter.Writer, u *users.Users, user *store.User) error {
	_, err := fmt.Fprintf(table, "%s\t%s\t%t\t%s\t%s\t%s\n", user.ID, printable(user.Email), user.EmailVerified,
		printable(user.Name), printable(u.Role(user)), user.CreatedAt.UTC().Format("2006-01-02 15:04:05Z"))
	return err
}

// printable replaces what could move the cursor of a terminal.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}
