package api

import (
	"context"
	"time"

	"genbo"
	"genbo/internal/base/jtext"
	"genbo/internal/record/extract"
	"genbo/internal/record/person"
	"genbo/internal/record/staff"
	"genbo/internal/work/desk"
	"genbo/internal/work/handover"
)

// list is a list that was asked for, without the people in it.
type list struct {
	List      string         `json:"list"`
	Approval  string         `json:"approval"`
	State     extract.State  `json:"state"`
	Purpose   string         `json:"purpose"`
	Case      genbo.CaseID   `json:"case,omitempty"`
	Form      extract.Form   `json:"form"`
	Fields    string         `json:"fields"`
	Persons   int            `json:"persons"`
	Asker     genbo.StaffID  `json:"asker"`
	Recipient genbo.StaffID  `json:"recipient"`
	Device    genbo.DeviceID `json:"device,omitempty"`
	Office    genbo.OfficeID `json:"office"`
	Emergency bool           `json:"emergency"`
	Handed    bool           `json:"handed"`
	CreatedAt time.Time      `json:"created_at"`
	ExpiresAt time.Time      `json:"expires_at"`
	Events    []event        `json:"events,omitempty"`
}

// event is something that happened to a list.
type event struct {
	Event string        `json:"event"`
	Staff genbo.StaffID `json:"staff"`
	At    time.Time     `json:"at"`
}

func listOf(e extract.Extract) list {
	return list{e.ID, e.Approval, e.State, e.Purpose, e.Case, e.Form, e.Fields.String(), e.People.Count(), e.Asker, e.Recipient, e.Device, e.Office,
		e.Emergency, e.Handed, e.CreatedAt, e.ExpiresAt, nil}
}

type lists struct {
	Lists []list `json:"lists" nullable:"false"`
}

func (a *Handler) lists(ctx context.Context, i staff.Identity, in *struct {
	Overdue bool `query:"overdue"`
	Limit   int  `query:"limit" minimum:"1" maximum:"200" default:"50"`
}) (lists, error) {
	found, err := a.Handover.List(ctx, i, extract.Filter{Overdue: in.Overdue}, in.Limit)
	out := lists{[]list{}}
	for _, e := range found {
		out.Lists = append(out.Lists, listOf(e))
	}
	return out, err
}

type listInput struct {
	Keyed
	ID   string `path:"id" maxLength:"40"`
	Body Grounds
}

func (a *Handler) list(ctx context.Context, i staff.Identity, in *struct {
	ID string `path:"id" maxLength:"40"`
}) (list, error) {
	e, events, err := a.Handover.Get(ctx, i, in.ID)
	out := listOf(e)
	for _, one := range events {
		out.Events = append(out.Events, event{one.Kind, one.Actor.Staff, one.At})
	}
	return out, err
}

// Chosen says whom a list is of.
type Chosen struct {
	Office   genbo.OfficeID `json:"office,omitempty" maxLength:"40"`
	BornFrom string         `json:"born_from,omitempty" maxLength:"40"`
	BornTo   string         `json:"born_to,omitempty" maxLength:"40"`
	Life     person.Life    `json:"life,omitempty" enum:"living,deceased"`
	Numbers  []string       `json:"numbers,omitempty" maxItems:"5000"`
}

func (c Chosen) read() (s person.Selection, err error) {
	s = person.Selection{Office: c.Office, Life: c.Life}
	for _, d := range []struct {
		name, text string
		day        *genbo.Date
	}{{"born_from", c.BornFrom, &s.BornFrom}, {"born_to", c.BornTo, &s.BornTo}} {
		if d.text == "" {
			continue
		}
		if *d.day, err = jtext.ParseDate(d.text); err != nil {
			return s, genbo.InField(err, d.name)
		}
	}
	for n, text := range c.Numbers {
		number, err := genbo.ParseNumber(text)
		if err != nil {
			return s, genbo.NewFault("numbers", "extract.number", n+1)
		}
		s.Numbers = append(s.Numbers, number)
	}
	return s, nil
}

// wish is a list as asked for: of a selection, or of one that was saved.
type wish struct {
	Chosen
	Saved      string         `json:"saved,omitempty" maxLength:"40"`
	Purpose    string         `json:"purpose" maxLength:"100"`
	Fields     string         `json:"fields" maxLength:"20"`
	Form       extract.Form   `json:"form" enum:"worklist,sealed,xlsx,zip,age,statistics"`
	Days       int            `json:"days" minimum:"1" maximum:"1000"`
	Recipient  genbo.StaffID  `json:"recipient,omitempty" maxLength:"40"`
	Device     genbo.DeviceID `json:"device,omitempty" maxLength:"200"`
	Contractor string         `json:"contractor,omitempty" maxLength:"4000"`
	Emergency  bool           `json:"emergency,omitempty"`
	Case       genbo.CaseID   `json:"case,omitempty" maxLength:"64"`
	Reason     string         `json:"reason" maxLength:"600"`
}

