package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"genbo"
	"genbo/internal/work/house"
	"genbo/internal/work/inspect"
)

func (a *app) verify() *cobra.Command {
	c := &cobra.Command{
		Use: "verify", Short: "Verify that nothing in a register was changed, removed or lost", Args: cobra.NoArgs,
		Long: `Verifies the journal, entry by entry, against its signed heads, and that what the register says of
people is whole: every reference leads somewhere, every fact was recorded under an entry of the journal.
It reads only and opens no personal field. It exits with 1 if anything is wrong.`,
		Example: "  genbo verify --dir register",
		RunE: func(c *cobra.Command, _ []string) error {
			return a.withHouse(c.Context(), func(h *house.House) error { return a.runVerify(c.Context(), h) })
		},
	}
	a.where(c)
	a.jsonFlag(c)
	return c
}

func (a *app) runVerify(ctx context.Context, h *house.House) error {
	size, err := h.Journal.Size(ctx)
	if err != nil {
		return err
	}
	began := time.Now()
	bar := a.progress("Verifying the journal", size)
	r, err := inspect.Run(ctx, h, func(check string) {
		if check != "journal" {
			bar.end()
			bar = a.progress("Verifying "+check, 0)
			bar.at(0)
		}
	}, func(n int64) { bar.at(n) })
	bar.end()
	if err != nil {
		return err
	}
	a.figures(figure{"journal entries", float64(r.Journal.Entries), "entries"}, figure{"signed heads", float64(r.Journal.Checkpoints), "heads"},
		figure{"people", float64(r.People), "persons"}, figure{"numbers", float64(r.Numbers), "numbers"}, figure{"tokens", float64(r.Tokens), "tokens"},
		figure{"disclosures", float64(r.Segments), "groups"},
		figure{"problems", float64(int64(len(r.Problems)+len(r.Journal.Problems)) + r.More), "problems"}, figure{"time", time.Since(began).Seconds(), "s"})
	for _, p := range r.Journal.Problems {
		a.trouble("journal", fmt.Sprintf("entry %s: %s", p.Entry, p.What))
	}
	for _, p := range r.Problems {
		a.trouble(p.Check, p.What)
	}
	if !r.OK() {
		return fmt.Errorf("the register is not whole; keep it as it is and find out why: %w", genbo.ErrTampered)
	}
	a.say("Nothing was changed, removed or lost. Root of the journal: %s", r.Journal.Root)
	return nil
}

// trouble prints a problem.
func (a *app) trouble(check, what string) {
	if a.json {
		line, _ := json.Marshal(map[string]string{"check": check, "problem": what}) // strings only
		fmt.Fprintln(a.out, string(line))
		return
	}
	fmt.Fprintf(a.out, "  %s: %s\n", check, what)
}
