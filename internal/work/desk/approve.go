package desk

import (
	"context"
	"encoding/json"
	"fmt"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/record/access"
	"genbo/internal/record/approval"
	"genbo/internal/record/journal"
	"genbo/internal/record/staff"
)

// mergeSubject says which two people are to be merged or split, by references.
type mergeSubject struct {
	Absorbed genbo.PersonRef `json:"absorbed"`
	Survivor genbo.PersonRef `json:"survivor"`
}

// AskMerge asks that one person be merged into another: that both are found to be the same.
func (d *Desk) AskMerge(ctx context.Context, v Visit, absorbed, survivor genbo.PersonRef) (string, error) {
	return d.askMerge(ctx, v, approval.Merge, absorbed, survivor)
}

// AskSplit asks that two merged people be parted again.
func (d *Desk) AskSplit(ctx context.Context, v Visit, absorbed, survivor genbo.PersonRef) (string, error) {
	return d.askMerge(ctx, v, approval.Split, absorbed, survivor)
}

func (d *Desk) askMerge(ctx context.Context, v Visit, kind approval.Kind, absorbed, survivor genbo.PersonRef) (string, error) {
	from, err := d.vault.Person(absorbed)
	if err != nil {
		return "", genbo.InField(err, "absorbed")
	}
	into, office, err := d.whom(ctx, survivor)
	if err != nil {
		return "", genbo.InField(err, "survivor")
	}
	action := journal.PersonMerge
	if kind == approval.Split {
		action = journal.PersonSplit
	}
	if err := d.allowed(v, string(action), office); err != nil {
		return "", err
	}
	if from == into {
		return "", genbo.NewFault("absorbed", "merge.same")
	}
	if survivor, err = d.vault.Ref(into); err != nil {
		return "", err
	}
	subject, err := json.Marshal(mergeSubject{absorbed, survivor})
	if err != nil {
		return "", err
	}
	var id string
	err = d.db.Update(ctx, func(tx *db.Tx) (err error) {
		id, err = d.approvals.Ask(tx, approval.Request{Kind: kind, Asker: v.Identity.Member.ID, Office: office, Subject: string(subject),
			Reason: v.Reason, People: []genbo.PersonID{from, into}})
		if err != nil {
			return err
		}
		_, err = d.journal.Write(tx, journal.Entry{Actor: v.Identity.Actor(), Purpose: v.Purpose, Case: v.Case, Action: journal.ApprovalAsk,
			People: journal.PeopleOf([]genbo.PersonID{from, into}), Reason: v.Reason, Detail: fmt.Sprintf(`{"approval":%q,"kind":%q}`, id, kind)})
		return err
	})
	return id, err
}

// Request returns a request for approval.
func (d *Desk) Request(ctx context.Context, i staff.Identity, id string) (r approval.Request, err error) {
	if err := d.Check(i, access.ReadApprovals); err != nil {
		return r, err
	}
	err = d.db.View(ctx, func(tx *db.Tx) (err error) {
		r, err = d.approvals.Get(tx, id)
		return err
	})
	return r, err
}

// Requests returns the newest requests; with open, only those that wait.
func (d *Desk) Requests(ctx context.Context, i staff.Identity, open bool, limit int) (list []approval.Request, err error) {
	if err := d.Check(i, access.ReadApprovals); err != nil {
		return nil, err
	}
	err = d.db.View(ctx, func(tx *db.Tx) (err error) {
		list, err = d.approvals.List(tx, open, limit)
		return err
	})
	return list, err
}

// RefsOf returns references to the people that a request is about.
func (d *Desk) RefsOf(r approval.Request) (refs []genbo.PersonRef, err error) {
	for _, p := range r.People {
		ref, err := d.vault.Ref(p)
		if err != nil {
			return nil, err
		}
		refs = append(refs, ref)
	}
	return refs, nil
}

