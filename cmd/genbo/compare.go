package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"genbo/internal/record/journal"
	"genbo/internal/work/handover"
	"genbo/internal/work/house"
)

// exitDifferent is the status of a comparison that found a difference.
const exitDifferent = 3

func (a *app) disclosureCompare() *cobra.Command {
	c := &cobra.Command{
		Use: "compare LIST FILE", Short: "Compare a contractor's returned file with the list handed to him", Args: cobra.ExactArgs(2),
		Long: `Reads the CSV that a contractor gave back and sets it, row by row, beside what was handed out: who is missing, added,
doubled or changed, and whose row has another's content. Rows are told by the column sheet_key, or by the number. Run
it before anything of the file is taken in. Another's content raises an alarm.

The answer names rows and lines, never people. The exit status is 0 if every row came back as it was, else ` + fmt.Sprint(exitDifferent) + `.`,
		Example: "  genbo disclosure compare k3v9x2m4q7ab returned.csv --dir register",
		RunE: func(c *cobra.Command, args []string) error {
			return a.withHouse(c.Context(), func(h *house.House) error { return a.runCompare(c.Context(), h, args[0], args[1]) })
		},
	}
	a.where(c)
	a.jsonFlag(c)
	return c
}

func (a *app) runCompare(ctx context.Context, h *house.House, list, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("read returned file: %w", err)
	}
	defer f.Close()
	c, err := h.Handover.Compare(ctx, journal.System("disclosure"), list, f)
	if err != nil {
		return fmt.Errorf("compare %s: %w", path, err)
	}
	if a.json {
		err = json.NewEncoder(a.out).Encode(c)
	} else {
		a.showComparison(c)
	}
	if err == nil && !c.Right() {
		return statusError(exitDifferent)
	}
	return err
}

func (a *app) showComparison(c handover.Comparison) {
	a.figures(figure{"handed out", float64(c.Out), "rows"}, figure{"returned", float64(c.Back), "rows"}, figure{"as they were", float64(c.Same), "rows"})
	for _, kind := range []struct {
		name string
		handover.Findings
	}{{"missing", c.Missing}, {"added", c.Added}, {"doubled", c.Doubled}, {"changed", c.Changed}, {"another's content", c.Mixed}, {"not readable", c.Broken}} {
		if kind.Count == 0 {
			continue
		}
		fmt.Fprintf(a.out, "\n%s: %s\n", kind.name, grouped(float64(kind.Count)))
		for _, f := range kind.First[:min(20, len(kind.First))] {
			fmt.Fprintln(a.out, "  "+whereOf(f))
		}
		if more := kind.Count - 20; more > 0 {
			fmt.Fprintf(a.out, "  and %s more (--json lists the first thousand)\n", grouped(float64(more)))
		}
	}
	if c.Right() {
		fmt.Fprintln(a.out, "\nEvery row came back as it was handed out.")
	}
}

// whereOf says in a line where a difference is.
func whereOf(f handover.Finding) string {
	var parts []string
	if f.Line > 0 {
		parts = append(parts, fmt.Sprintf("line %d", f.Line))
	}
	if f.Row > 0 {
		parts = append(parts, fmt.Sprintf("row %d of the list", f.Row))
	}
	if f.Earlier > 0 {
		parts = append(parts, fmt.Sprintf("was on line %d already", f.Earlier))
	}
	if f.Other > 0 {
		parts = append(parts, fmt.Sprintf("has what belongs to row %d", f.Other))
	}
	if len(f.Columns) > 0 {
		parts = append(parts, "in "+strings.Join(f.Columns, ", "))
	}
	return strings.Join(parts, ", ")
}
