package main

import (
	"github.com/spf13/cobra"

	"genbo"
	"genbo/internal/work/house"
	"genbo/internal/work/rotate"
)

func (a *app) keysCommand() *cobra.Command {
	c := &cobra.Command{Use: "keys", Short: "Look after the keys"}
	c.AddCommand(a.keysRotate())
	return c
}

func (a *app) keysRotate() *cobra.Command {
	c := &cobra.Command{
		Use: "rotate", Short: "Change the wrapping key, while the register is in use", Args: cobra.NoArgs,
		Long: `Adds a new wrapping key, wraps the key of every person anew under it, and destroys the old one. The
register stays in use. A rotation that was stopped goes on where it was. Make a copy of the key ring afterwards:
backups of the database from before need the key ring from before.`,
		Example: "  genbo keys rotate --dir register",
		RunE: func(c *cobra.Command, _ []string) error {
			return a.withHouse(c.Context(), func(h *house.House) error {
				bar := a.progress("Buckets rewrapped", genbo.Buckets)
				report, err := rotate.Run(c.Context(), h, func(n int) { bar.at(int64(n)) })
				bar.end()
				if err != nil {
					return err
				}
				if report.Resumed {
					a.say("Went on with a rotation that had been stopped.")
				}
				a.figures(figure{"data keys rewrapped", float64(report.Rewrapped), "persons"})
				a.say("The old wrapping key is destroyed.")
				return nil
			})
		},
	}
	a.where(c)
	a.jsonFlag(c)
	return c
}
