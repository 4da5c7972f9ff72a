package desk

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/width"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/record/access"
	"genbo/internal/record/approval"
	"genbo/internal/record/journal"
	"genbo/internal/record/person"
)

// Evidence is on the strength of what a change is made.
type Evidence string

// The kinds of evidence.
const (
	ByKnowledge        Evidence = "knowledge"         // number, name and date of birth were known: the leaked three
	ByIDDocument       Evidence = "id-document"       // a document with a photograph was seen
	ByResidentRegister Evidence = "resident-register" // from the residents' register
	ByFamilyRegister   Evidence = "family-register"   // from the family register
	ByBankCertificate  Evidence = "bank-certificate"  // the bank certified the account
	ByDeathCertificate Evidence = "death-certificate"
)

// evidenceFor lists what may prove a change of each kind, the usual one first.
var evidenceFor = map[person.Kind][]Evidence{
	person.KindName:    {ByFamilyRegister, ByResidentRegister, ByIDDocument},
	person.KindBirth:   {ByFamilyRegister, ByResidentRegister},
	person.KindSex:     {ByFamilyRegister, ByResidentRegister},
	person.KindAddress: {ByResidentRegister, ByIDDocument, ByKnowledge},
	person.KindPhone:   {ByIDDocument, ByResidentRegister, ByKnowledge},
	person.KindBank:    {ByBankCertificate},
	person.KindDeath:   {ByDeathCertificate, ByFamilyRegister, ByResidentRegister},
}

// EvidenceFor returns what may prove a change of a kind.
func EvidenceFor(k person.Kind) []Evidence { return evidenceFor[k] }

// CloseTogether is within how long a change of address and one of the bank account are looked at twice.
const CloseTogether = 90 * 24 * time.Hour

// Outcome is what became of a change.
type Outcome struct {
	Entry   genbo.EntryID
	Pending string // the approval that the change waits for, or "" if it is made
}

// Change records a fact about a person, or proposes it where it needs a second look.
func (d *Desk) Change(ctx context.Context, v Visit, ref genbo.PersonRef, c person.Change) (Outcome, error) {
	id, office, err := d.whom(ctx, ref)
	if err != nil {
		return Outcome{}, err
	}
	if err := d.allowed(v, string(journal.PersonChange), office); err != nil {
		return Outcome{}, err
	}
	var out Outcome
	err = d.db.Update(ctx, func(tx *db.Tx) error {
		if err := checkChange(v, c, genbo.DateOf(tx.Now.In(genbo.Japan))); err != nil {
			return err
		}
		why, err := d.suspicion(tx, id, c)
		if err != nil {
			return err
		}
		if why == "" {
			out.Entry, err = d.record(tx, v, id, c)
			return err
		}
		out, err = d.propose(tx, v, id, office, c, why)
		return err
	})
	return out, err
}

func checkChange(v Visit, c person.Change, today genbo.Date) error {
	if strings.TrimSpace(v.Reason) == "" {
		return genbo.NewFault("reason", "change.reason")
	}
	if !slices.Contains(evidenceFor[c.Value.Kind()], Evidence(c.Evidence)) {
		return genbo.NewFault("evidence", "change.evidence")
	}
	if !c.Value.Kind().Lifelong() {
		if err := checkFrom(c.ValidFrom, today); err != nil {
			return err
		}
	}
	return Plausible([]person.Value{c.Value}, today)
}

// checkFrom checks the day from which a change holds.
func checkFrom(from, today genbo.Date) error {
	switch {
	case from.IsZero():
		return genbo.NewFault("valid_from", "date.empty")
	case from > today.AddDays(366):
		return genbo.NewFault("valid_from", "change.future")
	}
	return nil
}

// Plausible checks what values say together: nobody is born or has died after today, or died before he was born.
func Plausible(values []person.Value, today genbo.Date) error {
	var birth genbo.Date
	for _, v := range values {
		if b, ok := v.(person.Birth); ok {
			birth = genbo.Date(b)
		}
	}
	if birth > today {
		return genbo.NewFault("birth", "birth.future")
	}
	for _, v := range values {
		d, ok := v.(person.Death)
		switch {
		case ok && genbo.Date(d) > today:
			return genbo.NewFault("death", "death.future")
		case ok && d != 0 && genbo.Date(d) < birth:
			return genbo.NewFault("death", "death.before")
		}
	}
	return nil
}

