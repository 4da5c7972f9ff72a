package handover

import (
	"fmt"
	"slices"
	"time"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/base/vault"
	"genbo/internal/record/access"
	"genbo/internal/record/approval"
	"genbo/internal/record/extract"
	"genbo/internal/record/journal"
	"genbo/internal/record/person"
	"genbo/internal/record/staff"
	"genbo/internal/work/desk"
	"genbo/internal/work/mark"
)

// Records are what lists are made from.
type Records struct {
	DB        *db.DB
	Vault     *vault.Vault
	Journal   *journal.Journal
	Register  *person.Register
	Directory *staff.Directory
	Budgets   *access.Budgets
	Approvals *approval.Store
	Desk      *desk.Desk
}

// Handover hands over the lists of one register. It is safe for concurrent use.
type Handover struct {
	Records
	extracts *extract.Store
	purposes []Purpose
	boxes    []mark.Mailbox
}

// New returns the handover of lists for some purposes, with the mailboxes of their decoys; it follows the desk's
// decisions on them.
func New(r Records, purposes []Purpose, boxes []mark.Mailbox) *Handover {
	h := &Handover{Records: r, extracts: extract.New(r.Vault), purposes: purposes, boxes: boxes}
	r.Desk.OnDecision(approval.Extract, h.decided)
	r.Desk.OnDecision(approval.LetIn, h.letIn)
	return h
}

// Purposes are what lists are made for.
func (h *Handover) Purposes() []Purpose { return h.purposes }

// Purpose returns a purpose by its code.
func (h *Handover) Purpose(code string) (Purpose, error) {
	i := slices.IndexFunc(h.purposes, func(p Purpose) bool { return p.Code == code })
	if i < 0 {
		return Purpose{}, genbo.NewFault("purpose", "purpose.unknown")
	}
	return h.purposes[i], nil
}

// live returns an extract that may be handed to its recipient on a device now, in one of some forms.
func (h *Handover) live(tx *db.Tx, i journal.Actor, id string, forms ...extract.Form) (extract.Extract, Purpose, error) {
	e, err := h.extracts.Get(tx, id)
	if err != nil {
		return e, Purpose{}, err
	}
	p, err := h.Purpose(e.Purpose)
	switch {
	case err != nil:
		return e, p, fmt.Errorf("the purpose of the extract is no longer configured: %w", genbo.ErrForbidden)
	case e.Recipient != i.Staff:
		return e, p, fmt.Errorf("the extract is for another member of staff: %w", genbo.ErrForbidden)
	case !slices.Contains(forms, e.Form):
		return e, p, genbo.NewFault("form", "extract.form")
	case e.State != extract.Live:
		return e, p, conflict(genbo.NewFault("", "extract.notlive"))
	case !tx.Now.Before(e.ExpiresAt):
		return e, p, conflict(genbo.NewFault("", "extract.notlive"))
	}
	if err := p.allows(e); err != nil {
		return e, p, fmt.Errorf("the purpose allows it no longer: %w", err)
	}
	return e, p, h.Directory.Admitted(tx, i.Device)
}

// conflict is [genbo.ErrConflict] with the reason that the reader is told.
func conflict(reason *genbo.Fault) error { return fmt.Errorf("%w: %w", genbo.ErrConflict, reason) }

// requested returns the extract that a request for approval is about.
func (h *Handover) requested(tx *db.Tx, r approval.Request) (extract.Extract, error) {
	id, err := extract.IDOf(r.Subject)
	if err != nil {
		return extract.Extract{}, err
	}
	return h.extracts.Get(tx, id)
}

// entry is what the journal says of something done with an extract.
func entry(i journal.Actor, e extract.Extract, a journal.Action) journal.Entry {
	return journal.Entry{Actor: i, Purpose: e.Purpose, Case: e.Case, Action: a, People: e.People, Fields: e.Fields,
		Detail: fmt.Sprintf(`{"extract":%q,"form":%q}`, e.ID, e.Form)}
}

// note writes into the journal what was done with an extract, whose people it does not disclose, and adds it
// to what happened to it.
func (h *Handover) note(tx *db.Tx, by journal.Actor, e extract.Extract, a journal.Action, kind, reason string) error {
	line := entry(by, e, a)
	line.People, line.Fields, line.Reason = journal.People{}, 0, reason
	line.Detail = fmt.Sprintf(`{"extract":%q,"event":%q}`, e.ID, kind)
	id, err := h.Journal.Write(tx, line)
	if err != nil {
		return err
	}
	return h.extracts.Note(tx, e.ID, kind, by, id)
}

// emergencyTime is how long an extract lives that was taken without approval.
const emergencyTime = time.Hour
