package scancmd

import (
	"context"
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
	// Trace says of the files of a report of which extracts they are copies, by all marks, if that was asked for.
	Trace(context.Context, *scan.Report) error
}

// people are whose numbers and names are known: those of the filter or the register that the flags name, nil without.
func (f *flags) people(ctx context.Context, register Register) (*keyedset.Map, error) {
	if (f.filter == "") != (f.filterKey == "") {
		return nil, fmt.Errorf("--filter and --filter-key go together: %w", genbo.ErrInvalid)
	}
	var own *keyedset.Map
	if register != nil {
		var err error
		if own, err = register.Open(ctx); err != nil || f.filter == "" {
			return own, err
		}
	}
	if own != nil {
		return nil, fmt.Errorf("--filter is for where no register is: %w", genbo.ErrInvalid)
	}
	if f.filter == "" {
		return nil, nil
	}
	key, err := keyedset.ReadKey(f.filterKey)
	if err != nil {
		return nil, err
	}
	return keyedset.Open(f.filter, key, f.options.Now())
}

// digitsRandom is how many numbers of ten digits there are.
const digitsRandom = 1e10

// byChance is how many of the numbers with nothing beside them would be somebody's if all were made up.
func byChance(r *scan.Report) int {
	return int(math.Ceil(float64(r.Possible) * min(1, float64(r.Register.Persons)/digitsRandom)))
}

// joined says in sentences whose the cases are.
func (w words) joined(r *scan.Report) []string {
	of := r.Register
	n := of.Cases
	said := []string{w.say("whose", oneLine(of.Name), of.Made.In(genbo.Japan).Format("2006-01-02"), number(of.Persons)),
		w.say("whose.cases", number(n.Matched), number(of.Found), number(n.Unmatched), number(n.Ambiguous), number(n.Unjoined))}
	if n.Decoys > 0 {
		said = append(said, w.say("whose.decoys", number(n.Decoys)))
	}
	if n.Possible > 0 {
		said = append(said, w.say("whose.possible", number(n.Possible), number(byChance(r))))
	}
	if of.Traced+of.Untraced > 0 {
		said = append(said, w.say("whose.weighed", number(of.Traced), number(of.Untraced)))
	}
	return said
}

// copyOf says of a file which extract it is a copy of; empty for none.
func (w words) copyOf(f *scan.File) string {
	if len(f.CopyOf) == 0 {
		return ""
	}
	c := f.CopyOf[0]
	key := "whose.perhaps"
	switch {
	case c.Doubt < scan.Named && c.Traced:
		key = "whose.traced"
	case c.Doubt < scan.Named:
		key = "whose.copy"
	}
	return w.say(key, oneLine(c.Extract), number(c.Decoys), number(c.Of), fmt.Sprintf("%.0e", c.Doubt))
}

// whose is the part of the summary that says it.
func (s *summary) whose() {
	if s.r.Register == nil {
		return
	}
	s.lines = append(s.lines, "")
	for _, said := range s.joined(s.r) {
		s.lines = append(s.lines, wrap(said)...)
	}
	var rows [][]string
	left := 0
	for _, f := range s.r.List {
		said := s.copyOf(f)
		switch {
		case said == "":
		case len(rows) == shown:
			left++
		default:
			rows = append(rows, []string{said, oneLine(f.Path)})
		}
	}
	s.list("whose.copies", []column{{}, {fit: true}}, rows, left)
}