// suspicion says why a change needs a second look, or "".
func (d *Desk) suspicion(tx *db.Tx, id genbo.PersonID, c person.Change) (string, error) {
	if Evidence(c.Evidence) == ByKnowledge {
		return "knowledge", nil
	}
	other, ok := map[person.Kind]person.Kind{person.KindAddress: person.KindBank, person.KindBank: person.KindAddress}[c.Value.Kind()]
	if !ok {
		return "", nil
	}
	changed, err := d.register.ChangedSince(tx, id, other, tx.Now.Add(-CloseTogether))
	if err != nil || !changed {
		return "", err
	}
	return "address-and-bank", nil
}

func (d *Desk) record(tx *db.Tx, v Visit, id genbo.PersonID, c person.Change) (genbo.EntryID, error) {
	entry, err := d.journal.Write(tx, journal.Entry{Actor: v.Identity.Actor(), Purpose: v.Purpose, Case: v.Case,
		Action: journal.PersonChange, People: journal.Person(id), Fields: c.Value.Kind().Field(), Reason: v.Reason,
		Detail: fmt.Sprintf(`{"evidence":%q}`, c.Evidence)})
	if err != nil {
		return "", err
	}
	return entry, d.register.Add(tx, id, c, entry)
}

func (d *Desk) propose(tx *db.Tx, v Visit, id genbo.PersonID, office genbo.OfficeID, c person.Change, why string) (Outcome, error) {
	pending, err := d.approvals.Ask(tx, approval.Request{Kind: approval.SecondLook, Asker: v.Identity.Member.ID, Office: office,
		Subject: fmt.Sprintf(`{"kind":%q,"evidence":%q,"why":%q}`, c.Value.Kind(), c.Evidence, why),
		Reason:  v.Reason, People: []genbo.PersonID{id}})
	if err != nil {
		return Outcome{}, err
	}
	entry, err := d.journal.Write(tx, journal.Entry{Actor: v.Identity.Actor(), Purpose: v.Purpose, Case: v.Case,
		Action: journal.PersonPropose, People: journal.Person(id), Fields: c.Value.Kind().Field(), Reason: v.Reason,
		Detail: fmt.Sprintf(`{"evidence":%q,"why":%q,"approval":%q}`, c.Evidence, why, pending)})
	if err != nil {
		return Outcome{}, err
	}
	if err := d.register.Propose(tx, id, pending, c, entry); err != nil {
		return Outcome{}, err
	}
	err = access.Raise(tx, access.SecondAlarm, v.Identity.Member.ID, fmt.Sprintf(`{"approval":%q,"why":%q}`, pending, why))
	return Outcome{Entry: entry, Pending: pending}, err
}

// forChange reads whom a change is about and whether the visitor may make it; it needs a reason.
func (d *Desk) forChange(ctx context.Context, v Visit, ref genbo.PersonRef, action journal.Action) (genbo.PersonID, error) {
	id, office, err := d.whom(ctx, ref)
	if err != nil {
		return 0, err
	}
	if err := d.allowed(v, string(action), office); err != nil {
		return 0, err
	}
	if strings.TrimSpace(v.Reason) == "" {
		return 0, genbo.NewFault("reason", "change.reason")
	}
	return id, nil
}

// Withdrawable reports whether a fact may be withdrawn: everybody keeps the name and the date of birth that he
// was entered with, under later ones if they were wrong.
func Withdrawable(kind person.Kind, seq int) bool {
	return seq > 1 || kind != person.KindName && kind != person.KindBirth
}

// Withdraw withdraws a fact that was recorded by mistake.
func (d *Desk) Withdraw(ctx context.Context, v Visit, ref genbo.PersonRef, kind person.Kind, seq int) (genbo.EntryID, error) {
	if !Withdrawable(kind, seq) {
		return "", genbo.NewFault("seq", "withdraw.first")
	}
	id, err := d.forChange(ctx, v, ref, journal.PersonChange)
	if err != nil {
		return "", err
	}
	var entry genbo.EntryID
	err = d.db.Update(ctx, func(tx *db.Tx) (err error) {
		entry, err = d.journal.Write(tx, journal.Entry{Actor: v.Identity.Actor(), Purpose: v.Purpose, Case: v.Case,
			Action: journal.PersonChange, People: journal.Person(id), Fields: kind.Field(), Reason: v.Reason,
			Detail: fmt.Sprintf(`{"withdraws":%d}`, seq)})
		if err != nil {
			return err
		}
		return d.register.Withdraw(tx, id, kind, seq, entry)
	})
	return entry, err
}

