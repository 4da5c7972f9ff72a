package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"genbo"
	"genbo/internal/base/keyedset"
	"genbo/internal/front/scancmd"
	"genbo/internal/work/house"
	"genbo/internal/work/mark"
	"genbo/internal/work/scan"
)

// atHand is the register of genbo scan --dir.
type atHand struct {
	*app
	trace bool
}

var _ scancmd.Register = (*atHand)(nil)

// Flags adds what says which register is meant.
func (r *atHand) Flags(c *cobra.Command) {
	r.where(c)
	dir := c.Flags().Lookup("dir")
	dir.Usage = "directory of a register to join with: says whose the cases are / 照合する原簿のディレクトリ"
	dir.DefValue, r.dir = "", ""
	c.Flags().BoolVar(&r.trace, "trace", false, "with --dir: weigh the spelling and order of each file with people too, as genbo disclosure trace does / 表記と順序の目印も調べる")
}

// Open makes the filter of the register for this scan alone: it has a key that is nowhere, and is gone when it is read.
func (r *atHand) Open(ctx context.Context) (people *keyedset.Map, err error) {
	switch {
	case r.dir == "" && r.trace:
		return nil, fmt.Errorf("--trace needs a register: give --dir: %w", genbo.ErrInvalid)
	case r.dir == "":
		return nil, nil
	}
	err = r.withHouse(ctx, func(h *house.House) (err error) {
		file, err := keyedset.TemporaryFile(r.dir)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, keyedset.RemoveFile(file)) }()
		key := keyedset.NewKey()
		if _, err := r.makeFilter(ctx, h, file, "scan", key, 24*time.Hour); err != nil {
			return err
		}
		people, err = keyedset.OpenFile(file, key, h.DB.Now())
		return err
	})
	return people, err
}

// traceFrom is how many people of the register a file holds before its marks are worth weighing.
const traceFrom = 20

// Trace weighs the marks of the files that hold people of the register, if that was asked for. Each is a question that the
// journal has.
func (r *atHand) Trace(ctx context.Context, report *scan.Report) error {
	if !r.trace {
		return nil
	}
	return r.withHouse(ctx, func(h *house.House) error {
		bar := r.progress("Files weighed", int64(len(report.List)))
		defer bar.end()
		for n, f := range report.List {
			bar.at(int64(n))
			if f.Whose == nil || f.Whose.Matched < traceFrom {
				continue
			}
			found, err := readCopy(f.Path)
			if err != nil {
				report.Register.Untraced++
				continue
			}
			report.Register.Traced++
			t, err := h.Handover.Trace(ctx, found, 1, func(int, int) {})
			if err != nil {
				return err
			}
			for _, s := range t.Suspects {
				weigh(f, s)
			}
		}
		return nil
	})
}

// weigh puts a suspect in front of a file's others where he is named, and better than by decoys alone.
func weigh(f *scan.File, s mark.Suspect) {
	if s.Doubt >= mark.Accused || len(f.CopyOf) > 0 && f.CopyOf[0].Doubt <= s.Doubt {
		return
	}
	named := scan.CopyOf{Extract: s.Extract, Decoys: s.Decoys, Doubt: s.Doubt, Traced: true}
	if n := slices.IndexFunc(f.CopyOf, func(c scan.CopyOf) bool { return c.Extract == s.Extract }); n >= 0 {
		named.Of = f.CopyOf[n].Of
		f.CopyOf = slices.Delete(f.CopyOf, n, n+1)
	}
	f.CopyOf = slices.Insert(f.CopyOf, 0, named)
}