// wished turns what was sent into a wish.
func (a *Handler) wished(ctx context.Context, i staff.Identity, w wish) (out handover.Wish, err error) {
	out = handover.Wish{Purpose: w.Purpose, Form: w.Form, Days: w.Days, Recipient: w.Recipient, Device: w.Device, Contractor: w.Contractor, Emergency: w.Emergency}
	if out.Fields, err = genbo.ParseFieldSet(w.Fields); err != nil {
		return out, genbo.InField(err, "fields")
	}
	if w.Saved != "" {
		out.Selection, err = a.Handover.Again(ctx, i, w.Saved)
	} else {
		out.Selection, err = w.Chosen.read()
	}
	return out, err
}

func (a *Handler) askList(ctx context.Context, i staff.Identity, in *struct {
	Keyed
	Body wish
}) (written, error) {
	w, err := a.wished(ctx, i, in.Body)
	if err != nil {
		return written{}, err
	}
	v := desk.Visit{Identity: i, Case: in.Body.Case, Reason: in.Body.Reason}
	id, err := a.Handover.Ask(ctx, v, w, func(int, int) {})
	if err != nil {
		return written{}, err
	}
	e, _, err := a.Handover.Get(ctx, i, id)
	return written{State: waiting, Approval: e.Approval, List: id}, err
}

// listRow is a row of a worklist.
type listRow struct {
	Row    int             `json:"row"`
	Person genbo.PersonRef `json:"person"`
	Cells  []string        `json:"cells" nullable:"false"`
	Done   bool            `json:"done"`
	Note   string          `json:"note,omitempty"`
}

type listRows struct {
	Columns []string  `json:"columns" nullable:"false"`
	Rows    []listRow `json:"rows" nullable:"false"`
	Offset  int       `json:"offset"`
	Total   int       `json:"total"`
	Done    int       `json:"done"`
}

func (a *Handler) listRows(ctx context.Context, i staff.Identity, in *struct {
	ID     string `path:"id" maxLength:"40"`
	Offset int    `query:"offset" minimum:"0" default:"0"`
	Sort   string `query:"sort" enum:"name,birth,address"`
	Only   string `query:"only" enum:"open,done"`
}) (listRows, error) {
	lines, err := a.Handover.Rows(ctx, desk.Visit{Identity: i}, in.ID, handover.View{Offset: in.Offset, Sort: person.Kind(in.Sort), Only: handover.Only(in.Only)})
	out := listRows{lines.Columns, []listRow{}, lines.Offset, lines.Total, lines.Done}
	for _, l := range lines.Lines {
		row := listRow{Row: l.Row.Row + 1, Person: l.Ref, Done: l.Done, Note: l.Note.Plain()}
		for _, cell := range l.Cells {
			row.Cells = append(row.Cells, cell.Plain())
		}
		out.Rows = append(out.Rows, row)
	}
	return out, err
}

func (a *Handler) workRow(ctx context.Context, i staff.Identity, in *struct {
	Keyed
	ID   string `path:"id" maxLength:"40"`
	Row  int    `path:"row" minimum:"1"`
	Body struct {
		Done bool   `json:"done"`
		Note string `json:"note,omitempty" maxLength:"600"`
	}
}) (written, error) {
	err := a.Handover.Work(ctx, desk.Visit{Identity: i}, in.ID, in.Row-1, in.Body.Done, in.Body.Note)
	return written{State: done, List: in.ID}, err
}

func (a *Handler) revokeList(ctx context.Context, i staff.Identity, in *listInput) (written, error) {
	v := desk.Visit{Identity: i, Reason: in.Body.Reason}
	return written{State: done, List: in.ID}, a.Handover.Revoke(ctx, v, in.ID)
}

func (a *Handler) attestList(ctx context.Context, i staff.Identity, in *listInput) (written, error) {
	v := desk.Visit{Identity: i, Reason: in.Body.Reason}
	return written{State: done, List: in.ID}, a.Handover.Attest(ctx, v, in.ID)
}

func (a *Handler) cutOff(ctx context.Context, i staff.Identity, in *struct {
	Keyed
	Device genbo.DeviceID `path:"device" maxLength:"200"`
	Body   Grounds
}) (written, error) {
	return written{State: done}, a.Handover.CutOff(ctx, desk.Visit{Identity: i, Reason: in.Body.Reason}, in.Device)
}
