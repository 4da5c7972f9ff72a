package person

import (
	"fmt"

	"genbo"
	"genbo/internal/base/db"
)

// The row "epoch" of table counter names the wrapping key in use once keys have been rotated. Whoever stores
// people touches the row, so that a rotation that has changed it knows every person from before.

// refresh puts newcomers under the wrapping key in use: they may have been prepared before a rotation.
func (r *Register) refresh(tx *db.Tx, people []*Prepared) error {
	var epoch int64
	if err := tx.Home().Row("UPDATE counter SET next = next WHERE name = ? RETURNING next", []any{"epoch"}, &epoch); err != nil {
		return err
	}
	const never = 1 // no key has been rotated yet
	if epoch == never {
		return nil
	}
	if epoch != r.vault.Epoch() {
		if err := r.vault.Reload(tx.Context()); err != nil {
			return err
		}
	}
	for _, p := range people {
		if p.key.Epoch == epoch {
			continue
		}
		key, err := r.vault.Rewrap(p.ID, p.key.Key)
		if err != nil {
			return err
		}
		p.key = key
	}
	return nil
}

// SetEpoch has people stored from now on under the vault's wrapping key in use, whatever process stores them.
func (r *Register) SetEpoch(tx *db.Tx) error {
	if _, err := tx.Home().Exec("UPDATE counter SET next = ? WHERE name = ?", r.vault.Epoch(), "epoch"); err != nil {
		return fmt.Errorf("set the wrapping key in use: %w", err)
	}
	return nil
}

// Rewrap puts the data keys of up to limit people of a bucket, beginning behind one, under the wrapping key in
// use. It returns how many it changed and the last person looked at, 0 at the bucket's end.
func (r *Register) Rewrap(tx *db.Tx, bucket genbo.Bucket, behind genbo.PersonID, limit int) (changed int, last genbo.PersonID, err error) {
	type row struct {
		id  genbo.PersonID
		key []byte
	}
	var rows []row
	looked := 0
	part, epoch := tx.On(bucket), r.vault.Epoch()
	err = part.Each("SELECT id, key, epoch FROM person WHERE bucket = ? AND id > ? ORDER BY id LIMIT ?", []any{int64(bucket), int64(behind), limit},
		func(scan func(...any) error) error {
			var id, of int64
			var key []byte
			if err := scan(&id, &key, &of); err != nil {
				return err
			}
			looked, last = looked+1, genbo.PersonID(id)
			if of != epoch {
				rows = append(rows, row{last, key})
			}
			return nil
		})
	if err != nil {
		return 0, 0, fmt.Errorf("rewrap keys: %w", err)
	}
	for _, one := range rows {
		key, err := r.vault.Rewrap(one.id, one.key)
		if err != nil {
			return 0, 0, fmt.Errorf("rewrap keys: %w", err)
		}
		if _, err := part.Exec("UPDATE person SET key = ?, epoch = ? WHERE bucket = ? AND id = ?", key.Key, key.Epoch, int64(bucket), int64(one.id)); err != nil {
			return 0, 0, fmt.Errorf("rewrap keys: %w", err)
		}
	}
	if looked < limit {
		last = 0
	}
	return len(rows), last, nil
}

// Stale is how many people are not under the wrapping key in use.
func (r *Register) Stale(tx *db.Tx) (total int64, err error) {
	err = tx.Everywhere(func(p *db.Part) error {
		var n int64
		err := p.Row("SELECT count(*) FROM person WHERE epoch <> ?", []any{r.vault.Epoch()}, &n)
		total += n
		return err
	})
	return total, err
}
