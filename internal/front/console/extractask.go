package console

import (
	"net/http"
	"strconv"
	"strings"

	"genbo"
	"genbo/internal/base/jtext"
	"genbo/internal/front/page"
	"genbo/internal/record/access"
	"genbo/internal/record/extract"
	"genbo/internal/record/person"
	"genbo/internal/record/staff"
	"genbo/internal/work/desk"
	"genbo/internal/work/handover"
)

var askSteps = []string{"extract.step.wish", "extract.step.count", "extract.step.approval"}

func (c *Console) askForm(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	return c.showAsk(w, r, i, nil)
}

func (c *Console) showAsk(w http.ResponseWriter, r *http.Request, i staff.Identity, faults page.Faults) error {
	if err := c.Desk.Check(i, access.AskExtracts); err != nil {
		return err
	}
	v := &formView{Lead: page.Say("extract.lead"), Action: "/extracts/new", Submit: "extract.count", Steps: page.Steps{Labels: askSteps}}
	v.Title, v.Errors = page.Say("extract.new"), faults
	v.Crumbs = []page.Link{{Href: "/extracts", Text: page.Say("nav.extracts")}}
	saved, err := c.Handover.Saved(r.Context(), i)
	if err != nil {
		return err
	}
	v.Fields = c.askFields(r, i, saved)
	for n := range v.Fields {
		v.Fields[n] = v.Fields[n].With(faults)
	}
	status := http.StatusOK
	if len(faults) > 0 {
		status = http.StatusUnprocessableEntity
	}
	c.pages.Render(w, r, status, "form", v)
	return nil
}

// askFields are the questions for a list.
func (c *Console) askFields(r *http.Request, i staff.Identity, saved []extract.Saved) []page.Field {
	value := func(name, otherwise string) string {
		if r.Method == http.MethodPost {
			return r.PostFormValue(name)
		}
		return otherwise
	}
	var fields, forms []page.Option
	genbo.AllFields.Each(func(one genbo.FieldSet) {
		fields = append(fields, page.Option{Value: one.String(), Label: page.Say("fields." + one.String())})
	})
	for _, f := range extract.Forms {
		forms = append(forms, page.Option{Value: string(f), Label: page.Say("extract.form." + string(f)), Hint: "extract.formhint." + string(f)})
	}
	line := func(name, label, hint, otherwise string, width page.Width) page.Field {
		return page.Field{Name: name, Label: label, Hint: hint, Value: value(name, otherwise), Width: width, MaxLength: 200}
	}
	date := func(name, label string) page.Field {
		f := line(name, label, "", "", page.Medium)
		f.Type = page.DateText
		return f
	}
	return []page.Field{
		{Name: "purpose", Label: "extract.purpose", Type: page.Radios, Required: true, Value: value("purpose", ""), Options: c.purposeOptions(page.LangOf(r))},
		{Name: "fields", Label: "look.fields", Hint: "extract.fieldshint", Type: page.Checks, Values: r.PostForm["fields"], Options: fields},
		{Name: "form", Label: "extract.form", Type: page.Radios, Required: true, Value: value("form", string(extract.Worklist)), Options: forms},
		{Name: "saved", Label: "extract.saved", Hint: "extract.savedhint", Type: page.Select, Value: value("saved", ""), Options: savedOptions(saved)},
		line("office", "extract.office", "extract.officehint", string(i.Member.Office), page.Short),
		date("born_from", "extract.bornfrom"), date("born_to", "extract.bornto"),
		{Name: "life", Label: "extract.life", Type: page.Radios, Value: value("life", string(person.Living)), Options: []page.Option{
			{Value: string(person.Living), Label: page.Say("extract.living")}, {Value: string(person.Deceased), Label: page.Say("state.dead")},
			{Value: "any", Label: page.Say("extract.anylife")}}},
		{Name: "numbers", Label: "extract.numbers", Hint: "extract.numbershint", Type: page.Area, Value: value("numbers", "")},
		line("save_as", "extract.saveas", "extract.saveashint", "", page.Medium),
		line("days", "extract.days", "", "7", page.Short),
		line("recipient", "extract.recipient", "extract.recipienthint", string(i.Member.ID), page.Medium),
		line("device", "extract.device", "extract.devicehint", "", page.Medium),
		line("contractor", "extract.contractor", "extract.contractorhint", "", ""),
		line("case", "look.case", "extract.casehint", "", page.Medium),
		{Name: "reason", Label: "change.reason", Type: page.Area, Required: true, Value: value("reason", ""), MaxLength: 600},
		{Name: "emergency", Label: "extract.emergency", Type: page.Checks, Values: r.PostForm["emergency"], Options: []page.Option{
			{Value: "yes", Label: page.Say("extract.glassask"), Hint: "extract.glasshint"}}},
	}
}

func savedOptions(saved []extract.Saved) []page.Option {
	options := []page.Option{{Value: "", Label: page.Say("extract.nosaved")}}
	for _, one := range saved {
		options = append(options, page.Option{Value: one.ID, Label: page.Say("extract.savedoption", one.Name, string(one.Staff))})
	}
	return options
}

func (c *Console) purposeOptions(lang page.Lang) (options []page.Option) {
	for _, p := range c.Handover.Purposes() {
		options = append(options, page.Option{Value: p.Code, Label: page.Say("extract.purposeoption", c.listPurpose(p.Code, lang), p.Fields.String(), p.Most)})
	}
	return options
}

