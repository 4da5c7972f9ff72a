package disclosure

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"genbo"
	"genbo/internal/base/bitmap"
	"genbo/internal/base/db"
	"genbo/internal/record/journal"
)

// batch is how many entries are taken in at once.
const batch = 2000

// fold gathers disclosures by segment, and remembers who belonged to which office.
type fold struct {
	segments map[key]*gathered
	offices  map[genbo.StaffID]genbo.OfficeID
	changes  []officeChange // new ones, in order
}

type gathered struct {
	first, last int64
	cases       int
	people      []genbo.PersonID // with repetitions
}

type officeChange struct {
	staff  genbo.StaffID
	number genbo.EntryNumber
	office genbo.OfficeID
}

// detail is what entries say that the index needs.
type detail struct {
	Extract string         `json:"extract"`
	Staff   genbo.StaffID  `json:"staff"`
	Office  genbo.OfficeID `json:"office"`
}

// add takes in an entry.
func (f *fold) add(e journal.Numbered) error {
	discloses := e.Action.Discloses() && e.Outcome == journal.Done && e.People.Count() > 0
	if !discloses && e.Action != journal.StaffChange {
		return nil
	}
	var d detail
	if e.Detail != "" {
		if err := json.Unmarshal([]byte(e.Detail), &d); err != nil {
			return fmt.Errorf("entry %d: its detail does not read: %w", e.Number, genbo.ErrTampered)
		}
	}
	if e.Action == journal.StaffChange {
		if d.Staff != "" && d.Office != "" {
			f.offices[d.Staff] = d.Office
			f.changes = append(f.changes, officeChange{d.Staff, e.Number, d.Office})
		}
		return nil
	}
	k := keyOf(e.Entry, d.Extract, f.offices[e.Actor.Staff])
	g := f.segments[k]
	at := db.Millis(e.At)
	if g == nil {
		g = &gathered{first: at, last: at}
		f.segments[k] = g
	}
	g.first, g.last = min(g.first, at), max(g.last, at)
	g.cases += e.People.Count()
	for p := range e.People.All() {
		g.people = append(g.people, p)
	}
	return nil
}

func keyOf(e journal.Entry, extract string, office genbo.OfficeID) key {
	return key{genbo.DateOf(e.At.In(genbo.Japan)), e.Actor.Device, e.Actor.Staff, office, e.Purpose, extract, e.Action, e.Fields}
}

// encode writes people, in any order and with repetitions, as a set.
func encode(people []genbo.PersonID) (set []byte, persons int) {
	slices.Sort(people)
	people = slices.Compact(people)
	return bitmap.Encode(func(yield func(uint32) bool) {
		for _, p := range people {
			if !yield(uint32(p)) {
				return
			}
		}
	}), len(people)
}

// CatchUp takes in what the journal has gained.
func (x *Index) CatchUp(ctx context.Context) error {
	if err := x.journal.Sequence(ctx); err != nil {
		return err
	}
	size, err := x.journal.Size(ctx)
	if err != nil {
		return err
	}
	for {
		next, err := x.head(ctx)
		if err != nil || next > size {
			return err
		}
		var n int
		err = x.db.Update(ctx, func(tx *db.Tx) (err error) {
			n, err = x.take(tx)
			return err
		})
		if err != nil {
			return fmt.Errorf("disclosure index: %w", err)
		}
		if n == 0 {
			return nil
		}
	}
}

func (x *Index) head(ctx context.Context) (next int64, err error) {
	err = x.db.View(ctx, func(tx *db.Tx) error {
		return tx.Home().Row("SELECT next FROM disclosure_head WHERE name = ?", []any{"journal"}, &next)
	})
	return next, err
}

// take takes one batch in. Reading the head for update locks out every other process that catches up.
func (x *Index) take(tx *db.Tx) (int, error) {
	var next int64
	err := tx.Home().Row("UPDATE disclosure_head SET next = next WHERE name = ? RETURNING next", []any{"journal"}, &next)
	if err != nil {
		return 0, err
	}
	entries, err := x.journal.Leaves(tx, genbo.EntryNumber(next), batch)
	if err != nil || len(entries) == 0 {
		return 0, err
	}
	f := &fold{segments: map[key]*gathered{}}
	if f.offices, err = loadOffices(tx); err != nil {
		return 0, err
	}
	for _, e := range entries {
		if err := f.add(e); err != nil {
			return 0, err
		}
	}
	for _, c := range f.changes {
		_, err := tx.Home().Exec("INSERT INTO disclosure_office (staff, seq, office) VALUES (?, ?, ?)", string(c.staff), int64(c.number), string(c.office))
		if err != nil {
			return 0, err
		}
	}
	for k, g := range f.segments {
		if err := store(tx, k, g); err != nil {
			return 0, err
		}
	}
	_, err = tx.Home().Exec("UPDATE disclosure_head SET next = ? WHERE name = ?", int64(entries[len(entries)-1].Number)+1, "journal")
	return len(entries), err
}

func loadOffices(tx *db.Tx) (map[genbo.StaffID]genbo.OfficeID, error) {
	offices := map[genbo.StaffID]genbo.OfficeID{}
	err := tx.Home().Each("SELECT staff, office FROM disclosure_office ORDER BY seq", nil, func(scan func(...any) error) error {
		var staff genbo.StaffID
		var office genbo.OfficeID
		err := scan(&staff, &office)
		offices[staff] = office
		return err
	})
	return offices, err
}

// store joins what was gathered with what the segment holds already.
func store(tx *db.Tx, k key, g *gathered) error {
	var old []byte
	found := false
	err := tx.Home().Each("SELECT first_at, last_at, cases, people FROM disclosure"+whereKey, k.args(), func(scan func(...any) error) error {
		var first, last int64
		var cases int
		err := scan(&first, &last, &cases, &old)
		g.first, g.last, g.cases, found = min(g.first, first), max(g.last, last), g.cases+cases, true
		return err
	})
	if err != nil {
		return err
	}
	if found {
		set, err := bitmap.Parse(old)
		if err != nil {
			return err
		}
		for p := range set.All() {
			g.people = append(g.people, genbo.PersonID(p))
		}
	}
	set, persons := encode(g.people)
	_, err = tx.Home().Exec(`INSERT INTO disclosure (day, device, staff, office, purpose, extract, action, fields, first_at, last_at, persons, cases, people)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (day, device, staff, office, purpose, extract, action, fields) DO UPDATE
		SET first_at = excluded.first_at, last_at = excluded.last_at, persons = excluded.persons, cases = excluded.cases, people = excluded.people`,
		append(k.args(), g.first, g.last, persons, g.cases, set)...)
	return err
}
