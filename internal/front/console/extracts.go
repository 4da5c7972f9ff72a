package console

import (
	"net/http"
	"slices"

	"genbo"
	"genbo/internal/front/page"
	"genbo/internal/record/access"
	"genbo/internal/record/approval"
	"genbo/internal/record/extract"
	"genbo/internal/record/staff"
)

type extractsView struct {
	page.Frame
	CanAsk  bool
	Overdue page.Table
	Live    page.Table
	All     page.Table
	Saved   []extract.Saved
}

// extractTable lists extracts by what they are, never by whose names are in them.
func (c *Console) extractTable(id string, caption page.Text, empty string, list []extract.Extract, lang page.Lang) page.Table {
	t := page.Table{ID: id, Caption: caption, Empty: empty, Columns: []page.Column{{Label: "extract.id"}, {Label: "extract.purpose"}, {Label: "extract.form"},
		{Label: "extract.persons", Numeric: true}, {Label: "look.fields"}, {Label: "approval.state"}, {Label: "approval.asker"}, {Label: "extract.until"}}}
	for _, e := range list {
		t.Rows = append(t.Rows, []any{page.Link{Href: "/extracts/" + e.ID, Text: e.ID}, c.listPurpose(e.Purpose, lang), page.Say("extract.form." + string(e.Form)),
			e.People.Count(), fieldNames(e.Fields), extractState(e), string(e.Asker), e.ExpiresAt})
	}
	return t
}

// listPurpose is the name of a purpose of lists.
func (c *Console) listPurpose(code string, lang page.Lang) string {
	p, err := c.Handover.Purpose(code)
	switch {
	case err != nil:
		return code
	case lang == page.English:
		return p.En
	}
	return p.Ja
}

// fieldNames are the names of fields, under each other.
func fieldNames(fields genbo.FieldSet) page.Lines {
	var names page.Lines
	fields.Each(func(one genbo.FieldSet) { names = append(names, page.Say("fields."+one.String())) })
	return names
}

func extractState(e extract.Extract) page.Status {
	kind := map[extract.State]page.Kind{extract.Asked: page.Warning, extract.Live: page.Success}[e.State]
	if e.Handed && (e.State == extract.Expired || e.State == extract.Revoked) {
		kind = page.Danger
	}
	if kind == "" {
		kind = page.Quiet
	}
	return page.Status{Kind: kind, Label: page.Say("extract.is." + string(e.State))}
}

func (c *Console) extracts(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	v := &extractsView{CanAsk: c.Desk.Allowed(i, access.AskExtracts)}
	v.Title, v.Wide = page.Say("nav.extracts"), true
	lang := page.LangOf(r)
	for _, part := range []struct {
		table   *page.Table
		id      string
		caption string
		empty   string
		filter  extract.Filter
		limit   int
	}{
		{&v.Overdue, "overdue", "extract.overdue", "extract.noneoverdue", extract.Filter{Overdue: true}, 200},
		{&v.Live, "live", "extract.live", "extract.nonelive", extract.Filter{States: []extract.State{extract.Live, extract.Asked}}, 200},
		{&v.All, "all", "extract.all", "extract.none", extract.Filter{}, 50},
	} {
		list, err := c.Handover.List(r.Context(), i, part.filter, part.limit)
		if err != nil {
			return err
		}
		*part.table = c.extractTable(part.id, page.Say(part.caption), part.empty, list, lang)
	}
	if v.CanAsk {
		var err error
		if v.Saved, err = c.Handover.Saved(r.Context(), i); err != nil {
			return err
		}
	}
	c.pages.Render(w, r, http.StatusOK, "extracts", v)
	return nil
}

// forgetSelection removes a selection that the office saved.
func (c *Console) forgetSelection(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	if err := c.Handover.Forget(r.Context(), i, r.PathValue("id")); err != nil {
		return err
	}
	c.pages.Done(w, r, "/extracts", "notice.forgotten")
	return nil
}

type extractView struct {
	page.Frame
	Facts     page.Facts
	Rows      *page.Link // to the rows of a worklist or the figures of a statistic
	Download  string     // where the form goes that fetches the file
	CanPass   bool
	PassShown bool
	Return    string // where the form goes that brings a contractor's file back
	Revoke    *page.Confirm
	Attest    *page.Confirm
	Events    page.Timeline
	ID        string
}

