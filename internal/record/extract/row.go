package extract

import (
	"fmt"
	"time"

	"genbo"
	"genbo/internal/base/db"
)

// Row is how far the work on one row of a worklist has come. Rows count from 0 in the order of the register.
type Row struct {
	Row  int
	Done bool
	Note genbo.Masked[string]
	By   genbo.StaffID
	At   time.Time
}

// SetRow ticks a row off, or not, and notes something on it.
func (s *Store) SetRow(tx *db.Tx, id string, r Row, by genbo.StaffID) error {
	note, err := []byte{}, error(nil)
	if text := r.Note.Plain(); text != "" {
		if note, err = s.vault.SealText(text, fmt.Sprintf("extract row %s %d", id, r.Row)); err != nil {
			return err
		}
	}
	done := 0
	if r.Done {
		done = 1
	}
	_, err = tx.Home().Exec(`INSERT INTO extract_row (extract, row_no, done, note, staff, at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (extract, row_no)
		DO UPDATE SET done = excluded.done, note = excluded.note, staff = excluded.staff, at = excluded.at`,
		id, r.Row, done, note, string(by), db.Millis(tx.Now))
	if err != nil {
		return fmt.Errorf("work on a row: %w", err)
	}
	return nil
}

// Rows returns the rows of a worklist that somebody worked on.
func (s *Store) Rows(tx *db.Tx, id string) (map[int]Row, error) {
	rows := map[int]Row{}
	err := tx.Home().Each("SELECT row_no, done, note, staff, at FROM extract_row WHERE extract = ?", []any{id}, func(next func(...any) error) error {
		var r Row
		var note []byte
		var at int64
		if err := next(&r.Row, &r.Done, &note, &r.By, &at); err != nil {
			return err
		}
		r.At = db.FromMillis(at)
		if len(note) > 0 {
			text, err := s.vault.OpenText(note, fmt.Sprintf("extract row %s %d", id, r.Row))
			if err != nil {
				return err
			}
			r.Note = genbo.Mask(text)
		}
		rows[r.Row] = r
		return nil
	})
	return rows, err
}
