package handover

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/record/access"
	"genbo/internal/record/approval"
	"genbo/internal/record/extract"
	"genbo/internal/record/journal"
	"genbo/internal/record/person"
	"genbo/internal/work/desk"
)

// Wish is a list that a member of staff asks for.
type Wish struct {
	Purpose    string
	Selection  person.Selection
	Fields     genbo.FieldSet
	Form       extract.Form
	Days       int
	Recipient  genbo.StaffID  // default: the asker
	Device     genbo.DeviceID // of the recipient, for sealed files; default, for the asker himself: the one he asks from
	Contractor string         // public key, for files to a contractor
	Emergency  bool           // take it now, without approval: break the glass
}

// few is up to how many people a preview does not count: a count of one is a look at somebody.
const few = 10

// Count is how many people a selection chooses.
type Count struct {
	Persons int // 0 also if Few
	Few     bool
	Unknown int // numbers that belong to nobody
}

// Preview counts the people that a wish would choose.
func (h *Handover) Preview(ctx context.Context, v desk.Visit, w Wish, progress func(looked, of int)) (Count, error) {
	_, chosen, err := h.choose(ctx, v, w, progress)
	if err != nil {
		return Count{}, err
	}
	n := len(chosen.People)
	if n < few && len(w.Selection.Numbers) == 0 {
		return Count{Few: true}, nil
	}
	return Count{Persons: n, Unknown: chosen.Unknown}, nil
}

// choose checks that a member of staff may make a selection for a purpose, and makes it.
func (h *Handover) choose(ctx context.Context, v desk.Visit, w Wish, progress func(looked, of int)) (Purpose, person.Chosen, error) {
	p, err := h.Purpose(w.Purpose)
	if err != nil {
		return p, person.Chosen{}, err
	}
	m := v.Identity.Member
	if err := h.Desk.Check(v.Identity, access.AskExtracts); err != nil {
		return p, person.Chosen{}, err
	}
	if !slices.ContainsFunc(p.Ask, m.Has) {
		return p, person.Chosen{}, genbo.NewFault("purpose", "extract.role")
	}
	if v.Case == "" && (len(w.Selection.Numbers) > 0 || w.Selection.Office != m.Office) {
		return p, person.Chosen{}, genbo.NewFault("case", "extract.case")
	}
	if err := p.permits(w.Fields, w.Form, w.Days); err != nil {
		return p, person.Chosen{}, err
	}
	if len(w.Selection.Numbers) > p.Most {
		return p, person.Chosen{}, genbo.NewFault("selection", "extract.most", p.Most)
	}
	chosen, err := h.Register.Select(ctx, w.Selection, progress)
	return p, chosen, err
}

// Ask fixes the people whom a wish chooses and asks others to approve. In an emergency the extract lives at
// once, for an hour.
func (h *Handover) Ask(ctx context.Context, v desk.Visit, w Wish, progress func(looked, of int)) (string, error) {
	if strings.TrimSpace(v.Reason) == "" {
		return "", genbo.NewFault("reason", "text.empty")
	}
	p, chosen, err := h.choose(ctx, v, w, progress)
	if err != nil {
		return "", err
	}
	e, err := h.extractOf(ctx, v, w, chosen)
	if err != nil {
		return "", err
	}
	if err := p.allows(e); err != nil {
		return "", err
	}
	return e.ID, h.DB.Update(ctx, func(tx *db.Tx) error { return h.enter(tx, v, p, e) })
}

// extractOf is the extract that a wish asks for, completed by its defaults.
func (h *Handover) extractOf(ctx context.Context, v desk.Visit, w Wish, chosen person.Chosen) (extract.Extract, error) {
	m := v.Identity.Member
	e := extract.Extract{ID: extract.NewID(), Asker: m.ID, Office: m.Office, Recipient: w.Recipient, Purpose: w.Purpose, Case: v.Case,
		Form: w.Form, Fields: w.Fields, People: journal.PeopleOf(chosen.People), Days: w.Days, Emergency: w.Emergency}
	if e.Recipient == "" {
		e.Recipient = m.ID
	}
	recipient, err := h.Directory.Get(ctx, e.Recipient)
	if err != nil || !recipient.Active {
		return e, genbo.NewFault("recipient", "extract.recipient")
	}
	if e.Form == extract.Sealed {
		switch e.Device = w.Device; {
		case e.Device == "" && e.Recipient != m.ID:
			return e, genbo.NewFault("device", "extract.device")
		case e.Device == "":
			e.Device = v.Identity.Device
		}
	}
	if e.Form == extract.Age {
		e.Contractor = strings.TrimSpace(w.Contractor)
		if err := checkContractor(e.Contractor); err != nil {
			return e, err
		}
	}
	if e.Emergency && v.Case == "" {
		return e, genbo.NewFault("case", "extract.case")
	}
	return e, nil
}

// enter writes a checked extract and its request for approval.
func (h *Handover) enter(tx *db.Tx, v desk.Visit, p Purpose, e extract.Extract) error {
	if e.Emergency {
		if err := h.reviewed(tx); err != nil {
			return err
		}
	}
	subject, err := e.Subject(p.definition())
	if err != nil {
		return err
	}
	by := v.Identity.Actor()
	e.Approval, err = h.Approvals.Ask(tx, approval.Request{Kind: approval.Extract, Asker: e.Asker, Recipient: e.Recipient, Office: e.Office,
		Subject: subject, Reason: v.Reason, Needed: p.needs(e.People.Count())})
	if err != nil {
		return err
	}
	if err := h.extracts.Add(tx, e, tx.Now.Add(approval.Lifetime)); err != nil {
		return err
	}
	if err := h.note(tx, by, e, journal.ApprovalAsk, extract.EventAsked, v.Reason); err != nil {
		return err
	}
	if !e.Emergency {
		return nil
	}
	err = access.Raise(tx, access.GlassAlarm, e.Asker, fmt.Sprintf(`{"approval":%q,"purpose":%q,"device":%q}`, e.Approval, e.Purpose, by.Device))
	if err != nil {
		return err
	}
	if err := h.note(tx, by, e, journal.ApprovalAsk, extract.EventLive, v.Reason); err != nil {
		return err
	}
	return h.extracts.GoLive(tx, e.ID, tx.Now.Add(emergencyTime))
}

// reviewed refuses a second emergency while the last one waits for its review.
func (h *Handover) reviewed(tx *db.Tx) error {
	open, err := h.Approvals.List(tx, true, 1000)
	if err != nil {
		return err
	}
	for _, r := range open {
		if r.Kind != approval.Extract {
			continue
		}
		e, err := h.requested(tx, r)
		if err != nil {
			return err
		}
		if e.Emergency {
			return genbo.NewFault("emergency", "extract.unreviewed")
		}
	}
	return nil
}
