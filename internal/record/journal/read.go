package journal

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"genbo"
	"genbo/internal/base/db"
)

const entryColumns = `bucket, id, at, staff, device, purpose, case_id, action, people, persons, fields, outcome, detail, reason, salt, commitment`

func scanEntry(scan func(...any) error) (*stored, error) {
	var s stored
	var id []byte
	var at, fields int64
	var persons int
	err := scan(&s.bucket, &id, &at, &s.Actor.Staff, &s.Actor.Device, &s.Purpose, &s.Case, &s.Action, &s.people, &persons,
		&fields, &s.Outcome, &s.Detail, &s.reason, &s.salt, &s.commitment)
	if err != nil {
		return nil, err
	}
	if len(id) != len(s.id) {
		return nil, fmt.Errorf("identifier of an entry: %w", genbo.ErrTampered)
	}
	s.id, s.At, s.Fields = [16]byte(id), db.FromMillis(at), genbo.FieldSet(fields)
	s.ID = genbo.EntryID(hex.EncodeToString(id))
	s.People, err = decodePeople(s.people)
	if err == nil && persons != s.People.Count() {
		err = errPeople
	}
	return &s, err
}

// Read returns the entry with an identifier, in the bucket where it lies, with its reason opened.
func (j *Journal) Read(tx *db.Tx, bucket genbo.Bucket, id genbo.EntryID) (Entry, error) {
	key, err := entryBytes(id)
	if err != nil {
		return Entry{}, err
	}
	s, err := readStored(tx, bucket, key)
	if err != nil {
		return Entry{}, err
	}
	return j.open(s)
}

func readStored(tx *db.Tx, bucket genbo.Bucket, id []byte) (s *stored, err error) {
	found := false
	err = tx.On(bucket).Each("SELECT "+entryColumns+" FROM journal_entry WHERE bucket = ? AND id = ?", []any{int64(bucket), id},
		func(scan func(...any) error) (err error) {
			found = true
			s, err = scanEntry(scan)
			return err
		})
	if err == nil && !found {
		err = genbo.ErrNotFound
	}
	return s, err
}

func (j *Journal) open(s *stored) (Entry, error) {
	e := s.Entry
	if len(s.reason) > 0 {
		var err error
		if e.Reason, err = j.vault.OpenText(s.reason, string(e.ID)); err != nil {
			return Entry{}, fmt.Errorf("read journal: %w", err)
		}
	}
	return e, nil
}

// Of returns the entries about a person, newest first, at most limit of them, before a time (zero: now).
func (j *Journal) Of(tx *db.Tx, p genbo.PersonID, before time.Time, limit int) ([]Entry, error) {
	upto := int64(1) << 62
	if !before.IsZero() {
		upto = db.Millis(before)
	}
	type key struct {
		bucket genbo.Bucket
		id     []byte
	}
	var keys []key
	err := tx.On(p.Bucket()).Each(`SELECT entry_bucket, entry FROM journal_person
		WHERE bucket = ? AND person = ? AND at < ? ORDER BY at DESC, entry DESC LIMIT ?`,
		[]any{int64(p.Bucket()), int64(p), upto, limit}, func(scan func(...any) error) error {
			var k key
			err := scan(&k.bucket, &k.id)
			keys = append(keys, k)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("read journal of a person: %w", err)
	}
	entries := make([]Entry, 0, len(keys))
	for _, k := range keys {
		s, err := readStored(tx, k.bucket, k.id)
		if err != nil {
			return nil, fmt.Errorf("read journal of a person: %w", err)
		}
		e, err := j.open(s)
		if err != nil {
			return nil, err
		}
		entries = append(entries, e)
	}
	return entries, nil
}

// Filter chooses entries; zero fields choose all.
type Filter struct {
	From, To time.Time // To is excluded
	Staff    genbo.StaffID
	Device   genbo.DeviceID
	Purpose  string
	Action   Action
	Before   genbo.EntryNumber // only entries with a smaller number; 0 for the newest
}

// Numbered is an entry with its place in the tree.
type Numbered struct {
	Entry
	Number genbo.EntryNumber
}

// maxScanned bounds how many entries one page of a filtered listing reads.
const maxScanned = 20_000

// List returns the newest entries that fit the filter, at most limit. More tells the filter's Before for the
// next page, 0 where there is none.
func (j *Journal) List(ctx context.Context, f Filter, limit int) (list []Numbered, more genbo.EntryNumber, err error) {
	err = j.db.View(ctx, func(tx *db.Tx) error {
		next := int64(f.Before)
		if next == 0 {
			next = 1 << 62
		}
		for scanned := 0; scanned < maxScanned; {
			leaves, err := leavesBefore(tx, f, next, 200)
			if err != nil || len(leaves) == 0 {
				return err
			}
			for _, l := range leaves {
				scanned++
				next = int64(l.number)
				s, err := readStored(tx, l.bucket, l.id)
				if err != nil {
					return fmt.Errorf("entry %d: %w", l.number, err)
				}
				if !f.fits(s) {
					continue
				}
				e, err := j.open(s)
				if err != nil {
					return err
				}
				if list = append(list, Numbered{e, l.number}); len(list) == limit {
					more = l.number
					return nil
				}
			}
		}
		more = genbo.EntryNumber(next)
		return nil
	})
	return list, more, err
}

type leaf struct {
	number genbo.EntryNumber
	bucket genbo.Bucket
	id     []byte
}

func leavesBefore(tx *db.Tx, f Filter, next int64, n int) (leaves []leaf, err error) {
	from, to := int64(0), int64(1)<<62
	if !f.From.IsZero() {
		from = db.Millis(f.From)
	}
	if !f.To.IsZero() {
		to = db.Millis(f.To)
	}
	err = tx.Home().Each(`SELECT seq, entry_bucket, entry FROM journal_leaf WHERE seq < ? AND at >= ? AND at < ?
		ORDER BY seq DESC LIMIT ?`, []any{next, from, to, n}, func(scan func(...any) error) error {
		var l leaf
		err := scan(&l.number, &l.bucket, &l.id)
		leaves = append(leaves, l)
		return err
	})
	return leaves, err
}

func (f Filter) fits(s *stored) bool {
	return (f.Staff == "" || f.Staff == s.Actor.Staff) && (f.Device == "" || f.Device == s.Actor.Device) &&
		(f.Purpose == "" || f.Purpose == s.Purpose) && (f.Action == "" || f.Action == s.Action)
}

// Size is how many entries have their place in the tree.
func (j *Journal) Size(ctx context.Context) (size int64, err error) {
	err = j.db.View(ctx, func(tx *db.Tx) error {
		return tx.Home().Row("SELECT next - 1 FROM counter WHERE name = ?", []any{"journal"}, &size)
	})
	if errors.Is(err, genbo.ErrNotFound) {
		err = fmt.Errorf("the journal's counter is missing: %w", genbo.ErrTampered)
	}
	return size, err
}
