package desk

import (
	"context"
	"encoding/json"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/record/disclosure"
	"genbo/internal/record/journal"
	"genbo/internal/record/staff"
)

// asked is what the journal says of a question about disclosures.
type asked struct {
	Device  genbo.DeviceID `json:"device,omitempty"`
	Staff   genbo.StaffID  `json:"of,omitempty"`
	Office  genbo.OfficeID `json:"in,omitempty"`
	Purpose string         `json:"purpose,omitempty"`
	Extract string         `json:"list,omitempty"`
}

// Disclosed answers who was disclosed to a device, a member of staff, an office, or for a purpose: counts, never
// people. The question itself is in the journal.
func (d *Desk) Disclosed(ctx context.Context, i staff.Identity, q disclosure.Question) (disclosure.Answer, error) {
	if err := d.Check(i, string(journal.DisclosureRead)); err != nil {
		return disclosure.Answer{}, err
	}
	return d.disclosed(ctx, i.Actor(), q)
}

// DisclosedTo is [Desk.Disclosed] for the operator of the machine.
func (d *Desk) DisclosedTo(ctx context.Context, q disclosure.Question) (disclosure.Answer, error) {
	return d.disclosed(ctx, journal.System("disclosure"), q)
}

func (d *Desk) disclosed(ctx context.Context, by journal.Actor, q disclosure.Question) (disclosure.Answer, error) {
	detail, err := json.Marshal(asked{q.Device, q.Staff, q.Office, q.Purpose, q.Extract})
	if err != nil {
		return disclosure.Answer{}, err
	}
	err = d.db.Share(ctx, func(tx *db.Tx) error {
		_, err := d.journal.Write(tx, journal.Entry{Actor: by, Action: journal.DisclosureRead, Detail: string(detail)})
		return err
	})
	if err != nil {
		return disclosure.Answer{}, err
	}
	return d.index.Ask(ctx, q)
}

// DisclosedOf tells the operator of the machine everything ever disclosed of the person with a number, newest
// first. Asking is in the journal, on the person's own page too.
func (d *Desk) DisclosedOf(ctx context.Context, n genbo.Number, limit int) (list []journal.Entry, err error) {
	var id genbo.PersonID
	err = d.db.Share(ctx, func(tx *db.Tx) (err error) {
		if id, err = d.register.Holder(tx, n); err != nil {
			return err
		}
		if id, err = d.register.Resolve(tx, id); err != nil {
			return err
		}
		_, err = d.journal.Write(tx, journal.Entry{Actor: journal.System("disclosure"), Action: journal.DisclosureRead, People: journal.Person(id)})
		return err
	})
	if err != nil {
		return nil, err
	}
	all, err := d.index.OfPerson(ctx, id, db.FromMillis(db.Millis(d.db.Now())+1), limit)
	for _, e := range all {
		if e.Action.Discloses() {
			list = append(list, e)
		}
	}
	return list, err
}
