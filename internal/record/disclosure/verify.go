package disclosure

import (
	"bytes"
	"context"
	"fmt"

	"genbo"
	"genbo/internal/base/db"
)

// Verify makes the index anew from the journal, up to where the stored one has come, and returns what in the
// stored one is not the same to the bit.
func (x *Index) Verify(ctx context.Context) (problems []string, segments int, err error) {
	if err := x.CatchUp(ctx); err != nil {
		return nil, 0, err
	}
	f := &fold{segments: map[key]*gathered{}, offices: map[genbo.StaffID]genbo.OfficeID{}}
	err = x.db.View(ctx, func(tx *db.Tx) error {
		var end int64
		if err := tx.Home().Row("SELECT next FROM disclosure_head WHERE name = ?", []any{"journal"}, &end); err != nil {
			return err
		}
		for next := int64(0); next < end; {
			entries, err := x.journal.Leaves(tx, genbo.EntryNumber(next), batch)
			if err != nil || len(entries) == 0 {
				return err
			}
			for _, e := range entries {
				if int64(e.Number) < end {
					if err := f.add(e); err != nil {
						return err
					}
				}
			}
			next = int64(entries[len(entries)-1].Number) + 1
		}
		segments = len(f.segments)
		problems, err = f.compare(tx)
		return err
	})
	if err != nil {
		return nil, 0, fmt.Errorf("verify the disclosure index: %w", err)
	}
	return problems, segments, nil
}

// compare names the stored segments that are not as the fold has them.
func (f *fold) compare(tx *db.Tx) (problems []string, err error) {
	seen := 0
	err = tx.Home().Each(`SELECT day, device, staff, office, purpose, extract, action, fields, first_at, last_at, persons, cases, people FROM disclosure`, nil,
		func(scan func(...any) error) error {
			var k key
			var g gathered
			var day, fields int64
			var persons int
			var people []byte
			err := scan(&day, &k.device, &k.staff, &k.office, &k.purpose, &k.extract, &k.action, &fields, &g.first, &g.last, &persons, &g.cases, &people)
			if err != nil {
				return err
			}
			k.day, k.fields = genbo.Date(day), genbo.FieldSet(fields)
			name := fmt.Sprintf("disclosures of %s by %s on %s (%s, %s)", k.day, k.staff, k.device, k.action, k.fields)
			want := f.segments[k]
			if want == nil {
				problems = append(problems, name+" are not in the journal")
				return nil
			}
			seen++
			set, count := encode(want.people)
			if want.first != g.first || want.last != g.last || want.cases != g.cases || count != persons || !bytes.Equal(set, people) {
				problems = append(problems, name+" are others than the journal's")
			}
			return nil
		})
	if err == nil && seen < len(f.segments) {
		problems = append(problems, fmt.Sprintf("%d groups of disclosures of the journal are missing", len(f.segments)-seen))
	}
	return problems, err
}
