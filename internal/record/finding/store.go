package finding

import (
	"encoding/hex"
	"fmt"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/base/vault"
	"genbo/internal/record/approval"
	"genbo/internal/record/journal"
	"genbo/internal/record/staff"
)

// Store keeps what agents report. It is safe for concurrent use.
type Store struct {
	db        *db.DB
	vault     *vault.Vault
	journal   *journal.Journal
	directory *staff.Directory
	approvals *approval.Store
	rule      Rule
}

// New returns the store of a register; the words of asks are sealed with the vault.
func New(d *db.DB, v *vault.Vault, j *journal.Journal, directory *staff.Directory, a *approval.Store, rule Rule) *Store {
	return &Store{d, v, j, directory, a, rule}
}

// Rule is what is asked of every office.
func (s *Store) Rule() Rule { return s.rule }

// write enters something in the journal and returns the key by which rows name the entry.
func (s *Store) write(tx *db.Tx, e journal.Entry) ([]byte, error) {
	id, err := s.journal.Write(tx, e)
	if err != nil {
		return nil, err
	}
	key, err := hex.DecodeString(string(id))
	if err != nil {
		return nil, fmt.Errorf("identifier of an entry: %w", err)
	}
	return key, nil
}

// agent is the actor of what a device does while nobody is signed in on it.
func agent(device genbo.DeviceID) journal.Actor {
	return journal.Actor{Staff: journal.System("").Staff, Device: device}
}
