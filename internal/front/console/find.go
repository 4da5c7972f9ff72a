package console

import (
	"net/http"
	"strconv"

	"genbo"
	"genbo/internal/front/page"
	"genbo/internal/record/staff"
	"genbo/internal/work/desk"
)

type findView struct {
	page.Frame
	Box      page.Field
	Searched bool
	Results  page.Table
	More     bool
	Retired  bool
	CanAdd   bool
}

func (c *Console) findForm(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	c.showFind(w, r, i, http.StatusOK, &findView{}, "")
	return nil
}

func (c *Console) showFind(w http.ResponseWriter, r *http.Request, i staff.Identity, status int, v *findView, typed string) {
	v.Title = page.Say("find.title")
	v.CanAdd = c.Desk.Allowed(i, "person.register")
	v.Box = page.Field{Name: "q", Label: "find.box", Hint: "find.hint", Value: typed, Required: true, Type: page.Search, MaxLength: 200}.With(v.Errors)
	c.pages.Render(w, r, status, "find", v)
}

// find answers a search in the page of the form: what was typed is personal and belongs in no address.
func (c *Console) find(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	typed := r.PostFormValue("q")
	query, err := desk.ParseQuery(typed)
	var results desk.Results
	if err == nil {
		results, err = c.Desk.Find(r.Context(), desk.Visit{Identity: i}, query)
	}
	v := &findView{}
	if v.Errors = page.FaultsOf(genbo.InField(err, "q")); len(v.Errors) > 0 {
		c.showFind(w, r, i, http.StatusUnprocessableEntity, v, typed)
		return nil
	}
	if err != nil {
		return err
	}
	v.Searched, v.More = true, results.More
	v.Results = page.Table{ID: "results", Caption: page.Say("find.results", len(results.Lines)), Empty: "find.none",
		Columns: []page.Column{{Label: "fields.A"}, {Label: "find.number"}, {Label: "find.born"}, {Label: "find.place"}, {Label: "fields.O"}, {Label: "find.state"}}}
	for _, l := range results.Lines {
		v.Retired = v.Retired || l.Retired
		numbers := page.Lines{}
		for _, n := range l.Numbers {
			numbers = append(numbers, n)
		}
		var born any = page.Say("find.unknown")
		if l.BirthYear > 0 {
			born = page.Say("find.year", strconv.Itoa(l.BirthYear))
		}
		var state any = ""
		if l.Dead {
			state = page.Status{Kind: page.Quiet, Label: page.Say("state.dead")}
		}
		v.Results.Rows = append(v.Results.Rows, []any{
			page.Link{Href: "/people/" + string(l.Ref), Text: l.Name.Plain()}, numbers, born, l.Place.Plain(), string(l.Office), state,
		})
	}
	c.showFind(w, r, i, http.StatusOK, v, typed)
	return nil
}
