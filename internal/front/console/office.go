package console

import (
	"net/http"

	"genbo"
	"genbo/internal/base/jtext"
	"genbo/internal/front/page"
	"genbo/internal/record/staff"
	"genbo/internal/work/desk"
)

func (c *Console) officeForm(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	return c.showOffice(w, r, i, nil)
}

func (c *Console) showOffice(w http.ResponseWriter, r *http.Request, i staff.Identity, faults page.Faults) error {
	f, v, err := c.opened(r, i)
	if err != nil {
		return err
	}
	offices, err := c.Directory.Offices(r.Context())
	if err != nil {
		return err
	}
	options := []page.Option{{Value: "", Label: page.Say("office.choose")}}
	for _, o := range offices {
		options = append(options, page.Option{Value: string(o.ID), Label: string(o.ID) + " " + o.Name})
	}
	view := c.personForm(f, v, "office.title")
	view.Errors = faults
	reason := reasonField(faults)
	reason.Value = r.PostFormValue("reason")
	view.Confirm = &page.Confirm{
		Facts: page.Facts{Rows: []page.Fact{{Term: "change.now", Value: string(f.Record.Office)}}},
		Fields: []page.Field{
			page.Field{Name: "office", Label: "fields.O", Type: page.Select, Required: true, Options: options, Value: r.PostFormValue("office")}.With(faults),
			page.Field{Name: "valid_from", Label: "change.from", Hint: "change.fromhint", Type: page.DateText, Width: page.Medium, Required: true,
				Value: r.PostFormValue("valid_from")}.With(faults),
			reason,
		},
		Action: "/people/" + string(f.Ref) + "/office", Submit: "office.do", Hidden: view.Hidden, Back: "/people/" + string(f.Ref) + "?" + visitQuery(v),
	}
	status := http.StatusOK
	if len(faults) > 0 {
		status = http.StatusUnprocessableEntity
	}
	c.pages.Render(w, r, status, "form", view)
	return nil
}

// office puts a person in the charge of another office.
func (c *Console) office(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	to, err := desk.ReadOffice(r.PostFormValue("office"))
	faults := page.FaultsOf(err)
	from, err := jtext.ParseDate(r.PostFormValue("valid_from"))
	faults = append(faults, page.FaultsOf(genbo.InField(err, "valid_from"))...)
	v, ref := visit(r, i), genbo.PersonRef(r.PathValue("ref"))
	if len(faults) == 0 {
		if _, err = c.Desk.Transfer(r.Context(), v, ref, to, from); err == nil {
			c.pages.Done(w, r, "/people/"+string(ref)+"?"+visitQuery(v), "notice.changed")
			return nil
		}
		if faults = page.FaultsOf(err); len(faults) == 0 {
			return err
		}
	}
	return c.showOffice(w, r, i, faults)
}
