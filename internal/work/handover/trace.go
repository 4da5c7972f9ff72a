package handover

import (
	"context"
	"errors"
	"fmt"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/record/journal"
	"genbo/internal/work/mark"
)

// maxTraced is how many people of a copy are looked up: a few thousand show an order as well as a million do.
const maxTraced = 5000

// Traced is what is known of a copy that was found outside.
type Traced struct {
	Extracts int            // that were tried
	Unknown  int            // numbers of the copy that belong to nobody, decoys' among them
	Suspects []mark.Suspect // the least doubt first, at most as many as wanted
}

// Trace says for the operator of the machine which extract a copy came from. That somebody asked is in the journal;
// nothing of the copy is kept.
func (h *Handover) Trace(ctx context.Context, c *mark.Copy, most int, progress func(tried, of int)) (t Traced, err error) {
	var files []string
	var people []genbo.PersonID
	err = h.DB.Share(ctx, func(tx *db.Tx) error {
		if people, t.Unknown, err = h.holders(tx, c.Numbers(maxTraced)); err != nil {
			return err
		}
		if files, err = h.extracts.Files(tx); err != nil {
			return err
		}
		detail := fmt.Sprintf(`{"traced":%d}`, len(files))
		_, err = h.Journal.Write(tx, journal.Entry{Actor: journal.System("disclosure"), Action: journal.DisclosureRead, Detail: detail})
		return err
	})
	if err != nil {
		return t, err
	}
	trial := c.Try(people)
	t.Suspects = []mark.Suspect{}
	for n, id := range files {
		if err := ctx.Err(); err != nil {
			return t, err
		}
		var l mark.Listed
		if err := h.DB.View(ctx, func(tx *db.Tx) error { l, err = h.listed(tx, id, len(people) > 0); return err }); err != nil {
			return t, err
		}
		t.Suspects = append(t.Suspects, trial.Against(l, len(files)))
		progress(n+1, len(files))
	}
	t.Extracts = len(files)
	mark.Rank(t.Suspects)
	t.Suspects = t.Suspects[:min(most, len(t.Suspects))]
	return t, nil
}

// Decoys hands on the decoys of every extract of which a file was ever made, the newest extract first.
func (h *Handover) Decoys(ctx context.Context, fn func(extract string, decoys []mark.Decoy) error) error {
	return h.DB.View(ctx, func(tx *db.Tx) error {
		files, err := h.extracts.Files(tx)
		if err != nil {
			return err
		}
		for _, id := range files {
			m, err := h.kept(tx, id)
			if err != nil {
				return err
			}
			if err := fn(id, m.decoys); err != nil {
				return err
			}
		}
		return nil
	})
}

// holders returns the people whom the register knows by some numbers, each once and in this order.
func (h *Handover) holders(tx *db.Tx, numbers []genbo.Number) (people []genbo.PersonID, unknown int, err error) {
	seen := map[genbo.PersonID]bool{}
	for _, n := range numbers {
		id, err := h.Register.Holder(tx, n)
		if errors.Is(err, genbo.ErrNotFound) {
			unknown++
			continue
		}
		if err == nil {
			id, err = h.Register.Resolve(tx, id)
		}
		if err != nil {
			return nil, 0, err
		}
		if !seen[id] {
			seen[id] = true
			people = append(people, id)
		}
	}
	return people, unknown, nil
}

// listed is an extract as it is tried, with its people if the copy has any.
func (h *Handover) listed(tx *db.Tx, id string, withPeople bool) (mark.Listed, error) {
	m, err := h.kept(tx, id)
	if err != nil {
		return mark.Listed{}, err
	}
	l := mark.Listed{ID: id, Secret: m.secret, Decoys: m.decoys}
	if withPeople {
		e, err := h.extracts.Get(tx, id)
		if err != nil {
			return l, err
		}
		l.Index = e.People.Index()
	}
	return l, nil
}
