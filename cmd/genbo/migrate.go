package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"genbo/internal/base/db"
	"genbo/internal/work/house"
)

func (a *app) migrate() *cobra.Command {
	var grants, grant string
	c := &cobra.Command{
		Use: "migrate", Short: "Bring the database's schema up to this program's", Args: cobra.NoArgs,
		Long: `Brings the schema of the register's database up to this program's. It only goes forward; make a backup
first. On PostgreSQL it runs under the role that owns the tables, and --grant gives the role that Genbo serves
under exactly the rights that it needs.`,
		Example: "  genbo migrate --dir register\n  genbo migrate --dir register --database postgres://genbo_owner@db/genbo --grant genbo_app\n" +
			"  genbo migrate --print-grants genbo_app",
		RunE: func(c *cobra.Command, _ []string) error {
			if grants != "" {
				text, err := db.Grants(grants)
				if err == nil {
					_, err = fmt.Fprint(a.out, text)
				}
				return err
			}
			if err := house.Migrate(c.Context(), a.options()); err != nil {
				return err
			}
			a.say("The schema is up to date.")
			if grant == "" {
				return nil
			}
			d, err := db.Open(c.Context(), a.database)
			if err != nil {
				return err
			}
			return errors.Join(d.Grant(c.Context(), grant), d.Close())
		},
	}
	a.where(c)
	c.Flags().StringVar(&a.database, "database", "", "addresses of PostgreSQL servers under the owner of the tables (default: the register's own)")
	c.Flags().StringVar(&grant, "grant", "", "role that gets the rights to serve; needs --database")
	c.Flags().StringVar(&grants, "print-grants", "", "only print the SQL that --grant would run for a role")
	c.MarkFlagsMutuallyExclusive("grant", "print-grants")
	return c
}
