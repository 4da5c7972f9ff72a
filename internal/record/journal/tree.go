package journal

import (
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"genbo"
	"genbo/internal/base/db"
)

// tree is what is remembered of the Merkle tree to append to it without reading: its size, and the hashes
// along its right edge. It is only a cache: another process may have appended since.
type tree struct {
	size   int64
	hashes map[int64]tlog.Hash // by tlog's storage index
}

// maxCachedHashes bounds the cache. Emptied, it is filled again from the database, a few rows at a time.
const maxCachedHashes = 1 << 14

// lockTree locks the end of the tree for this transaction and returns its size.
func lockTree(tx *db.Tx) (size int64, err error) {
	err = tx.Home().Row("UPDATE counter SET next = next WHERE name = ? RETURNING next - 1", []any{"journal"}, &size)
	return size, err
}

// append gives entries the next places in the tree, in the transaction in which they are written.
func (j *Journal) append(tx *db.Tx, items []any) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	var end int64
	err := tx.Home().Row("UPDATE counter SET next = next + ? WHERE name = ? RETURNING next - 1", []any{len(items), "journal"}, &end)
	if err != nil {
		return fmt.Errorf("append to journal: %w", err)
	}
	size := end - int64(len(items))
	if j.tree.size != size || len(j.tree.hashes) > maxCachedHashes {
		j.tree = tree{size, map[int64]tlog.Hash{}}
	}
	// Hashes of an append that is undone stay in the cache, behind its size, and are replaced before they
	// could be read: an append reads only what lies before it.
	hashes := j.tree.hashes
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) { return readHashes(tx, hashes, indexes) })
	var leafArgs, hashArgs []any
	for _, item := range items {
		s := item.(*stored)
		nodes, err := tlog.StoredHashes(size, s.commitment, reader)
		if err != nil {
			return fmt.Errorf("append to journal: %w", err)
		}
		first := tlog.StoredHashIndex(0, size)
		for i, h := range nodes {
			hashes[first+int64(i)] = h
			hashArgs = append(hashArgs, first+int64(i), h[:])
		}
		leafArgs = append(leafArgs, size, int64(s.bucket), s.id[:], db.Millis(s.At))
		size++
	}
	home := tx.Home()
	if _, err := home.Insert("INSERT INTO journal_leaf (seq, entry_bucket, entry, at) VALUES", 4, leafArgs, ""); err != nil {
		return fmt.Errorf("append to journal: %w", err)
	}
	if _, err := home.Insert("INSERT INTO journal_hash (idx, hash) VALUES", 2, hashArgs, ""); err != nil {
		return fmt.Errorf("append to journal: %w", err)
	}
	tx.AfterCommit(func() {
		j.mu.Lock()
		defer j.mu.Unlock()
		j.tree = tree{end, hashes}
	})
	return nil
}

// readHashes returns stored hashes from the cache or the database.
func readHashes(tx *db.Tx, cache map[int64]tlog.Hash, indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		h, ok := cache[index]
		if !ok {
			var b []byte
			err := tx.Home().Row("SELECT hash FROM journal_hash WHERE idx = ?", []any{index}, &b)
			if errors.Is(err, genbo.ErrNotFound) || err == nil && len(b) != tlog.HashSize {
				return nil, fmt.Errorf("hash %d of the journal's tree is missing or cut: run `genbo verify`: %w", index, genbo.ErrTampered)
			}
			if err != nil {
				return nil, err
			}
			h = tlog.Hash(b)
			if cache != nil {
				cache[index] = h
			}
		}
		out[i] = h
	}
	return out, nil
}
