package journal

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/base/vault"
)

// Journal is the journal of one register. It is safe for concurrent use.
type Journal struct {
	db    *db.DB
	vault *vault.Vault

	mu   sync.Mutex // guards tree; only the one that appends holds it across a transaction
	tree tree

	order     sequence
	sequenced atomic.Int64 // when the sequencer last left nothing waiting, ms
	wake      chan struct{}
}

// MaxLag is how long a committed entry may wait for its place in the tree before nothing is released.
const MaxLag = 5 * time.Second

// Open opens the journal of the register. It refuses a clock that stands behind the last entry.
func Open(ctx context.Context, d *db.DB, v *vault.Vault) (*Journal, error) {
	j := &Journal{db: d, vault: v, wake: make(chan struct{}, 1), tree: tree{size: -1}}
	var last int64
	err := d.View(ctx, func(tx *db.Tx) error {
		return tx.Everywhere(func(p *db.Part) error {
			var at int64
			err := p.Row("SELECT COALESCE(max(at), 0) FROM journal_leaf", nil, &at)
			last = max(last, at)
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("open journal: %w", err)
	}
	d.NotBefore(db.FromMillis(last))
	return j, nil
}

const insertEntry = `INSERT INTO journal_entry
	(bucket, id, at, staff, device, purpose, case_id, action, people, persons, fields, outcome, detail, reason, salt, commitment)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

// MaxIndexed is up to how many people an entry is listed on each one's page of who looked. Beyond it
// (imports, key rotations) the entry holds the people and the page reads them from there.
const MaxIndexed = 1000

// Write adds an entry about a change to the transaction that makes the change. About one person, it lies in
// his bucket; else in the home bucket.
func (j *Journal) Write(tx *db.Tx, e Entry) (genbo.EntryID, error) {
	if err := j.released(tx.Now); err != nil {
		return "", err
	}
	bucket := genbo.HomeBucket
	if e.People.Count() == 1 {
		bucket = e.People.runs[0].first.Bucket()
	}
	s := newStored(e, bucket, tx.Now, &j.order)
	if s.Outcome == "" {
		s.Outcome = Done
	}
	var err error
	if s.reason, err = j.sealReason(s); err != nil {
		return "", err
	}
	s.commitment = s.commit()
	part := tx.On(bucket)
	_, err = part.Exec(insertEntry, int64(bucket), s.id[:], db.Millis(s.At), string(s.Actor.Staff), string(s.Actor.Device),
		s.Purpose, string(s.Case), string(s.Action), s.people, s.People.Count(), int64(s.Fields), s.Outcome, s.Detail,
		s.reason, s.salt, s.commitment)
	if err != nil {
		return "", fmt.Errorf("write journal: %w", err)
	}
	if err := j.index(tx, s); err != nil {
		return "", fmt.Errorf("write journal: %w", err)
	}
	if j.db.SingleWriter() {
		tx.Collect(s, func(items []any) error { return j.append(tx, items) })
		return s.ID, nil
	}
	if _, err := part.Exec("INSERT INTO journal_pending (bucket, entry, at) VALUES (?, ?, ?)", int64(bucket), s.id[:], db.Millis(s.At)); err != nil {
		return "", fmt.Errorf("write journal: %w", err)
	}
	tx.AfterCommit(j.nudge)
	return s.ID, nil
}

// sealReason seals the words of the person; no words are no bytes.
func (j *Journal) sealReason(s *stored) ([]byte, error) {
	if s.Reason == "" {
		return []byte{}, nil
	}
	return j.vault.SealText(s.Reason, string(s.ID))
}

// index lists the entry on the page of each person that it is about.
func (j *Journal) index(tx *db.Tx, s *stored) error {
	if s.People.Count() > MaxIndexed {
		return nil
	}
	for p := range s.People.All() {
		_, err := tx.On(p.Bucket()).Exec("INSERT INTO journal_person (bucket, person, at, entry_bucket, entry) VALUES (?, ?, ?, ?, ?)",
			int64(p.Bucket()), int64(p), db.Millis(s.At), int64(s.bucket), s.id[:])
		if err != nil {
			return err
		}
	}
	return nil
}

// Account commits an entry about a look and returns the receipt that opens what the entry names. Before is
// run in the same transaction, ahead of the entry (rights and budget); if it refuses, nothing is written.
func (j *Journal) Account(ctx context.Context, e Entry, before func(tx *db.Tx) error) (Receipt, error) {
	var r Receipt
	err := j.db.Share(ctx, func(tx *db.Tx) error {
		if err := before(tx); err != nil {
			return err
		}
		id, err := j.Write(tx, e)
		if err != nil {
			return err
		}
		r = Receipt{entry: id, actor: e.Actor, people: e.People, fields: e.Fields, at: tx.Now}
		return nil
	})
	if err != nil {
		return Receipt{}, err
	}
	r.committed = true
	return r, nil
}

// Receipt proves that a look has been accounted for. Only [Journal.Account] makes one that holds.
type Receipt struct {
	committed bool
	entry     genbo.EntryID
	actor     Actor
	people    People
	fields    genbo.FieldSet
	at        time.Time
}

// Entry is the identifier of the entry.
func (r Receipt) Entry() genbo.EntryID { return r.entry }

// Actor is who may be shown what the receipt covers.
func (r Receipt) Actor() Actor { return r.actor }

// At is when the entry was committed.
func (r Receipt) At() time.Time { return r.at }

// Fields is what the receipt opens.
func (r Receipt) Fields() genbo.FieldSet { return r.fields }

// Covers returns nil if the receipt opens these fields of this person, else [genbo.ErrForbidden].
func (r Receipt) Covers(p genbo.PersonID, fields genbo.FieldSet) error {
	if !r.committed || !r.people.Has(p) || !r.fields.Has(fields) {
		return fmt.Errorf("the journal holds no entry for showing this: %w", genbo.ErrForbidden)
	}
	return nil
}
