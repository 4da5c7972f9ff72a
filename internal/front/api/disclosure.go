package api

import (
	"context"
	"time"

	"genbo"
	"genbo/internal/record/disclosure"
	"genbo/internal/record/journal"
	"genbo/internal/record/staff"
	"genbo/internal/work/desk"
)

type question struct {
	From    string         `query:"from" maxLength:"100"`
	To      string         `query:"to" maxLength:"100"`
	Device  genbo.DeviceID `query:"device" maxLength:"200"`
	Staff   genbo.StaffID  `query:"staff" maxLength:"100"`
	Office  genbo.OfficeID `query:"office" maxLength:"40"`
	Purpose string         `query:"purpose" maxLength:"100"`
	List    string         `query:"list" maxLength:"40"`
}

// width is how many people were disclosed with one set of fields at most.
type width struct {
	Fields  string `json:"fields"`
	Persons int    `json:"persons"`
}

// part is a group of disclosures: one day, device, member of staff, purpose, list, action and set of fields.
type part struct {
	Day     genbo.Date     `json:"day"`
	Device  genbo.DeviceID `json:"device"`
	Staff   genbo.StaffID  `json:"staff"`
	Office  genbo.OfficeID `json:"office"`
	Purpose string         `json:"purpose"`
	List    string         `json:"list,omitempty"`
	Action  journal.Action `json:"action"`
	Fields  string         `json:"fields"`
	Persons int            `json:"persons"`
	Cases   int            `json:"cases"`
}

type disclosures struct {
	Persons int     `json:"persons"`
	Cases   int     `json:"cases"`
	Widths  []width `json:"widths" nullable:"false"`
	Parts   []part  `json:"parts" nullable:"false"`
}

// disclosures answers what a device, a member of staff, an office or a purpose received. The question is in the
// journal.
func (a *Handler) disclosures(ctx context.Context, i staff.Identity, in *question) (disclosures, error) {
	days, err := filter{From: in.From, To: in.To}.read()
	if err != nil {
		return disclosures{}, err
	}
	answer, err := a.Desk.Disclosed(ctx, i, disclosure.Question{Device: in.Device, Staff: in.Staff, Office: in.Office, Purpose: in.Purpose, Extract: in.List,
		From: days.From, To: days.To})
	if err != nil {
		return disclosures{}, err
	}
	out := disclosures{answer.Persons, answer.Cases, []width{}, []part{}}
	for _, one := range answer.ByWidth {
		out.Widths = append(out.Widths, width{one.Fields.String(), one.Persons})
	}
	for _, p := range answer.Parts {
		out.Parts = append(out.Parts, part{p.Day, p.Device, p.Staff, p.Office, p.Purpose, p.Extract, p.Action, p.Fields.String(), p.Persons, p.Cases})
	}
	return out, nil
}

type looks struct {
	Person genbo.PersonRef `json:"person"`
	Looks  []entry         `json:"looks" nullable:"false"`
}

// looks is everything ever disclosed of a person. A member is told all of it but the names of staff.
func (a *Handler) looks(ctx context.Context, i staff.Identity, in *struct {
	Ref     genbo.PersonRef `path:"ref" maxLength:"100"`
	Purpose string          `query:"purpose" required:"true" maxLength:"100"`
	Case    genbo.CaseID    `query:"case" maxLength:"64"`
	Member  bool            `query:"member"`
}) (looks, error) {
	f, err := a.Desk.Open(ctx, desk.Visit{Identity: i, Purpose: in.Purpose, Case: in.Case}, in.Ref)
	if err != nil {
		return looks{}, err
	}
	all, err := a.Desk.AllLooks(ctx, f)
	if err != nil {
		return looks{}, err
	}
	out := looks{f.Ref, []entry{}}
	for _, e := range all {
		one := entryOf(e)
		if in.Member {
			one.Staff = ""
		}
		out.Looks = append(out.Looks, one)
	}
	return out, nil
}

// selection is what an office saved to choose people by.
type selection struct {
	Saved     string        `json:"saved"`
	Name      string        `json:"name"`
	Staff     genbo.StaffID `json:"staff"`
	CreatedAt time.Time     `json:"created_at"`
}

type selections struct {
	Selections []selection `json:"selections" nullable:"false"`
}

func (a *Handler) selections(ctx context.Context, i staff.Identity, _ *struct{}) (selections, error) {
	list, err := a.Handover.Saved(ctx, i)
	out := selections{[]selection{}}
	for _, one := range list {
		out.Selections = append(out.Selections, selection{one.ID, one.Name, one.Staff, one.CreatedAt})
	}
	return out, err
}

func (a *Handler) saveSelection(ctx context.Context, i staff.Identity, in *struct {
	Keyed
	Body struct {
		Chosen
		Name string `json:"name" maxLength:"240"`
	}
}) (written, error) {
	chosen, err := in.Body.read()
	if err != nil {
		return written{}, err
	}
	id, err := a.Handover.Save(ctx, i, in.Body.Name, chosen)
	return written{State: done, Saved: id}, err
}

func (a *Handler) forgetSelection(ctx context.Context, i staff.Identity, in *struct {
	Keyed
	ID   string `path:"id" maxLength:"40"`
	Body struct{}
}) (written, error) {
	return written{State: done}, a.Handover.Forget(ctx, i, in.ID)
}
