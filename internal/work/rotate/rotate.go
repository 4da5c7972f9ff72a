package rotate

import (
	"context"
	"fmt"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/record/journal"
	"genbo/internal/work/house"
)

// Report is what a rotation did.
type Report struct {
	Resumed   bool  // it went on where another had stopped
	Rewrapped int64 // data keys wrapped anew, one a person
}

// rewrapAtOnce is how many people one transaction rewraps.
const rewrapAtOnce = genbo.BucketRun

// Run rotates the wrapping key. Progress is called with how many of the buckets are done; it may be nil.
func Run(ctx context.Context, h *house.House, progress func(buckets int)) (Report, error) {
	var report Report
	keys, err := h.Vault.PersonKeys(ctx)
	if err != nil {
		return report, err
	}
	if report.Resumed = keys > 1; report.Resumed {
		err = h.Vault.Reload(ctx)
	} else {
		err = h.Vault.RotatePersonKeys(ctx)
	}
	if err != nil {
		return report, err
	}
	if err := note(ctx, h, `{"step":"begun"}`, h.Register.SetEpoch); err != nil {
		return report, err
	}
	for b := range genbo.Bucket(genbo.Buckets) {
		n, err := bucket(ctx, h, b)
		report.Rewrapped += n
		if err != nil {
			return report, err
		}
		if progress != nil {
			progress(int(b) + 1)
		}
	}
	if err := h.DB.View(ctx, func(tx *db.Tx) error {
		stale, err := h.Register.Stale(tx)
		if err == nil && stale > 0 {
			err = fmt.Errorf("%d people are still under an old key: run it again: %w", stale, genbo.ErrConflict)
		}
		return err
	}); err != nil {
		return report, err
	}
	if err := h.Vault.RetireKeys(ctx); err != nil {
		return report, err
	}
	return report, note(ctx, h, fmt.Sprintf(`{"step":"ended","rewrapped":%d}`, report.Rewrapped), nil)
}

func bucket(ctx context.Context, h *house.House, b genbo.Bucket) (total int64, err error) {
	for behind := genbo.PersonID(0); ; {
		var changed int
		err := h.DB.Update(ctx, func(tx *db.Tx) (err error) {
			changed, behind, err = h.Register.Rewrap(tx, b, behind, rewrapAtOnce)
			return err
		})
		total += int64(changed)
		if err != nil || behind == 0 {
			return total, err
		}
	}
}

// note writes a step into the journal, in one transaction with what it does to the database.
func note(ctx context.Context, h *house.House, detail string, do func(*db.Tx) error) error {
	return h.DB.Update(ctx, func(tx *db.Tx) error {
		if do != nil {
			if err := do(tx); err != nil {
				return err
			}
		}
		_, err := h.Journal.Write(tx, journal.Entry{Actor: journal.System("keys rotate"), Action: journal.KeysRotate, Detail: detail})
		return err
	})
}
