package person

import (
	"context"
	"fmt"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/base/vault"
	"genbo/internal/record/journal"
)

// maxTogether is how many people are read in one transaction, so that a long list holds none open for long.
const maxTogether = 512

// Each opens the receipt's fields of many people and hands them on one by one, in the order given. Memory
// does not grow with their number.
func (r *Register) Each(ctx context.Context, receipt journal.Receipt, people []genbo.PersonID, fn func(*Record) error) error {
	for len(people) > 0 {
		n := 1
		for n < len(people) && n < maxTogether && people[n] > people[n-1] && people[n].Bucket() == people[0].Bucket() && people[n]-people[0] < genbo.BucketRun {
			n++
		}
		records, err := r.together(ctx, receipt, people[:n])
		if err != nil {
			return fmt.Errorf("open people: %w", err)
		}
		for _, record := range records {
			if err := fn(record); err != nil {
				return err
			}
		}
		people = people[n:]
	}
	return nil
}

// together opens people of one run of a bucket, ascending.
func (r *Register) together(ctx context.Context, receipt journal.Receipt, people []genbo.PersonID) (records []*Record, err error) {
	for _, id := range people {
		if err := receipt.Covers(id, receipt.Fields()); err != nil {
			return nil, err
		}
	}
	err = r.db.View(ctx, func(tx *db.Tx) (err error) {
		records, err = r.loadRun(tx, people, receipt.Fields())
		return err
	})
	return records, err
}

// sparse is from how many people of a run on they are read by one range of rows, not one by one.
const sparse = 8

func (r *Register) loadRun(tx *db.Tx, people []genbo.PersonID, fields genbo.FieldSet) (records []*Record, err error) {
	first, last := people[0], people[len(people)-1]
	if len(people) < sparse || int(last-first) > 8*len(people) {
		for _, id := range people {
			record, err := r.load(tx, id, fields)
			if err != nil {
				return nil, err
			}
			records = append(records, record)
		}
		return records, nil
	}
	run := map[genbo.PersonID]*Record{}
	for _, id := range people {
		record := &Record{ID: id, Fields: fields}
		records, run[id] = append(records, record), record
	}
	keys, err := r.runKeys(tx, run, first, last)
	if err != nil {
		return nil, err
	}
	if err := runFacts(tx, run, keys, fields, first, last); err != nil {
		return nil, err
	}
	for _, id := range people {
		if run[id].Office, err = r.OfficeOf(tx, id); err != nil {
			return nil, fmt.Errorf("office in charge: %w", err)
		}
		if fields.Has(genbo.FieldNumber) {
			if run[id].Numbers, err = loadNumbers(tx, keys[id], id); err != nil {
				return nil, err
			}
		}
	}
	return records, nil
}

func (r *Register) runKeys(tx *db.Tx, run map[genbo.PersonID]*Record, first, last genbo.PersonID) (map[genbo.PersonID]*vault.PersonKey, error) {
	keys := map[genbo.PersonID]*vault.PersonKey{}
	err := tx.On(first.Bucket()).Each("SELECT id, key FROM person WHERE bucket = ? AND id BETWEEN ? AND ?",
		[]any{int64(first.Bucket()), int64(first), int64(last)}, func(scan func(...any) error) error {
			var id int64
			var wrapped []byte
			if err := scan(&id, &wrapped); err != nil || run[genbo.PersonID(id)] == nil {
				return err
			}
			key, err := r.vault.PersonKey(genbo.PersonID(id), wrapped)
			keys[genbo.PersonID(id)] = key
			return err
		})
	if err == nil && len(keys) < len(run) {
		err = genbo.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("people: %w", err)
	}
	return keys, nil
}

func runFacts(tx *db.Tx, run map[genbo.PersonID]*Record, keys map[genbo.PersonID]*vault.PersonKey, fields genbo.FieldSet, first, last genbo.PersonID) error {
	return tx.On(first.Bucket()).Each(`SELECT person, `+factColumns+`
		FROM person_fact WHERE bucket = ? AND person BETWEEN ? AND ? ORDER BY person, kind, seq`,
		[]any{int64(first.Bucket()), int64(first), int64(last)}, func(scan func(...any) error) error {
			var id int64
			f, sealed, err := scanFact(func(dest ...any) error { return scan(append([]any{&id}, dest...)...) })
			record := run[genbo.PersonID(id)]
			if err != nil || record == nil || !fields.Has(f.Kind.Field()) {
				return err
			}
			record.Facts = append(record.Facts, f)
			return record.Facts[len(record.Facts)-1].open(keys[record.ID], sealed)
		})
}
