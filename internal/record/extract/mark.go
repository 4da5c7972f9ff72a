package extract

import (
	"fmt"

	"genbo/internal/base/db"
)

// Mark returns the decoys that the files of an extract carry, as KeepMark kept them; [genbo.ErrNotFound] before
// its first file.
func (s *Store) Mark(tx *db.Tx, id string) (string, error) {
	var sealed []byte
	if err := tx.Home().Row("SELECT sealed FROM extract_mark WHERE extract = ?", []any{id}, &sealed); err != nil {
		return "", fmt.Errorf("marks of extract: %w", err)
	}
	return s.vault.OpenText(sealed, "extract mark "+id)
}

// KeepMark keeps the decoys of an extract. They outlive it: a copy may be found years later.
func (s *Store) KeepMark(tx *db.Tx, id, decoys string) error {
	sealed, err := s.vault.SealText(decoys, "extract mark "+id)
	if err != nil {
		return err
	}
	if _, err := tx.Home().Exec("INSERT INTO extract_mark (extract, sealed) VALUES (?, ?)", id, sealed); err != nil {
		return fmt.Errorf("marks of extract: %w", err)
	}
	return nil
}

// Files returns the identifiers of all extracts of which a file was made, the newest first.
func (s *Store) Files(tx *db.Tx) (list []string, err error) {
	err = tx.Home().Each("SELECT m.extract FROM extract_mark m JOIN extract e ON e.id = m.extract ORDER BY e.created_at DESC, e.id", nil,
		func(next func(...any) error) error {
			var id string
			err := next(&id)
			list = append(list, id)
			return err
		})
	return list, err
}