// officeForm is what an office's code looks like.
var officeForm = regexp.MustCompile(`^[0-9A-Za-z-]{1,16}$`)

// ReadOffice reads the code of an office, half or full width.
func ReadOffice(text string) (genbo.OfficeID, error) {
	code := width.Fold.String(strings.TrimSpace(text))
	if !officeForm.MatchString(code) {
		return "", genbo.NewFault("office", "office.form")
	}
	return genbo.OfficeID(code), nil
}

// Transfer puts a person in the charge of another office from a day on.
func (d *Desk) Transfer(ctx context.Context, v Visit, ref genbo.PersonRef, to genbo.OfficeID, from genbo.Date) (genbo.EntryID, error) {
	if _, err := ReadOffice(string(to)); err != nil {
		return "", err
	}
	id, err := d.forChange(ctx, v, ref, journal.PersonChange)
	if err != nil {
		return "", err
	}
	var entry genbo.EntryID
	err = d.db.Update(ctx, func(tx *db.Tx) (err error) {
		if err := checkFrom(from, genbo.DateOf(tx.Now.In(genbo.Japan))); err != nil {
			return err
		}
		entry, err = d.journal.Write(tx, journal.Entry{Actor: v.Identity.Actor(), Purpose: v.Purpose, Case: v.Case,
			Action: journal.PersonChange, People: journal.Person(id), Fields: genbo.FieldOffice, Reason: v.Reason,
			Detail: fmt.Sprintf(`{"office":%q}`, to)})
		if err != nil {
			return err
		}
		return d.register.SetOffice(tx, id, to, from, entry)
	})
	return entry, err
}

// Register enters a new person with a new number, and returns the reference to him.
func (d *Desk) Register(ctx context.Context, v Visit, n person.Newcomer) (genbo.PersonRef, error) {
	n.Office = v.Identity.Member.Office
	if err := d.allowed(v, string(journal.PersonRegister), n.Office); err != nil {
		return "", err
	}
	if strings.TrimSpace(v.Reason) == "" {
		return "", genbo.NewFault("reason", "change.reason")
	}
	if err := Plausible(n.Values, genbo.DateOf(d.db.Now().In(genbo.Japan))); err != nil {
		return "", err
	}
	var id genbo.PersonID
	err := d.db.Update(ctx, func(tx *db.Tx) (err error) {
		id, err = d.register.Allocate(tx, 1)
		return err
	})
	if err != nil {
		return "", err
	}
	prepared, err := d.register.Prepare(id, n)
	if err != nil {
		return "", err
	}
	fields := genbo.FieldNumber
	for _, value := range n.Values {
		fields |= value.Kind().Field()
	}
	err = d.db.Update(ctx, func(tx *db.Tx) error {
		entry, err := d.journal.Write(tx, journal.Entry{Actor: v.Identity.Actor(), Purpose: v.Purpose, Case: v.Case,
			Action: journal.PersonRegister, People: journal.Person(id), Fields: fields, Reason: v.Reason})
		if err != nil {
			return err
		}
		if err := d.register.Store(tx, []*person.Prepared{prepared}, entry); err != nil {
			return err
		}
		if len(n.Numbers) > 0 {
			return nil
		}
		_, err = d.register.Issue(tx, id, entry)
		return err
	})
	if err != nil {
		return "", err
	}
	return d.vault.Ref(id)
}

// Reissue gives a person a new number in place of one that is current.
func (d *Desk) Reissue(ctx context.Context, v Visit, ref genbo.PersonRef, seq int) (genbo.EntryID, error) {
	id, err := d.forChange(ctx, v, ref, journal.NumberIssue)
	if err != nil {
		return "", err
	}
	var entry genbo.EntryID
	err = d.db.Update(ctx, func(tx *db.Tx) (err error) {
		entry, err = d.journal.Write(tx, journal.Entry{Actor: v.Identity.Actor(), Purpose: v.Purpose, Case: v.Case,
			Action: journal.NumberIssue, People: journal.Person(id), Fields: genbo.FieldNumber, Reason: v.Reason})
		if err != nil {
			return err
		}
		if err := d.register.SetNumberState(tx, id, seq, person.Retired, entry); err != nil {
			return err
		}
		_, err = d.register.Issue(tx, id, entry)
		return err
	})
	return entry, err
}
