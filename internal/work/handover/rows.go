package handover

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/record/extract"
	"genbo/internal/record/journal"
	"genbo/internal/record/person"
	"genbo/internal/work/mark"
)

// marks are what makes the files of an extract different from all others.
type marks struct {
	secret []byte
	decoys []mark.Decoy
}

// rows is how many rows a file has: people and decoys.
func (m marks) rows(e extract.Extract) int { return e.People.Count() + len(m.decoys) }

// kept reads the marks of an extract; [genbo.ErrNotFound] before its first file.
func (h *Handover) kept(tx *db.Tx, id string) (m marks, err error) {
	if m.secret, err = h.extracts.Secret(tx, id); err != nil {
		return m, err
	}
	text, err := h.extracts.Mark(tx, id)
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal([]byte(text), &m.decoys); err != nil {
		return m, fmt.Errorf("the decoys of extract %s do not read: %w", id, genbo.ErrTampered)
	}
	return m, nil
}

// marks returns the marks of an extract, and invents its decoys before its first file.
func (h *Handover) marks(ctx context.Context, receipt journal.Receipt, e extract.Extract) (m marks, err error) {
	err = h.DB.View(ctx, func(tx *db.Tx) error {
		m, err = h.kept(tx, e.ID)
		return err
	})
	if !errors.Is(err, genbo.ErrNotFound) {
		return m, err
	}
	like, err := h.alike(ctx, receipt, e)
	if err != nil {
		return m, err
	}
	err = h.DB.Update(ctx, func(tx *db.Tx) error {
		if m, err = h.kept(tx, e.ID); !errors.Is(err, genbo.ErrNotFound) {
			return err
		}
		free := func(n genbo.Number) (bool, error) { return h.Register.Reserve(tx, n) }
		if m.decoys, err = mark.Decoys(like, h.boxes, free); err != nil {
			return err
		}
		text, err := json.Marshal(m.decoys)
		if err != nil {
			return err
		}
		return h.extracts.KeepMark(tx, e.ID, string(text))
	})
	return m, err
}

// reached are the fields by which somebody can be reached: a decoy that carries one needs a mailbox.
const reached = genbo.FieldAddress | genbo.FieldPhone | genbo.FieldBank

// alike chooses people of an extract whom its decoys are to look like.
func (h *Handover) alike(ctx context.Context, receipt journal.Receipt, e extract.Extract) (like []mark.Like, err error) {
	if e.Fields&reached != 0 && len(h.boxes) == 0 {
		return nil, nil
	}
	people := e.People.Count()
	wanted := mark.Wanted(people)
	var sample []genbo.PersonID
	n := 0
	for id := range e.People.All() {
		if n*wanted/people >= len(sample) {
			sample = append(sample, id)
		}
		n++
	}
	err = h.Register.Each(ctx, receipt, sample, func(r *person.Record) error {
		l := mark.Like{Office: string(r.Office)}
		for _, number := range r.Numbers {
			if number.State == person.Current {
				l.Number = number.Number
			}
		}
		like = append(like, l)
		return nil
	})
	return like, err
}

var errStop = errors.New("no more rows are wanted")

// rows opens the people of an extract in the order of its files, with its decoys among them, as they were at a
// time. Keyed rows end with their sheet key.
func (h *Handover) rows(ctx context.Context, receipt journal.Receipt, e extract.Extract, m marks, at time.Time, keyed bool) iter.Seq2[[]string, error] {
	var people []genbo.PersonID
	for id := range e.People.All() {
		people = append(people, id)
	}
	key := mark.NewKey(m.secret)
	slots := key.Arrange(people, m.decoys)
	return func(yield func([]string, error) bool) {
		row, first := 0, 0
		err := h.runs(ctx, receipt, people, func(run []*person.Record) error {
			known := map[genbo.PersonID]*person.Record{}
			for _, r := range run {
				known[r.ID] = r
			}
			for ; first < len(slots) && slots[first].Run == row/mark.Run; first++ {
				text := decoyOrPerson(slots[first], m, known, e.Fields, at)
				for n := range text {
					text[n] = key.Spell(text[n])
				}
				if keyed {
					text = append(text, sheetKey(m.secret, first, text))
				}
				if !yield(text, nil) {
					return errStop
				}
			}
			row += len(run)
			return nil
		})
		if err != nil && !errors.Is(err, errStop) {
			yield(nil, err)
		}
	}
}

func decoyOrPerson(s mark.Slot, m marks, known map[genbo.PersonID]*person.Record, fields genbo.FieldSet, at time.Time) []string {
	if s.Person == 0 {
		return decoyCells(m.decoys[s.Decoy], fields)
	}
	return cells(known[s.Person], fields, at)
}

// runs opens people run by run, as [mark.Run] has them.
func (h *Handover) runs(ctx context.Context, receipt journal.Receipt, people []genbo.PersonID, fn func([]*person.Record) error) error {
	for len(people) > 0 {
		n := min(mark.Run, len(people))
		run := make([]*person.Record, 0, n)
		err := h.Register.Each(ctx, receipt, people[:n], func(r *person.Record) error {
			run = append(run, r)
			return nil
		})
		if err != nil {
			return err
		}
		if err := fn(run); err != nil {
			return err
		}
		people = people[n:]
	}
	return nil
}
