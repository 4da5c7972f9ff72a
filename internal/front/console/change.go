package console

import (
	"net/http"
	"strconv"

	"genbo"
	"genbo/internal/base/jtext"
	"genbo/internal/front/page"
	"genbo/internal/record/person"
	"genbo/internal/record/staff"
	"genbo/internal/work/desk"
)

// formView is a page with one form, or the confirmation of one.
type formView struct {
	page.Frame
	Bar     *page.PersonBar
	Lead    page.Text
	Steps   page.Steps
	Current *page.Facts // what holds now
	Fields  []page.Field
	Hidden  []page.Field
	Action  string
	Submit  string
	Confirm *page.Confirm
}

// opened opens the person that a form is about, so that the clerk sees whom he changes.
func (c *Console) opened(r *http.Request, i staff.Identity) (*desk.File, desk.Visit, error) {
	v := visit(r, i)
	if v.Purpose == "" {
		v.Purpose = "change"
	}
	f, err := c.Desk.Open(r.Context(), v, genbo.PersonRef(r.PathValue("ref")))
	return f, v, err
}

func hidden(pairs ...string) []page.Field {
	var fields []page.Field
	for i := 0; i+1 < len(pairs); i += 2 {
		fields = append(fields, page.Field{Name: pairs[i], Type: page.Hidden, Value: pairs[i+1]})
	}
	return fields
}

func (c *Console) personForm(f *desk.File, v desk.Visit, title string) *formView {
	now := c.now()
	b := bar(f.Record, genbo.DateOf(now.In(genbo.Japan)), now)
	view := &formView{Bar: &b}
	view.Title = page.Say(title)
	view.Crumbs = []page.Link{{Href: "/people", Text: page.Say("nav.people")},
		{Href: "/people/" + string(f.Ref) + "?" + visitQuery(v), Text: page.Say("person.title")}}
	view.Hidden = hidden("purpose", v.Purpose, "case", string(v.Case))
	return view
}

func (c *Console) changeForm(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	return c.showChange(w, r, i, nil)
}

func (c *Console) showChange(w http.ResponseWriter, r *http.Request, i staff.Identity, faults page.Faults) error {
	f, v, err := c.opened(r, i)
	if err != nil {
		return err
	}
	kind := person.Kind(r.FormValue("kind"))
	fields := valueFields(kind, r)
	if fields == nil {
		return genbo.ErrNotFound
	}
	view := c.personForm(f, v, "change.title."+string(kind))
	view.Errors = faults
	view.Steps = page.Steps{Labels: changeSteps}
	now := c.now()
	if value, found := f.Record.At(kind, genbo.DateOf(now.In(genbo.Japan)), now); found {
		view.Current = &page.Facts{Rows: []page.Fact{{Term: "change.now", Value: shown(value)}}}
	}
	if !kind.Lifelong() {
		fields = append(fields, page.Field{Name: "valid_from", Label: "change.from", Hint: "change.fromhint", Type: page.DateText, Width: page.Medium, Required: true, Value: r.PostFormValue("valid_from")})
	}
	fields = append(fields,
		page.Field{Name: "evidence", Label: "change.evidence", Type: page.Radios, Required: true, Options: evidenceOptions(kind), Value: r.PostFormValue("evidence")},
		page.Field{Name: "reason", Label: "change.reason", Hint: "change.reasonhint", Type: page.Area, Required: true, Value: r.PostFormValue("reason"), MaxLength: 600},
	)
	for n := range fields {
		fields[n] = fields[n].With(faults)
	}
	view.Fields, view.Action, view.Submit = fields, "/people/"+string(f.Ref)+"/change", "change.next"
	view.Hidden = append(view.Hidden, hidden("kind", string(kind))...)
	status := http.StatusOK
	if len(faults) > 0 {
		status = http.StatusUnprocessableEntity
	}
	c.pages.Render(w, r, status, "form", view)
	return nil
}

