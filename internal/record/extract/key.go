package extract

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/record/journal"
)

// KeyKind is which of an extract's keys.
type KeyKind string

// The keys.
const (
	Share KeyKind = "share" // the core's half of the key of sealed files
	Pass  KeyKind = "pass"  // the pass phrase of a file for others' tools
)

// Key returns a key of an extract that is there; else it is [genbo.ErrNotFound].
func (s *Store) Key(tx *db.Tx, id string, kind KeyKind) (string, error) {
	var sealed []byte
	if err := tx.Home().Row("SELECT sealed FROM extract_key WHERE extract = ? AND kind = ?", []any{id, string(kind)}, &sealed); err != nil {
		return "", fmt.Errorf("key of extract: %w", err)
	}
	return s.vault.OpenText(sealed, "extract "+string(kind)+" "+id)
}

// KeyOr returns a key of an extract, and keeps what fresh makes if there is none.
func (s *Store) KeyOr(tx *db.Tx, id string, kind KeyKind, fresh func() string) (string, error) {
	key, err := s.Key(tx, id, kind)
	if !errors.Is(err, genbo.ErrNotFound) {
		return key, err
	}
	key = fresh()
	sealed, err := s.vault.SealText(key, "extract "+string(kind)+" "+id)
	if err != nil {
		return "", err
	}
	if _, err := tx.Home().Exec("INSERT INTO extract_key (extract, kind, sealed) VALUES (?, ?, ?)", id, string(kind), sealed); err != nil {
		return "", fmt.Errorf("key of extract: %w", err)
	}
	return key, nil
}

// DropKey removes a key.
func (s *Store) DropKey(tx *db.Tx, id string, kind KeyKind) error {
	if _, err := tx.Home().Exec("DELETE FROM extract_key WHERE extract = ? AND kind = ?", id, string(kind)); err != nil {
		return fmt.Errorf("key of extract: %w", err)
	}
	return nil
}

// Code is what one opening has been confirmed for.
type Code struct {
	Extract   string
	Seal      string
	Actor     journal.Actor
	Challenge string // what the agent's secret must hash to
	Session   []byte
}

// codeTime is how long a code serves.
const codeTime = 2 * time.Minute

// KeepCode keeps a code that serves once, for two minutes.
func (s *Store) KeepCode(tx *db.Tx, secret string, c Code) error {
	hash := sha256.Sum256([]byte(secret))
	_, err := tx.Home().Exec("INSERT INTO extract_code (hash, extract, seal, staff, device, challenge, session, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		hash[:], c.Extract, c.Seal, string(c.Actor.Staff), string(c.Actor.Device), c.Challenge, c.Session, db.Millis(tx.Now.Add(codeTime)))
	if err != nil {
		return fmt.Errorf("keep code: %w", err)
	}
	return nil
}

// UseCode spends a code. One that is unknown, spent or too old is [genbo.ErrSignIn].
func (s *Store) UseCode(tx *db.Tx, secret string) (c Code, err error) {
	hash, now := sha256.Sum256([]byte(secret)), db.Millis(tx.Now)
	err = tx.Home().Row(`UPDATE extract_code SET used_at = ? WHERE hash = ? AND used_at IS NULL AND expires_at > ?
		RETURNING extract, seal, staff, device, challenge, session`, []any{now, hash[:], now},
		&c.Extract, &c.Seal, &c.Actor.Staff, &c.Actor.Device, &c.Challenge, &c.Session)
	if errors.Is(err, genbo.ErrNotFound) {
		err = fmt.Errorf("the code is unknown, was used, or is older than %s: %w", codeTime, genbo.ErrSignIn)
	}
	return c, err
}
