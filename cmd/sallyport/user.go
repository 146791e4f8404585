package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/server"
	"github.com/sallyport-auth/sallyport/internal/store"
	"github.com/sallyport-auth/sallyport/internal/users"
)

func newUser(o *options) *cobra.Command {
	return group("user", "Make and change users, straight on the database",
		newUserCreate(o), newUserList(o), newUserSetRole(o), newUserSetPassword(o), newUserImport(o), newUserExport(o))
}

// withUsers opens the database for work on users.
func withUsers(ctx context.Context, o *options, do func(*users.Users) error) error {
	in, err := o.open(ctx)
	if err != nil {
		return err
	}
	defer in.close()
	if err := in.prepareTables(ctx, in.private != nil); err != nil {
		return err
	}
	return server.WithUsers(ctx, in.cfg, in.log, do)
}

func newUserCreate(o *options) *cobra.Command {
	var n users.Newcomer
	var fields []string
	var p passwordFlags
	var asJSON bool
	c := &cobra.Command{
		Use: "create --email ADDRESS --name NAME", Short: "Make a user, and print the id", Args: noArgs,
		Long: "Make a user, and print the id.\n\nThe password is asked for on a terminal, and is none where none is typed. " +
			"Elsewhere it is read with --password-stdin, and is none without. A user without a password signs in by other means, " +
			"or sets one by the mail of /request-password-reset.",
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if n.Email == "" || n.Name == "" {
				return usageError{errors.New("sallyport user create needs --email and --name")}
			}
			if n.Fields, err = fieldFlags(fields); err != nil {
				return err
			}
			if n.Password, err = p.read(cmd, optional); err != nil {
				return err
			}
			return withUsers(cmd.Context(), o, func(u *users.Users) error {
				user, err := u.Create(cmd.Context(), n)
				if err != nil {
					return err
				}
				return printUser(cmd.OutOrStdout(), u, user, asJSON)
			})
		},
	}
	f := c.Flags()
	f.StringVar(&n.Email, "email", "", "the address of mail")
	f.StringVar(&n.Name, "name", "", "the name")
	f.StringVar(&n.Username, "username", "", "the name to sign in with, where the plugin username is on")
	f.StringSliceVar(&n.Roles, "role", nil, "the roles, where the plugin admin is on; default is its defaultRole")
	f.BoolVar(&n.Verified, "verified", false, "the address is known to be the user's")
	f.StringArrayVar(&fields, "field", nil, "a field of the configuration, as name=value; may be given several times")
	f.BoolVar(&asJSON, "json", false, "print the whole user, as JSON")
	p.add(c)
	return c
}

// fieldFlags reads name=value.
func fieldFlags(given []string) (map[string]string, error) {
	fields := map[string]string{}
	for _, text := range given {
		name, value, found := strings.Cut(text, "=")
		if _, twice := fields[name]; !found || name == "" || twice {
			return nil, usageError{fmt.Errorf("--field takes a name, once, and a value, as name=value, got %q", text)}
		}
		fields[name] = value
	}
	return fields, nil
}

func newUserSetRole(o *options) *cobra.Command {
	var who string
	var roles []string
	var asJSON bool
	c := &cobra.Command{
		Use: "set-role --user USER --role ROLE[,ROLE]", Short: "Give a user other roles in place of all there were", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if who == "" || len(roles) == 0 {
				return usageError{errors.New("sallyport user set-role needs --user and --role")}
			}
			return withUsers(cmd.Context(), o, func(u *users.Users) error {
				user, err := u.SetRoles(cmd.Context(), who, roles)
				if err != nil {
					return err
				}
				return printUser(cmd.OutOrStdout(), u, user, asJSON)
			})
		},
	}
	c.Flags().StringVar(&who, "user", "", "the user's address of mail or id")
	c.Flags().StringSliceVar(&roles, "role", nil, "the roles")
	c.Flags().BoolVar(&asJSON, "json", false, "print the whole user, as JSON")
	return c
}

func newUserSetPassword(o *options) *cobra.Command {
	var who string
	var p passwordFlags
	var revoke bool
	c := &cobra.Command{
		Use: "set-password --user USER", Short: "Give a user another password; mailed links and sessions end", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if who == "" {
				return usageError{errors.New("sallyport user set-password needs --user")}
			}
			password, err := p.read(cmd, required)
			if err != nil {
				return err
			}
			return withUsers(cmd.Context(), o, func(u *users.Users) error {
				user, err := u.SetPassword(cmd.Context(), who, password, !revoke)
				if err != nil {
					return err
				}
				return printUser(cmd.OutOrStdout(), u, user, false)
			})
		},
	}
	c.Flags().StringVar(&who, "user", "", "the user's address of mail or id")
	c.Flags().BoolVar(&revoke, "revoke-sessions", true, "end the sessions of the user; --revoke-sessions=false lets them go on")
	p.add(c)
	return c
}

// printUser prints the id of a user, or all of it in one line.
func printUser(out io.Writer, u *users.Users, user *store.User, asJSON bool) error {
	if !asJSON {
		_, err := fmt.Fprintln(out, user.ID)
		return err
	}
	line, err := api.JSON(u.Output(user))
	if err != nil {
		return err
	}
	_, err = out.Write(append(line, '\n'))
	return err
}