var changeSteps = []string{"change.step.enter", "change.step.check", "change.step.done"}

func evidenceOptions(kind person.Kind) (options []page.Option) {
	for _, e := range desk.EvidenceFor(kind) {
		o := page.Option{Value: string(e), Label: page.Say("evidence." + string(e))}
		if e == desk.ByKnowledge {
			o.Hint = "change.knowledgehint"
		}
		options = append(options, o)
	}
	return options
}

// change checks what was entered, asks to confirm it, and then does it.
func (c *Console) change(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	change, faults := readChange(r)
	if len(faults) > 0 {
		return c.showChange(w, r, i, faults)
	}
	if r.PostFormValue("confirmed") == "" {
		return c.confirmChange(w, r, i, change)
	}
	v := visit(r, i)
	ref := genbo.PersonRef(r.PathValue("ref"))
	out, err := c.Desk.Change(r.Context(), v, ref, change)
	if faults := page.FaultsOf(err); len(faults) > 0 {
		return c.showChange(w, r, i, faults)
	}
	if err != nil {
		return err
	}
	notice := "notice.changed"
	if out.Pending != "" {
		notice = "notice.proposed"
	}
	c.pages.Done(w, r, "/people/"+string(ref)+"?"+visitQuery(v), notice)
	return nil
}

func readChange(r *http.Request) (person.Change, page.Faults) {
	kind := person.Kind(r.PostFormValue("kind"))
	value, faults := readValue(kind, r.PostFormValue)
	var from genbo.Date
	if !kind.Lifelong() {
		var err error
		from, err = jtext.ParseDate(r.PostFormValue("valid_from"))
		faults = append(faults, page.FaultsOf(genbo.InField(err, "valid_from"))...)
	}
	if r.PostFormValue("evidence") == "" {
		faults = append(faults, genbo.NewFault("evidence", "change.evidence"))
	}
	if _, err := jtext.CleanText(r.PostFormValue("reason")); err != nil {
		faults = append(faults, page.FaultsOf(genbo.InField(err, "reason"))...)
	}
	return person.Change{Value: value, ValidFrom: from, Evidence: r.PostFormValue("evidence")}, faults
}

func (c *Console) confirmChange(w http.ResponseWriter, r *http.Request, i staff.Identity, change person.Change) error {
	f, v, err := c.opened(r, i)
	if err != nil {
		return err
	}
	kind := change.Value.Kind()
	view := c.personForm(f, v, "change.title."+string(kind))
	view.Steps = page.Steps{Labels: changeSteps, Current: 1}
	rows := []page.Fact{}
	now := c.now()
	if value, found := f.Record.At(kind, genbo.DateOf(now.In(genbo.Japan)), now); found {
		rows = append(rows, page.Fact{Term: "change.now", Value: shown(value)})
	}
	rows = append(rows, page.Fact{Term: "change.new", Value: shown(change.Value)})
	if !kind.Lifelong() {
		rows = append(rows, page.Fact{Term: "change.from", Value: change.ValidFrom})
	}
	rows = append(rows,
		page.Fact{Term: "change.evidence", Value: page.Say("evidence." + change.Evidence)},
		page.Fact{Term: "change.reason", Value: r.PostFormValue("reason")})
	view.Confirm = &page.Confirm{Facts: page.Facts{Rows: rows}, Action: "/people/" + string(f.Ref) + "/change", Submit: "change.do",
		Back: "/people/" + string(f.Ref) + "/change?kind=" + string(kind) + "&" + visitQuery(v), Hidden: confirmed(r)}
	if desk.Evidence(change.Evidence) == desk.ByKnowledge {
		view.Confirm.Warning = &page.Notice{Kind: page.Warning, Title: page.Say("change.secondlook")}
	}
	c.pages.Render(w, r, http.StatusOK, "form", view)
	return nil
}

