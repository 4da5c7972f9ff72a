package person

import (
	"errors"
	"fmt"

	"genbo"
	"genbo/internal/base/db"
)

// maxMerges bounds how many merges lead from a person to the one who stands for him. More is a circle.
const maxMerges = 32

// Resolve returns the person who stands for id now: himself, or whom he has been merged into.
func (r *Register) Resolve(tx *db.Tx, id genbo.PersonID) (genbo.PersonID, error) {
	for range maxMerges {
		_, into, err := mergeState(tx, id)
		if err != nil || into == 0 {
			return id, err
		}
		id = into
	}
	return 0, fmt.Errorf("merged people lead in a circle: %w", genbo.ErrTampered)
}

// mergeState returns the version of a person's last merge or split, and whom he is merged into, or 0.
func mergeState(tx *db.Tx, id genbo.PersonID) (version int, into genbo.PersonID, err error) {
	var target int64
	err = tx.On(id.Bucket()).Row(`SELECT version, COALESCE(into_person, 0) FROM person_merge
		WHERE bucket = ? AND person = ? ORDER BY version DESC LIMIT 1`, []any{int64(id.Bucket()), int64(id)}, &version, &target)
	if errors.Is(err, genbo.ErrNotFound) {
		return 0, 0, nil
	}
	return version, genbo.PersonID(target), err
}

// Absorbed returns who has been merged into a person directly and not split off again.
func (r *Register) Absorbed(tx *db.Tx, id genbo.PersonID) (people []genbo.PersonID, err error) {
	active := map[genbo.PersonID]bool{}
	var order []genbo.PersonID
	err = tx.On(id.Bucket()).Each("SELECT absorbed, active FROM person_absorbed WHERE bucket = ? AND person = ? ORDER BY absorbed, version",
		[]any{int64(id.Bucket()), int64(id)}, func(scan func(...any) error) error {
			var absorbed int64
			var on bool
			err := scan(&absorbed, &on)
			p := genbo.PersonID(absorbed)
			if _, seen := active[p]; !seen {
				order = append(order, p)
			}
			active[p] = on
			return err
		})
	for _, p := range order {
		if active[p] {
			people = append(people, p)
		}
	}
	return people, err
}

// Merge lets one person stand for another found to be the same. Nothing of either is moved or lost; the
// absorbed person's numbers become merged and lead to the survivor. Both must stand for themselves.
func (r *Register) Merge(tx *db.Tx, absorbed, survivor genbo.PersonID, entry genbo.EntryID) error {
	return r.setMerge(tx, absorbed, survivor, survivor, entry)
}

// Split parts two merged people again.
func (r *Register) Split(tx *db.Tx, absorbed, survivor genbo.PersonID, entry genbo.EntryID) error {
	return r.setMerge(tx, absorbed, survivor, 0, entry)
}

// setMerge writes the absorbed person's side first: it is the truth, and on several servers it commits last.
func (r *Register) setMerge(tx *db.Tx, absorbed, survivor, into genbo.PersonID, entry genbo.EntryID) error {
	if absorbed == survivor {
		return fmt.Errorf("merge: a person with himself: %w", genbo.ErrInvalid)
	}
	for _, p := range []genbo.PersonID{absorbed, survivor} {
		if err := lock(tx, p); err != nil {
			return fmt.Errorf("merge: %w", err)
		}
	}
	version, now, err := mergeState(tx, absorbed)
	if err != nil {
		return fmt.Errorf("merge: %w", err)
	}
	_, beyond, err := mergeState(tx, survivor)
	if err != nil {
		return fmt.Errorf("merge: %w", err)
	}
	merging := into != 0
	if merging && (now != 0 || beyond != 0) || !merging && now != survivor {
		return fmt.Errorf("merge: the two have been merged or split since this was asked: %w", genbo.ErrConflict)
	}
	var target any
	if merging {
		target = int64(into)
	}
	_, err = tx.On(absorbed.Bucket()).Exec("INSERT INTO person_merge (bucket, person, version, into_person, recorded_at, entry) VALUES (?, ?, ?, ?, ?, ?)",
		int64(absorbed.Bucket()), int64(absorbed), version+1, target, db.Millis(tx.Now), entryKey(entry))
	if err != nil {
		return fmt.Errorf("merge: %w", err)
	}
	_, err = tx.On(survivor.Bucket()).Exec("INSERT INTO person_absorbed (bucket, person, absorbed, version, active, recorded_at) VALUES (?, ?, ?, ?, ?, ?)",
		int64(survivor.Bucket()), int64(survivor), int64(absorbed), version+1, boolean(merging), db.Millis(tx.Now))
	if err != nil {
		return fmt.Errorf("merge: %w", err)
	}
	return r.markNumbers(tx, absorbed, merging, entry)
}

// markNumbers makes the current numbers of a person merged, or his merged ones current again.
func (r *Register) markNumbers(tx *db.Tx, id genbo.PersonID, merging bool, entry genbo.EntryID) error {
	from, to := Current, Merged
	if !merging {
		from, to = Merged, Current
	}
	states, err := numberStates(tx, id)
	if err != nil {
		return fmt.Errorf("merge: %w", err)
	}
	for seq, s := range states {
		if s.State != from {
			continue
		}
		if err := r.SetNumberState(tx, id, seq, to, entry); err != nil {
			return err
		}
	}
	return nil
}

func boolean(b bool) int {
	if b {
		return 1
	}
	return 0
}
