package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"genbo"
	"genbo/internal/record/journal"
	"genbo/internal/record/staff"
	"genbo/internal/work/house"
)

func (a *app) init() *cobra.Command {
	var name, admin, office string
	c := &cobra.Command{
		Use: "init", Short: "Make an empty register", Args: cobra.NoArgs,
		Long: `Makes a register: its keys, its database and its first administrator, and prints the
administrator's sign-in link, which works once within 24 hours. An existing register is never touched.

Keep the key ring apart from the database's backups: with one of them alone nobody reads a field.`,
		Example: "  genbo init --dir register --name pension.example --admin yamada\n" +
			"  genbo init --dir register --database postgres://genbo_owner@db/genbo --passphrase-file /run/secrets/genbo",
		RunE: func(c *cobra.Command, _ []string) error {
			ctx := c.Context()
			if err := house.Create(ctx, a.options(), name); err != nil {
				return err
			}
			return a.withHouse(ctx, func(h *house.House) error {
				by := journal.System("init")
				if err := h.Directory.SetOffice(ctx, by, staff.Office{ID: genbo.OfficeID(office), Name: office}); err != nil {
					return err
				}
				if err := h.Directory.Add(ctx, by, staff.Member{ID: genbo.StaffID(admin), Name: admin, Office: genbo.OfficeID(office), Roles: []staff.Role{staff.Admin}}); err != nil {
					return err
				}
				link, err := h.Directory.Link(ctx, by, genbo.StaffID(admin), 24*time.Hour)
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(a.out, "The register is in %s.\nIts journal is verified with the key\n  %s\nWhen it is served, %s signs in at /signin/link/%s\n",
					a.dir, h.Vault.VerifierKey(), admin, link)
				return err
			})
		},
	}
	a.where(c)
	c.Flags().StringVar(&a.database, "database", "", "addresses of PostgreSQL servers, separated by commas (default: an SQLite file in the directory)")
	c.Flags().StringVar(&name, "name", "genbo.local", "name of the register in its journal's signatures")
	c.Flags().StringVar(&admin, "admin", "admin", "staff ID of the first administrator")
	c.Flags().StringVar(&office, "office", "0001", "office of the first administrator")
	return c
}
