package extract

import (
	"fmt"
	"time"

	"genbo"
	"genbo/internal/base/db"
)

// Saved is a selection that an office uses again.
type Saved struct {
	ID        string
	Office    genbo.OfficeID
	Staff     genbo.StaffID
	Name      string
	CreatedAt time.Time
}

// KeepSelection keeps a selection under a name of its office. Its text may name people and is sealed.
func (s *Store) KeepSelection(tx *db.Tx, one Saved, text string) error {
	sealed, err := s.vault.SealText(text, "selection "+one.ID)
	if err != nil {
		return err
	}
	_, err = tx.Home().Exec("INSERT INTO selection (id, office, staff, name, sealed, created_at) VALUES (?, ?, ?, ?, ?, ?)",
		one.ID, string(one.Office), string(one.Staff), one.Name, sealed, db.Millis(tx.Now))
	if err != nil {
		return fmt.Errorf("save selection: %w", err)
	}
	return nil
}

// Selections returns what an office saved, by name.
func (s *Store) Selections(tx *db.Tx, office genbo.OfficeID) (list []Saved, err error) {
	err = tx.Home().Each("SELECT id, office, staff, name, created_at FROM selection WHERE office = ? ORDER BY name, id", []any{string(office)},
		func(next func(...any) error) error {
			var one Saved
			var at int64
			err := next(&one.ID, &one.Office, &one.Staff, &one.Name, &at)
			one.CreatedAt = db.FromMillis(at)
			list = append(list, one)
			return err
		})
	return list, err
}

// Selection returns the text of a selection that an office saved.
func (s *Store) Selection(tx *db.Tx, office genbo.OfficeID, id string) (string, error) {
	var sealed []byte
	if err := tx.Home().Row("SELECT sealed FROM selection WHERE id = ? AND office = ?", []any{id, string(office)}, &sealed); err != nil {
		return "", fmt.Errorf("saved selection: %w", err)
	}
	return s.vault.OpenText(sealed, "selection "+id)
}

// DropSelection forgets a selection of an office.
func (s *Store) DropSelection(tx *db.Tx, office genbo.OfficeID, id string) error {
	n, err := tx.Home().Exec("DELETE FROM selection WHERE id = ? AND office = ?", id, string(office))
	if err == nil && n == 0 {
		err = genbo.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("forget selection: %w", err)
	}
	return nil
}
