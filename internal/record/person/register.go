package person

import (
	"fmt"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/base/vault"
)

// Register is the register of people in one database.
type Register struct {
	db    *db.DB
	vault *vault.Vault
}

// New returns the register in a database, with the vault that its values are sealed with.
func New(d *db.DB, v *vault.Vault) *Register { return &Register{db: d, vault: v} }

// NumberKind is what a number is.
type NumberKind string

// The kinds of number.
const (
	Pension     NumberKind = "pension"
	Handbook    NumberKind = "handbook"
	Provisional NumberKind = "provisional"
)

// NewNumber is a number to be entered.
type NewNumber struct {
	Kind   NumberKind
	Number genbo.Number
}

// Newcomer is a person to be entered. Values are clean already (package jtext).
type Newcomer struct {
	Numbers   []NewNumber
	Values    []Value
	Office    genbo.OfficeID
	ValidFrom genbo.Date // from when address, telephone and account hold; the rest holds always
	Evidence  string
}

// Prepared is a newcomer sealed and ready to be stored.
type Prepared struct {
	ID       genbo.PersonID
	key      vault.Wrapped
	newcomer Newcomer
	facts    [][]byte
	numbers  [][]byte
	tokens   tokens
}

// Allocate takes the integers of n newcomers and returns the first. Integers that are not used stay unused.
func (r *Register) Allocate(tx *db.Tx, n int) (genbo.PersonID, error) {
	var next int64
	err := tx.Home().Row("UPDATE counter SET next = next + ? WHERE name = ? RETURNING next", []any{n, "person"}, &next)
	if err != nil {
		return 0, fmt.Errorf("allocate people: %w", err)
	}
	if next > 1<<32 {
		return 0, fmt.Errorf("allocate people: the register is full: %w", genbo.ErrUnavailable)
	}
	return genbo.PersonID(next - int64(n)), nil
}

// Prepare seals a newcomer and computes his tokens. It touches no database, so many can be prepared in
// parallel.
func (r *Register) Prepare(id genbo.PersonID, n Newcomer) (*Prepared, error) {
	key, wrapped, err := r.vault.NewPersonKey(id)
	if err != nil {
		return nil, fmt.Errorf("prepare newcomer: %w", err)
	}
	p := &Prepared{ID: id, key: wrapped, newcomer: n, facts: make([][]byte, len(n.Values)), numbers: make([][]byte, len(n.Numbers))}
	for i, v := range n.Values {
		p.facts[i] = key.Seal([]byte(v.encode()), factPlace(v.Kind(), 1, firstFrom(v, n.ValidFrom), n.Evidence))
	}
	for i, number := range n.Numbers {
		p.numbers[i] = sealNumber(key, number.Number, i+1)
	}
	if p.tokens, err = r.tokensOf(n); err != nil {
		return nil, fmt.Errorf("prepare newcomer: %w", err)
	}
	return p, nil
}

// factPlace binds a value to its row: to whom it belongs, from when it holds and what it rests on.
func factPlace(k Kind, seq int, from genbo.Date, evidence string) vault.Place {
	return vault.Place{Table: "person_fact", Column: "sealed", Kind: string(k), Seq: seq, Row: from.String() + separator + evidence}
}

// firstFrom is from when a value holds that a person is entered with.
func firstFrom(v Value, from genbo.Date) genbo.Date {
	if v.Kind() == KindName || v.Kind() == KindSex {
		return Always
	}
	return validFrom(v, from)
}

// Store writes prepared newcomers in one transaction, under the journal entry that accounts for them. If a
// number belongs to somebody already, the error is [db.ErrDuplicate] and the transaction must not be committed.
func (r *Register) Store(tx *db.Tx, people []*Prepared, entry genbo.EntryID) error {
	if err := r.StoreRows(tx, people, entry); err != nil {
		return err
	}
	return r.StoreTokens(tx, people)
}

// StoreRows is the first half of [Register.Store]: what is known of the people.
func (r *Register) StoreRows(tx *db.Tx, people []*Prepared, entry genbo.EntryID) error {
	if err := r.refresh(tx, people); err != nil {
		return fmt.Errorf("store people: %w", err)
	}
	by := map[genbo.Bucket][]*Prepared{}
	var order []genbo.Bucket
	for _, p := range people {
		b := p.ID.Bucket()
		if by[b] == nil {
			order = append(order, b)
		}
		by[b] = append(by[b], p)
	}
	for _, b := range order {
		if err := storeBucket(tx, b, by[b], entry); err != nil {
			return fmt.Errorf("store people: %w", err)
		}
	}
	return nil
}

func storeBucket(tx *db.Tx, bucket genbo.Bucket, people []*Prepared, entry genbo.EntryID) error {
	var persons, facts, offices, numbers []any
	b, at, by := int64(bucket), db.Millis(tx.Now), entryKey(entry)
	for _, p := range people {
		id := int64(p.ID)
		persons = append(persons, b, id, p.key.Key, p.key.Epoch)
		for i, v := range p.newcomer.Values {
			facts = append(facts, b, id, string(v.Kind()), 1, int64(firstFrom(v, p.newcomer.ValidFrom)), at, by, p.newcomer.Evidence, nil, p.facts[i])
		}
		offices = append(offices, b, id, 1, string(p.newcomer.Office), int64(Always), at, by)
		for i, n := range p.newcomer.Numbers {
			numbers = append(numbers, b, id, i+1, string(n.Kind), p.numbers[i], at, by)
		}
	}
	part := tx.On(bucket)
	for _, t := range []struct {
		head    string
		columns int
		args    []any
	}{
		{"INSERT INTO person (bucket, id, key, epoch) VALUES", 4, persons},
		{insertFact, 10, facts},
		{insertOffice, 7, offices},
		{insertNumber, 7, numbers},
	} {
		if _, err := part.Insert(t.head, t.columns, t.args, ""); err != nil {
			return err
		}
	}
	return nil
}

const (
	insertFact   = "INSERT INTO person_fact (bucket, person, kind, seq, valid_from, recorded_at, entry, evidence, withdraws, sealed) VALUES"
	insertOffice = "INSERT INTO person_office (bucket, person, seq, office, valid_from, recorded_at, entry) VALUES"
	insertNumber = "INSERT INTO person_number (bucket, person, seq, kind, sealed, recorded_at, entry) VALUES"
)

// Count is how many people have been entered, merged ones included.
func (r *Register) Count(tx *db.Tx) (total int64, err error) {
	err = tx.Everywhere(func(p *db.Part) error {
		var n int64
		err := p.Row("SELECT count(*) FROM person", nil, &n)
		total += n
		return err
	})
	return total, err
}
