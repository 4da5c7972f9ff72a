package console

import (
	"net/http"
	"slices"

	"genbo"
	"genbo/internal/base/jtext"
	"genbo/internal/front/page"
	"genbo/internal/record/access"
	"genbo/internal/record/finding"
	"genbo/internal/record/journal"
	"genbo/internal/record/staff"
)

type findingView struct {
	page.Frame
	Rule    page.Text
	Facts   page.Facts
	Asked   *askedView
	Chart   *chart
	Days    page.Table
	Sets    page.Table
	Devices page.Table
	Copies  page.Table
	Asks    page.Timeline
	Ask     *page.Confirm
}

// askedView is what is asked of an office, for whoever works there.
type askedView struct {
	Notice page.Notice
	Words  string
	Answer string // where the office's answer goes; "" if it is given, or this is another's office
}

// shownDays is how far back the chart of an office goes.
const shownDays = 90

// findingsOf shows what scans found in one office.
func (c *Console) findingsOf(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	return c.showFinding(w, r, i, nil)
}

func (c *Console) showFinding(w http.ResponseWriter, r *http.Request, i staff.Identity, faults page.Faults) error {
	id := officeOf(r)
	if err := c.Desk.CheckFor(i, access.ReadFindings, id); err != nil {
		return err
	}
	o, err := c.Findings.Office(r.Context(), id)
	if err != nil {
		return err
	}
	days, err := c.Findings.History(r.Context(), id, shownDays)
	if err != nil {
		return err
	}
	names, err := c.officeNames(r)
	if err != nil {
		return err
	}
	today := genbo.DateOf(c.now().In(genbo.Japan))
	v := &findingView{Rule: ruleOf(c.Findings.Rule()), Chart: newChart(days), Days: daysTable(days), Sets: setsTable(o.Sets), Devices: devicesTable(o.List), Copies: c.copiesTable(r, i, o.Copies),
		Asks: asksLine(o.Asks, today)}
	v.Title, v.Errors = page.Say("scan.office", officeName(names, id)), faults
	v.Crumbs = []page.Link{{Href: "/findings", Text: page.Say("nav.findings")}}
	v.Facts.Rows = []page.Fact{{Term: "approval.state", Value: foundState(o.State)}, {Term: "scan.unprotected", Value: figureOf(o.Office)},
		{Term: "scan.since", Value: o.BareSince}, {Term: "scan.files", Value: o.Files}, {Term: "scan.unread", Value: o.Unread}, {Term: "scan.last", Value: o.LastAt}}
	v.Asked = c.asked(i, id, o.Ask, today)
	if id != "" && o.Ask == nil && o.State != finding.Clean && c.Desk.CheckFor(i, string(journal.FindingAsk), id) == nil {
		v.Ask = askOfficeForm(r, id, faults)
	}
	c.pages.Render(w, r, http.StatusOK, "finding", v)
	return nil
}

// asked is what is asked of an office, in words; nil if nothing is.
func (c *Console) asked(i staff.Identity, office genbo.OfficeID, a *finding.Ask, today genbo.Date) *askedView {
	if a == nil {
		return nil
	}
	v := &askedView{Words: a.Words, Notice: page.Notice{Kind: page.Warning, Title: page.Say("scan.asktitle", a.Due), Body: page.Say("scan.asktext", string(a.By), a.Unprotected)}}
	if a.Overdue(today) {
		v.Notice.Kind, v.Notice.Title = page.Danger, page.Say("scan.askoverdue", a.Due)
	}
	if a.AnsweredAt.IsZero() && c.Desk.CheckFor(i, string(journal.FindingAnswer), office) == nil {
		v.Answer = "/findings/" + pathOf(office) + "/answer"
	}
	return v
}

func daysTable(days []finding.Day) page.Table {
	t := page.Table{ID: "days", Caption: page.Say("scan.days"), Empty: "scan.nodays", Columns: []page.Column{{Label: "scan.day"}, {Label: "scan.unprotected", Numeric: true}}}
	for n, d := range slices.Backward(days) {
		if n > 0 && days[n-1].Unprotected == d.Unprotected {
			continue // the days between two changes say nothing new
		}
		t.Rows = append(t.Rows, []any{d.Day, d.Unprotected})
	}
	return t
}

func setsTable(sets []finding.Set) page.Table {
	t := page.Table{ID: "sets", Caption: page.Say("scan.sets"), Empty: "scan.nosets", Columns: []page.Column{{Label: "disclosure.letters"}, {Label: "look.fields"},
		{Label: "scan.open", Numeric: true}, {Label: "scan.weak", Numeric: true}, {Label: "scan.locked", Numeric: true}, {Label: "scan.persons", Numeric: true}}}
	for _, s := range sets {
		t.Rows = append(t.Rows, []any{s.Fields.String(), fieldNames(s.Fields), s.Open, s.Weak, s.Locked, s.Persons})
	}
	return t
}

