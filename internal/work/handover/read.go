package handover

import (
	"cmp"
	"context"
	"slices"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/record/access"
	"genbo/internal/record/extract"
	"genbo/internal/record/person"
	"genbo/internal/record/staff"
)

// Get returns an extract and what happened to it.
func (h *Handover) Get(ctx context.Context, i staff.Identity, id string) (e extract.Extract, events []extract.Event, err error) {
	if err := h.Desk.Check(i, access.ReadExtracts); err != nil {
		return e, nil, err
	}
	err = h.DB.View(ctx, func(tx *db.Tx) (err error) {
		if e, err = h.extracts.Get(tx, id); err != nil {
			return err
		}
		events, err = h.extracts.Events(tx, id)
		return err
	})
	return e, events, err
}

// List returns the newest extracts that a filter chooses, without their people. Security officers and
// auditors see those of every office, others those of their own.
func (h *Handover) List(ctx context.Context, i staff.Identity, f extract.Filter, limit int) (list []extract.Extract, err error) {
	if err := h.Desk.Check(i, access.ReadExtracts); err != nil {
		return nil, err
	}
	if !i.Member.Has(staff.Security) && !i.Member.Has(staff.Auditor) {
		f.Office = i.Member.Office
	}
	err = h.DB.View(ctx, func(tx *db.Tx) (err error) {
		list, err = h.extracts.List(tx, f, limit)
		return err
	})
	return list, err
}

// Tallied is a line of a statistic; groups of fewer than ten people are not counted out.
type Tallied struct {
	person.Group
	Persons int // 0 if Few
	Few     bool
}

// Statistics counts the people of an approved extract by office, sex and decade of birth.
func (h *Handover) Statistics(ctx context.Context, i staff.Identity, id string) (e extract.Extract, list []Tallied, err error) {
	if err := h.Desk.Check(i, access.UseExtracts); err != nil {
		return e, nil, err
	}
	err = h.DB.View(ctx, func(tx *db.Tx) (err error) {
		e, _, err = h.live(tx, i.Actor(), id, extract.Statistics)
		return err
	})
	if err != nil {
		return e, nil, err
	}
	var people []genbo.PersonID
	for p := range e.People.All() {
		people = append(people, p)
	}
	counts, err := h.Register.Tally(ctx, people)
	for group, n := range counts {
		t := Tallied{Group: group, Persons: n}
		if n < few {
			t.Persons, t.Few = 0, true
		}
		list = append(list, t)
	}
	sortTallied(list)
	return e, list, err
}

func sortTallied(list []Tallied) {
	slices.SortFunc(list, func(a, b Tallied) int {
		return cmp.Or(cmp.Compare(a.Office, b.Office), cmp.Compare(a.Sex, b.Sex), cmp.Compare(a.Decade, b.Decade))
	})
}
