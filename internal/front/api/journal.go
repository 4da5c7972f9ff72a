package api

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/base/jtext"
	"genbo/internal/record/access"
	"genbo/internal/record/journal"
	"genbo/internal/record/staff"
)

// entry is a line of the journal.
type entry struct {
	Entry   genbo.EntryID      `json:"entry"`
	Place   *genbo.EntryNumber `json:"place,omitempty"`
	At      time.Time          `json:"at"`
	Staff   genbo.StaffID      `json:"staff"`
	Device  genbo.DeviceID     `json:"device"`
	Action  journal.Action     `json:"action"`
	Purpose string             `json:"purpose,omitempty"`
	Case    genbo.CaseID       `json:"case,omitempty"`
	Persons int                `json:"persons"`
	Fields  string             `json:"fields"`
	Outcome string             `json:"outcome"`
	Reason  string             `json:"reason,omitempty"`
}

func entryOf(e journal.Entry) entry {
	return entry{Entry: e.ID, At: e.At, Staff: e.Actor.Staff, Device: e.Actor.Device, Action: e.Action, Purpose: e.Purpose, Case: e.Case,
		Persons: e.People.Count(), Fields: e.Fields.String(), Outcome: e.Outcome, Reason: e.Reason}
}

type filter struct {
	From    string         `query:"from" maxLength:"100"`
	To      string         `query:"to" maxLength:"100"`
	Staff   genbo.StaffID  `query:"staff" maxLength:"100"`
	Device  genbo.DeviceID `query:"device" maxLength:"200"`
	Action  journal.Action `query:"action" maxLength:"100"`
	Purpose string         `query:"purpose" maxLength:"100"`
	Before  int64          `query:"before" minimum:"1"`
	Limit   int            `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

func (f filter) read() (journal.Filter, error) {
	out := journal.Filter{Staff: f.Staff, Device: f.Device, Action: f.Action, Purpose: f.Purpose, Before: genbo.EntryNumber(f.Before)}
	var errs []error
	day := func(into *time.Time, name, text string, add int) {
		if text == "" {
			return
		}
		d, err := jtext.ParseDate(text)
		if err != nil {
			errs = append(errs, genbo.InField(err, name))
			return
		}
		*into = startOf(d.AddDays(add))
	}
	day(&out.From, "from", f.From, 0)
	day(&out.To, "to", f.To, 1)
	return out, errors.Join(errs...)
}

type entries struct {
	Entries []entry           `json:"entries" nullable:"false"`
	Next    genbo.EntryNumber `json:"next,omitempty"`
}

// journal lists entries, newest first. That it was read is an entry too.
func (a *Handler) journal(ctx context.Context, i staff.Identity, in *filter) (entries, error) {
	if err := a.Desk.Check(i, string(journal.JournalRead)); err != nil {
		return entries{}, err
	}
	f, err := in.read()
	if err != nil {
		return entries{}, err
	}
	if err := a.note(ctx, i, journal.JournalRead); err != nil {
		return entries{}, err
	}
	list, next, err := a.Journal.List(ctx, f, in.Limit)
	if err != nil {
		return entries{}, err
	}
	out := entries{[]entry{}, next}
	for _, n := range list {
		one := entryOf(n.Entry)
		one.Place = &n.Number
		out.Entries = append(out.Entries, one)
	}
	return out, nil
}

// note writes into the journal that it was read.
func (a *Handler) note(ctx context.Context, i staff.Identity, action journal.Action) error {
	return a.DB.Share(ctx, func(tx *db.Tx) error {
		_, err := a.Journal.Write(tx, journal.Entry{Actor: i.Actor(), Action: action})
		return err
	})
}

type report struct {
	Checked     int64         `json:"checked"`
	Checkpoints int           `json:"checkpoints"`
	Root        string        `json:"root"`
	Problems    []tamperedRow `json:"problems" nullable:"false"`
}

type tamperedRow struct {
	Place genbo.EntryNumber `json:"place"`
	What  string            `json:"what"`
}

func (a *Handler) verify(ctx context.Context, i staff.Identity, _ *struct{}) (report, error) {
	if err := a.Desk.Check(i, string(journal.JournalVerify)); err != nil {
		return report{}, err
	}
	if err := a.note(ctx, i, journal.JournalVerify); err != nil {
		return report{}, err
	}
	r, err := journal.Verify(ctx, a.DB, a.Witness, nil, nil)
	if err != nil {
		return report{}, err
	}
	out := report{r.Entries, r.Checkpoints, r.Root.String(), []tamperedRow{}}
	for _, p := range r.Problems {
		out.Problems = append(out.Problems, tamperedRow{p.Entry, p.What})
	}
	return out, nil
}

type checkpoint struct {
	Size int64  `json:"size"`
	Root string `json:"root"`
	Note string `json:"note"`
	Key  string `json:"key"`
}

// checkpoint signs the journal's head, for a witness to keep.
func (a *Handler) checkpoint(ctx context.Context, i staff.Identity, _ *struct{}) (checkpoint, error) {
	if err := a.Desk.Check(i, string(journal.JournalRead)); err != nil {
		return checkpoint{}, err
	}
	c, err := a.Journal.Checkpoint(ctx)
	return checkpoint{c.Size, c.Root.String(), c.Note, a.Witness}, err
}

type alarm struct {
	Alarm  string           `json:"alarm"`
	At     time.Time        `json:"at"`
	Kind   access.AlarmKind `json:"kind"`
	Staff  genbo.StaffID    `json:"staff"`
	Detail json.RawMessage  `json:"detail"`
	SeenAt *time.Time       `json:"seen_at,omitempty"`
	SeenBy genbo.StaffID    `json:"seen_by,omitempty"`
}

type alarms struct {
	Alarms []alarm `json:"alarms" nullable:"false"`
}

func (a *Handler) alarms(ctx context.Context, i staff.Identity, in *struct {
	Open  bool `query:"open"`
	Limit int  `query:"limit" minimum:"1" maximum:"200" default:"50"`
}) (alarms, error) {
	if err := a.Desk.Check(i, access.ReadAlarms); err != nil {
		return alarms{}, err
	}
	out := alarms{[]alarm{}}
	err := a.DB.View(ctx, func(tx *db.Tx) error {
		list, err := access.Alarms(tx, in.Open, in.Limit)
		for _, one := range list {
			shown := alarm{one.ID, one.At, one.Kind, one.Staff, json.RawMessage(one.Detail), nil, one.SeenBy}
			if !one.SeenAt.IsZero() {
				shown.SeenAt = &one.SeenAt
			}
			out.Alarms = append(out.Alarms, shown)
		}
		return err
	})
	return out, err
}

func (a *Handler) acknowledge(ctx context.Context, i staff.Identity, in *struct {
	Keyed
	ID string `path:"id" maxLength:"100"`
}) (written, error) {
	if err := a.Desk.Check(i, access.ReadAlarms); err != nil {
		return written{}, err
	}
	err := a.DB.Share(ctx, func(tx *db.Tx) error { return access.Acknowledge(tx, in.ID, i.Member.ID) })
	return written{State: done}, err
}
