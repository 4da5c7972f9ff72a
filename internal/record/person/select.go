package person

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"genbo"
	"genbo/internal/base/db"
)

// Selection chooses people for a list. All that is given must fit; people merged into others are left out.
type Selection struct {
	Office   genbo.OfficeID `json:"office,omitempty"`    // in charge today
	BornFrom genbo.Date     `json:"born_from,omitempty"` // first date of birth
	BornTo   genbo.Date     `json:"born_to,omitempty"`   // last date of birth
	Sex      Sex            `json:"sex,omitempty"`
	Life     Life           `json:"life,omitempty"`
	Numbers  []genbo.Number `json:"-"` // only who has one of these
}

// Life says whether people live.
type Life string

// The choices of [Life]; "" is either.
const (
	Living   Life = "living"
	Deceased Life = "deceased"
)

// Chosen is whom a selection leads to.
type Chosen struct {
	People  []genbo.PersonID // ascending, each once
	Unknown int              // numbers that belong to nobody
}

// Select returns the people that a selection chooses, and opens for it what it compares; nothing of that
// leaves this package. Progress is told how many people have been looked at.
func (r *Register) Select(ctx context.Context, s Selection, progress func(looked, of int)) (Chosen, error) {
	var chosen Chosen
	err := r.db.View(ctx, func(tx *db.Tx) (err error) {
		if chosen, err = r.pool(tx, s); err != nil {
			return err
		}
		kept := chosen.People[:0]
		for i, id := range chosen.People {
			if i%1000 == 0 {
				progress(i, len(chosen.People))
				if err := ctx.Err(); err != nil {
					return err
				}
			}
			fits, err := r.fits(tx, s, id)
			if err != nil {
				return err
			}
			if fits {
				kept = append(kept, id)
			}
		}
		chosen.People = kept
		return nil
	})
	if err != nil {
		return Chosen{}, fmt.Errorf("select people: %w", err)
	}
	return chosen, nil
}

// pool is the people whom a selection can choose, before each is looked at.
func (r *Register) pool(tx *db.Tx, s Selection) (Chosen, error) {
	if len(s.Numbers) > 0 {
		return r.holders(tx, s.Numbers)
	}
	if s.Office == "" {
		return Chosen{}, genbo.NewFault("office", "selection.wide")
	}
	var c Chosen
	err := tx.Everywhere(func(p *db.Part) error {
		return p.Each("SELECT DISTINCT person FROM person_office WHERE office = ?", []any{string(s.Office)}, func(scan func(...any) error) error {
			var id int64
			err := scan(&id)
			c.People = append(c.People, genbo.PersonID(id))
			return err
		})
	})
	slices.Sort(c.People)
	return c, err
}

func (r *Register) holders(tx *db.Tx, numbers []genbo.Number) (c Chosen, err error) {
	for _, n := range numbers {
		id, err := r.Holder(tx, n)
		if errors.Is(err, genbo.ErrNotFound) {
			c.Unknown++
			continue
		}
		if err == nil {
			id, err = r.Resolve(tx, id)
		}
		if err != nil {
			return Chosen{}, err
		}
		c.People = append(c.People, id)
	}
	slices.Sort(c.People)
	c.People = slices.Compact(c.People)
	return c, nil
}

// fits reports whether a selection chooses a person.
func (r *Register) fits(tx *db.Tx, s Selection, id genbo.PersonID) (bool, error) {
	if s.Office != "" {
		office, err := r.OfficeOf(tx, id)
		if errors.Is(err, genbo.ErrNotFound) || err == nil && office != s.Office {
			return false, nil
		}
		if err != nil {
			return false, err
		}
	}
	if _, into, err := mergeState(tx, id); err != nil || into != 0 {
		return false, err
	}
	if s.BornFrom == 0 && s.BornTo == 0 && s.Sex == "" && s.Life == "" {
		return true, nil
	}
	record, err := r.load(tx, id, genbo.FieldBirth|genbo.FieldSex|genbo.FieldDeath)
	if err != nil {
		return false, err
	}
	return s.matches(record, tx), nil
}

func (s Selection) matches(record *Record, tx *db.Tx) bool {
	today := genbo.DateOf(tx.Now.In(genbo.Japan))
	if s.BornFrom != 0 || s.BornTo != 0 {
		v, found := record.At(KindBirth, today, tx.Now)
		if !found || s.BornFrom != 0 && genbo.Date(v.(Birth)) < s.BornFrom || s.BornTo != 0 && genbo.Date(v.(Birth)) > s.BornTo {
			return false
		}
	}
	if s.Sex != "" {
		if v, found := record.At(KindSex, today, tx.Now); !found || v != s.Sex {
			return false
		}
	}
	v, found := record.At(KindDeath, today, tx.Now)
	dead := found && genbo.Date(v.(Death)) != 0
	return s.Life == "" || dead == (s.Life == Deceased)
}
