package intake

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/record/journal"
	"genbo/internal/record/person"
)

// Groups: what is written in one transaction. More batches sort more tokens together, which a tree takes
// faster; fewer lose less at an interruption.
const (
	groupBatches = 32
	// carefulGroups is for how many groups known numbers are looked for before writing, once one was found.
	carefulGroups = 16
	// tries is how often a group is written anew because others took its numbers meanwhile.
	tries = 4
)

// group is the batches of one transaction.
type group struct {
	lines   int64
	offset  int64
	new     []person.Newcomer
	people  []*person.Prepared
	at      []int64
	rejects []Reject
	known   int64
}

// store writes the batches in order, some at a time.
func (r *run) store(ctx context.Context, batches <-chan *batch) error {
	g, n := &group{}, 0
	for b := range batches {
		select {
		case <-b.done:
		case <-ctx.Done():
			return ctx.Err()
		}
		if b.err != nil {
			return b.err
		}
		g.add(b)
		if n++; n == groupBatches {
			if err := r.commit(ctx, g); err != nil {
				return err
			}
			g, n = &group{}, 0
		}
	}
	if n == 0 || ctx.Err() != nil {
		return ctx.Err()
	}
	return r.commit(ctx, g)
}

func (g *group) add(b *batch) {
	g.lines += int64(len(b.lines))
	g.offset = b.offset
	g.new, g.at = append(g.new, b.numbers...), append(g.at, b.at...)
	g.people, g.rejects = append(g.people, b.people...), append(g.rejects, b.rejects...)
}

// drop takes the people out whom the index says to be known.
func (g *group) drop(known func(i int) bool) {
	kept := 0
	for i := range g.new {
		if known(i) {
			g.rejects, g.known = append(g.rejects, Reject{g.at[i], "number", knownRule}), g.known+1
			continue
		}
		g.new[kept], g.at[kept] = g.new[i], g.at[i]
		if len(g.people) > 0 {
			g.people[kept] = g.people[i]
		}
		kept++
	}
	g.new, g.at = g.new[:kept], g.at[:kept]
	if len(g.people) > 0 {
		g.people = g.people[:kept]
	}
}

// dropRepeated drops whoever has a number that came earlier: in the group, or in a dry run in the file.
func (g *group) dropRepeated(seen map[uint64]bool) {
	g.drop(func(i int) bool {
		for _, n := range g.new[i].Numbers {
			if seen[n.Number.Value()] {
				return true
			}
		}
		for _, n := range g.new[i].Numbers {
			seen[n.Number.Value()] = true
		}
		return false
	})
}

// dropKnown drops whoever has a number that is in the register.
func (r *run) dropKnown(tx *db.Tx, g *group) error {
	var numbers []genbo.Number
	for _, n := range g.new {
		for _, one := range n.Numbers {
			numbers = append(numbers, one.Number)
		}
	}
	known, err := r.Register.Known(tx, numbers)
	if err != nil {
		return err
	}
	at := 0
	g.drop(func(i int) bool {
		mine := known[at : at+len(g.new[i].Numbers)]
		at += len(mine)
		return slices.Contains(mine, true)
	})
	return nil
}

// commit writes a group with its journal entry and how far the file has come.
func (r *run) commit(ctx context.Context, g *group) error {
	seen := map[uint64]bool{}
	if r.DryRun {
		seen = r.seen
	}
	g.dropRepeated(seen)
	if r.DryRun {
		if err := r.DB.View(ctx, func(tx *db.Tx) error { return r.dropKnown(tx, g) }); err != nil {
			return err
		}
		r.note(g)
		return nil
	}
	for i := 1; ; i++ {
		whole := *g
		whole.new, whole.people, whole.at = slices.Clone(g.new), slices.Clone(g.people), slices.Clone(g.at)
		whole.rejects = slices.Clone(g.rejects)
		var written time.Time
		took := r.report.Took
		err := r.DB.Update(ctx, func(tx *db.Tx) error {
			r.report.Took = took
			err := r.write(tx, &whole)
			written = time.Now()
			return err
		})
		if err == nil {
			r.report.Took.Commit += time.Since(written)
			r.careful = max(0, r.careful-1)
			r.note(&whole)
			return nil
		}
		if !errors.Is(err, db.ErrDuplicate) || i == tries {
			return fmt.Errorf("take lines in behind the first %d: %w", r.report.Lines, err)
		}
		r.careful = carefulGroups
	}
}

func (r *run) note(g *group) {
	p := &r.report
	p.Lines, p.Accepted, p.Known = p.Lines+g.lines, p.Accepted+int64(len(g.new)), p.Known+g.known
	p.Rejected += int64(len(g.rejects)) - g.known
	p.Took.Check, p.Took.Seal = time.Duration(r.spent.check.Load()), time.Duration(r.spent.seal.Load())
	p.Took.Whole = time.Since(r.began)
	slices.SortFunc(g.rejects, func(a, b Reject) int { return cmp.Compare(a.Line, b.Line) })
	for _, one := range g.rejects {
		if r.Reject != nil {
			r.Reject(one)
		}
	}
	if r.Progress != nil {
		r.Progress(*p)
	}
}

func (r *run) write(tx *db.Tx, g *group) error {
	home := tx.Home() // touched first, so that it commits last
	n, err := home.Exec("UPDATE intake SET lines = lines WHERE id = ? AND lines = ?", r.report.ID, r.report.Lines)
	if err == nil && n == 0 {
		err = fmt.Errorf("the same file is being taken in by another process: %w", genbo.ErrConflict)
	}
	if err != nil {
		return err
	}
	if r.careful > 0 {
		if err := r.dropKnown(tx, g); err != nil {
			return err
		}
	}
	if len(g.people) > 0 {
		if err := r.writePeople(tx, g); err != nil {
			return err
		}
	}
	p := &r.report
	_, err = home.Exec("UPDATE intake SET lines = ?, accepted = ?, known = ?, rejected = ?, byte_offset = ? WHERE id = ?",
		p.Lines+g.lines, p.Accepted+int64(len(g.people)), p.Known+g.known, p.Rejected+int64(len(g.rejects))-g.known, g.offset, p.ID)
	if err != nil {
		return err
	}
	slices.SortFunc(g.rejects, func(a, b Reject) int { return cmp.Compare(a.Line, b.Line) })
	args := make([]any, 0, 4*len(g.rejects))
	for _, one := range g.rejects {
		args = append(args, p.ID, one.Line, one.Field, one.Rule)
	}
	_, err = home.Insert("INSERT INTO intake_reject (intake, line, field, rule) VALUES", 4, args, "")
	return err
}

func (r *run) writePeople(tx *db.Tx, g *group) error {
	ids := make([]genbo.PersonID, len(g.people))
	for i, p := range g.people {
		ids[i] = p.ID
	}
	entry, err := r.Journal.Write(tx, journal.Entry{Actor: journal.System("import"), Action: journal.PeopleImport,
		People: journal.PeopleOf(ids), Fields: genbo.AllFields, Detail: fmt.Sprintf(`{"file":%q,"lines":%d}`, r.report.ID, g.lines)})
	if err != nil {
		return err
	}
	start := time.Now()
	if err := r.Register.StoreRows(tx, g.people, entry); err != nil {
		return err
	}
	stored := time.Now()
	if err := r.Register.StoreTokens(tx, g.people); err != nil {
		return err
	}
	r.report.Took.Rows += stored.Sub(start)
	r.report.Took.Index += time.Since(stored)
	return nil
}
