package handover

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/base/sealed"
	"genbo/internal/record/access"
	"genbo/internal/record/extract"
	"genbo/internal/record/journal"
	"genbo/internal/record/staff"
	"genbo/internal/work/desk"
)

// challengeChars is the length of a challenge: a SHA-256 sum in base64.
const challengeChars = 43

// Confirm returns a code that lets the agent of this device open one sealed file, once, within two minutes.
// The challenge is the hash of a secret that only that agent has.
func (h *Handover) Confirm(ctx context.Context, i staff.Identity, id, seal, challenge string) (code string, err error) {
	if len(challenge) != challengeChars || len(seal) > 40 {
		return "", fmt.Errorf("confirm an opening: %w", genbo.ErrInvalid)
	}
	if err := h.Desk.Check(i, access.UseExtracts); err != nil {
		return "", err
	}
	var alarm error
	err = h.DB.Update(ctx, func(tx *db.Tx) error {
		e, _, err := h.live(tx, i.Actor(), id, extract.Sealed)
		if err != nil {
			return err
		}
		if e.Device != i.Device {
			alarm = fmt.Errorf("the file opens on another device: %w", genbo.ErrForbidden)
			return access.Raise(tx, access.DeviceAlarm, i.Member.ID, fmt.Sprintf(`{"device":%q,"purpose":%q}`, i.Device, e.Purpose))
		}
		code = rand.Text()
		return h.extracts.KeepCode(tx, code, extract.Code{Extract: id, Seal: seal, Actor: i.Actor(), Challenge: challenge, Session: i.Session()})
	})
	if err = errors.Join(err, alarm); err != nil {
		return "", err
	}
	return code, nil
}

// Opening is what opens a sealed file.
type Opening struct {
	FileKey   []byte
	Verifier  string // the public key of the core's signature
	Staff     staff.Member
	Device    genbo.DeviceID
	At        time.Time
	ExpiresAt time.Time
}

// Unseal gives the file key of a sealed file to the agent of a device, against a code that its user confirmed
// and the agent's secret. The opening is in the journal before.
func (h *Handover) Unseal(ctx context.Context, device genbo.DeviceID, code, verifier string, s sealed.Stanza) (Opening, error) {
	var c extract.Code
	err := h.DB.Update(ctx, func(tx *db.Tx) (err error) { // spent, whatever comes of it
		c, err = h.extracts.UseCode(tx, code)
		return err
	})
	if err != nil {
		return Opening{}, err
	}
	sum := sha256.Sum256([]byte(verifier))
	fits := subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(sum[:])), []byte(c.Challenge)) == 1
	if !fits || c.Actor.Device != device || c.Extract != s.Extract || c.Seal != s.Seal {
		return Opening{}, fmt.Errorf("the code was given for another file, agent or device: %w", genbo.ErrForbidden)
	}
	var e extract.Extract
	err = h.DB.View(ctx, func(tx *db.Tx) (err error) {
		e, err = h.extracts.Get(tx, c.Extract)
		return err
	})
	if err != nil {
		return Opening{}, err
	}
	opening := Opening{Verifier: h.Vault.VerifierKey(), Device: device, ExpiresAt: e.ExpiresAt}
	receipt, err := h.Journal.Account(ctx, entry(c.Actor, e, journal.ExtractOpen), func(tx *db.Tx) error {
		return h.unwrap(tx, c, s, &opening)
	})
	if err != nil {
		return Opening{}, h.failed(ctx, c, e, err)
	}
	opening.At = receipt.At()
	return opening, nil
}

// unwrap checks everything that an opening asks for, and opens the file key, in the transaction that accounts for it.
func (h *Handover) unwrap(tx *db.Tx, c extract.Code, s sealed.Stanza, o *Opening) error {
	m, err := h.Directory.Live(tx, c.Session, c.Actor.Device)
	if err != nil {
		return err
	}
	if m.ID != c.Actor.Staff || !m.Has(staff.Clerk) {
		return genbo.ErrForbidden
	}
	e, _, err := h.live(tx, c.Actor, c.Extract, extract.Sealed)
	if err != nil {
		return err
	}
	if e.Device != c.Actor.Device {
		return fmt.Errorf("the file opens on another device: %w", genbo.ErrForbidden)
	}
	text, err := h.extracts.Key(tx, e.ID, extract.Share)
	if err != nil {
		return err
	}
	share, err := hex.DecodeString(text)
	if err != nil {
		return fmt.Errorf("the share of the extract does not read: %w", genbo.ErrTampered)
	}
	o.Staff = m
	o.FileKey, err = sealed.Unwrap(share, sealed.Binding{Extract: e.ID, Seal: s.Seal, Staff: e.Recipient, Device: e.Device, Expires: e.ExpiresAt}, s)
	if err != nil {
		return err
	}
	return h.handed(tx, c.Actor, e, extract.EventOpened, journal.ExtractOpen)
}

// failed tells the security officers of an opening that should not have been tried.
func (h *Handover) failed(ctx context.Context, c extract.Code, e extract.Extract, cause error) error {
	v := desk.Visit{Purpose: e.Purpose, Case: e.Case, Identity: staff.Identity{Member: staff.Member{ID: c.Actor.Staff}, Device: c.Actor.Device}}
	if errors.Is(cause, genbo.ErrTampered) {
		return errors.Join(cause, h.DB.Share(context.WithoutCancel(ctx), func(tx *db.Tx) error {
			return access.Raise(tx, access.SealAlarm, c.Actor.Staff, fmt.Sprintf(`{"device":%q,"purpose":%q}`, c.Actor.Device, e.Purpose))
		}))
	}
	return h.Desk.OverBudget(ctx, v, access.File, cause)
}
