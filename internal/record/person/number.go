package person

import (
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"time"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/base/vault"
)

// NumberState is what has become of a number.
type NumberState string

// The states of a number. A retired or merged number still leads to its person.
const (
	Current NumberState = "current"
	Retired NumberState = "retired" // replaced by another; showing it is an alarm
	Merged  NumberState = "merged"  // its person has been merged into another
)

// Number is a number that a person has or had.
type Number struct {
	Seq        int
	Kind       NumberKind
	Number     genbo.Number
	State      NumberState
	RecordedAt time.Time
	ChangedAt  time.Time // when the state was last changed; zero if never
}

func numberPlace(seq int) vault.Place {
	return vault.Place{Table: "person_number", Column: "sealed", Seq: seq}
}

func sealNumber(key *vault.PersonKey, n genbo.Number, seq int) []byte {
	return key.Seal(strconv.AppendUint(nil, n.Value(), 10), numberPlace(seq))
}

// errFull stops the issue of numbers long before the last one, while a free one is still found at once.
var errFull = fmt.Errorf("the numbers that begin with 8 are used up: %w", genbo.ErrUnavailable)

// Issue gives a person a new, unpredictable pension number that nobody ever had.
func (r *Register) Issue(tx *db.Tx, id genbo.PersonID, entry genbo.EntryID) (genbo.Number, error) {
	if err := lock(tx, id); err != nil {
		return genbo.Number{}, fmt.Errorf("issue number: %w", err)
	}
	for range 64 {
		body, err := rand.Int(rand.Reader, big.NewInt(genbo.IssuedCapacity))
		if err != nil {
			return genbo.Number{}, fmt.Errorf("issue number: %w", err)
		}
		number, err := genbo.IssuedNumber(uint32(body.Uint64()))
		if err != nil {
			return genbo.Number{}, err
		}
		free, err := r.free(tx, number)
		if err != nil {
			return genbo.Number{}, err
		}
		if !free {
			continue
		}
		err = r.AddNumber(tx, id, NewNumber{Pension, number}, entry)
		if !errors.Is(err, db.ErrDuplicate) {
			return number, err
		}
	}
	return genbo.Number{}, errFull
}

// free reports whether a number is not reserved.
func (r *Register) free(tx *db.Tx, n genbo.Number) (bool, error) {
	token, err := r.numberToken(n)
	if err != nil {
		return false, err
	}
	var reserved int
	err = tx.Home().Row("SELECT count(*) FROM reserved_number WHERE token = ?", []any{token[:]}, &reserved)
	return reserved == 0, err
}

// Reserve keeps a number from everybody, for ever. It reports false for a number that somebody has, or that is
// reserved already.
func (r *Register) Reserve(tx *db.Tx, n genbo.Number) (bool, error) {
	if _, err := r.Holder(tx, n); !errors.Is(err, genbo.ErrNotFound) {
		return false, err
	}
	token, err := r.numberToken(n)
	if err != nil {
		return false, err
	}
	written, err := tx.Home().Exec("INSERT INTO reserved_number (token) VALUES (?) ON CONFLICT DO NOTHING", token[:])
	if err != nil {
		return false, fmt.Errorf("reserve number: %w", err)
	}
	return written == 1, nil
}

