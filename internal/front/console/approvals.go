package console

import (
	"encoding/hex"
	"encoding/json"
	"net/http"

	"genbo"
	"genbo/internal/front/page"
	"genbo/internal/record/approval"
	"genbo/internal/record/finding"
	"genbo/internal/record/journal"
	"genbo/internal/record/staff"
)

type approvalsView struct {
	page.Frame
	Open page.Table
	All  page.Table
}

type approvalView struct {
	page.Frame
	Facts  page.Facts
	People []page.Link
	Recent *page.Table // other lists that the asker asked for
	Votes  page.Table
	Vote   *page.Confirm
	Own    bool
	ID     string
}

func (c *Console) requestTable(id string, caption page.Text, list []approval.Request) page.Table {
	t := page.Table{ID: id, Caption: caption, Empty: "approval.none", Columns: []page.Column{
		{Label: "approval.kind"}, {Label: "approval.state"}, {Label: "approval.asker"}, {Label: "approval.when"}, {Label: "approval.votes", Numeric: true}}}
	for _, r := range list {
		t.Rows = append(t.Rows, []any{page.Link{Href: "/approvals/" + r.ID, Text: page.Say("approval.kind." + string(r.Kind))}, stateOf(r),
			string(r.Asker), r.CreatedAt, page.Say("approval.of", len(r.Votes), r.Needed)})
	}
	return t
}

func stateOf(r approval.Request) page.Status {
	kind := map[approval.State]page.Kind{approval.Waiting: page.Warning, approval.Done: page.Success, approval.Rejected: page.Danger}[r.State]
	if kind == "" {
		kind = page.Quiet
	}
	return page.Status{Kind: kind, Label: page.Say("approval.is." + string(r.State))}
}

func (c *Console) approvals(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	open, err := c.Desk.Requests(r.Context(), i, true, 200)
	if err != nil {
		return err
	}
	all, err := c.Desk.Requests(r.Context(), i, false, 50)
	if err != nil {
		return err
	}
	v := &approvalsView{Open: c.requestTable("open", page.Say("approval.open"), open), All: c.requestTable("all", page.Say("approval.all"), all)}
	v.Title = page.Say("nav.approvals")
	c.pages.Render(w, r, http.StatusOK, "approvals", v)
	return nil
}

func (c *Console) approval(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	request, err := c.Desk.Request(r.Context(), i, r.PathValue("id"))
	if err != nil {
		return err
	}
	refs, err := c.Desk.RefsOf(request)
	if err != nil {
		return err
	}
	v := &approvalView{ID: request.ID, Own: request.Asker == i.Member.ID && request.State == approval.Waiting}
	v.Title = page.Say("approval.kind." + string(request.Kind))
	v.Crumbs = []page.Link{{Href: "/approvals", Text: page.Say("nav.approvals")}}
	v.Facts = page.Facts{Rows: []page.Fact{
		{Term: "approval.state", Value: stateOf(request)}, {Term: "approval.asker", Value: string(request.Asker)}, {Term: "approval.when", Value: request.CreatedAt},
		{Term: "approval.expires", Value: request.ExpiresAt}, {Term: "change.reason", Value: request.Reason}, {Term: "approval.needed", Value: request.Needed}}}
	v.Facts.Rows = append(v.Facts.Rows, subjectFacts(request)...)
	switch request.Kind {
	case approval.Extract:
		facts, recent, err := c.reviewFacts(r, i, request)
		if err != nil {
			return err
		}
		v.Facts.Rows, v.Recent = append(v.Facts.Rows, facts...), recent
	case approval.LetIn:
		v.Facts.Rows = append(v.Facts.Rows, page.Fact{Term: "look.device", Value: request.Subject})
	case approval.Deletion:
		d, err := finding.ParseDeletion(request.Subject)
		if err != nil {
			return err
		}
		v.Facts.Rows = append(v.Facts.Rows, page.Fact{Term: "look.device", Value: string(d.Device)},
			page.Fact{Term: "scan.name", Value: page.Link{Href: "/findings/" + pathOf(request.Office), Text: pathOf(request.Office)}},
			page.Fact{Term: "scan.todelete", Value: d.Files}, page.Fact{Term: "scan.cases", Value: d.Cases}, page.Fact{Term: "scan.digest", Value: d.Digest})
	}
	for _, ref := range refs {
		v.People = append(v.People, page.Link{Href: "/people/" + string(ref) + "?purpose=second-look", Text: page.Say("approval.look", len(v.People)+1)})
	}
	v.Votes = page.Table{ID: "votes", Caption: page.Say("approval.votes"), Empty: "approval.novotes",
		Columns: []page.Column{{Label: "look.who"}, {Label: "approval.verdict"}, {Label: "look.when"}}}
	for _, vote := range request.Votes {
		v.Votes.Rows = append(v.Votes.Rows, []any{string(vote.Voter), page.Say("approval.verdict." + string(vote.Verdict)), vote.At})
	}
	if !v.Own && request.State == approval.Waiting && c.Desk.Allowed(i, string(journal.ApprovalVote)) {
		v.Vote = voteForm(request)
	}
	c.pages.Render(w, r, http.StatusOK, "approval", v)
	return nil
}

// subjectFacts says what a change that waits is about; the values are on the person's page.
func subjectFacts(r approval.Request) []page.Fact {
	if r.Kind != approval.SecondLook {
		return nil
	}
	var s struct{ Kind, Evidence, Why string }
	if json.Unmarshal([]byte(r.Subject), &s) != nil {
		return nil
	}
	return []page.Fact{{Term: "approval.field", Value: page.Say("change.title." + s.Kind)},
		{Term: "change.evidence", Value: page.Say("evidence." + s.Evidence)}, {Term: "approval.why", Value: page.Say("why." + s.Why)}}
}

func voteForm(r approval.Request) *page.Confirm {
	return &page.Confirm{Action: "/approvals/" + r.ID, Submit: "approval.vote", Hidden: hidden("hash", hex.EncodeToString(r.Hash)),
		Fields: []page.Field{
			{Name: "verdict", Label: "approval.verdict", Type: page.Radios, Required: true, Options: []page.Option{
				{Value: string(approval.Approve), Label: page.Say("approval.verdict.approve")},
				{Value: string(approval.Reject), Label: page.Say("approval.verdict.reject")}}},
			{Name: "reason", Label: "approval.note", Type: page.Area, MaxLength: 600},
		}}
}

func (c *Console) vote(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	hash, err := hex.DecodeString(r.PostFormValue("hash"))
	if err != nil {
		return genbo.ErrConflict
	}
	request, err := c.Desk.Vote(r.Context(), visit(r, i), r.PathValue("id"), hash, approval.Verdict(r.PostFormValue("verdict")))
	if err != nil {
		return err
	}
	notice := "notice.voted"
	if request.State == approval.Done {
		notice = "notice.enacted"
	}
	c.pages.Done(w, r, "/approvals/"+request.ID, notice)
	return nil
}

func (c *Console) withdrawRequest(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	if err := c.Desk.WithdrawRequest(r.Context(), visit(r, i), r.PathValue("id")); err != nil {
		return err
	}
	c.pages.Done(w, r, "/approvals/"+r.PathValue("id"), "notice.withdrawnrequest")
	return nil
}
