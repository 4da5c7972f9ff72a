package api

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/base/vault"
	"genbo/internal/record/staff"
)

// keyLifetime is how long a key is remembered.
const keyLifetime = 24 * time.Hour

// harmless are the kinds of error after which nothing has been done for certain: the key is free again. After
// any other nobody knows, and the key stays taken.
var harmless = []error{genbo.ErrInvalid, genbo.ErrNotFound, genbo.ErrConflict, genbo.ErrForbidden, genbo.ErrSignIn, genbo.ErrBudget}

// once does a write unless a call with the same key has done it; then it returns that call's answer. The key
// is taken before the work begins, so that of many calls at once one does it.
func (a *Handler) once(ctx context.Context, i staff.Identity, key string, input any, do func(context.Context) (written, error)) (w written, replayed bool, err error) {
	if key == "" {
		w, err = do(ctx)
		return w, false, err
	}
	// A caller who loses the line and asks again finds the work done, not broken off.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), maxTime)
	defer cancel()
	slot, err := a.slotFor(ctx, i, key, input)
	if err != nil {
		return w, false, err
	}
	kept, err := slot.take(ctx)
	if err != nil || kept != nil {
		if kept != nil {
			w = *kept
		}
		return w, kept != nil, err
	}
	if w, err = do(ctx); err == nil {
		err = slot.keep(ctx, w)
		if err != nil {
			a.Log.LogAttrs(ctx, slog.LevelError, "the answer to a call could not be kept for its key", slog.Any("error", err))
		}
		return w, false, nil
	}
	for _, kind := range harmless {
		if errors.Is(err, kind) {
			return w, false, errors.Join(err, slot.free(ctx))
		}
	}
	return w, false, err
}

// slot is the row of a key. Both fingerprints are keyed ones: a request holds personal data, and somebody who
// stole the database must not be able to try values until one fits.
type slot struct {
	db           *db.DB
	staff        genbo.StaffID
	key, request vault.Token
}

func (a *Handler) slotFor(ctx context.Context, i staff.Identity, key string, input any) (slot, error) {
	sent, err := json.Marshal(input)
	if err != nil {
		return slot{}, fmt.Errorf("fingerprint of a call: %w", err)
	}
	c := callOf(ctx)
	s := slot{db: a.DB, staff: i.Member.ID}
	if s.key, err = a.Vault.Token("api key", string(i.Member.ID), key); err != nil {
		return slot{}, err
	}
	s.request, err = a.Vault.Token("api request", c.method, c.path, string(sent))
	return s, err
}

// take makes the key this call's own, or returns the answer that is kept under it.
func (s slot) take(ctx context.Context) (kept *written, err error) {
	err = s.db.Share(ctx, func(tx *db.Tx) error {
		kept = nil
		_, err := tx.Home().Exec("DELETE FROM idempotency WHERE staff = ? AND at < ?", string(s.staff), db.Millis(tx.Now.Add(-keyLifetime)))
		if err != nil {
			return err
		}
		n, err := tx.Home().Exec("INSERT INTO idempotency (staff, key, request, answer, at) VALUES (?, ?, ?, '', ?) ON CONFLICT (staff, key) DO NOTHING",
			string(s.staff), s.key[:], s.request[:], db.Millis(tx.Now))
		if err != nil || n == 1 {
			return err
		}
		var request []byte
		var answer string
		err = tx.Home().Row("SELECT request, answer FROM idempotency WHERE staff = ? AND key = ?", []any{string(s.staff), s.key[:]}, &request, &answer)
		switch {
		case errors.Is(err, genbo.ErrNotFound):
			return errKeyBusy // freed between the two statements
		case err != nil:
			return err
		case subtle.ConstantTimeCompare(request, s.request[:]) != 1:
			return errKeyReused
		case answer == "":
			return errKeyBusy
		}
		kept = &written{}
		return json.Unmarshal([]byte(answer), kept)
	})
	if err != nil {
		return nil, fmt.Errorf("idempotency key: %w", err)
	}
	return kept, nil
}

// keep puts the answer under the key. The row is replaced: the program may not change rows of this table.
func (s slot) keep(ctx context.Context, w written) error {
	answer, err := json.Marshal(w)
	if err != nil {
		return err
	}
	return s.db.Share(ctx, func(tx *db.Tx) error {
		if err := s.remove(tx); err != nil {
			return err
		}
		_, err := tx.Home().Exec("INSERT INTO idempotency (staff, key, request, answer, at) VALUES (?, ?, ?, ?, ?)",
			string(s.staff), s.key[:], s.request[:], string(answer), db.Millis(tx.Now))
		return err
	})
}

// free gives the key back.
func (s slot) free(ctx context.Context) error {
	return s.db.Share(ctx, s.remove)
}

func (s slot) remove(tx *db.Tx) error {
	_, err := tx.Home().Exec("DELETE FROM idempotency WHERE staff = ? AND key = ?", string(s.staff), s.key[:])
	return err
}
