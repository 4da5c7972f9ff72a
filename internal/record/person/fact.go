package person

import (
	"fmt"
	"strconv"
	"time"

	"genbo"
	"genbo/internal/base/db"
)

// Fact is one thing that the register says about a person, or the withdrawal of one.
type Fact struct {
	Kind       Kind
	Seq        int                 // the order in which facts of a kind were recorded, from 1
	Value      genbo.Masked[Value] // nothing in a withdrawal
	ValidFrom  genbo.Date
	RecordedAt time.Time
	Entry      genbo.EntryID // who recorded it, and why
	Evidence   string        // code of the kind of evidence
	Withdraws  int           // the Seq of the fact that this one withdraws, or 0
}

// At returns the fact that held on a day, as it was known at a time: among the facts recorded by then and
// not withdrawn by then, the one valid from the latest day not after it; of several for the same day, the one
// recorded last.
func At(facts []Fact, kind Kind, day genbo.Date, known time.Time) (Fact, bool) {
	var best Fact
	found := false
	for _, f := range facts {
		if f.Kind != kind || f.Withdraws != 0 || f.ValidFrom > day || f.RecordedAt.After(known) {
			continue
		}
		if withdrawn(facts, f, known) {
			continue
		}
		if !found || f.ValidFrom > best.ValidFrom || f.ValidFrom == best.ValidFrom && f.Seq > best.Seq {
			best, found = f, true
		}
	}
	return best, found
}

func withdrawn(facts []Fact, f Fact, known time.Time) bool {
	for _, w := range facts {
		if w.Kind == f.Kind && w.Withdraws == f.Seq && !w.RecordedAt.After(known) {
			return true
		}
	}
	return false
}

// Change is a fact to be added.
type Change struct {
	Value     Value
	ValidFrom genbo.Date // of no effect on a kind that is [Kind.Lifelong]
	Evidence  string
}

// lock makes this transaction the only one that changes the person.
func lock(tx *db.Tx, id genbo.PersonID) error {
	n, err := tx.On(id.Bucket()).Exec("UPDATE person SET epoch = epoch WHERE bucket = ? AND id = ?", int64(id.Bucket()), int64(id))
	if err == nil && n == 0 {
		err = fmt.Errorf("person: %w", genbo.ErrNotFound)
	}
	return err
}

func nextSeq(tx *db.Tx, id genbo.PersonID, query string, more ...any) (seq int, err error) {
	args := append([]any{int64(id.Bucket()), int64(id)}, more...)
	err = tx.On(id.Bucket()).Row(query, args, &seq)
	return seq, err
}

// Add adds a fact under a journal entry written in the same transaction.
func (r *Register) Add(tx *db.Tx, id genbo.PersonID, c Change, entry genbo.EntryID) error {
	if err := lock(tx, id); err != nil {
		return fmt.Errorf("add fact: %w", err)
	}
	seq, err := nextSeq(tx, id, "SELECT COALESCE(max(seq), 0) + 1 FROM person_fact WHERE bucket = ? AND person = ? AND kind = ?", string(c.Value.Kind()))
	if err != nil {
		return fmt.Errorf("add fact: %w", err)
	}
	key, err := r.key(tx, id)
	if err != nil {
		return fmt.Errorf("add fact: %w", err)
	}
	from := validFrom(c.Value, c.ValidFrom)
	sealed := key.Seal([]byte(c.Value.encode()), factPlace(c.Value.Kind(), seq, from, c.Evidence))
	_, err = tx.On(id.Bucket()).Insert(insertFact, 10, []any{int64(id.Bucket()), int64(id), string(c.Value.Kind()), seq,
		int64(from), db.Millis(tx.Now), entryKey(entry), c.Evidence, nil, sealed}, "")
	if err != nil {
		return fmt.Errorf("add fact: %w", err)
	}
	return r.retoken(tx, id, c.Value)
}

// Withdraw withdraws a fact that was recorded by mistake, by a new one that says so.
func (r *Register) Withdraw(tx *db.Tx, id genbo.PersonID, kind Kind, seq int, entry genbo.EntryID) error {
	if err := lock(tx, id); err != nil {
		return fmt.Errorf("withdraw fact: %w", err)
	}
	var from int64
	err := tx.On(id.Bucket()).Row(`SELECT valid_from FROM person_fact WHERE bucket = ? AND person = ? AND kind = ? AND seq = ? AND withdraws IS NULL`,
		[]any{int64(id.Bucket()), int64(id), string(kind), seq}, &from)
	if err != nil {
		return fmt.Errorf("withdraw fact: %w", err)
	}
	var already int
	err = tx.On(id.Bucket()).Row("SELECT count(*) FROM person_fact WHERE bucket = ? AND person = ? AND kind = ? AND withdraws = ?",
		[]any{int64(id.Bucket()), int64(id), string(kind), seq}, &already)
	if err != nil {
		return fmt.Errorf("withdraw fact: %w", err)
	}
	if already > 0 {
		return fmt.Errorf("withdraw fact: it is withdrawn already: %w", genbo.ErrConflict)
	}
	next, err := nextSeq(tx, id, "SELECT max(seq) + 1 FROM person_fact WHERE bucket = ? AND person = ? AND kind = ?", string(kind))
	if err != nil {
		return fmt.Errorf("withdraw fact: %w", err)
	}
	key, err := r.key(tx, id)
	if err != nil {
		return fmt.Errorf("withdraw fact: %w", err)
	}
	sealed := key.Seal(withdrawal(seq), factPlace(kind, next, genbo.Date(from), ""))
	_, err = tx.On(id.Bucket()).Insert(insertFact, 10, []any{int64(id.Bucket()), int64(id), string(kind), next, from,
		db.Millis(tx.Now), entryKey(entry), "", seq, sealed}, "")
	if err != nil {
		return fmt.Errorf("withdraw fact: %w", err)
	}
	return nil
}

// withdrawal is what is sealed in a row that withdraws a fact, so that nobody without the keys can make one.
func withdrawal(seq int) []byte { return []byte("withdraws " + strconv.Itoa(seq)) }
