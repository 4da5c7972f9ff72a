package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"genbo"
	"genbo/internal/front/scancmd"
	"genbo/internal/work/handover"
	"genbo/internal/work/house"
	"genbo/internal/work/mark"
)

// exitNobody is the status of a trace that accuses no extract.
const exitNobody = 3

func (a *app) disclosureTrace() *cobra.Command {
	var most int
	c := &cobra.Command{
		Use: "trace FILE", Short: "Name the list that a leaked copy came from", Args: cobra.ExactArgs(1),
		Long: `Reads a copy that was found outside (CSV or any other text, a workbook, a document) and weighs, for every list of
which a file was ever made, the evidence that the copy came from it: its decoys, its way of spelling names and
addresses, its order of rows, and whether it holds the copy's people. A part of the file is enough, in any order.

DOUBT bounds the probability that evidence this strong is chance, for all lists together. Below 1 in 1,000,000,000 the
list is named; then the exit status is 0, else ` + fmt.Sprint(exitNobody) + `. Nothing of the copy is kept or shown.`,
		Example: "  genbo disclosure trace found-on-the-web.csv --dir register",
		RunE: func(c *cobra.Command, args []string) error {
			return a.withHouse(c.Context(), func(h *house.House) error { return a.runTrace(c.Context(), h, args[0], most) })
		},
	}
	a.where(c)
	a.jsonFlag(c)
	c.Flags().IntVar(&most, "most", 5, "how many lists to show at most")
	return c
}

// traced is the answer for machines.
type traced struct {
	Named    string         `json:"named"` // "" if no list is accused
	Lists    int            `json:"lists"` // that were tried
	Suspects []mark.Suspect `json:"suspects"`
}

func (a *app) runTrace(ctx context.Context, h *house.House, path string, most int) error {
	found, err := readCopy(path)
	if err != nil {
		return err
	}
	var bar *progress
	t, err := h.Handover.Trace(ctx, found, most, func(tried, of int) {
		if bar == nil {
			bar = a.progress("Lists tried", int64(of))
		}
		bar.at(int64(tried))
	})
	if err != nil {
		return err
	}
	out := traced{Lists: t.Extracts, Suspects: t.Suspects}
	if len(t.Suspects) > 0 && t.Suspects[0].Doubt < mark.Accused {
		out.Named = t.Suspects[0].Extract
	}
	if a.json {
		err = json.NewEncoder(a.out).Encode(out)
	} else {
		a.showTrace(t, out)
	}
	if err == nil && out.Named == "" {
		return statusError(exitNobody)
	}
	return err
}

func readCopy(path string) (*mark.Copy, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read copy: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("read copy: %w", err)
	}
	if info.IsDir() {
		return nil, fmt.Errorf("%s is a directory: name the file itself: %w", path, genbo.ErrInvalid)
	}
	found, err := mark.Read(f, info.Size())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return found, nil
}

func (a *app) showTrace(t handover.Traced, out traced) {
	switch {
	case out.Named != "":
		fmt.Fprintf(a.out, "The copy came from list %s.\n", out.Named)
	case t.Extracts == 0:
		fmt.Fprintln(a.out, "No file of a list was ever made: the copy came from elsewhere.")
		return
	default:
		fmt.Fprintf(a.out, "None of %s lists can be named as the source.\n", grouped(float64(t.Extracts)))
	}
	fmt.Fprintf(a.out, "%-14s %12s %7s %16s %16s %16s\n", "LIST", "DOUBT", "DECOYS", "SPELLING", "ORDER", "PEOPLE HELD")
	for _, s := range t.Suspects {
		fmt.Fprintf(a.out, "%-14s %12.1e %7d %16s %16s %16s\n", s.Extract, s.Doubt, s.Decoys,
			fmt.Sprintf("%d of %d", s.Spelling.Agree, s.Spelling.Read), fmt.Sprintf("%d of %d", s.Order.Agree, s.Order.Read),
			fmt.Sprintf("%d of %d", s.Held, s.Persons))
	}
}

// statusError ends the program with a status and says no more: the answer was given.
type statusError int

func (e statusError) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// status is with what an error ends the program.
func status(err error) int {
	var s statusError
	if errors.As(err, &s) {
		return int(s)
	}
	var of scancmd.Status
	if errors.As(err, &of) {
		return of.ExitCode()
	}
	return 1
}
