package person

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/base/vault"
	"genbo/internal/record/journal"
)

// Record is a person as opened: every fact of the fields that the receipt names, with its history. Values
// mask themselves until they are asked for in plain.
type Record struct {
	ID       genbo.PersonID
	Office   genbo.OfficeID // in charge today
	Fields   genbo.FieldSet // what was opened
	Facts    []Fact         // by kind, then in the order of recording
	Numbers  []Number
	Charges  []Charge       // offices in charge, in the order of recording
	MergedTo genbo.PersonID // who stands for him, or 0
}

// At is [At] of the record's facts.
func (r *Record) At(kind Kind, day genbo.Date, known time.Time) (Value, bool) {
	f, found := At(r.Facts, kind, day, known)
	if !found {
		return nil, false
	}
	return f.Value.Plain(), true
}

// Open opens a person's fields that the receipt names.
func (r *Register) Open(ctx context.Context, receipt journal.Receipt, id genbo.PersonID) (*Record, error) {
	if err := receipt.Covers(id, receipt.Fields()); err != nil {
		return nil, fmt.Errorf("open person: %w", err)
	}
	var record *Record
	err := r.db.View(ctx, func(tx *db.Tx) (err error) {
		record, err = r.load(tx, id, receipt.Fields())
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("open person: %w", err)
	}
	return record, nil
}

// load reads and unseals the fields of a person. It is called under a receipt, or for work inside this
// package whose result is no plain value.
func (r *Register) load(tx *db.Tx, id genbo.PersonID, fields genbo.FieldSet) (*Record, error) {
	key, err := r.key(tx, id)
	if err != nil {
		return nil, err
	}
	record := &Record{ID: id, Fields: fields}
	if record.Office, err = r.OfficeOf(tx, id); err != nil {
		return nil, fmt.Errorf("office in charge: %w", err)
	}
	if record.Charges, err = loadCharges(tx, id); err != nil {
		return nil, fmt.Errorf("offices in charge: %w", err)
	}
	if _, record.MergedTo, err = mergeState(tx, id); err != nil {
		return nil, err
	}
	if record.Facts, err = loadFacts(tx, key, id, fields); err != nil {
		return nil, err
	}
	if fields.Has(genbo.FieldNumber) {
		record.Numbers, err = loadNumbers(tx, key, id)
	}
	return record, err
}

// key opens the data key of a person.
func (r *Register) key(tx *db.Tx, id genbo.PersonID) (*vault.PersonKey, error) {
	var wrapped []byte
	err := tx.On(id.Bucket()).Row("SELECT key FROM person WHERE bucket = ? AND id = ?", []any{int64(id.Bucket()), int64(id)}, &wrapped)
	if err != nil {
		return nil, fmt.Errorf("person: %w", err)
	}
	return r.vault.PersonKey(id, wrapped)
}

func loadFacts(tx *db.Tx, key *vault.PersonKey, id genbo.PersonID, fields genbo.FieldSet) (facts []Fact, err error) {
	err = tx.On(id.Bucket()).Each("SELECT "+factColumns+" FROM person_fact WHERE bucket = ? AND person = ? ORDER BY kind, seq",
		[]any{int64(id.Bucket()), int64(id)}, func(scan func(...any) error) error {
			f, sealed, err := scanFact(scan)
			if err != nil || !fields.Has(f.Kind.Field()) {
				return err
			}
			facts = append(facts, f)
			return facts[len(facts)-1].open(key, sealed)
		})
	return facts, err
}

const factColumns = "kind, seq, valid_from, recorded_at, entry, evidence, COALESCE(withdraws, 0), sealed"

func scanFact(scan func(...any) error) (f Fact, sealed []byte, err error) {
	var from, at int64
	var entry []byte
	err = scan(&f.Kind, &f.Seq, &from, &at, &entry, &f.Evidence, &f.Withdraws, &sealed)
	f.ValidFrom, f.RecordedAt, f.Entry = genbo.Date(from), db.FromMillis(at), genbo.EntryID(hex.EncodeToString(entry))
	return f, sealed, err
}

// open opens the value of a fact, or the seal of a withdrawal.
func (f *Fact) open(key *vault.PersonKey, sealed []byte) error {
	place := factPlace(f.Kind, f.Seq, f.ValidFrom, f.Evidence)
	if f.Withdraws == 0 {
		v, err := unseal(key, f.Kind, sealed, place)
		f.Value = genbo.Mask(v)
		return err
	}
	plain, err := key.Open(sealed, place)
	if err == nil && !bytes.Equal(plain, withdrawal(f.Withdraws)) {
		err = fmt.Errorf("a withdrawal in the register does not read: %w", genbo.ErrTampered)
	}
	return err
}

func unseal(key *vault.PersonKey, kind Kind, sealed []byte, at vault.Place) (Value, error) {
	plain, err := key.Open(sealed, at)
	if err != nil {
		return nil, err
	}
	return decode(kind, string(plain))
}

func loadNumbers(tx *db.Tx, key *vault.PersonKey, id genbo.PersonID) (numbers []Number, err error) {
	states, err := numberStates(tx, id)
	if err != nil {
		return nil, err
	}
	err = tx.On(id.Bucket()).Each("SELECT seq, kind, sealed, recorded_at FROM person_number WHERE bucket = ? AND person = ? ORDER BY seq",
		[]any{int64(id.Bucket()), int64(id)}, func(scan func(...any) error) error {
			var n Number
			var sealed []byte
			var at int64
			if err := scan(&n.Seq, &n.Kind, &sealed, &at); err != nil {
				return err
			}
			if n.Number, err = openNumber(key, n.Seq, sealed); err != nil {
				return err
			}
			n.RecordedAt, n.State, n.ChangedAt = db.FromMillis(at), states[n.Seq].State, states[n.Seq].at
			numbers = append(numbers, n)
			return nil
		})
	return numbers, err
}

// retoken adds the tokens that a new value brings, together with the values that hold today. Old tokens stay:
// a person is found by a former name too.
func (r *Register) retoken(tx *db.Tx, id genbo.PersonID, v Value) error {
	record, err := r.load(tx, id, genbo.FieldName|genbo.FieldBirth|genbo.FieldAddress|genbo.FieldPhone)
	if err != nil {
		return fmt.Errorf("index person: %w", err)
	}
	values := []Value{v}
	for _, kind := range []Kind{KindName, KindBirth, KindAddress, KindPhone} {
		if kind == v.Kind() {
			continue
		}
		if other, found := record.At(kind, genbo.DateOf(tx.Now.In(genbo.Japan)), tx.Now); found {
			values = append(values, other)
		}
	}
	list, err := r.searchTokens(values)
	if err != nil {
		return fmt.Errorf("index person: %w", err)
	}
	rows := make([]searchRow, len(list))
	for i, t := range list {
		rows[i] = searchRow{t, id}
	}
	if err := insertSearch(tx, rows); err != nil {
		return fmt.Errorf("index person: %w", err)
	}
	return nil
}

// Line is a person as a result of a search shows him: enough to choose, too little to use.
type Line struct {
	ID        genbo.PersonID
	Name      genbo.Masked[string] // the first letter of each part, in kanji and kana
	BirthYear int
	Place     genbo.Masked[string] // prefecture and municipality
	Numbers   []string             // the last two digits of each number
	Office    genbo.OfficeID
	Dead      bool
}

// GlimpseFields is what a line counts as.
const GlimpseFields = genbo.FieldNumber | genbo.FieldName | genbo.FieldBirth | genbo.FieldAddress | genbo.FieldDeath

// Glimpse opens people just far enough for a list of results.
func (r *Register) Glimpse(ctx context.Context, receipt journal.Receipt, people []genbo.PersonID) ([]Line, error) {
	lines := make([]Line, 0, len(people))
	err := r.db.View(ctx, func(tx *db.Tx) error {
		today := genbo.DateOf(tx.Now.In(genbo.Japan))
		for _, id := range people {
			if err := receipt.Covers(id, GlimpseFields); err != nil {
				return err
			}
			record, err := r.load(tx, id, GlimpseFields)
			if err != nil {
				return err
			}
			lines = append(lines, record.line(today, tx.Now))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("glimpse people: %w", err)
	}
	return lines, nil
}

func (r *Record) line(today genbo.Date, now time.Time) Line {
	l := Line{ID: r.ID, Office: r.Office}
	if v, found := r.At(KindName, today, now); found {
		name := v.(Name)
		shown := maskName(name.Kanji)
		if name.Kanji == "" {
			shown = maskName(name.Latin)
		}
		l.Name = genbo.Mask(strings.TrimSpace(shown + "　" + maskName(name.Kana)))
	}
	if v, found := r.At(KindBirth, today, now); found {
		l.BirthYear = genbo.Date(v.(Birth)).Year()
	}
	if v, found := r.At(KindAddress, today, now); found {
		l.Place = genbo.Mask(municipality(v.(Address).Text))
	}
	if v, found := r.At(KindDeath, today, now); found {
		l.Dead = genbo.Date(v.(Death)) != 0
	}
	for _, n := range r.Numbers {
		l.Numbers = append(l.Numbers, n.Number.Hint())
	}
	return l
}

// maskName keeps the first letter of each part of a name.
func maskName(name string) string {
	var b strings.Builder
	for i, part := range strings.Fields(name) {
		if i > 0 {
			b.WriteString(" ")
		}
		for _, first := range part {
			b.WriteRune(first)
			break
		}
		b.WriteString("＊")
	}
	return b.String()
}

// municipality is an address up to the first 市, 区, 町, 村 or 郡 behind its prefecture.
func municipality(address string) string {
	runes := []rune(address)
	for i, c := range runes {
		if i >= 4 && strings.ContainsRune("市区町村郡", c) {
			return string(runes[:i+1])
		}
	}
	return string(runes[:min(4, len(runes))])
}