func devicesTable(list []finding.Device) page.Table {
	t := page.Table{ID: "devices", Caption: page.Say("scan.watched"), Empty: "scan.nodevice", Columns: []page.Column{{Label: "look.device"}, {Label: "approval.state"},
		{Label: "scan.unprotected", Numeric: true}, {Label: "scan.files", Numeric: true}, {Label: "scan.unread", Numeric: true}, {Label: "scan.last"}, {Label: "scan.kind"}, {Label: "scan.agent"}}}
	for _, d := range list {
		state := page.Lines{foundState(d.State)}
		if d.Stale && d.State == finding.Unprotected {
			state = append(state, foundState(finding.Silent))
		}
		if d.Partial && d.State == finding.Unprotected {
			state = append(state, foundState(finding.Incomplete))
		}
		if d.Ahead > 0 {
			state = append(state, page.Status{Kind: page.Warning, Label: page.Say("scan.ahead", int(d.Ahead.Minutes()))})
		}
		kind := page.Say("scan.changes")
		switch {
		case d.Seq == 0:
			kind = page.Say("scan.nochange")
		case d.Full:
			kind = page.Say("scan.full")
		}
		t.Rows = append(t.Rows, []any{string(d.ID), state, d.Unprotected, d.Files, d.Unread, d.At, kind, d.Agent})
	}
	return t
}

// shownCopies is how many copies are looked up and listed: who holds a certificate can name as many as he likes.
const shownCopies = 100

func (c *Console) copiesTable(r *http.Request, i staff.Identity, copies []finding.FoundCopy) page.Table {
	t := page.Table{ID: "copies", Caption: page.Say("scan.copies", min(len(copies), shownCopies), len(copies)), Empty: "scan.nocopy", Columns: []page.Column{{Label: "extract.id"}, {Label: "look.device"},
		{Label: "scan.cases", Numeric: true}}}
	for _, one := range copies[:min(len(copies), shownCopies)] {
		var id any = one.Extract
		if _, _, err := c.Handover.Get(r.Context(), i, one.Extract); err == nil { // else it is no list of this register, or not for him
			id = page.Link{Href: "/extracts/" + one.Extract, Text: one.Extract}
		}
		t.Rows = append(t.Rows, []any{id, string(one.Device), one.Cases})
	}
	return t
}

// asksLine is what was asked of an office and what came of it, newest first.
func asksLine(asks []finding.Ask, today genbo.Date) page.Timeline {
	line := page.Timeline{Label: "scan.asks", Empty: "scan.noask"}
	for _, a := range asks {
		state := askState(a, today)
		e := page.Event{When: a.At, Title: page.Say("scan.askedby", a.Due), Who: string(a.By), Status: &state,
			Facts: []page.Fact{{Term: "scan.words", Value: a.Words}, {Term: "scan.then", Value: a.Unprotected}}}
		if !a.AnsweredAt.IsZero() {
			e.Facts = append(e.Facts, page.Fact{Term: "scan.answered", Value: page.Lines{a.AnsweredAt, string(a.AnsweredBy)}})
		}
		if !a.ProvenAt.IsZero() {
			e.Facts = append(e.Facts, page.Fact{Term: "scan.proven", Value: page.Lines{a.ProvenAt, string(a.ProvenBy)}})
		}
		line.Events = append(line.Events, e)
	}
	return line
}

func askOfficeForm(r *http.Request, office genbo.OfficeID, faults page.Faults) *page.Confirm {
	return &page.Confirm{Action: "/findings/" + pathOf(office) + "/ask", Submit: "scan.ask", Fields: []page.Field{
		page.Field{Name: "due", Label: "scan.due", Type: page.DateText, Required: true, Width: page.Medium, Value: r.PostFormValue("due")}.With(faults),
		page.Field{Name: "words", Label: "scan.words", Hint: "scan.wordshint", Type: page.Area, Required: true, MaxLength: 600, Value: r.PostFormValue("words")}.With(faults)}}
}

func (c *Console) askOffice(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	office := officeOf(r)
	if err := c.Desk.CheckFor(i, string(journal.FindingAsk), office); err != nil {
		return err
	}
	due, err := jtext.ParseDate(r.PostFormValue("due"))
	err = genbo.InField(err, "due")
	if err == nil {
		err = c.Findings.Ask(r.Context(), i.Actor(), office, due, r.PostFormValue("words"))
	}
	if faults := page.FaultsOf(err); len(faults) > 0 {
		return c.showFinding(w, r, i, faults)
	}
	if err != nil {
		return err
	}
	c.pages.Done(w, r, "/findings/"+pathOf(office), "notice.askedoffice")
	return nil
}

func (c *Console) answerForOffice(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	office := officeOf(r)
	if err := c.Desk.CheckFor(i, string(journal.FindingAnswer), office); err != nil {
		return err
	}
	if err := c.Findings.Answer(r.Context(), i.Actor(), office); err != nil {
		return err
	}
	c.pages.Done(w, r, "/findings/"+pathOf(office), "notice.answered")
	return nil
}
