package handover

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/base/foreign"
	"genbo/internal/base/sealed"
	"genbo/internal/record/access"
	"genbo/internal/record/extract"
	"genbo/internal/record/journal"
	"genbo/internal/work/desk"
)

// File is an encrypted file that may leave the core. The journal has it already.
type File struct {
	Name, Type string
	Write      func(w io.Writer) error
}

// fileForms are the forms that make a file.
var fileForms = []extract.Form{extract.Sealed, extract.XLSX, extract.ZIP, extract.Age}

// Release accounts for a file of a live extract and returns what writes it. There is no form that is not
// encrypted.
func (h *Handover) Release(ctx context.Context, v desk.Visit, id string) (File, error) {
	actor := v.Identity.Actor()
	if err := h.Desk.Check(v.Identity, access.UseExtracts); err != nil {
		return File{}, err
	}
	var e extract.Extract
	err := h.DB.View(ctx, func(tx *db.Tx) (err error) {
		e, _, err = h.live(tx, actor, id, fileForms...)
		return err
	})
	if err != nil {
		return File{}, err
	}
	if e.Form == extract.Sealed {
		return h.seal(ctx, actor, e)
	}
	var key string
	receipt, err := h.Journal.Account(ctx, entry(actor, e, journal.ExtractRelease), func(tx *db.Tx) (err error) {
		if _, _, err = h.live(tx, actor, id, fileForms...); err != nil {
			return err
		}
		if key, err = h.keyOf(tx, e); err != nil {
			return err
		}
		return h.handed(tx, actor, e, extract.EventReleased, journal.ExtractRelease)
	})
	if err != nil {
		v.Purpose, v.Case = e.Purpose, e.Case
		return File{}, h.Desk.OverBudget(ctx, v, access.File, err)
	}
	return h.foreign(ctx, receipt, e, key)
}

// keyOf is what encrypts a file for others' tools. Once the pass phrase has been shown, no further file is made.
func (h *Handover) keyOf(tx *db.Tx, e extract.Extract) (string, error) {
	if e.Form == extract.Age {
		return e.Contractor, nil
	}
	events, err := h.extracts.Events(tx, e.ID)
	if err != nil {
		return "", err
	}
	for _, event := range events {
		if event.Kind == extract.EventPass {
			return "", conflict(genbo.NewFault("", "extract.passshown"))
		}
	}
	return h.extracts.KeyOr(tx, e.ID, extract.Pass, foreign.Passphrase)
}

// handed counts a file against the budget and notes that it left.
func (h *Handover) handed(tx *db.Tx, by journal.Actor, e extract.Extract, event string, a journal.Action) error {
	if a.Discloses() {
		p, err := h.Purpose(e.Purpose)
		if err != nil {
			return err
		}
		if err := h.Budgets.SpendFile(tx, by, e.Purpose, e.Purpose+"/"+e.ID, e.People.Count(), p.Day); err != nil {
			return err
		}
	}
	if err := h.extracts.Handed(tx, e.ID); err != nil {
		return err
	}
	line := journal.Entry{Actor: by, Purpose: e.Purpose, Case: e.Case, Action: journal.ExtractWork, Detail: fmt.Sprintf(`{"extract":%q,"event":%q}`, e.ID, event)}
	id, err := h.Journal.Write(tx, line)
	if err != nil {
		return err
	}
	return h.extracts.Note(tx, e.ID, event, by, id)
}

// sheetColumn carries the key that a contractor prints on each sheet.
const sheetColumn = "sheet_key"

