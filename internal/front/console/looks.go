package console

import (
	"net/http"

	"genbo"
	"genbo/internal/front/page"
	"genbo/internal/record/extract"
	"genbo/internal/record/journal"
	"genbo/internal/record/staff"
)

// looks is who looked, and who changed; a member is told everything of it but the names of staff.
func (c *Console) looks(entries []journal.Entry, lang page.Lang, names bool) page.Table {
	t := page.Table{ID: "looks", Caption: page.Say("person.looks"), Empty: "person.nolooks", Filtered: names, Columns: []page.Column{{Label: "look.when"}}}
	if names {
		t.Columns = append(t.Columns, page.Column{Label: "look.who"})
	}
	t.Columns = append(t.Columns, page.Column{Label: "look.device"}, page.Column{Label: "look.what"}, page.Column{Label: "look.purpose"}, page.Column{Label: "look.case"},
		page.Column{Label: "look.fields"}, page.Column{Label: "look.reason"})
	for _, e := range entries {
		row := []any{e.At}
		if names {
			row = append(row, string(e.Actor.Staff))
		}
		t.Rows = append(t.Rows, append(row, string(e.Actor.Device), page.Say("action."+string(e.Action)), c.whyLooked(e, lang), string(e.Case), fieldsOf(e), e.Reason))
	}
	return t
}

// whyLooked is the name of the purpose of an entry: a visit's, or a list's.
func (c *Console) whyLooked(e journal.Entry, lang page.Lang) string {
	if _, err := extract.IDOf(e.Detail); err == nil {
		return c.listPurpose(e.Purpose, lang)
	}
	return c.purpose(e.Purpose, lang)
}

type looksView struct {
	page.Frame
	Bar   page.PersonBar
	Date  genbo.Date
	Looks page.Table
}

// looksFor is what a member is handed who asks who saw his data: to be printed, without the names of staff.
func (c *Console) looksFor(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	v := visit(r, i)
	f, err := c.Desk.Open(r.Context(), v, genbo.PersonRef(r.PathValue("ref")))
	if err != nil {
		return err
	}
	all, err := c.Desk.AllLooks(r.Context(), f)
	if err != nil {
		return err
	}
	now := c.now()
	view := &looksView{Date: genbo.DateOf(now.In(genbo.Japan)), Looks: c.looks(all, page.LangOf(r), false)}
	view.Bar = bar(f.Record, view.Date, now)
	view.Title, view.Wide = page.Say("looks.title"), true
	view.Crumbs = []page.Link{{Href: "/people", Text: page.Say("nav.people")}, {Href: "/people/" + string(f.Ref) + "?" + visitQuery(v), Text: page.Say("person.title")}}
	c.pages.Render(w, r, http.StatusOK, "looks", view)
	return nil
}