func (c *Console) extractPage(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	e, events, err := c.Handover.Get(r.Context(), i, r.PathValue("id"))
	if err != nil {
		return err
	}
	v := &extractView{ID: e.ID, Facts: page.Facts{Rows: c.extractFacts(e, page.LangOf(r))}}
	v.Title = page.Say("extract.title", e.ID)
	v.Crumbs = []page.Link{{Href: "/extracts", Text: page.Say("nav.extracts")}}
	mine := e.Recipient == i.Member.ID || e.Asker == i.Member.ID
	if e.State == extract.Live && e.Recipient == i.Member.ID && c.Desk.Allowed(i, access.UseExtracts) {
		c.offer(v, e, events)
	}
	if mine && e.Handed && (e.Form.ByPass() || e.Form == extract.Age) && c.Desk.Allowed(i, access.UseExtracts) {
		v.Return = "/extracts/" + e.ID + "/return"
	}
	responsible := mine || i.Member.Has(staff.Approver) || i.Member.Has(staff.Security)
	if e.State == extract.Live && responsible && c.Desk.Allowed(i, access.RevokeExtract) {
		v.Revoke = &page.Confirm{Action: "/extracts/" + e.ID + "/revoke", Submit: "extract.revoke", Danger: true, Fields: []page.Field{reasonField(nil)}}
	}
	if mine && (e.State == extract.Expired || e.State == extract.Revoked) {
		v.Attest = &page.Confirm{Action: "/extracts/" + e.ID + "/attest", Submit: "extract.attest",
			Facts: page.Facts{Rows: []page.Fact{{Term: "extract.attestwhat", Value: page.Say("extract.attesttext")}}}}
	}
	v.Events = page.Timeline{Label: "extract.events", Empty: "extract.noevents"}
	for n := len(events) - 1; n >= 0; n-- {
		v.Events.Events = append(v.Events.Events, page.Event{When: events[n].At, Title: page.Say("extract.event." + events[n].Kind), Who: string(events[n].Actor.Staff)})
	}
	c.pages.Render(w, r, http.StatusOK, "extract", v)
	return nil
}

// offer shows the recipient of a live extract how to get at it. Once its pass phrase was shown, no further file is
// made; before there is a file, there is no pass phrase.
func (c *Console) offer(v *extractView, e extract.Extract, events []extract.Event) {
	if e.Form == extract.Worklist || e.Form == extract.Statistics {
		v.Rows = &page.Link{Href: "/extracts/" + e.ID + "/rows", Text: page.Say("extract.torows." + string(e.Form))}
		return
	}
	happened := func(kind string) bool {
		return slices.ContainsFunc(events, func(one extract.Event) bool { return one.Kind == kind })
	}
	if v.PassShown = happened(extract.EventPass); v.PassShown {
		return
	}
	v.Download = "/extracts/" + e.ID + "/file"
	v.CanPass = e.Form.ByPass() && happened(extract.EventReleased)
}

// extractFacts is what an extract is, for its page and for its approvers.
func (c *Console) extractFacts(e extract.Extract, lang page.Lang) []page.Fact {
	facts := []page.Fact{{Term: "approval.state", Value: extractState(e)}, {Term: "extract.purpose", Value: c.listPurpose(e.Purpose, lang)},
		{Term: "extract.persons", Value: e.People.Count()}, {Term: "look.fields", Value: fieldNames(e.Fields)},
		{Term: "extract.form", Value: page.Say("extract.form." + string(e.Form))}, {Term: "approval.asker", Value: string(e.Asker)},
		{Term: "extract.recipient", Value: string(e.Recipient)}, {Term: "extract.days", Value: e.Days}, {Term: "extract.until", Value: e.ExpiresAt}}
	for _, f := range []struct{ term, value string }{{"extract.device", string(e.Device)}, {"extract.contractor", e.Contractor}, {"look.case", string(e.Case)}} {
		if f.value != "" {
			facts = append(facts, page.Fact{Term: f.term, Value: f.value})
		}
	}
	if e.Emergency {
		facts = append(facts, page.Fact{Term: "extract.emergency", Value: page.Status{Kind: page.Danger, Label: page.Say("extract.glass")}})
	}
	return append(facts, page.Fact{Term: "nav.approvals", Value: page.Link{Href: "/approvals/" + e.Approval, Text: page.Say("alarm.toapproval")}})
}

// reviewFacts is what an approver sees of a request for an extract: counts, never people.
func (c *Console) reviewFacts(r *http.Request, i staff.Identity, request approval.Request) ([]page.Fact, *page.Table, error) {
	review, err := c.Handover.Review(r.Context(), i, request)
	if err != nil {
		return nil, nil, err
	}
	said := []string{"approval.state", "approval.asker", "extract.until", "nav.approvals"} // by the page of the request itself
	facts := slices.DeleteFunc(c.extractFacts(review.Extract, page.LangOf(r)), func(f page.Fact) bool { return slices.Contains(said, f.Term) })
	if review.Edited {
		facts = append(facts, page.Fact{Term: "extract.edited", Value: page.Status{Kind: page.Danger, Label: page.Say("extract.editedtext")}})
	}
	recent := c.extractTable("recent", page.Say("extract.recent", string(review.Extract.Asker)), "extract.none", review.Recent, page.LangOf(r))
	return facts, &recent, nil
}

func (c *Console) extractRevoke(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	if err := c.Handover.Revoke(r.Context(), visit(r, i), r.PathValue("id")); err != nil {
		return err
	}
	c.pages.Done(w, r, "/extracts/"+r.PathValue("id"), "notice.revoked")
	return nil
}

func (c *Console) extractAttest(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	if err := c.Handover.Attest(r.Context(), visit(r, i), r.PathValue("id")); err != nil {
		return err
	}
	c.pages.Done(w, r, "/extracts/"+r.PathValue("id"), "notice.attested")
	return nil
}
