package handover

import (
	"context"
	"time"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/record/access"
	"genbo/internal/record/approval"
	"genbo/internal/record/extract"
	"genbo/internal/record/journal"
	"genbo/internal/record/staff"
	"genbo/internal/work/desk"
)

// decided follows a decision on an extract, in its transaction.
func (h *Handover) decided(tx *db.Tx, v desk.Visit, r approval.Request) error {
	e, err := h.requested(tx, r)
	if err != nil {
		return err
	}
	by := v.Identity.Actor()
	switch {
	case r.State == approval.Rejected && e.Emergency && e.State == extract.Live:
		return h.end(tx, by, e, extract.Revoked, v.Reason)
	case e.Emergency:
		return nil // the review of what was taken already
	case r.State == approval.Rejected:
		return h.end(tx, by, e, extract.Rejected, v.Reason)
	case r.State == approval.Withdrawn:
		return h.end(tx, by, e, extract.Withdrawn, v.Reason)
	}
	if err := h.unchanged(e, r); err != nil {
		return err
	}
	if err := h.note(tx, by, e, journal.ApprovalVote, extract.EventLive, ""); err != nil {
		return err
	}
	return h.extracts.GoLive(tx, e.ID, tx.Now.AddDate(0, 0, e.Days))
}

// unchanged checks that what was approved is what would be handed over, for the purpose as it is now.
func (h *Handover) unchanged(e extract.Extract, r approval.Request) error {
	p, err := h.Purpose(e.Purpose)
	if err != nil {
		return conflict(genbo.NewFault("", "extract.edited"))
	}
	subject, err := e.Subject(p.definition())
	if err != nil {
		return err
	}
	if subject != r.Subject || e.Approval != r.ID || r.Needed < p.needs(e.People.Count()) {
		return conflict(genbo.NewFault("", "extract.edited"))
	}
	return p.allows(e)
}

// Review is what an approver sees of a request: counts, never people.
type Review struct {
	Extract extract.Extract
	Purpose Purpose
	Recent  []extract.Extract // what the asker asked for in the last ninety days, without this one
	Edited  bool              // the purpose was edited since: it cannot be approved any more
}

const recentTime = 90 * 24 * time.Hour

// Review returns what there is to know before deciding on a request.
func (h *Handover) Review(ctx context.Context, i staff.Identity, r approval.Request) (review Review, err error) {
	if err := h.Desk.Check(i, access.ReadExtracts); err != nil {
		return Review{}, err
	}
	err = h.DB.View(ctx, func(tx *db.Tx) error {
		if review.Extract, err = h.requested(tx, r); err != nil {
			return err
		}
		all, err := h.extracts.List(tx, extract.Filter{Asker: review.Extract.Asker}, 100)
		for _, e := range all {
			if e.ID != review.Extract.ID && tx.Now.Sub(e.CreatedAt) < recentTime {
				review.Recent = append(review.Recent, e)
			}
		}
		return err
	})
	if err != nil {
		return Review{}, err
	}
	if review.Purpose, err = h.Purpose(review.Extract.Purpose); err != nil {
		review.Purpose.Code, review.Edited = review.Extract.Purpose, true
		return review, nil
	}
	review.Edited = r.State == approval.Waiting && h.unchanged(review.Extract, r) != nil
	return review, nil
}
