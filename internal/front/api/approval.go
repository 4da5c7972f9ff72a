package api

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"genbo"
	"genbo/internal/record/approval"
	"genbo/internal/record/extract"
	"genbo/internal/record/staff"
	"genbo/internal/work/desk"
)

type pair struct {
	Absorbed genbo.PersonRef `json:"absorbed" maxLength:"100"`
	Grounds
}

type pairInput struct {
	Keyed
	Ref  genbo.PersonRef `path:"ref" maxLength:"100"`
	Body pair
}

func (a *Handler) merge(ctx context.Context, i staff.Identity, in *pairInput) (written, error) {
	return a.ask(ctx, i, in, a.Desk.AskMerge)
}

func (a *Handler) split(ctx context.Context, i staff.Identity, in *pairInput) (written, error) {
	return a.ask(ctx, i, in, a.Desk.AskSplit)
}

func (a *Handler) ask(ctx context.Context, i staff.Identity, in *pairInput,
	ask func(ctx context.Context, v desk.Visit, absorbed, survivor genbo.PersonRef) (string, error)) (written, error) {
	v, err := a.visit(i, in.Body.Grounds)
	if err != nil {
		return written{}, err
	}
	id, err := ask(ctx, v, in.Body.Absorbed, in.Ref)
	return written{State: waiting, Approval: id}, err
}

type vote struct {
	Voter   genbo.StaffID    `json:"voter"`
	Verdict approval.Verdict `json:"verdict"`
	At      time.Time        `json:"at"`
}

// request is something that waits for a decision, or has waited.
type request struct {
	Approval  string            `json:"approval"`
	Request   approval.Kind     `json:"request"`
	State     approval.State    `json:"state"`
	Asker     genbo.StaffID     `json:"asker"`
	Office    genbo.OfficeID    `json:"office"`
	Reason    string            `json:"reason,omitempty"`
	List      string            `json:"list,omitempty"`
	Kind      string            `json:"kind,omitempty"`
	Evidence  string            `json:"evidence,omitempty"`
	Why       string            `json:"why,omitempty"`
	Needed    int               `json:"needed"`
	CreatedAt time.Time         `json:"created_at"`
	ExpiresAt time.Time         `json:"expires_at"`
	Votes     []vote            `json:"votes" nullable:"false"`
	People    []genbo.PersonRef `json:"people" nullable:"false"`
	Hash      string            `json:"hash"`
}

func (a *Handler) requestOf(r approval.Request) (request, error) {
	out := request{Approval: r.ID, Request: r.Kind, State: r.State, Asker: r.Asker, Office: r.Office, Reason: r.Reason, Needed: r.Needed,
		CreatedAt: r.CreatedAt, ExpiresAt: r.ExpiresAt, Votes: []vote{}, Hash: hex.EncodeToString(r.Hash)}
	for _, v := range r.Votes {
		out.Votes = append(out.Votes, vote{v.Voter, v.Verdict, v.At})
	}
	if r.Kind == approval.SecondLook {
		var s struct{ Kind, Evidence, Why string }
		if err := json.Unmarshal([]byte(r.Subject), &s); err != nil {
			return request{}, fmt.Errorf("request %s does not read: %w", r.ID, genbo.ErrTampered)
		}
		out.Kind, out.Evidence, out.Why = s.Kind, s.Evidence, s.Why
	}
	if r.Kind == approval.Extract {
		var err error
		if out.List, err = extract.IDOf(r.Subject); err != nil {
			return request{}, fmt.Errorf("request %s: %w", r.ID, err)
		}
	}
	refs, err := a.Desk.RefsOf(r)
	out.People = append([]genbo.PersonRef{}, refs...)
	return out, err
}

type requests struct {
	Approvals []request `json:"approvals" nullable:"false"`
}

func (a *Handler) approvals(ctx context.Context, i staff.Identity, in *struct {
	Open  bool `query:"open"`
	Limit int  `query:"limit" minimum:"1" maximum:"200" default:"50"`
}) (requests, error) {
	list, err := a.Desk.Requests(ctx, i, in.Open, in.Limit)
	if err != nil {
		return requests{}, err
	}
	out := requests{[]request{}}
	for _, r := range list {
		one, err := a.requestOf(r)
		if err != nil {
			return requests{}, err
		}
		out.Approvals = append(out.Approvals, one)
	}
	return out, nil
}

func (a *Handler) approval(ctx context.Context, i staff.Identity, in *struct {
	ID string `path:"id" maxLength:"100"`
}) (request, error) {
	r, err := a.Desk.Request(ctx, i, in.ID)
	if err != nil {
		return request{}, err
	}
	return a.requestOf(r)
}

type ballot struct {
	Hash    string           `json:"hash" maxLength:"200"`
	Verdict approval.Verdict `json:"verdict" enum:"approve,reject"`
	Reason  string           `json:"reason,omitempty" maxLength:"600"`
}

func (a *Handler) vote(ctx context.Context, i staff.Identity, in *struct {
	Keyed
	ID   string `path:"id" maxLength:"100"`
	Body ballot
}) (written, error) {
	hash, err := hex.DecodeString(in.Body.Hash)
	if err != nil {
		return written{}, fmt.Errorf("hash of a request: %w", genbo.ErrConflict)
	}
	r, err := a.Desk.Vote(ctx, desk.Visit{Identity: i, Reason: in.Body.Reason}, in.ID, hash, in.Body.Verdict)
	return written{State: string(r.State), Approval: in.ID}, err
}

func (a *Handler) withdrawApproval(ctx context.Context, i staff.Identity, in *struct {
	Keyed
	ID   string `path:"id" maxLength:"100"`
	Body Grounds
}) (written, error) {
	v, err := a.visit(i, in.Body)
	if err != nil {
		return written{}, err
	}
	err = a.Desk.WithdrawRequest(ctx, v, in.ID)
	return written{State: string(approval.Withdrawn), Approval: in.ID}, err
}
