package journal

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"genbo"
	"genbo/internal/base/db"
)

const (
	sequencePause   = 200 * time.Millisecond
	sequenceBatch   = 2000
	checkpointPause = time.Minute
)

// Run sequences entries and signs checkpoints until ctx ends, and signs a last one then. Every process that
// serves runs it; the database lets one at a time append.
func (j *Journal) Run(ctx context.Context) {
	sequence := time.NewTicker(sequencePause)
	defer sequence.Stop()
	checkpoint := time.NewTicker(checkpointPause)
	defer checkpoint.Stop()
	for {
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
			defer cancel()
			j.tick(last, true)
			return
		case <-j.wake:
			j.tick(ctx, false)
		case <-sequence.C:
			j.tick(ctx, false)
		case <-checkpoint.C:
			j.tick(ctx, true)
		}
	}
}

func (j *Journal) tick(ctx context.Context, checkpoint bool) {
	err := j.Sequence(ctx)
	if err == nil && checkpoint {
		_, err = j.Checkpoint(ctx)
	}
	if err != nil && ctx.Err() == nil {
		slog.Error("journal: the tree could not be brought up to date; looks are refused while this lasts", "error", err)
	}
}

// nudge wakes the sequencer.
func (j *Journal) nudge() {
	select {
	case j.wake <- struct{}{}:
	default:
	}
}

// released refuses everything while the sequencer lags too far behind.
func (j *Journal) released(now time.Time) error {
	if j.db.SingleWriter() {
		return nil
	}
	last := j.sequenced.Load()
	if last == 0 || now.Sub(db.FromMillis(last)) <= MaxLag {
		return nil
	}
	return fmt.Errorf("the journal's sequencer is %s behind, so nothing is shown: %w",
		now.Sub(db.FromMillis(last)).Round(time.Second), genbo.ErrUnavailable)
}

// Lag is how long it has been since no committed entry waited for its place in the tree.
func (j *Journal) Lag(now time.Time) time.Duration {
	last := j.sequenced.Load()
	if j.db.SingleWriter() || last == 0 {
		return 0
	}
	return max(0, now.Sub(db.FromMillis(last)))
}

// Sequence gives every entry that waits its place in the tree. With one writer there is never one.
func (j *Journal) Sequence(ctx context.Context) error {
	if j.db.SingleWriter() {
		return nil
	}
	for {
		var n int
		var now time.Time
		err := j.db.Update(ctx, func(tx *db.Tx) (err error) {
			now = tx.Now
			n, err = j.sequenceBatch(tx)
			return err
		})
		if err != nil {
			return fmt.Errorf("sequence journal: %w", err)
		}
		if n < sequenceBatch {
			j.upToDate(db.Millis(now))
			return nil
		}
	}
}

// upToDate notes that nothing waited at a time, unless another run of the sequencer has noted a later one.
func (j *Journal) upToDate(at int64) {
	for last := j.sequenced.Load(); last < at; last = j.sequenced.Load() {
		if j.sequenced.CompareAndSwap(last, at) {
			return
		}
	}
}

// sequenceBatch touches the servers before the home bucket's tree, so that the tree commits first: an entry
// that stays in journal_pending after a crash is found to have its place, and is only removed there.
func (j *Journal) sequenceBatch(tx *db.Tx) (int, error) {
	var waiting []*stored
	if err := tx.Everywhere(func(p *db.Part) error { _, err := p.Exec("SELECT 1"); return err }); err != nil {
		return 0, err
	}
	if _, err := lockTree(tx); err != nil {
		return 0, err
	}
	err := tx.Everywhere(func(p *db.Part) error {
		return p.Each(`SELECT q.bucket, q.entry, q.at, e.commitment FROM journal_pending q
			JOIN journal_entry e ON e.bucket = q.bucket AND e.id = q.entry
			ORDER BY q.at, q.entry LIMIT ?`, []any{sequenceBatch - len(waiting)}, func(scan func(...any) error) error {
			var s stored
			var id []byte
			var at int64
			if err := scan(&s.bucket, &id, &at, &s.commitment); err != nil {
				return err
			}
			s.id, s.At = [16]byte(id), db.FromMillis(at)
			waiting = append(waiting, &s)
			return nil
		})
	})
	if err != nil || len(waiting) == 0 {
		return 0, err
	}
	var fresh []any
	for _, s := range waiting {
		var n int
		if err := tx.Home().Row("SELECT count(*) FROM journal_leaf WHERE entry = ?", []any{s.id[:]}, &n); err != nil {
			return 0, err
		}
		if n == 0 {
			fresh = append(fresh, s)
		}
	}
	if len(fresh) > 0 {
		if err := j.append(tx, fresh); err != nil {
			return 0, err
		}
	}
	for _, s := range waiting {
		if _, err := tx.On(s.bucket).Exec("DELETE FROM journal_pending WHERE bucket = ? AND entry = ?", int64(s.bucket), s.id[:]); err != nil {
			return 0, err
		}
	}
	return len(waiting), nil
}
