package person

import (
	"context"
	"encoding/hex"
	"fmt"
	"time"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/base/vault"
	"genbo/internal/record/journal"
)

// Proposal is a change that waits for a second look.
type Proposal struct {
	ID         string // of the approval that it waits for
	Kind       Kind
	Value      genbo.Masked[Value]
	ValidFrom  genbo.Date
	Evidence   string
	RecordedAt time.Time
	Entry      genbo.EntryID
}

// proposalPlace binds a proposed value to the approval that decides on it, and to all that was proposed with it.
func proposalPlace(id string, k Kind, from genbo.Date, evidence string) vault.Place {
	return vault.Place{Table: "person_proposal", Column: "sealed", Kind: id, Row: string(k) + separator + from.String() + separator + evidence}
}

// Propose keeps a change until the approval with an identifier decides on it.
func (r *Register) Propose(tx *db.Tx, id genbo.PersonID, approval string, c Change, entry genbo.EntryID) error {
	key, err := r.key(tx, id)
	if err != nil {
		return fmt.Errorf("propose change: %w", err)
	}
	kind, from := c.Value.Kind(), validFrom(c.Value, c.ValidFrom)
	sealed := key.Seal([]byte(c.Value.encode()), proposalPlace(approval, kind, from, c.Evidence))
	_, err = tx.On(id.Bucket()).Exec(`INSERT INTO person_proposal (bucket, person, id, kind, valid_from, evidence, recorded_at, entry, sealed)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, int64(id.Bucket()), int64(id), approval, string(kind), int64(from), c.Evidence,
		db.Millis(tx.Now), entryKey(entry), sealed)
	if err != nil {
		return fmt.Errorf("propose change: %w", err)
	}
	return nil
}

// Enact makes a proposed change a fact, under the entry of the approval.
func (r *Register) Enact(tx *db.Tx, id genbo.PersonID, approval string, entry genbo.EntryID) error {
	key, err := r.key(tx, id)
	if err != nil {
		return fmt.Errorf("enact change: %w", err)
	}
	list, err := loadProposals(tx, key, id)
	if err != nil {
		return fmt.Errorf("enact change: %w", err)
	}
	for _, p := range list {
		if p.ID == approval {
			return r.Add(tx, id, Change{p.Value.Plain(), p.ValidFrom, p.Evidence}, entry)
		}
	}
	return fmt.Errorf("enact change: %w", genbo.ErrNotFound)
}

// Proposals opens the changes proposed for a person whose fields the receipt names, decided or not.
func (r *Register) Proposals(ctx context.Context, receipt journal.Receipt, id genbo.PersonID) (list []Proposal, err error) {
	err = r.db.View(ctx, func(tx *db.Tx) error {
		key, err := r.key(tx, id)
		if err != nil {
			return err
		}
		all, err := loadProposals(tx, key, id)
		for _, p := range all {
			if receipt.Covers(id, p.Kind.Field()) == nil {
				list = append(list, p)
			}
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("open proposals: %w", err)
	}
	return list, nil
}

func loadProposals(tx *db.Tx, key *vault.PersonKey, id genbo.PersonID) (list []Proposal, err error) {
	err = tx.On(id.Bucket()).Each(`SELECT id, kind, valid_from, evidence, recorded_at, entry, sealed FROM person_proposal
		WHERE bucket = ? AND person = ? ORDER BY recorded_at, id`, []any{int64(id.Bucket()), int64(id)}, func(scan func(...any) error) error {
		var p Proposal
		var from, at int64
		var entry, sealed []byte
		if err := scan(&p.ID, &p.Kind, &from, &p.Evidence, &at, &entry, &sealed); err != nil {
			return err
		}
		p.ValidFrom = genbo.Date(from)
		v, err := unseal(key, p.Kind, sealed, proposalPlace(p.ID, p.Kind, p.ValidFrom, p.Evidence))
		if err != nil {
			return err
		}
		p.Value = genbo.Mask(v)
		p.RecordedAt, p.Entry = db.FromMillis(at), genbo.EntryID(hex.EncodeToString(entry))
		list = append(list, p)
		return nil
	})
	return list, err
}

// ChangedSince reports whether a fact of a kind was recorded, or a change of it proposed, since a time; what
// was recorded when the person was entered does not count.
func (r *Register) ChangedSince(tx *db.Tx, id genbo.PersonID, kind Kind, since time.Time) (bool, error) {
	part, b := tx.On(id.Bucket()), int64(id.Bucket())
	var changes, proposals int
	err := part.Row(`SELECT count(*) FROM person_fact WHERE bucket = ? AND person = ? AND kind = ? AND recorded_at >= ?
		AND recorded_at > (SELECT min(recorded_at) FROM person_office WHERE bucket = ? AND person = ?)`,
		[]any{b, int64(id), string(kind), db.Millis(since), b, int64(id)}, &changes)
	if err != nil {
		return false, fmt.Errorf("look for changes: %w", err)
	}
	err = part.Row("SELECT count(*) FROM person_proposal WHERE bucket = ? AND person = ? AND kind = ? AND recorded_at >= ?",
		[]any{b, int64(id), string(kind), db.Millis(since)}, &proposals)
	if err != nil {
		return false, fmt.Errorf("look for changes: %w", err)
	}
	return changes+proposals > 0, nil
}
