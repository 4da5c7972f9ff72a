package db

import (
	"context"
	"errors"
	"sync"
)

// maxShared bounds how many callers one transaction serves, so that none waits long.
const maxShared = 256

// sharing lets callers that wait at the same time share one transaction, and so one flush to the disk.
type sharing struct {
	leader  chan struct{} // full while somebody runs a shared transaction
	mu      sync.Mutex
	waiting []*sharedCall
}

type sharedCall struct {
	fn   func(tx *Tx) error
	err  error
	done chan struct{}
}

// Share is [DB.Update] for short interactive work. Where one transaction writes at a time (SQLite), callers
// that wait are run in one transaction, each undone alone if it fails; all return once it is durable. On
// PostgreSQL, which groups commits itself, it is Update.
func (d *DB) Share(ctx context.Context, fn func(tx *Tx) error) error {
	if !d.SingleWriter() {
		return d.Update(ctx, fn)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	call := &sharedCall{fn: fn, done: make(chan struct{})}
	d.sharing.mu.Lock()
	d.sharing.waiting = append(d.sharing.waiting, call)
	d.sharing.mu.Unlock()
	for {
		select {
		case <-call.done:
			return call.err
		case d.sharing.leader <- struct{}{}:
			d.lead(context.WithoutCancel(ctx))
		}
	}
}

// lead runs the calls that wait in one transaction, and hands the lead on even if one of them panics.
func (d *DB) lead(ctx context.Context) {
	defer func() { <-d.sharing.leader }()
	d.sharing.mu.Lock()
	calls := d.sharing.waiting
	if len(calls) > maxShared {
		calls = calls[:maxShared:maxShared]
	}
	d.sharing.waiting = d.sharing.waiting[len(calls):]
	d.sharing.mu.Unlock()
	if len(calls) == 0 {
		return
	}
	err := errors.New("another call in the same transaction panicked")
	defer func() {
		for _, call := range calls {
			if err != nil {
				call.err = err
			}
			close(call.done)
		}
	}()
	err = d.Update(ctx, func(tx *Tx) error {
		for _, call := range calls {
			if err := tx.alone(call); err != nil {
				return err
			}
		}
		return nil
	})
}

// alone runs one call so that its failure undoes nothing of the others.
func (tx *Tx) alone(call *sharedCall) error {
	home := tx.Home()
	if _, err := home.Exec("SAVEPOINT shared"); err != nil {
		return err
	}
	after, later := len(tx.after), len(tx.later)
	if call.err = call.fn(tx); call.err != nil {
		tx.after, tx.later = tx.after[:after], tx.later[:later]
		if _, err := home.Exec("ROLLBACK TO shared"); err != nil {
			return err
		}
	}
	_, err := home.Exec("RELEASE shared")
	return err
}
