package journal

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"genbo"
	"genbo/internal/base/db"
)

// Checkpoint is the signed head of the tree, in the form that transparency logs use: the register's name,
// the size, the root hash, and the signature.
type Checkpoint struct {
	Size int64
	Root tlog.Hash
	Note string // the signed text
}

func checkpointText(origin string, size int64, root tlog.Hash) string {
	return fmt.Sprintf("%s\n%d\n%s\n", origin, size, root)
}

// ParseCheckpoint reads a signed checkpoint and checks its signature against the register's public key.
func ParseCheckpoint(text, verifierKey string) (Checkpoint, error) {
	verifier, err := note.NewVerifier(verifierKey)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("public key of the journal: %w", genbo.ErrInvalid)
	}
	n, err := note.Open([]byte(text), note.VerifierList(verifier))
	if err != nil {
		return Checkpoint{}, fmt.Errorf("checkpoint: its signature is not the register's: %w", genbo.ErrTampered)
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		return Checkpoint{}, fmt.Errorf("checkpoint: not of this register: %w", genbo.ErrTampered)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 {
		return Checkpoint{}, fmt.Errorf("checkpoint: its size does not read: %w", genbo.ErrTampered)
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return Checkpoint{}, fmt.Errorf("checkpoint: its hash does not read: %w", genbo.ErrTampered)
	}
	return Checkpoint{size, root, text}, nil
}

// Latest returns the newest checkpoint, or [genbo.ErrNotFound].
func (j *Journal) Latest(ctx context.Context) (c Checkpoint, err error) {
	err = j.db.View(ctx, func(tx *db.Tx) error {
		return tx.Home().Row("SELECT note FROM journal_checkpoint ORDER BY size DESC LIMIT 1", nil, &c.Note)
	})
	if err != nil {
		return Checkpoint{}, err
	}
	return ParseCheckpoint(c.Note, j.vault.VerifierKey())
}

// Checkpoint signs the head of the tree if it has grown since the last one, and returns the newest.
func (j *Journal) Checkpoint(ctx context.Context) (Checkpoint, error) {
	var c Checkpoint
	err := j.db.Update(ctx, func(tx *db.Tx) error {
		size, err := lockTree(tx)
		if err != nil {
			return err
		}
		var last int64
		err = tx.Home().Row("SELECT size FROM journal_checkpoint ORDER BY size DESC LIMIT 1", nil, &last)
		if err != nil && !errors.Is(err, genbo.ErrNotFound) {
			return err
		}
		if size == last {
			return nil
		}
		root, err := tlog.TreeHash(size, tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
			return readHashes(tx, nil, indexes)
		}))
		if err != nil {
			return err
		}
		signer := j.vault.Signer()
		signed, err := note.Sign(&note.Note{Text: checkpointText(signer.Name(), size, root)}, signer)
		if err != nil {
			return err
		}
		c = Checkpoint{size, root, string(signed)}
		_, err = tx.Home().Exec("INSERT INTO journal_checkpoint (size, at, note) VALUES (?, ?, ?)", size, db.Millis(tx.Now), c.Note)
		return err
	})
	if err != nil {
		return Checkpoint{}, fmt.Errorf("sign checkpoint: %w", err)
	}
	if c.Note == "" {
		if c, err = j.Latest(ctx); errors.Is(err, genbo.ErrNotFound) {
			return Checkpoint{}, nil // an empty journal has no head to sign
		}
	}
	return c, err
}
