package api

import (
	"context"
	"errors"
	"slices"

	"genbo"
	"genbo/internal/base/jtext"
	"genbo/internal/record/access"
	"genbo/internal/record/person"
	"genbo/internal/record/staff"
	"genbo/internal/work/desk"
)

// Grounds are why something is changed.
type Grounds struct {
	Purpose string       `json:"purpose,omitempty" maxLength:"100"`
	Case    genbo.CaseID `json:"case,omitempty" maxLength:"64"`
	Reason  string       `json:"reason,omitempty" maxLength:"600"`
}

// visit is who acts, and on which grounds. A change that names no purpose is one that was reported.
func (a *Handler) visit(i staff.Identity, g Grounds) (desk.Visit, error) {
	if g.Purpose == "" {
		g.Purpose = "change"
	}
	if !slices.ContainsFunc(a.Purposes, func(p access.Purpose) bool { return p.Code == g.Purpose }) {
		return desk.Visit{}, genbo.NewFault("purpose", "purpose.unknown")
	}
	if g.Reason != "" {
		clean, err := jtext.CleanText(g.Reason)
		if err != nil {
			return desk.Visit{}, genbo.InField(err, "reason")
		}
		g.Reason = clean
	}
	return desk.Visit{Identity: i, Purpose: g.Purpose, Case: g.Case, Reason: g.Reason}, nil
}

type registration struct {
	Values    values `json:"values"`
	ValidFrom string `json:"valid_from" maxLength:"100"`
	Grounds
}

// registerKinds are what is known of a new person, as at the counter.
var registerKinds = []person.Kind{person.KindName, person.KindBirth, person.KindSex, person.KindAddress, person.KindPhone}

func (a *Handler) register(ctx context.Context, i staff.Identity, in *struct {
	Keyed
	Body registration
}) (written, error) {
	v, err := a.visit(i, in.Body.Grounds)
	errs := []error{err}
	n := person.Newcomer{Evidence: string(desk.ByIDDocument)}
	for _, k := range registerKinds {
		value, err := desk.ReadValue(k, in.Body.Values.field)
		errs = append(errs, err)
		n.Values = append(n.Values, value)
	}
	n.ValidFrom, err = jtext.ParseDate(in.Body.ValidFrom)
	errs = append(errs, genbo.InField(err, "valid_from"))
	for _, name := range []string{"bank", "death"} {
		if in.Body.Values.field(name) != "" {
			errs = append(errs, genbo.NewFault(name, faultUnknown))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return written{}, err
	}
	ref, err := a.Desk.Register(ctx, v, n)
	return written{State: done, Person: ref}, err
}

type change struct {
	Kind      person.Kind `json:"kind" enum:"name,birth,sex,address,phone,bank,death"`
	Value     values      `json:"value"`
	ValidFrom string      `json:"valid_from,omitempty" maxLength:"100"`
	Evidence  string      `json:"evidence" maxLength:"100"`
	Grounds
}

func (a *Handler) change(ctx context.Context, i staff.Identity, in *struct {
	Keyed
	Ref  genbo.PersonRef `path:"ref" maxLength:"100"`
	Body change
}) (written, error) {
	v, err := a.visit(i, in.Body.Grounds)
	errs := []error{err}
	c := person.Change{Evidence: in.Body.Evidence}
	c.Value, err = desk.ReadValue(in.Body.Kind, in.Body.Value.field)
	errs = append(errs, err)
	if !in.Body.Kind.Lifelong() {
		c.ValidFrom, err = jtext.ParseDate(in.Body.ValidFrom)
		errs = append(errs, genbo.InField(err, "valid_from"))
	}
	if err := errors.Join(errs...); err != nil {
		return written{}, err
	}
	out, err := a.Desk.Change(ctx, v, in.Ref, c)
	if err != nil {
		return written{}, err
	}
	if out.Pending != "" {
		return written{State: waiting, Entry: out.Entry, Approval: out.Pending}, nil
	}
	return written{State: done, Entry: out.Entry, Person: in.Ref}, nil
}

// charge says which office is to be in charge, from when and why.
type charge struct {
	Grounds
	Office    string `json:"office" maxLength:"64"`
	ValidFrom string `json:"valid_from" maxLength:"100"`
}

func (a *Handler) transfer(ctx context.Context, i staff.Identity, in *struct {
	Keyed
	Ref  genbo.PersonRef `path:"ref" maxLength:"100"`
	Body charge
}) (written, error) {
	v, err := a.visit(i, in.Body.Grounds)
	to, officeErr := desk.ReadOffice(in.Body.Office)
	from, fromErr := jtext.ParseDate(in.Body.ValidFrom)
	if err := errors.Join(err, officeErr, genbo.InField(fromErr, "valid_from")); err != nil {
		return written{}, err
	}
	entry, err := a.Desk.Transfer(ctx, v, in.Ref, to, from)
	return written{State: done, Entry: entry, Person: in.Ref}, err
}

func (a *Handler) withdrawFact(ctx context.Context, i staff.Identity, in *struct {
	Keyed
	Ref  genbo.PersonRef `path:"ref" maxLength:"100"`
	Kind person.Kind     `path:"kind" enum:"name,birth,sex,address,phone,bank,death"`
	Seq  int             `path:"seq" minimum:"1"`
	Body Grounds
}) (written, error) {
	v, err := a.visit(i, in.Body)
	if err != nil {
		return written{}, err
	}
	entry, err := a.Desk.Withdraw(ctx, v, in.Ref, in.Kind, in.Seq)
	return written{State: done, Entry: entry, Person: in.Ref}, err
}

func (a *Handler) reissue(ctx context.Context, i staff.Identity, in *struct {
	Keyed
	Ref  genbo.PersonRef `path:"ref" maxLength:"100"`
	Seq  int             `path:"seq" minimum:"1"`
	Body Grounds
}) (written, error) {
	v, err := a.visit(i, in.Body)
	if err != nil {
		return written{}, err
	}
	entry, err := a.Desk.Reissue(ctx, v, in.Ref, in.Seq)
	return written{State: done, Entry: entry, Person: in.Ref}, err
}
