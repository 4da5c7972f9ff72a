package console

import (
	"net/http"
	"time"

	"genbo"
	"genbo/internal/base/jtext"
	"genbo/internal/front/page"
	"genbo/internal/record/disclosure"
	"genbo/internal/record/journal"
	"genbo/internal/record/staff"
)

type disclosuresView struct {
	page.Frame
	Filter []page.Field
	Asked  bool
	Tiles  []page.Tile
	Widths page.Table
	Parts  page.Table
}

// shownParts is how many groups of disclosures a page lists.
const shownParts = 200

// disclosures answers what a device, a member of staff, an office or a purpose received.
func (c *Console) disclosures(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	if err := c.Desk.Check(i, string(journal.DisclosureRead)); err != nil {
		return err
	}
	q, v := readQuestion(r)
	v.Title, v.Wide = page.Say("nav.disclosures"), true
	if v.Asked = r.FormValue("ask") != "" && len(v.Errors) == 0; v.Asked {
		a, err := c.Desk.Disclosed(r.Context(), i, q)
		if err != nil {
			return err
		}
		c.showAnswer(v, a, page.LangOf(r))
	}
	c.pages.Render(w, r, http.StatusOK, "disclosures", v)
	return nil
}

func (c *Console) showAnswer(v *disclosuresView, a disclosure.Answer, lang page.Lang) {
	v.Tiles = []page.Tile{{Label: "disclosure.persons", Figure: a.Persons, Unit: "unit.persons"}, {Label: "disclosure.cases", Figure: a.Cases, Unit: "unit.cases"}}
	v.Widths = page.Table{ID: "widths", Caption: page.Say("disclosure.widths"), Empty: "disclosure.none", Columns: []page.Column{
		{Label: "disclosure.letters"}, {Label: "look.fields"}, {Label: "extract.persons", Numeric: true}}}
	for _, one := range a.ByWidth {
		v.Widths.Rows = append(v.Widths.Rows, []any{one.Fields.String(), fieldNames(one.Fields), one.Persons})
	}
	v.Parts = page.Table{ID: "parts", Caption: page.Say("disclosure.parts", min(len(a.Parts), shownParts), len(a.Parts)), Empty: "disclosure.none", Columns: []page.Column{
		{Label: "look.when"}, {Label: "look.device"}, {Label: "look.who"}, {Label: "fields.O"}, {Label: "look.what"}, {Label: "look.purpose"}, {Label: "extract.id"},
		{Label: "disclosure.letters"}, {Label: "extract.persons", Numeric: true}, {Label: "disclosure.cases", Numeric: true}}}
	for _, p := range a.Parts[:min(len(a.Parts), shownParts)] {
		var list any = ""
		if p.Extract != "" {
			list = page.Link{Href: "/extracts/" + p.Extract, Text: p.Extract}
		}
		purpose := c.purpose(p.Purpose, lang)
		if p.Extract != "" {
			purpose = c.listPurpose(p.Purpose, lang)
		}
		v.Parts.Rows = append(v.Parts.Rows, []any{p.Day, string(p.Device), string(p.Staff), string(p.Office), page.Say("action." + string(p.Action)), purpose, list,
			p.Fields.String(), p.Persons, p.Cases})
	}
}

func readQuestion(r *http.Request) (disclosure.Question, *disclosuresView) {
	q := disclosure.Question{Device: genbo.DeviceID(r.FormValue("device")), Staff: genbo.StaffID(r.FormValue("staff")), Office: genbo.OfficeID(r.FormValue("office")),
		Purpose: r.FormValue("purpose"), Extract: r.FormValue("list")}
	v := &disclosuresView{}
	day := func(name string, add int) (t time.Time) {
		if r.FormValue(name) == "" {
			return t
		}
		d, err := jtext.ParseDate(r.FormValue(name))
		if err != nil {
			v.Errors = append(v.Errors, page.FaultsOf(genbo.InField(err, name))...)
			return t
		}
		return d.AddDays(add).Time().Add(-9 * time.Hour)
	}
	q.From, q.To = day("from", 0), day("to", 1)
	field := func(name, label string, input page.Input) page.Field {
		return page.Field{Name: name, Label: label, Type: input, Width: page.Medium, Value: r.FormValue(name), MaxLength: 200}.With(v.Errors)
	}
	v.Filter = []page.Field{field("device", "look.device", page.Line), field("staff", "look.who", page.Line), field("office", "fields.O", page.Line),
		field("purpose", "look.purpose", page.Line), field("list", "extract.id", page.Line), field("from", "journal.from", page.DateText), field("to", "journal.to", page.DateText)}
	return q, v
}
