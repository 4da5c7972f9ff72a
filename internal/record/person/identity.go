package person

import (
	"context"
	"fmt"
	"strconv"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/base/vault"
	"genbo/internal/record/journal"
)

// Identity is what a person is known by outside: every number, name and date of birth that he has or had, whatever became
// of it. What was entered by mistake and withdrawn is not in it.
type Identity struct {
	ID      genbo.PersonID
	Numbers []genbo.Number
	Names   []Name
	Births  []genbo.Date
}

// Everybody hands on all people, and whom each is merged into, or 0: in the order of their buckets. It opens nothing.
func (r *Register) Everybody(ctx context.Context, fn func(id, into genbo.PersonID) error) error {
	return r.db.View(ctx, func(tx *db.Tx) error {
		return tx.Everywhere(func(p *db.Part) error {
			return p.Each(`SELECT p.id, COALESCE((SELECT m.into_person FROM person_merge m WHERE m.bucket = p.bucket AND m.person = p.id
				ORDER BY m.version DESC LIMIT 1), 0) FROM person p ORDER BY p.bucket, p.id`, nil, func(scan func(...any) error) error {
				var id, into int64
				if err := scan(&id, &into); err != nil {
					return err
				}
				return fn(genbo.PersonID(id), genbo.PersonID(into))
			})
		})
	})
}

// Identities opens what people are known by outside. They are of one run of a bucket ([genbo.BucketRun]) and ascend; the
// receipt opens their numbers, names and dates of birth.
func (r *Register) Identities(ctx context.Context, receipt journal.Receipt, people []genbo.PersonID) (list []Identity, err error) {
	fields := genbo.FieldNumber | genbo.FieldName | genbo.FieldBirth
	run := map[genbo.PersonID]*Record{}
	for _, id := range people {
		if err := receipt.Covers(id, fields); err != nil {
			return nil, err
		}
		run[id] = &Record{ID: id, Fields: fields}
	}
	first, last := people[0], people[len(people)-1]
	err = r.db.View(ctx, func(tx *db.Tx) error {
		keys, err := r.runKeys(tx, run, first, last)
		if err != nil {
			return err
		}
		if err := runFacts(tx, run, keys, fields, first, last); err != nil {
			return err
		}
		return runNumbers(tx, run, keys, first, last)
	})
	if err != nil {
		return nil, fmt.Errorf("open numbers and names: %w", err)
	}
	for _, id := range people {
		list = append(list, run[id].identity())
	}
	return list, nil
}

// runNumbers opens the numbers of a run, without what has become of them.
func runNumbers(tx *db.Tx, run map[genbo.PersonID]*Record, keys map[genbo.PersonID]*vault.PersonKey, first, last genbo.PersonID) error {
	return tx.On(first.Bucket()).Each(`SELECT person, seq, sealed FROM person_number WHERE bucket = ? AND person BETWEEN ? AND ? ORDER BY person, seq`,
		[]any{int64(first.Bucket()), int64(first), int64(last)}, func(scan func(...any) error) error {
			var id int64
			var n Number
			var sealed []byte
			err := scan(&id, &n.Seq, &sealed)
			record := run[genbo.PersonID(id)]
			if err != nil || record == nil {
				return err
			}
			if n.Number, err = openNumber(keys[record.ID], n.Seq, sealed); err != nil {
				return err
			}
			record.Numbers = append(record.Numbers, n)
			return nil
		})
}

// openNumber opens what sealNumber sealed.
func openNumber(key *vault.PersonKey, seq int, sealed []byte) (genbo.Number, error) {
	plain, err := key.Open(sealed, numberPlace(seq))
	if err != nil {
		return genbo.Number{}, err
	}
	value, err := strconv.ParseUint(string(plain), 10, 64)
	if err == nil {
		var n genbo.Number
		if n, err = genbo.NumberOf(value); err == nil {
			return n, nil
		}
	}
	return genbo.Number{}, fmt.Errorf("a number in the register does not read: %w", genbo.ErrTampered)
}

// identity is what stands in a record and was not withdrawn.
func (r *Record) identity() Identity {
	i := Identity{ID: r.ID}
	for _, n := range r.Numbers {
		i.Numbers = append(i.Numbers, n.Number)
	}
	taken := map[Kind]map[int]bool{KindName: {}, KindBirth: {}}
	for _, f := range r.Facts {
		if f.Withdraws != 0 {
			taken[f.Kind][f.Withdraws] = true
		}
	}
	for _, f := range r.Facts {
		if f.Withdraws != 0 || taken[f.Kind][f.Seq] {
			continue
		}
		switch v := f.Value.Plain().(type) {
		case Name:
			i.Names = append(i.Names, v)
		case Birth:
			i.Births = append(i.Births, genbo.Date(v))
		}
	}
	return i
}
