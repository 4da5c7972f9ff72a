package scancmd

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/spf13/cobra"

	"genbo"
	"genbo/internal/base/keyedset"
	"genbo/internal/work/scan"
)

// Register is a register that the program has at hand.
type Register interface {
	// Flags adds what says which register is meant.
	Flags(*cobra.Command)
	// Open returns whose numbers and names are whose in it; nil if no register was named.
	Open(context.Context) (*keyedset.Map, error)
	// Trace says of the files of a report which extracts they are copies of, by all marks.
	Trace(context.Context, *scan.Report) error
	// Close closes what Open opened.
	Close() error
}

// whose is what a scan joins with.
type whose struct {
	people   *keyedset.Map
	register Register // nil for a filter
}

// whose opens the filter or the register that the flags name.
func (f *flags) whose(ctx context.Context, registers []Register) (whose, error) {
	if (f.filter == "") != (f.filterKey == "") {
		return whose{}, fmt.Errorf("--filter and --filter-key go together: %w", genbo.ErrInvalid)
	}
	if f.filter != "" {
		key, err := keyedset.ReadKey(f.filterKey)
		if err != nil {
			return whose{}, err
		}
		people, err := keyedset.Open(f.filter, key, f.options.Now())
		return whose{people: people}, err
	}
	for _, r := range registers {
		people, err := r.Open(ctx)
		if people != nil || err != nil {
			return whose{people, r}, err
		}
	}
	return whose{}, nil
}

func (o whose) trace(ctx context.Context, r *scan.Report) error {
	if o.register == nil || r.Interrupted {
		return nil
	}
	return o.register.Trace(ctx, r)
}

func (o whose) close() error {
	var errs []error
	if o.people != nil {
		errs = append(errs, o.people.Close())
	}
	if o.register != nil {
		errs = append(errs, o.register.Close())
	}
	return errors.Join(errs...)
}

// named is the doubt below which a file is called a copy of an extract, as in a trace.
const named = 1e-9

// digitsRandom is how many numbers of ten digits there are.
const digitsRandom = 1e10

// whose says whose the cases are, and of which extracts files are copies.
func (w words) whose(line func(string), r *scan.Report) {
	of := r.Register
	if of == nil {
		return
	}
	line(w.say("whose", oneLine(of.Name), number(of.Persons), number(of.Found), number(of.Cases.Matched), number(of.Cases.Unmatched), number(of.Cases.Ambiguous), number(of.Cases.Unjoined)))
	if of.Cases.Possible > 0 {
		chance := float64(r.Possible) * min(1, float64(of.Persons)/digitsRandom)
		line(w.say("whose.possible", number(of.Cases.Possible), number(int(math.Ceil(chance)))))
	}
	copies := 0
	for _, f := range r.List {
		if len(f.CopyOf) == 0 {
			continue
		}
		if copies++; copies > shown {
			continue
		}
		c := f.CopyOf[0]
		key := "whose.perhaps"
		switch {
		case c.Doubt < named && c.Traced:
			key = "whose.traced"
		case c.Doubt < named:
			key = "whose.copy"
		}
		line(w.say(key, oneLine(f.Path), oneLine(c.Extract), number(c.Decoys), number(c.Of), fmt.Sprintf("%.0e", c.Doubt)))
	}
	if copies > shown {
		line(w.say("more", number(copies-shown)))
	}
	if of.Untraced > 0 {
		line(w.say("whose.untraced", number(of.Untraced)))
	}
}