// foreign is a file for others' tools.
func (h *Handover) foreign(ctx context.Context, receipt journal.Receipt, e extract.Extract, key string) (File, error) {
	m, err := h.marks(ctx, receipt, e)
	if err != nil {
		return File{}, err
	}
	columns, rows := append(Columns(e.Fields), sheetColumn), h.rows(ctx, receipt, e, m, receipt.At(), true)
	switch e.Form {
	case extract.XLSX:
		return File{"genbo-" + e.ID + ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", func(w io.Writer) error {
			return foreign.XLSX(w, key, columns, m.rows(e), rows)
		}}, nil
	case extract.ZIP:
		return File{"genbo-" + e.ID + ".zip", "application/zip", func(w io.Writer) error {
			return foreign.ZIP(w, key, "genbo-"+e.ID+".csv", columns, rows)
		}}, nil
	case extract.Age:
		return File{"genbo-" + e.ID + ".csv.age", "application/octet-stream", func(w io.Writer) error {
			return foreign.Age(w, key, columns, rows)
		}}, nil
	}
	return File{}, genbo.NewFault("form", "extract.form")
}

// seal makes a sealed file. Nothing of it is disclosed until it is opened.
func (h *Handover) seal(ctx context.Context, actor journal.Actor, e extract.Extract) (File, error) {
	p, err := h.Purpose(e.Purpose)
	if err != nil {
		return File{}, err
	}
	var share []byte
	receipt, err := h.Journal.Account(ctx, entry(actor, e, journal.ExtractSeal), func(tx *db.Tx) error {
		if _, _, err := h.live(tx, actor, e.ID, extract.Sealed); err != nil {
			return err
		}
		text, err := h.extracts.KeyOr(tx, e.ID, extract.Share, func() string { return hex.EncodeToString(sealed.NewShare()) })
		if err != nil {
			return err
		}
		if share, err = hex.DecodeString(text); err != nil {
			return fmt.Errorf("the share of the extract does not read: %w", genbo.ErrTampered)
		}
		return h.handed(tx, actor, e, extract.EventSealed, journal.ExtractSeal)
	})
	if err != nil {
		return File{}, err
	}
	marks, err := h.marks(ctx, receipt, e)
	if err != nil {
		return File{}, err
	}
	m := sealed.Manifest{Extract: e.ID, Seal: extract.NewID(), Purpose: p.Code, Ja: p.Ja, En: p.En, Fields: e.Fields.String(), Columns: Columns(e.Fields),
		Rows: marks.rows(e), Staff: e.Recipient, Device: e.Device, SealedAt: receipt.At(), ExpiresAt: e.ExpiresAt}
	return File{"genbo-" + e.ID + ".genbo", "application/octet-stream", func(w io.Writer) error {
		out, err := sealed.NewWriter(w, share, h.Vault.Signer(), m)
		if err != nil {
			return err
		}
		for row, err := range h.rows(ctx, receipt, e, marks, receipt.At(), false) {
			if err != nil {
				return err
			}
			if err := out.WriteRow(row); err != nil {
				return err
			}
		}
		return out.Close()
	}}, nil
}

// ShowPass shows the pass phrase of an extract's file to its recipient, once.
func (h *Handover) ShowPass(ctx context.Context, v desk.Visit, id string) (pass string, err error) {
	actor := v.Identity.Actor()
	if err := h.Desk.Check(v.Identity, access.UseExtracts); err != nil {
		return "", err
	}
	err = h.DB.Update(ctx, func(tx *db.Tx) error {
		e, _, err := h.live(tx, actor, id, extract.XLSX, extract.ZIP)
		if err != nil {
			return err
		}
		if pass, err = h.extracts.Key(tx, id, extract.Pass); errors.Is(err, genbo.ErrNotFound) {
			return conflict(genbo.NewFault("", "extract.nopass"))
		}
		if err != nil {
			return err
		}
		if err := h.extracts.DropKey(tx, id, extract.Pass); err != nil {
			return err
		}
		entryID, err := h.Journal.Write(tx, entry(actor, e, journal.ExtractRelease))
		if err != nil {
			return err
		}
		return h.extracts.Note(tx, id, extract.EventPass, actor, entryID)
	})
	if err != nil {
		return "", err
	}
	return pass, nil
}