// Vote adds a vote to a request as it was shown. With the last approval, what was asked is done in the same
// transaction.
func (d *Desk) Vote(ctx context.Context, v Visit, id string, hash []byte, verdict approval.Verdict) (approval.Request, error) {
	if err := d.allowed(v, string(journal.ApprovalVote), v.Identity.Member.Office); err != nil {
		return approval.Request{}, err
	}
	var r approval.Request
	err := d.db.Update(ctx, func(tx *db.Tx) (err error) {
		if r, err = d.approvals.Vote(tx, id, v.Identity.Member.ID, hash, verdict); err != nil {
			return err
		}
		_, err = d.journal.Write(tx, journal.Entry{Actor: v.Identity.Actor(), Purpose: v.Purpose, Case: v.Case, Action: journal.ApprovalVote,
			People: journal.PeopleOf(r.People), Reason: v.Reason, Detail: fmt.Sprintf(`{"approval":%q,"verdict":%q}`, id, verdict)})
		if err != nil || r.State == approval.Waiting {
			return err
		}
		if r.State == approval.Rejected {
			return d.followed(tx, v, r)
		}
		if err := d.enact(tx, v, r); err != nil {
			return err
		}
		r.State = approval.Done
		return d.approvals.Close(tx, id, approval.Done)
	})
	return r, err
}

// Withdraw takes back a request of one's own.
func (d *Desk) WithdrawRequest(ctx context.Context, v Visit, id string) error {
	return d.db.Update(ctx, func(tx *db.Tx) error {
		r, err := d.approvals.Get(tx, id)
		switch {
		case err != nil:
			return err
		case r.Asker != v.Identity.Member.ID:
			return fmt.Errorf("withdraw request: it is another's: %w", genbo.ErrForbidden)
		case r.State != approval.Waiting:
			return fmt.Errorf("withdraw request: it is %s already: %w", r.State, genbo.ErrConflict)
		}
		_, err = d.journal.Write(tx, journal.Entry{Actor: v.Identity.Actor(), Action: journal.ApprovalWithdraw,
			People: journal.PeopleOf(r.People), Reason: v.Reason, Detail: fmt.Sprintf(`{"approval":%q}`, id)})
		if err != nil {
			return err
		}
		if err := d.approvals.Close(tx, id, approval.Withdrawn); err != nil {
			return err
		}
		r.State = approval.Withdrawn
		return d.followed(tx, v, r)
	})
}

// followed tells whoever asked to follow decisions on requests of this kind.
func (d *Desk) followed(tx *db.Tx, v Visit, r approval.Request) error {
	if fn := d.follow[r.Kind]; fn != nil {
		return fn(tx, v, r)
	}
	return nil
}

// enact does what a request asked for.
func (d *Desk) enact(tx *db.Tx, v Visit, r approval.Request) error {
	e := journal.Entry{Actor: v.Identity.Actor(), Purpose: v.Purpose, Case: v.Case, People: journal.PeopleOf(r.People),
		Reason: r.Reason, Detail: fmt.Sprintf(`{"approval":%q,"asker":%q}`, r.ID, r.Asker)}
	switch r.Kind {
	case approval.SecondLook:
		e.Action = journal.PersonChange
		entry, err := d.journal.Write(tx, e)
		if err != nil {
			return err
		}
		return d.register.Enact(tx, r.People[0], r.ID, entry)
	case approval.Merge, approval.Split:
		var s mergeSubject
		if err := json.Unmarshal([]byte(r.Subject), &s); err != nil {
			return fmt.Errorf("request %s does not read: %w", r.ID, genbo.ErrTampered)
		}
		from, err := d.vault.Person(s.Absorbed)
		if err != nil {
			return err
		}
		into, err := d.vault.Person(s.Survivor)
		if err != nil {
			return err
		}
		e.Action, e.Fields = journal.PersonMerge, genbo.AllFields
		do := d.register.Merge
		if r.Kind == approval.Split {
			e.Action, do = journal.PersonSplit, d.register.Split
		}
		entry, err := d.journal.Write(tx, e)
		if err != nil {
			return err
		}
		return do(tx, from, into, entry)
	}
	if d.follow[r.Kind] != nil {
		return d.followed(tx, v, r)
	}
	return fmt.Errorf("request %s asks for nothing that is known: %w", r.ID, genbo.ErrTampered)
}