// AddNumber records a number that a person has. A number that belongs to somebody already, the person
// himself included, is [db.ErrDuplicate], and nothing is written.
func (r *Register) AddNumber(tx *db.Tx, id genbo.PersonID, n NewNumber, entry genbo.EntryID) error {
	if err := lock(tx, id); err != nil {
		return fmt.Errorf("add number: %w", err)
	}
	token, err := r.numberToken(n.Number)
	if err != nil {
		return fmt.Errorf("add number: %w", err)
	}
	written, err := tx.On(token.Bucket()).Insert("INSERT INTO number_token (bucket, token, person) VALUES", 3,
		[]any{int64(token.Bucket()), token[:], int64(id)}, "ON CONFLICT DO NOTHING")
	if err != nil {
		return fmt.Errorf("add number: %w", err)
	}
	if written == 0 {
		return fmt.Errorf("add number: it belongs to somebody already: %w", db.ErrDuplicate)
	}
	seq, err := nextSeq(tx, id, "SELECT COALESCE(max(seq), 0) + 1 FROM person_number WHERE bucket = ? AND person = ?")
	if err != nil {
		return fmt.Errorf("add number: %w", err)
	}
	key, err := r.key(tx, id)
	if err != nil {
		return fmt.Errorf("add number: %w", err)
	}
	_, err = tx.On(id.Bucket()).Insert(insertNumber, 7, []any{int64(id.Bucket()), int64(id), seq, string(n.Kind),
		sealNumber(key, n.Number, seq), db.Millis(tx.Now), entryKey(entry)}, "")
	if err != nil {
		return fmt.Errorf("add number: %w", err)
	}
	return nil
}

// SetNumberState records what has become of a person's number.
func (r *Register) SetNumberState(tx *db.Tx, id genbo.PersonID, seq int, state NumberState, entry genbo.EntryID) error {
	if err := lock(tx, id); err != nil {
		return fmt.Errorf("set state of number: %w", err)
	}
	states, err := numberStates(tx, id)
	if err != nil {
		return fmt.Errorf("set state of number: %w", err)
	}
	now, found := states[seq]
	if !found {
		return fmt.Errorf("set state of number: %w", genbo.ErrNotFound)
	}
	if now.State == state {
		return fmt.Errorf("set state of number: it is %s already: %w", state, genbo.ErrConflict)
	}
	_, err = tx.On(id.Bucket()).Exec(`INSERT INTO person_number_state (bucket, person, seq, version, state, recorded_at, entry)
		VALUES (?, ?, ?, ?, ?, ?, ?)`, int64(id.Bucket()), int64(id), seq, now.version+1, string(state), db.Millis(tx.Now), entryKey(entry))
	if err != nil {
		return fmt.Errorf("set state of number: %w", err)
	}
	return nil
}

type numberState struct {
	State   NumberState
	version int
	at      time.Time
}

// numberStates returns the state of each of a person's numbers, by Seq.
func numberStates(tx *db.Tx, id genbo.PersonID) (map[int]numberState, error) {
	states := map[int]numberState{}
	err := tx.On(id.Bucket()).Each(`SELECT n.seq, COALESCE(s.version, 0), COALESCE(s.state, 'current'), COALESCE(s.recorded_at, 0)
		FROM person_number n LEFT JOIN person_number_state s ON s.bucket = n.bucket AND s.person = n.person AND s.seq = n.seq
		WHERE n.bucket = ? AND n.person = ? ORDER BY n.seq, s.version`, []any{int64(id.Bucket()), int64(id)},
		func(scan func(...any) error) error {
			var seq int
			var s numberState
			var at int64
			err := scan(&seq, &s.version, &s.State, &at)
			if at > 0 {
				s.at = db.FromMillis(at)
			}
			states[seq] = s
			return err
		})
	return states, err
}

// StateOf returns whom a number leads to and what has become of it. It opens the person's numbers to compare
// and gives none of them out.
func (r *Register) StateOf(tx *db.Tx, n genbo.Number) (genbo.PersonID, NumberState, error) {
	id, err := r.Holder(tx, n)
	if err != nil {
		return 0, "", err
	}
	key, err := r.key(tx, id)
	if err != nil {
		return 0, "", fmt.Errorf("state of number: %w", err)
	}
	numbers, err := loadNumbers(tx, key, id)
	if err != nil {
		return 0, "", fmt.Errorf("state of number: %w", err)
	}
	for _, own := range numbers {
		if own.Number == n {
			return id, own.State, nil
		}
	}
	return 0, "", fmt.Errorf("state of number: its token leads to somebody who does not have it: %w", genbo.ErrTampered)
}
