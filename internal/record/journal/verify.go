package journal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"genbo"
	"genbo/internal/base/db"
)

// Problem is one thing that is wrong with the journal.
type Problem struct {
	Entry genbo.EntryNumber // the first entry concerned, -1 for none
	What  string
}

// Report is what [Verify] found.
type Report struct {
	Entries     int64
	Checkpoints int
	Root        tlog.Hash
	Problems    []Problem
}

// maxProblems bounds a report: beyond it the journal is rubble.
const maxProblems = 100

type verifier struct {
	db       *db.DB
	key      string
	progress func(done int64)
	report   Report
	found    int64       // entries that the tree leads to
	edge     []tlog.Hash // roots of the complete subtrees along the right edge, largest first
	levels   []int
}

// Verify reads the whole journal and names every entry that was changed, removed, reordered or cut off. It
// needs the public key only. Witnessed holds checkpoints kept outside the database; a journal that was cut
// off together with its own checkpoints is found only by these.
func Verify(ctx context.Context, d *db.DB, verifierKey string, witnessed []string, progress func(done int64)) (Report, error) {
	v := &verifier{db: d, key: verifierKey, progress: progress}
	err := d.View(ctx, func(tx *db.Tx) error {
		checkpoints, err := v.checkpoints(tx, witnessed)
		if err != nil {
			return err
		}
		if err := v.leaves(tx, checkpoints); err != nil {
			return err
		}
		return v.strays(tx)
	})
	if err != nil {
		return Report{}, fmt.Errorf("verify journal: %w", err)
	}
	return v.report, nil
}

func (v *verifier) problem(entry int64, what string, args ...any) {
	if len(v.report.Problems) < maxProblems {
		v.report.Problems = append(v.report.Problems, Problem{genbo.EntryNumber(entry), fmt.Sprintf(what, args...)})
	}
}

// checkpoints reads every signed head, from the database and from outside, by size.
func (v *verifier) checkpoints(tx *db.Tx, witnessed []string) (map[int64][]Checkpoint, error) {
	bySize := map[int64][]Checkpoint{}
	add := func(text, where string) {
		c, err := ParseCheckpoint(text, v.key)
		if err != nil {
			v.problem(-1, "%s: %v", where, err)
			return
		}
		bySize[c.Size] = append(bySize[c.Size], c)
		v.report.Checkpoints++
	}
	for i, text := range witnessed {
		add(text, fmt.Sprintf("checkpoint %d from outside", i+1))
	}
	err := tx.Home().Each("SELECT size, note FROM journal_checkpoint ORDER BY size", nil, func(scan func(...any) error) error {
		var size int64
		var text string
		if err := scan(&size, &text); err != nil {
			return err
		}
		add(text, fmt.Sprintf("checkpoint at size %d", size))
		return nil
	})
	return bySize, err
}

const verifyPage = 2000

// leaves walks the tree from its first entry, computing every hash anew.
func (v *verifier) leaves(tx *db.Tx, checkpoints map[int64][]Checkpoint) error {
	var size int64
	if err := tx.Home().Row("SELECT next - 1 FROM counter WHERE name = ?", []any{"journal"}, &size); err != nil {
		return err
	}
	longest := size
	for s := range checkpoints {
		longest = max(longest, s)
	}
	next := int64(0)
	for {
		page, err := leafPage(tx, next)
		if err != nil {
			return err
		}
		for _, l := range page {
			for ; next < int64(l.number); next++ {
				v.problem(next, "removed: its place in the tree is empty")
				if err := v.grow(tx, next, nil); err != nil {
					return err
				}
				v.compare(checkpoints[next+1], next+1)
			}
			commitment, err := v.entry(tx, l)
			if err != nil {
				return err
			}
			if err := v.grow(tx, next, commitment); err != nil {
				return err
			}
			next++
			v.compare(checkpoints[next], next)
		}
		if v.progress != nil {
			v.progress(next)
		}
		if len(page) < verifyPage {
			break
		}
	}
	if next < longest {
		v.problem(next, "cut off: entries %d to %d are missing; the journal once had %d", next, longest-1, longest)
	}
	v.report.Entries = next
	v.report.Root = v.root()
	return nil
}

func leafPage(tx *db.Tx, from int64) (page []leaf, err error) {
	err = tx.Home().Each("SELECT seq, entry_bucket, entry FROM journal_leaf WHERE seq >= ? ORDER BY seq LIMIT ?", []any{from, verifyPage},
		func(scan func(...any) error) error {
			var l leaf
			err := scan(&l.number, &l.bucket, &l.id)
			page = append(page, l)
			return err
		})
	return page, err
}