// readWish reads what is asked for.
func readWish(r *http.Request) (handover.Wish, page.Faults) {
	var faults page.Faults
	note := func(field string, err error) { faults = append(faults, page.FaultsOf(genbo.InField(err, field))...) }
	day := func(name string) genbo.Date {
		if r.PostFormValue(name) == "" {
			return 0
		}
		d, err := jtext.ParseDate(r.PostFormValue(name))
		note(name, err)
		return d
	}
	w := handover.Wish{Purpose: r.PostFormValue("purpose"), Form: extract.Form(r.PostFormValue("form")), Recipient: genbo.StaffID(r.PostFormValue("recipient")),
		Device: genbo.DeviceID(strings.TrimSpace(r.PostFormValue("device"))), Contractor: r.PostFormValue("contractor"), Emergency: r.PostFormValue("emergency") != ""}
	w.Selection = person.Selection{Office: genbo.OfficeID(strings.TrimSpace(r.PostFormValue("office"))), BornFrom: day("born_from"), BornTo: day("born_to"),
		Life: person.Life(r.PostFormValue("life"))}
	if w.Selection.Life != person.Living && w.Selection.Life != person.Deceased {
		w.Selection.Life = ""
	}
	for _, letter := range r.PostForm["fields"] {
		one, err := genbo.ParseFieldSet(letter)
		note("fields", err)
		w.Fields |= one
	}
	for n, text := range strings.Fields(r.PostFormValue("numbers")) {
		number, err := genbo.ParseNumber(text)
		if err != nil {
			note("numbers", genbo.NewFault("numbers", "extract.number", n+1))
			break
		}
		w.Selection.Numbers = append(w.Selection.Numbers, number)
	}
	if len(w.Selection.Numbers) > 0 {
		w.Selection.Office = ""
	}
	var err error
	if w.Days, err = strconv.Atoi(r.PostFormValue("days")); err != nil {
		note("days", genbo.NewFault("days", "extract.daysform"))
	}
	if strings.TrimSpace(r.PostFormValue("reason")) == "" {
		note("reason", genbo.NewFault("reason", "change.reason"))
	}
	return w, faults
}

// faultsAsked turns an error about a wish into faults of the form's own fields.
func faultsAsked(err error) page.Faults {
	faults := page.FaultsOf(err)
	for _, f := range faults {
		if f.Field == "selection" {
			f.Field = "office"
		}
	}
	return faults
}

func (c *Console) ask(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	wish, faults := readWish(r)
	if id := r.PostFormValue("saved"); id != "" {
		again, err := c.Handover.Again(r.Context(), i, id)
		if err != nil && len(page.FaultsOf(err)) == 0 {
			return err
		}
		wish.Selection, faults = again, append(faults, page.FaultsOf(err)...)
	}
	if len(faults) > 0 {
		return c.showAsk(w, r, i, faults)
	}
	v := visit(r, i)
	v.Purpose = ""
	if r.PostFormValue("confirmed") == "" {
		return c.confirmAsk(w, r, i, v, wish)
	}
	if name := r.PostFormValue("save_as"); name != "" {
		if _, err := c.Handover.Save(r.Context(), i, name, wish.Selection); err != nil {
			if faults := page.FaultsOf(err); len(faults) > 0 {
				return c.showAsk(w, r, i, faults)
			}
			return err
		}
	}
	id, err := c.Handover.Ask(r.Context(), v, wish, func(int, int) {})
	if faults := faultsAsked(err); len(faults) > 0 {
		return c.showAsk(w, r, i, faults)
	}
	if err != nil {
		return err
	}
	c.pages.Done(w, r, "/extracts/"+id, "notice.asked")
	return nil
}

// confirmAsk shows how many people were chosen, and no more, before approval is asked for.
func (c *Console) confirmAsk(w http.ResponseWriter, r *http.Request, i staff.Identity, v desk.Visit, wish handover.Wish) error {
	count, err := c.Handover.Preview(r.Context(), v, wish, func(int, int) {})
	if faults := faultsAsked(err); len(faults) > 0 {
		return c.showAsk(w, r, i, faults)
	}
	if err != nil {
		return err
	}
	var persons any = count.Persons
	if count.Few {
		persons = page.Say("extract.few")
	}
	view := &formView{Steps: page.Steps{Labels: askSteps, Current: 1}}
	view.Title = page.Say("extract.new")
	view.Crumbs = []page.Link{{Href: "/extracts", Text: page.Say("nav.extracts")}}
	rows := []page.Fact{{Term: "extract.persons", Value: persons}, {Term: "extract.purpose", Value: c.listPurpose(wish.Purpose, page.LangOf(r))},
		{Term: "look.fields", Value: fieldNames(wish.Fields)}, {Term: "extract.form", Value: page.Say("extract.form." + string(wish.Form))},
		{Term: "extract.recipient", Value: string(wish.Recipient)}, {Term: "extract.days", Value: wish.Days}, {Term: "change.reason", Value: v.Reason}}
	if count.Unknown > 0 {
		rows = append(rows, page.Fact{Term: "extract.unknown", Value: count.Unknown})
	}
	view.Confirm = &page.Confirm{Facts: page.Facts{Rows: rows}, Action: "/extracts/new", Submit: "extract.ask", Back: "/extracts/new", Hidden: confirmedAll(r)}
	if wish.Emergency {
		view.Confirm.Danger = true
		view.Confirm.Warning = &page.Notice{Kind: page.Danger, Title: page.Say("extract.glass"), Body: page.Say("extract.glasstext")}
	}
	c.pages.Render(w, r, http.StatusOK, "form", view)
	return nil
}

// confirmedAll is [confirmed], with every value of a field that has several.
func confirmedAll(r *http.Request) []page.Field {
	fields := confirmed(r)
	for name, values := range r.PostForm {
		for n, value := range values {
			if n > 0 {
				fields = append(fields, hidden(name, value)...)
			}
		}
	}
	return fields
}
