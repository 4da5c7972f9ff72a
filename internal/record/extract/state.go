package extract

import (
	"encoding/hex"
	"fmt"
	"time"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/record/journal"
)

// What happens to an extract.
const (
	EventAsked    = "asked"
	EventLive     = "live"
	EventSealed   = "sealed"
	EventReleased = "released"
	EventPass     = "pass"
	EventOpened   = "opened"
	EventReturned = "returned"
)

// Event is something that happened to an extract.
type Event struct {
	Seq   int
	At    time.Time
	Kind  string
	Actor journal.Actor
	Entry genbo.EntryID
}

// Note adds what happened, with the journal's entry about it.
func (s *Store) Note(tx *db.Tx, id, kind string, by journal.Actor, entry genbo.EntryID) error {
	key, err := hex.DecodeString(string(entry))
	if err != nil {
		return fmt.Errorf("note event of extract: %w", err)
	}
	// Writing the state first locks out every other writer of this extract.
	n, err := tx.Home().Exec("UPDATE extract_state SET changed_at = ? WHERE extract = ?", db.Millis(tx.Now), id)
	if err == nil && n == 0 {
		err = genbo.ErrNotFound
	}
	var seq int
	if err == nil {
		err = tx.Home().Row("SELECT COALESCE(max(seq), 0) + 1 FROM extract_event WHERE extract = ?", []any{id}, &seq)
	}
	if err == nil {
		_, err = tx.Home().Exec("INSERT INTO extract_event (extract, seq, at, kind, staff, device, entry) VALUES (?, ?, ?, ?, ?, ?, ?)",
			id, seq, db.Millis(tx.Now), kind, string(by.Staff), string(by.Device), key)
	}
	if err != nil {
		return fmt.Errorf("note event of extract: %w", err)
	}
	return nil
}

// Events returns what happened to an extract, in order.
func (s *Store) Events(tx *db.Tx, id string) (list []Event, err error) {
	err = tx.Home().Each("SELECT seq, at, kind, staff, device, entry FROM extract_event WHERE extract = ? ORDER BY seq", []any{id},
		func(next func(...any) error) error {
			var e Event
			var at int64
			var entry []byte
			err := next(&e.Seq, &at, &e.Kind, &e.Actor.Staff, &e.Actor.Device, &entry)
			e.At, e.Entry = db.FromMillis(at), genbo.EntryID(hex.EncodeToString(entry))
			list = append(list, e)
			return err
		})
	return list, err
}

// change moves an extract from one of some states to another; from elsewhere it is [genbo.ErrConflict].
func (s *Store) change(tx *db.Tx, id string, to State, expires time.Time, from ...State) error {
	for _, state := range from {
		n, err := tx.Home().Exec("UPDATE extract_state SET state = ?, expires_at = ?, changed_at = ? WHERE extract = ? AND state = ?",
			string(to), db.Millis(expires), db.Millis(tx.Now), id, string(state))
		if err != nil {
			return fmt.Errorf("change extract: %w", err)
		}
		if n == 1 {
			return nil
		}
	}
	return fmt.Errorf("the extract cannot become %s: it has another state: %w", to, genbo.ErrConflict)
}

// GoLive lets an approved extract be handed over until it expires.
func (s *Store) GoLive(tx *db.Tx, id string, expires time.Time) error {
	return s.change(tx, id, Live, expires, Asked)
}

// Handed notes that something of the extract left the core.
func (s *Store) Handed(tx *db.Tx, id string) error {
	if _, err := tx.Home().Exec("UPDATE extract_state SET handed = 1 WHERE extract = ?", id); err != nil {
		return fmt.Errorf("hand over extract: %w", err)
	}
	return nil
}

// End ends an extract and removes its keys: [Rejected] or [Withdrawn] one that waits, [Expired] or [Revoked]
// one that lives.
func (s *Store) End(tx *db.Tx, id string, as State) error {
	from := Live
	if as == Rejected || as == Withdrawn {
		from = Asked
	}
	if err := s.change(tx, id, as, tx.Now, from); err != nil {
		return err
	}
	if _, err := tx.Home().Exec("DELETE FROM extract_key WHERE extract = ?", id); err != nil {
		return fmt.Errorf("remove the extract's keys: %w", err)
	}
	return nil
}

// Attest closes an ended extract whose holder says that nothing of it is left.
func (s *Store) Attest(tx *db.Tx, id string) error {
	return s.change(tx, id, Attested, tx.Now, Expired, Revoked)
}

// Due returns extracts that live or wait past their time.
func (s *Store) Due(tx *db.Tx) (list []Extract, err error) {
	err = tx.Home().Each("SELECT "+columns+" FROM extract e JOIN extract_state s ON s.extract = e.id WHERE s.state IN ('live', 'asked') AND s.expires_at <= ? ORDER BY e.id",
		[]any{db.Millis(tx.Now)}, func(next func(...any) error) error {
			e, err := scan(next)
			list = append(list, e)
			return err
		})
	return list, err
}
