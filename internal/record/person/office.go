package person

import (
	"encoding/hex"
	"fmt"
	"time"

	"genbo"
	"genbo/internal/base/db"
)

// Charge says which office is in charge of a person from a day on.
type Charge struct {
	Office     genbo.OfficeID
	ValidFrom  genbo.Date
	RecordedAt time.Time
	Entry      genbo.EntryID
}

// OfficeAt returns the office that was in charge on a day, as known at a time, or "".
func (r *Record) OfficeAt(day genbo.Date, known time.Time) genbo.OfficeID {
	var best Charge
	for _, c := range r.Charges {
		if c.ValidFrom <= day && !c.RecordedAt.After(known) && c.ValidFrom >= best.ValidFrom {
			best = c
		}
	}
	return best.Office
}

// loadCharges reads the offices in charge in the order of recording.
func loadCharges(tx *db.Tx, id genbo.PersonID) (charges []Charge, err error) {
	err = tx.On(id.Bucket()).Each("SELECT office, valid_from, recorded_at, entry FROM person_office WHERE bucket = ? AND person = ? ORDER BY seq",
		[]any{int64(id.Bucket()), int64(id)}, func(scan func(...any) error) error {
			var c Charge
			var from, at int64
			var entry []byte
			err := scan(&c.Office, &from, &at, &entry)
			c.ValidFrom, c.RecordedAt, c.Entry = genbo.Date(from), db.FromMillis(at), genbo.EntryID(hex.EncodeToString(entry))
			charges = append(charges, c)
			return err
		})
	return charges, err
}

// SetOffice puts a person in the charge of an office from a day on.
func (r *Register) SetOffice(tx *db.Tx, id genbo.PersonID, office genbo.OfficeID, from genbo.Date, entry genbo.EntryID) error {
	if err := lock(tx, id); err != nil {
		return fmt.Errorf("set office: %w", err)
	}
	seq, err := nextSeq(tx, id, "SELECT COALESCE(max(seq), 0) + 1 FROM person_office WHERE bucket = ? AND person = ?")
	if err == nil {
		_, err = tx.On(id.Bucket()).Insert(insertOffice, 7, []any{int64(id.Bucket()), int64(id), seq, string(office), int64(from),
			db.Millis(tx.Now), entryKey(entry)}, "")
	}
	if err != nil {
		return fmt.Errorf("set office: %w", err)
	}
	return nil
}

// OfficeOf returns the office in charge of a person today. It is not a personal field by itself: rights
// depend on it, so it is known before anything is opened.
func (r *Register) OfficeOf(tx *db.Tx, id genbo.PersonID) (office genbo.OfficeID, err error) {
	today := genbo.DateOf(tx.Now.In(genbo.Japan))
	err = tx.On(id.Bucket()).Row(`SELECT office FROM person_office WHERE bucket = ? AND person = ? AND valid_from <= ?
		ORDER BY valid_from DESC, seq DESC LIMIT 1`, []any{int64(id.Bucket()), int64(id), int64(today)}, &office)
	return office, err
}
