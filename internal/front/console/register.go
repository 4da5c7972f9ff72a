package console

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"genbo"
	"genbo/internal/base/jtext"
	"genbo/internal/front/page"
	"genbo/internal/record/person"
	"genbo/internal/record/staff"
)

// registerKinds are what a new person is asked for.
var registerKinds = []person.Kind{person.KindName, person.KindBirth, person.KindSex, person.KindAddress, person.KindPhone}

func (c *Console) registerForm(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	return c.showRegister(w, r, i, nil)
}

func (c *Console) showRegister(w http.ResponseWriter, r *http.Request, i staff.Identity, faults page.Faults) error {
	if err := c.Desk.Check(i, "person.register"); err != nil {
		return err
	}
	view := &formView{Lead: page.Say("register.lead"), Action: "/people/new", Submit: "register.do"}
	view.Title, view.Errors = page.Say("register.title"), faults
	view.Crumbs = []page.Link{{Href: "/people", Text: page.Say("nav.people")}}
	for _, k := range registerKinds {
		view.Fields = append(view.Fields, valueFields(k, r)...)
	}
	view.Fields = append(view.Fields,
		page.Field{Name: "valid_from", Label: "change.from", Hint: "register.fromhint", Type: page.DateText, Width: page.Medium, Required: true, Value: r.PostFormValue("valid_from")},
		reasonField(nil))
	for n := range view.Fields {
		view.Fields[n] = view.Fields[n].With(faults)
		if view.Fields[n].Name == "reason" {
			view.Fields[n].Value = r.PostFormValue("reason")
		}
	}
	status := http.StatusOK
	if len(faults) > 0 {
		status = http.StatusUnprocessableEntity
	}
	c.pages.Render(w, r, status, "form", view)
	return nil
}

func (c *Console) register(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	n := person.Newcomer{Evidence: "id-document"}
	var faults page.Faults
	for _, k := range registerKinds {
		value, fs := readValue(k, r.PostFormValue)
		faults = append(faults, fs...)
		n.Values = append(n.Values, value)
	}
	var err error
	n.ValidFrom, err = jtext.ParseDate(r.PostFormValue("valid_from"))
	faults = append(faults, page.FaultsOf(genbo.InField(err, "valid_from"))...)
	if strings.TrimSpace(r.PostFormValue("reason")) == "" {
		faults = append(faults, genbo.NewFault("reason", "change.reason"))
	}
	if len(faults) > 0 {
		return c.showRegister(w, r, i, faults)
	}
	if r.PostFormValue("confirmed") == "" {
		return c.confirmRegister(w, r, i, n)
	}
	v := visit(r, i)
	v.Purpose = "change"
	ref, err := c.Desk.Register(r.Context(), v, n)
	if faults := page.FaultsOf(err); len(faults) > 0 {
		return c.showRegister(w, r, i, faults)
	}
	if err != nil {
		return err
	}
	c.pages.Done(w, r, "/people/"+string(ref)+"?"+visitQuery(v), "notice.registered")
	return nil
}

// confirmRegister shows what is about to be entered.
func (c *Console) confirmRegister(w http.ResponseWriter, r *http.Request, i staff.Identity, n person.Newcomer) error {
	if err := c.Desk.Check(i, "person.register"); err != nil {
		return err
	}
	view := &formView{Steps: page.Steps{Labels: changeSteps, Current: 1}}
	view.Title = page.Say("register.title")
	view.Crumbs = []page.Link{{Href: "/people", Text: page.Say("nav.people")}}
	var rows []page.Fact
	for _, value := range n.Values {
		rows = append(rows, page.Fact{Term: "fields." + value.Kind().Field().String(), Value: shown(value)})
	}
	rows = append(rows, page.Fact{Term: "change.from", Value: n.ValidFrom}, page.Fact{Term: "change.reason", Value: r.PostFormValue("reason")})
	view.Confirm = &page.Confirm{Facts: page.Facts{Rows: rows}, Action: "/people/new", Submit: "register.do", Back: "/people/new", Hidden: confirmed(r)}
	c.pages.Render(w, r, http.StatusOK, "form", view)
	return nil
}

// confirmed carries what was entered over the page that asks to confirm it.
func confirmed(r *http.Request) []page.Field {
	fields := hidden("confirmed", "yes")
	for _, name := range slices.Sorted(maps.Keys(r.PostForm)) {
		if name != "confirmed" {
			fields = append(fields, hidden(name, r.PostFormValue(name))...)
		}
	}
	return fields
}