// entry recomputes the commitment of the entry at a leaf; nil where there is none to compute.
func (v *verifier) entry(tx *db.Tx, l leaf) ([]byte, error) {
	s, err := readStored(tx, l.bucket, l.id)
	switch {
	case errors.Is(err, genbo.ErrNotFound):
		v.problem(int64(l.number), "removed: the tree has its place, and the entry is gone")
		return nil, nil
	case errors.Is(err, genbo.ErrTampered):
		v.problem(int64(l.number), "changed: it does not read any more")
		return nil, nil
	case err != nil:
		return nil, err
	}
	v.found++
	commitment := s.commit()
	if !bytes.Equal(commitment, s.commitment) {
		v.problem(int64(l.number), "changed: entry of %s by %s does not fit its commitment", s.At.Format(time.RFC3339), s.Actor.Staff)
	}
	return commitment, nil
}

// grow adds a leaf to the computed tree and compares each hash that it completes with the stored one. Where
// an entry cannot be computed, its stored hash stands in, so that the others can still be judged.
func (v *verifier) grow(tx *db.Tx, n int64, commitment []byte) error {
	first := tlog.StoredHashIndex(0, n)
	var kept []tlog.Hash
	count := 1
	for m := n; m&1 == 1; m >>= 1 {
		count++
	}
	err := tx.Home().Each("SELECT hash FROM journal_hash WHERE idx >= ? AND idx < ? ORDER BY idx", []any{first, first + int64(count)},
		func(scan func(...any) error) error {
			var b []byte
			if err := scan(&b); err != nil {
				return err
			}
			h := tlog.Hash{}
			copy(h[:], b)
			kept = append(kept, h)
			return nil
		})
	if err != nil {
		return err
	}
	if len(kept) != count {
		v.problem(n, "altered: %d of its %d hashes in the tree are missing", count-len(kept), count)
		kept = append(kept, make([]tlog.Hash, count-len(kept))...)
	}
	hash := kept[0]
	if commitment != nil {
		if hash = tlog.RecordHash(commitment); hash != kept[0] {
			v.problem(n, "changed or out of order: the tree was grown with another entry in this place")
		}
	}
	level := 0
	for ; len(v.levels) > 0 && v.levels[len(v.levels)-1] == level; level++ {
		hash = tlog.NodeHash(v.edge[len(v.edge)-1], hash)
		v.edge, v.levels = v.edge[:len(v.edge)-1], v.levels[:len(v.levels)-1]
		if hash != kept[level+1] && len(v.report.Problems) == 0 {
			v.problem(n, "altered: a hash of the tree above it does not fit its entries")
		}
	}
	v.edge, v.levels = append(v.edge, hash), append(v.levels, level)
	return nil
}

// root is the root of the tree as grown so far.
func (v *verifier) root() tlog.Hash {
	if len(v.edge) == 0 {
		return tlog.Hash{}
	}
	root := v.edge[len(v.edge)-1]
	for i := len(v.edge) - 2; i >= 0; i-- {
		root = tlog.NodeHash(v.edge[i], root)
	}
	return root
}

func (v *verifier) compare(checkpoints []Checkpoint, size int64) {
	for _, c := range checkpoints {
		if c.Root != v.root() {
			v.problem(size-1, "rewritten: the first %d entries are not those that were signed at that size", size)
		}
	}
}

// strays finds committed entries that have no place in the tree and should have had one long ago. Where there
// are as many entries as the tree has found, there are none.
func (v *verifier) strays(tx *db.Tx) error {
	limit := db.Millis(tx.Now.Add(-time.Minute))
	return tx.Everywhere(func(p *db.Part) error {
		var n int64
		if err := p.Row("SELECT count(*) FROM journal_entry", nil, &n); err != nil {
			return err
		}
		if v.found -= n; v.found >= 0 {
			return nil
		}
		var ids [][]byte
		err := p.Each("SELECT id FROM journal_entry WHERE at < ?", []any{limit}, func(scan func(...any) error) error {
			var id []byte
			err := scan(&id)
			ids = append(ids, id)
			return err
		})
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := tx.Home().Row("SELECT count(*) FROM journal_leaf WHERE entry = ?", []any{id}, &n); err != nil {
				return err
			}
			if n == 0 {
				v.problem(-1, "entry %x has no place in the tree", id)
			}
		}
		return nil
	})
}
