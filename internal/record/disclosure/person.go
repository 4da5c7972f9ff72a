package disclosure

import (
	"context"
	"fmt"
	"slices"
	"time"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/record/journal"
)

// listed is up to how many people an entry is found by each of them; larger ones are found by their segment.
const listed = journal.MaxIndexed

// OfPerson returns everything that was ever disclosed of a person, and every other entry about him, newest
// first, before a time (zero: now), at most limit. The entries of lists of more than a thousand people come
// from their segments: a day's openings of one list stand as one, at the first.
func (x *Index) OfPerson(ctx context.Context, id genbo.PersonID, before time.Time, limit int) ([]journal.Entry, error) {
	if err := x.catchLarge(ctx); err != nil {
		return nil, err
	}
	var list []journal.Entry
	err := x.db.View(ctx, func(tx *db.Tx) (err error) {
		if list, err = x.journal.Of(tx, id, before, limit); err != nil {
			return err
		}
		large, err := x.largeOf(tx, id, before)
		list = append(list, large...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("disclosures of a person: %w", err)
	}
	slices.SortStableFunc(list, func(a, b journal.Entry) int { return b.At.Compare(a.At) })
	return list[:min(limit, len(list))], nil
}

// catchLarge takes in what the journal has gained if there is an entry of very many people among it.
func (x *Index) catchLarge(ctx context.Context) error {
	var newest []byte
	err := x.db.View(ctx, func(tx *db.Tx) error {
		return tx.Home().Each("SELECT id FROM journal_entry WHERE persons > 1000 ORDER BY id DESC LIMIT 1", nil, func(scan func(...any) error) error {
			return scan(&newest)
		})
	})
	x.mu.Lock()
	known := x.seen == string(newest)
	x.mu.Unlock()
	if err != nil || known {
		return err
	}
	if err := x.CatchUp(ctx); err != nil {
		return err
	}
	x.mu.Lock()
	x.seen = string(newest)
	x.mu.Unlock()
	return nil
}

// largeOf returns the disclosures of a person in lists too large to be listed by person.
func (x *Index) largeOf(tx *db.Tx, id genbo.PersonID, before time.Time) (list []journal.Entry, err error) {
	candidates, err := x.largest(tx)
	if err != nil {
		return nil, err
	}
	for _, s := range candidates {
		if !before.IsZero() && s.FirstAt >= db.Millis(before) {
			continue
		}
		set, err := x.people(tx, s)
		if err != nil {
			return nil, err
		}
		if set.Has(uint32(id)) {
			list = append(list, journal.Entry{At: db.FromMillis(s.FirstAt), Actor: journal.Actor{Staff: s.staff, Device: s.device}, Purpose: s.purpose,
				Action: s.action, People: journal.Person(id), Fields: s.fields, Outcome: journal.Done, Detail: fmt.Sprintf(`{"extract":%q}`, s.extract)})
		}
	}
	return list, nil
}

// largest returns the segments of large lists. Pages of worklists are not among them: each is listed by person.
func (x *Index) largest(tx *db.Tx) ([]Segment, error) {
	var next int64
	if err := tx.Home().Row("SELECT next FROM disclosure_head WHERE name = ?", []any{"journal"}, &next); err != nil {
		return nil, err
	}
	x.mu.Lock()
	known := x.large
	x.mu.Unlock()
	if known.segments != nil && known.next == next {
		return known.segments, nil
	}
	fresh := lists{next: next, segments: []Segment{}}
	err := tx.Home().Each("SELECT "+columns+" FROM disclosure WHERE persons > ? AND extract <> '' AND action <> ?", []any{listed, string(journal.ExtractView)},
		func(scan func(...any) error) error {
			s, err := scanSegment(scan)
			fresh.segments = append(fresh.segments, s)
			return err
		})
	if err == nil {
		x.mu.Lock()
		x.large = fresh
		x.mu.Unlock()
	}
	return fresh.segments, err
}
