package journal

import (
	"fmt"
	"time"

	"genbo"
	"genbo/internal/base/db"
)

// maxTogether is after how many people no further entry is read at once: large sets take memory.
const maxTogether = 4_000_000

// Leaves returns the entries from a place in the tree on, in its order, at most limit and fewer where they are
// about very many people, without their reasons.
func (j *Journal) Leaves(tx *db.Tx, from genbo.EntryNumber, limit int) (list []Numbered, err error) {
	var leaves []leaf
	err = tx.Home().Each("SELECT seq, entry_bucket, entry FROM journal_leaf WHERE seq >= ? ORDER BY seq LIMIT ?", []any{int64(from), limit},
		func(scan func(...any) error) error {
			var l leaf
			err := scan(&l.number, &l.bucket, &l.id)
			leaves = append(leaves, l)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("read journal: %w", err)
	}
	people := 0
	for _, l := range leaves {
		s, err := readStored(tx, l.bucket, l.id)
		if err != nil {
			return nil, fmt.Errorf("entry %d: %w", l.number, err)
		}
		list = append(list, Numbered{s.Entry, l.number})
		if people += s.People.Count(); people > maxTogether {
			break
		}
	}
	return list, nil
}

// By returns the entries of a member of staff from a time on and before another, without their reasons.
func (j *Journal) By(tx *db.Tx, staff genbo.StaffID, from, to time.Time) (list []Entry, err error) {
	err = tx.Everywhere(func(p *db.Part) error {
		return p.Each("SELECT "+entryColumns+" FROM journal_entry WHERE staff = ? AND at >= ? AND at < ?",
			[]any{string(staff), db.Millis(from), db.Millis(to)}, func(scan func(...any) error) error {
				s, err := scanEntry(scan)
				if err == nil {
					list = append(list, s.Entry)
				}
				return err
			})
	})
	if err != nil {
		return nil, fmt.Errorf("read journal: %w", err)
	}
	return list, nil
}
