package main

import (
	"github.com/spf13/cobra"

	"genbo/internal/work/move"
)

func (a *app) move() *cobra.Command {
	var to string
	c := &cobra.Command{
		Use: "move", Short: "Move a register from its SQLite file to PostgreSQL", Args: cobra.NoArgs,
		Long: `Copies every table to PostgreSQL (one server, or several that people are spread over), compares control
totals of each, and has the register use the servers from then on. Stop what serves the register first. A move
that was stopped goes on where it was. Run it under the role that owns the tables, then "genbo migrate --grant".`,
		Example: "  genbo move --dir register --to postgres://genbo_owner@db/genbo",
		RunE: func(c *cobra.Command, _ []string) error {
			var bar *progress
			var last string
			totals, err := move.Run(c.Context(), a.options(), move.Options{To: to, Progress: func(table string, rows int64, _ bool) {
				if table != last {
					last, bar = table, a.progress("Copying "+table, 0)
				}
				bar.at(rows)
			}})
			if bar != nil {
				bar.end()
			}
			if err != nil {
				return err
			}
			a.say("Moved. Control totals, the same in the file and on the servers:")
			for _, t := range totals {
				a.figures(figure{t.Table, float64(t.Rows), "rows"})
			}
			a.say("The register in %s uses the servers now; its file is kept as genbo.db.moved.", a.dir)
			return nil
		},
	}
	a.where(c)
	a.jsonFlag(c)
	c.Flags().StringVar(&to, "to", "", "addresses of PostgreSQL servers, separated by commas")
	_ = c.MarkFlagRequired("to") // fails for a name that is no flag
	return c
}
