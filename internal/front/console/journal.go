package console

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/base/jtext"
	"genbo/internal/front/page"
	"genbo/internal/record/access"
	"genbo/internal/record/journal"
	"genbo/internal/record/staff"
)

type journalView struct {
	page.Frame
	Filter     []page.Field
	Entries    page.Table
	Pages      page.Pages
	Checkpoint string
	Key        string
	Lag        page.Text
	Report     *page.Facts
	Problems   page.Table
}

// pageLength is how many entries a page of the journal shows.
const pageLength = 50

func (c *Console) journal(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	if err := c.Desk.Check(i, string(journal.JournalRead)); err != nil {
		return err
	}
	filter, v := readFilter(r)
	v.Title, v.Wide = page.Say("nav.journal"), true
	if err := c.note(r, i, journal.JournalRead); err != nil {
		return err
	}
	list, more, err := c.Journal.List(r.Context(), filter, pageLength)
	if err != nil {
		return err
	}
	v.Entries = page.Table{ID: "entries", Caption: page.Say("journal.entries"), Empty: "journal.none", Columns: []page.Column{
		{Label: "journal.number"}, {Label: "look.when"}, {Label: "look.who"}, {Label: "look.device"}, {Label: "look.what"}, {Label: "look.purpose"}, {Label: "look.case"},
		{Label: "journal.persons", Numeric: true}, {Label: "look.fields"}, {Label: "look.reason"}, {Label: "journal.outcome"}}}
	for _, e := range list {
		outcome := page.Status{Kind: page.Success, Label: page.Say("outcome.done")}
		if e.Outcome == journal.Refused {
			outcome = page.Status{Kind: page.Danger, Label: page.Say("outcome.refused")}
		}
		v.Entries.Rows = append(v.Entries.Rows, []any{e.Number.String(), e.At, string(e.Actor.Staff), string(e.Actor.Device), page.Say("action." + string(e.Action)),
			c.purpose(e.Purpose, page.LangOf(r)), string(e.Case), e.People.Count(), fieldsOf(e.Entry), e.Reason, outcome})
	}
	if more > 0 {
		next := url.Values{}
		for _, name := range []string{"from", "to", "staff", "device", "action"} {
			if text := r.FormValue(name); text != "" {
				next.Set(name, text)
			}
		}
		next.Set("before", more.String())
		v.Pages = page.Pages{Next: "/journal?" + next.Encode(), First: 1, Last: len(list)}
	}
	return c.showJournal(w, r, v)
}

func (c *Console) showJournal(w http.ResponseWriter, r *http.Request, v *journalView) error {
	checkpoint, err := c.Journal.Checkpoint(r.Context())
	if err != nil {
		return err
	}
	v.Checkpoint, v.Key = checkpoint.Note, c.Witness
	v.Lag = page.Say("journal.lag", int(c.Journal.Lag(c.now()).Seconds()))
	c.pages.Render(w, r, http.StatusOK, "journal", v)
	return nil
}

func readFilter(r *http.Request) (journal.Filter, *journalView) {
	f := journal.Filter{Staff: genbo.StaffID(r.FormValue("staff")), Device: genbo.DeviceID(r.FormValue("device")), Action: journal.Action(r.FormValue("action"))}
	if n, err := strconv.ParseInt(r.FormValue("before"), 10, 64); err == nil && n > 0 {
		f.Before = genbo.EntryNumber(n)
	}
	v := &journalView{}
	day := func(name string, add int) (t time.Time) {
		text := r.FormValue(name)
		if text == "" {
			return t
		}
		d, err := jtext.ParseDate(text)
		if err != nil {
			v.Errors = append(v.Errors, page.FaultsOf(genbo.InField(err, name))...)
			return t
		}
		return d.AddDays(add).Time().Add(-9 * time.Hour)
	}
	f.From, f.To = day("from", 0), day("to", 1)
	actions := []page.Option{{Value: "", Label: page.Say("journal.all")}}
	for _, a := range journal.Actions {
		actions = append(actions, page.Option{Value: string(a), Label: page.Say("action." + string(a))})
	}
	field := func(name, label string, input page.Input) page.Field {
		return page.Field{Name: name, Label: label, Type: input, Width: page.Medium, Value: r.FormValue(name)}.With(v.Errors)
	}
	action := field("action", "look.what", page.Select)
	action.Options = actions
	v.Filter = []page.Field{field("from", "journal.from", page.DateText), field("to", "journal.to", page.DateText), field("staff", "look.who", page.Line),
		field("device", "look.device", page.Line), action}
	return f, v
}

// note writes into the journal that it was read.
func (c *Console) note(r *http.Request, i staff.Identity, a journal.Action) error {
	return c.DB.Share(r.Context(), func(tx *db.Tx) error {
		_, err := c.Journal.Write(tx, journal.Entry{Actor: i.Actor(), Action: a})
		return err
	})
}

func (c *Console) verify(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	if err := c.Desk.Check(i, string(journal.JournalVerify)); err != nil {
		return err
	}
	if err := c.note(r, i, journal.JournalVerify); err != nil {
		return err
	}
	report, err := journal.Verify(r.Context(), c.DB, c.Witness, nil, nil)
	if err != nil {
		return err
	}
	_, v := readFilter(r)
	v.Title = page.Say("journal.verified")
	v.Crumbs = []page.Link{{Href: "/journal", Text: page.Say("nav.journal")}}
	v.Filter = nil
	v.Report = &page.Facts{Rows: []page.Fact{{Term: "journal.checked", Value: report.Entries}, {Term: "journal.checkpoints", Value: report.Checkpoints},
		{Term: "journal.root", Value: report.Root.String()}, {Term: "journal.problems", Value: len(report.Problems)}}}
	v.Problems = page.Table{ID: "problems", Caption: page.Say("journal.problems"), Empty: "journal.noproblems",
		Columns: []page.Column{{Label: "journal.number"}, {Label: "journal.what"}}}
	for _, p := range report.Problems {
		v.Problems.Rows = append(v.Problems.Rows, []any{p.Entry.String(), p.What})
	}
	return c.showJournal(w, r, v)
}

type rulesView struct {
	page.Frame
	Text string
}

// rules shows who may do what, as the program evaluates it.
func (c *Console) rules(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	if err := c.Desk.Check(i, access.ReadStaff); err != nil {
		return err
	}
	v := &rulesView{Text: access.Policies}
	v.Title = page.Say("rules.title")
	c.pages.Render(w, r, http.StatusOK, "rules", v)
	return nil
}
