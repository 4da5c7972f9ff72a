package handover

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/record/access"
	"genbo/internal/record/approval"
	"genbo/internal/record/extract"
	"genbo/internal/record/journal"
	"genbo/internal/record/staff"
	"genbo/internal/work/desk"
)

// end ends an extract: its keys go in the same transaction.
func (h *Handover) end(tx *db.Tx, by journal.Actor, e extract.Extract, as extract.State, reason string) error {
	if err := h.extracts.End(tx, e.ID, as); err != nil {
		return err
	}
	return h.note(tx, by, e, journal.ExtractEnd, string(as), reason)
}

// Revoke ends an extract at once. Its asker, its recipient, approvers and security officers may.
func (h *Handover) Revoke(ctx context.Context, v desk.Visit, id string) error {
	i := v.Identity
	if strings.TrimSpace(v.Reason) == "" {
		return genbo.NewFault("reason", "text.empty")
	}
	if err := h.Desk.Check(i, access.RevokeExtract); err != nil {
		return err
	}
	return h.DB.Update(ctx, func(tx *db.Tx) error {
		e, err := h.extracts.Get(tx, id)
		if err != nil {
			return err
		}
		m := i.Member
		if m.ID != e.Asker && m.ID != e.Recipient && !m.Has(staff.Approver) && !m.Has(staff.Security) {
			return fmt.Errorf("the extract is another's: %w", genbo.ErrForbidden)
		}
		return h.end(tx, i.Actor(), e, extract.Revoked, v.Reason)
	})
}

// Attest notes that the holder of an ended extract says that nothing of it is left: no file, copy or print.
func (h *Handover) Attest(ctx context.Context, v desk.Visit, id string) error {
	return h.DB.Update(ctx, func(tx *db.Tx) error {
		e, err := h.extracts.Get(tx, id)
		if err != nil {
			return err
		}
		if m := v.Identity.Member.ID; m != e.Asker && m != e.Recipient {
			return fmt.Errorf("only who asked for an extract or received it can attest its end: %w", genbo.ErrForbidden)
		}
		if err := h.extracts.Attest(tx, id); err != nil {
			return err
		}
		return h.note(tx, v.Identity.Actor(), e, journal.ExtractEnd, string(extract.Attested), v.Reason)
	})
}

// Sweep ends every extract whose time is over and returns how many.
func (h *Handover) Sweep(ctx context.Context) (ended int, err error) {
	var due []extract.Extract
	err = h.DB.View(ctx, func(tx *db.Tx) (err error) {
		due, err = h.extracts.Due(tx)
		return err
	})
	for _, e := range due {
		as := extract.Expired
		if e.State == extract.Asked {
			as = extract.Withdrawn
		}
		one := h.DB.Update(ctx, func(tx *db.Tx) error { return h.end(tx, journal.System("sweep"), e, as, "") })
		if one == nil {
			ended++
		} else if !errors.Is(one, genbo.ErrConflict) {
			err = errors.Join(err, one)
		}
	}
	return ended, err
}

// AskLetIn asks that a device that was cut off be let in again. Another approves.
func (h *Handover) AskLetIn(ctx context.Context, v desk.Visit, device genbo.DeviceID) (id string, err error) {
	if err := h.Desk.Check(v.Identity, string(journal.DeviceChange)); err != nil {
		return "", err
	}
	err = h.DB.Update(ctx, func(tx *db.Tx) error {
		if h.Directory.Admitted(tx, device) == nil {
			return fmt.Errorf("the device is not cut off: %w", genbo.ErrConflict)
		}
		m := v.Identity.Member
		id, err = h.Approvals.Ask(tx, approval.Request{Kind: approval.LetIn, Asker: m.ID, Office: m.Office, Subject: string(device), Reason: v.Reason})
		if err != nil {
			return err
		}
		_, err = h.Journal.Write(tx, journal.Entry{Actor: v.Identity.Actor(), Action: journal.ApprovalAsk, Reason: v.Reason,
			Detail: fmt.Sprintf(`{"approval":%q,"device":%q}`, id, device)})
		return err
	})
	return id, err
}

func (h *Handover) letIn(tx *db.Tx, v desk.Visit, r approval.Request) error {
	if r.State != approval.Approved {
		return nil
	}
	return h.Directory.LetIn(tx, v.Identity.Actor(), genbo.DeviceID(r.Subject), r.Reason)
}

// CutOff shuts a device out at once.
func (h *Handover) CutOff(ctx context.Context, v desk.Visit, device genbo.DeviceID) error {
	if err := h.Desk.Check(v.Identity, string(journal.DeviceChange)); err != nil {
		return err
	}
	return h.Directory.CutOff(ctx, v.Identity.Actor(), device, v.Reason)
}
