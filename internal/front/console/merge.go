package console

import (
	"net/http"

	"genbo"
	"genbo/internal/front/page"
	"genbo/internal/record/person"
	"genbo/internal/record/staff"
	"genbo/internal/work/desk"
)

func (c *Console) mergeForm(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	return c.showMerge(w, r, i, nil)
}

func (c *Console) showMerge(w http.ResponseWriter, r *http.Request, i staff.Identity, faults page.Faults) error {
	f, v, err := c.opened(r, i)
	if err != nil {
		return err
	}
	view := c.personForm(f, v, "merge.title")
	view.Errors, view.Lead = faults, page.Say("merge.lead")
	view.Fields = []page.Field{page.Field{Name: "other", Label: "merge.other", Hint: "merge.otherhint", Required: true, Width: page.Medium,
		InputMode: "numeric", Value: r.PostFormValue("other")}.With(faults), reasonField(faults)}
	view.Action, view.Submit = "/people/"+string(f.Ref)+"/merge", "merge.do"
	status := http.StatusOK
	if len(faults) > 0 {
		status = http.StatusUnprocessableEntity
	}
	c.pages.Render(w, r, status, "form", view)
	return nil
}

// merge asks that the person with the number typed be merged into the one of the page.
func (c *Console) merge(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	v, ref := visit(r, i), genbo.PersonRef(r.PathValue("ref"))
	other, err := c.byNumber(r, i, r.PostFormValue("other"))
	if err == nil {
		var id string
		if id, err = c.Desk.AskMerge(r.Context(), v, other, ref); err == nil {
			c.pages.Done(w, r, "/approvals/"+id, "notice.asked")
			return nil
		}
	}
	if faults := page.FaultsOf(genbo.InField(err, fieldOf(err, "other"))); len(faults) > 0 {
		return c.showMerge(w, r, i, faults)
	}
	return err
}

// fieldOf is the form's field that a fault belongs to: a reason stays a reason, the rest is about the number.
func fieldOf(err error, other string) string {
	if fs := page.FaultsOf(err); len(fs) > 0 && fs[0].Field == "reason" {
		return "reason"
	}
	return other
}

// byNumber finds the one person with a number; the look is accounted for as any search.
func (c *Console) byNumber(r *http.Request, i staff.Identity, text string) (genbo.PersonRef, error) {
	n, err := genbo.ParseNumber(text)
	if err != nil {
		return "", err
	}
	found, err := c.Desk.Find(r.Context(), desk.Visit{Identity: i}, person.Query{Number: n})
	if err != nil {
		return "", err
	}
	if len(found.Lines) == 0 {
		return "", genbo.NewFault("other", "merge.nobody")
	}
	return found.Lines[0].Ref, nil
}

func (c *Console) splitForm(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	f, v, err := c.opened(r, i)
	if err != nil {
		return err
	}
	now := c.now()
	for _, a := range f.Absorbed {
		if string(a.Ref) != r.FormValue("absorbed") {
			continue
		}
		b := bar(a.Record, genbo.DateOf(now.In(genbo.Japan)), now)
		view := c.personForm(f, v, "split.title")
		view.Confirm = &page.Confirm{Facts: page.Facts{Rows: []page.Fact{{Term: "fields.A", Value: page.Lines{b.Name, b.Kana}}, {Term: "fields.B", Value: b.Birth}}},
			Warning: &page.Notice{Kind: page.Warning, Title: page.Say("split.warning")}, Fields: []page.Field{reasonField(nil)},
			Action: "/people/" + string(f.Ref) + "/split", Submit: "split.do", Hidden: append(view.Hidden, hidden("absorbed", string(a.Ref))...),
			Back: "/people/" + string(f.Ref) + "?" + visitQuery(v)}
		c.pages.Render(w, r, http.StatusOK, "form", view)
		return nil
	}
	return genbo.ErrNotFound
}

func (c *Console) split(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	id, err := c.Desk.AskSplit(r.Context(), visit(r, i), genbo.PersonRef(r.PostFormValue("absorbed")), genbo.PersonRef(r.PathValue("ref")))
	if err != nil {
		return err
	}
	c.pages.Done(w, r, "/approvals/"+id, "notice.asked")
	return nil
}
