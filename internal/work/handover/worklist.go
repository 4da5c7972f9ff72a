package handover

import (
	"context"
	"slices"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/record/access"
	"genbo/internal/record/extract"
	"genbo/internal/record/journal"
	"genbo/internal/record/person"
	"genbo/internal/work/desk"
)

// Only says which rows of a worklist are wanted.
type Only string

// The choices of [Only]; "" is every row.
const (
	OnlyOpen Only = "open"
	OnlyDone Only = "done"
)

// View says which rows of a worklist are wanted, in which order.
type View struct {
	Sort     person.Kind // KindName, KindBirth, KindAddress, or "" for the order of the register
	Only     Only
	Contains string // in the name or address
	Offset   int
	Row      int // 1 + the one row wanted, or 0
}

// Line is a row of a worklist.
type Line struct {
	extract.Row
	Ref   genbo.PersonRef
	Cells []genbo.Masked[string]
}

// Lines are rows of a worklist as shown.
type Lines struct {
	Extract extract.Extract
	Columns []string
	Lines   []Line
	Offset  int
	Total   int // rows that the view chooses
	Done    int // rows of the whole list that are ticked off
}

// PageRows is how many rows a page of a worklist shows.
const PageRows = 50

// Rows shows a page of a worklist. Exactly the rows shown are disclosed.
func (h *Handover) Rows(ctx context.Context, v desk.Visit, id string, view View) (Lines, error) {
	actor := v.Identity.Actor()
	if err := h.Desk.Check(v.Identity, access.UseExtracts); err != nil {
		return Lines{}, err
	}
	var e extract.Extract
	var worked map[int]extract.Row
	err := h.DB.View(ctx, func(tx *db.Tx) (err error) {
		if e, _, err = h.live(tx, actor, id, extract.Worklist); err != nil {
			return err
		}
		worked, err = h.extracts.Rows(tx, id)
		return err
	})
	if err != nil {
		return Lines{}, err
	}
	lines := Lines{Extract: e, Columns: Columns(e.Fields), Offset: max(0, view.Offset)}
	rowOf := map[genbo.PersonID]int{}
	chosen, err := h.arrange(ctx, e, view, worked, rowOf, &lines)
	if err != nil {
		return Lines{}, err
	}
	if len(chosen) == 0 {
		return lines, nil
	}
	shown := journal.PeopleOf(chosen)
	line := entry(actor, e, journal.ExtractView)
	line.People = shown
	receipt, err := h.Journal.Account(ctx, line, func(tx *db.Tx) error {
		if _, _, err := h.live(tx, actor, id, extract.Worklist); err != nil {
			return err
		}
		return h.Budgets.Spend(tx, actor, access.List, e.Purpose, shown)
	})
	if err != nil {
		v.Purpose, v.Case = e.Purpose, e.Case
		return Lines{}, h.Desk.OverBudget(ctx, v, access.List, err)
	}
	err = h.Register.Each(ctx, receipt, chosen, func(r *person.Record) error {
		ref, err := h.Vault.Ref(r.ID)
		l := Line{Row: worked[rowOf[r.ID]], Ref: ref}
		l.Row.Row = rowOf[r.ID]
		for _, cell := range cells(r, e.Fields, receipt.At()) {
			l.Cells = append(l.Cells, genbo.Mask(cell))
		}
		lines.Lines = append(lines.Lines, l)
		return err
	})
	return lines, err
}

// arrange returns whom a view shows on its page, and fills in the counts.
func (h *Handover) arrange(ctx context.Context, e extract.Extract, view View, worked map[int]extract.Row, rowOf map[genbo.PersonID]int, lines *Lines) ([]genbo.PersonID, error) {
	var chosen []genbo.PersonID
	for id := range e.People.All() {
		row := len(rowOf)
		rowOf[id] = row
		done := worked[row].Done
		if done {
			lines.Done++
		}
		if view.Row > 0 && view.Row != row+1 || view.Only == OnlyOpen && done || view.Only == OnlyDone && !done {
			continue
		}
		chosen = append(chosen, id)
	}
	if view.Sort != "" && !slices.Contains([]person.Kind{person.KindName, person.KindBirth, person.KindAddress}, view.Sort) {
		return nil, genbo.NewFault("sort", "extract.sort")
	}
	chosen, err := h.Register.Arrange(ctx, chosen, view.Sort, view.Contains)
	if err != nil {
		return nil, err
	}
	lines.Total = len(chosen)
	lines.Offset = min(lines.Offset, len(chosen))
	return chosen[lines.Offset:min(len(chosen), lines.Offset+PageRows)], nil
}

// Work ticks a row of a worklist off, or not, and notes something on it.
func (h *Handover) Work(ctx context.Context, v desk.Visit, id string, row int, done bool, note string) error {
	actor := v.Identity.Actor()
	if len(note) > 600 {
		return genbo.NewFault("note", "text.long", 600)
	}
	if err := h.Desk.Check(v.Identity, access.UseExtracts); err != nil {
		return err
	}
	return h.DB.Share(ctx, func(tx *db.Tx) error {
		e, _, err := h.live(tx, actor, id, extract.Worklist)
		if err != nil {
			return err
		}
		if row < 0 || row >= e.People.Count() {
			return genbo.ErrNotFound
		}
		line := entry(actor, e, journal.ExtractWork)
		line.People, line.Fields = journal.People{}, 0
		if _, err := h.Journal.Write(tx, line); err != nil {
			return err
		}
		return h.extracts.SetRow(tx, id, extract.Row{Row: row, Done: done, Note: genbo.Mask(note)}, actor.Staff)
	})
}