func (c *Console) withdrawForm(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	f, v, err := c.opened(r, i)
	if err != nil {
		return err
	}
	kind, seq := person.Kind(r.FormValue("kind")), r.FormValue("seq")
	view := c.personForm(f, v, "withdraw.title")
	rows := []page.Fact{}
	for _, fact := range f.Record.Facts {
		if fact.Kind == kind && strconv.Itoa(fact.Seq) == seq && fact.Withdraws == 0 {
			rows = append(rows, page.Fact{Term: "fields." + kind.Field().String(), Value: shown(fact.Value.Plain())})
			if fact.ValidFrom != person.Always {
				rows = append(rows, page.Fact{Term: "person.from", Value: fact.ValidFrom})
			}
			rows = append(rows, page.Fact{Term: "withdraw.recorded", Value: fact.RecordedAt})
		}
	}
	if len(rows) == 0 {
		return genbo.ErrNotFound
	}
	view.Confirm = &page.Confirm{Warning: &page.Notice{Kind: page.Warning, Title: page.Say("withdraw.warning")}, Facts: page.Facts{Rows: rows},
		Fields: []page.Field{reasonField(nil)}, Action: "/people/" + string(f.Ref) + "/withdraw", Submit: "withdraw.do",
		Hidden: append(view.Hidden, hidden("kind", string(kind), "seq", seq)...), Back: "/people/" + string(f.Ref) + "?" + visitQuery(v)}
	c.pages.Render(w, r, http.StatusOK, "form", view)
	return nil
}

func reasonField(faults page.Faults) page.Field {
	return page.Field{Name: "reason", Label: "change.reason", Hint: "change.reasonhint", Type: page.Area, Required: true, MaxLength: 600}.With(faults)
}

func (c *Console) withdraw(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	seq, err := strconv.Atoi(r.PostFormValue("seq"))
	if err != nil {
		return genbo.ErrNotFound
	}
	v, ref := visit(r, i), genbo.PersonRef(r.PathValue("ref"))
	if _, err := c.Desk.Withdraw(r.Context(), v, ref, person.Kind(r.PostFormValue("kind")), seq); err != nil {
		return err
	}
	c.pages.Done(w, r, "/people/"+string(ref)+"?"+visitQuery(v), "notice.withdrawn")
	return nil
}

func (c *Console) reissueForm(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	f, v, err := c.opened(r, i)
	if err != nil {
		return err
	}
	for _, n := range f.Record.Numbers {
		if strconv.Itoa(n.Seq) != r.FormValue("seq") || n.State != person.Current {
			continue
		}
		view := c.personForm(f, v, "reissue.title")
		view.Confirm = &page.Confirm{Warning: &page.Notice{Kind: page.Warning, Title: page.Say("reissue.warning")},
			Facts:  page.Facts{Rows: []page.Fact{{Term: "reissue.old", Value: n.Number.Plain()}, {Term: "number.kind", Value: page.Say("number." + string(n.Kind))}}},
			Fields: []page.Field{reasonField(nil)}, Action: "/people/" + string(f.Ref) + "/reissue", Submit: "reissue.do", Danger: true,
			Hidden: append(view.Hidden, hidden("seq", r.FormValue("seq"))...), Back: "/people/" + string(f.Ref) + "?" + visitQuery(v)}
		c.pages.Render(w, r, http.StatusOK, "form", view)
		return nil
	}
	return genbo.ErrNotFound
}

func (c *Console) reissue(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	seq, err := strconv.Atoi(r.PostFormValue("seq"))
	if err != nil {
		return genbo.ErrNotFound
	}
	v, ref := visit(r, i), genbo.PersonRef(r.PathValue("ref"))
	if _, err := c.Desk.Reissue(r.Context(), v, ref, seq); err != nil {
		return err
	}
	c.pages.Done(w, r, "/people/"+string(ref)+"?"+visitQuery(v), "notice.reissued")
	return nil
}
