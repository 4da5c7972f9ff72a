package console

import (
	"net/http"
	"net/url"
	"strconv"

	"genbo"
	"genbo/internal/front/page"
	"genbo/internal/record/extract"
	"genbo/internal/record/person"
	"genbo/internal/record/staff"
	"genbo/internal/work/handover"
)

type worklistView struct {
	page.Frame
	Path    string
	Filter  []page.Field
	Summary page.Text
	Mark    page.Text // who was shown this, and when
	Columns []string
	Lines   []workLine
	Pages   page.Pages
}

// workLine is a row with what can be done about it.
type workLine struct {
	Number int // from 1
	Cells  []string
	Done   bool
	Note   string
	By     page.Text
	Letter string
	Action string
}

// listQuery is what the address of a page of a worklist says. What a name or address should contain is
// personal and never stands in one.
func listQuery(view handover.View) string {
	q := url.Values{}
	for name, value := range map[string]string{"sort": string(view.Sort), "only": string(view.Only)} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if view.Offset > 0 {
		q.Set("offset", strconv.Itoa(view.Offset))
	}
	return q.Encode()
}

func readView(r *http.Request) handover.View {
	view := handover.View{Sort: person.Kind(r.FormValue("sort")), Only: handover.Only(r.FormValue("only")), Contains: r.PostFormValue("contains")}
	view.Offset, _ = strconv.Atoi(r.FormValue("offset"))
	return view
}

// rows shows a page of a worklist, or a statistic.
func (c *Console) rows(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	id := r.PathValue("id")
	e, _, err := c.Handover.Get(r.Context(), i, id)
	if err != nil {
		return err
	}
	if e.Form == extract.Statistics {
		return c.statistic(w, r, i, id)
	}
	view := readView(r)
	lines, err := c.Handover.Rows(r.Context(), visit(r, i), id, view)
	if err != nil {
		return err
	}
	v := &worklistView{Path: "/extracts/" + id + "/rows", Filter: workFilter(view)}
	v.Title, v.Wide = page.Say("worklist.title", c.listPurpose(e.Purpose, page.LangOf(r))), true
	v.Crumbs = []page.Link{{Href: "/extracts", Text: page.Say("nav.extracts")}, {Href: "/extracts/" + id, Text: id}}
	v.Summary = page.Say("worklist.summary", lines.Done, lines.Extract.People.Count())
	v.Mark = page.Say("worklist.mark", i.Member.Name, string(i.Device), c.now().In(genbo.Japan).Format("2006-01-02 15:04"))
	for _, name := range lines.Columns {
		v.Columns = append(v.Columns, "column."+name)
	}
	for _, l := range lines.Lines {
		v.Lines = append(v.Lines, c.workLine(id, view, l))
	}
	v.Pages = page.Pages{First: lines.Offset + 1, Last: lines.Offset + len(lines.Lines), Total: lines.Total}
	if lines.Offset > 0 {
		back := view
		back.Offset = max(0, lines.Offset-handover.PageRows)
		v.Pages.Prev = v.Path + "?" + listQuery(back)
	}
	if v.Pages.Last < lines.Total && view.Contains == "" {
		next := view
		next.Offset = lines.Offset + handover.PageRows
		v.Pages.Next = v.Path + "?" + listQuery(next)
	}
	c.pages.Render(w, r, http.StatusOK, "worklist", v)
	return nil
}

func (c *Console) workLine(id string, view handover.View, l handover.Line) workLine {
	line := workLine{Number: l.Row.Row + 1, Done: l.Done, Note: l.Note.Plain()}
	for _, cell := range l.Cells {
		line.Cells = append(line.Cells, cell.Plain())
	}
	if l.By != "" {
		line.By = page.Say("worklist.by", string(l.By), l.At.In(genbo.Japan).Format("01-02 15:04"))
	}
	line.Letter = "/extracts/" + id + "/letter/" + strconv.Itoa(line.Number)
	line.Action = "/extracts/" + id + "/rows/" + strconv.Itoa(line.Number) + "?" + listQuery(view)
	return line
}

func workFilter(view handover.View) []page.Field {
	option := func(value, label string) page.Option { return page.Option{Value: value, Label: page.Say(label)} }
	return []page.Field{
		{Name: "contains", Label: "worklist.contains", Type: page.Search, Width: page.Medium, Value: view.Contains, MaxLength: 60},
		{Name: "sort", Label: "worklist.sort", Type: page.Select, Value: string(view.Sort), Options: []page.Option{option("", "worklist.sort.register"),
			option(string(person.KindName), "column.kana"), option(string(person.KindBirth), "column.birth"), option(string(person.KindAddress), "column.address")}},
		{Name: "only", Label: "worklist.only", Type: page.Select, Value: string(view.Only), Options: []page.Option{option("", "worklist.only.all"),
			option(string(handover.OnlyOpen), "worklist.only.open"), option(string(handover.OnlyDone), "worklist.only.done")}},
	}
}

// workRow ticks a row off or notes something on it, and goes back to the page it stands on.
func (c *Console) workRow(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	id := r.PathValue("id")
	number, err := strconv.Atoi(r.PathValue("row"))
	if err != nil {
		return genbo.ErrNotFound
	}
	err = c.Handover.Work(r.Context(), visit(r, i), id, number-1, r.PostFormValue("done") != "", r.PostFormValue("note"))
	if err != nil {
		return err
	}
	c.pages.Done(w, r, "/extracts/"+id+"/rows?"+listQuery(handover.View{Sort: person.Kind(r.FormValue("sort")), Only: handover.Only(r.FormValue("only")),
		Offset: readView(r).Offset}), "notice.worked")
	return nil
}

type letterView struct {
	page.Frame
	Postal, Address, Name, Number string
	Subject, Text                 page.Text
	Key                           string
	Date                          genbo.Date
	Office                        string
}

// letter is the letter to one row of a worklist, to be printed.
func (c *Console) letter(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	number, err := strconv.Atoi(r.PathValue("row"))
	if err != nil || number < 1 {
		return genbo.ErrNotFound
	}
	letter, err := c.Handover.Letter(r.Context(), visit(r, i), r.PathValue("id"), number-1)
	if err != nil {
		return err
	}
	v := &letterView{Postal: letter.Cells["postal"].Plain(), Address: letter.Cells["address"].Plain(), Name: letter.Cells["name"].Plain(),
		Number: letter.Cells["number"].Plain(), Key: letter.Key, Date: genbo.DateOf(c.now().In(genbo.Japan)), Office: string(letter.Extract.Office)}
	v.Title = page.Say("letter.title", number)
	v.Crumbs = []page.Link{{Href: "/extracts/" + letter.Extract.ID + "/rows", Text: page.Say("nav.extracts")}}
	v.Subject, v.Text = page.Say("letter.subject."+letterKind(letter.Extract.Purpose)), page.Say("letter.text."+letterKind(letter.Extract.Purpose))
	c.pages.Render(w, r, http.StatusOK, "letter", v)
	return nil
}

// letterKind is which letter a purpose sends.
func letterKind(purpose string) string {
	if purpose == "overdue-notice" || purpose == "correction-list" {
		return purpose
	}
	return "general"
}

func (c *Console) statistic(w http.ResponseWriter, r *http.Request, i staff.Identity, id string) error {
	e, list, err := c.Handover.Statistics(r.Context(), i, id)
	if err != nil {
		return err
	}
	v := &extractsView{}
	v.Title = page.Say("statistic.title")
	v.Crumbs = []page.Link{{Href: "/extracts", Text: page.Say("nav.extracts")}, {Href: "/extracts/" + id, Text: id}}
	v.All = page.Table{ID: "statistic", Caption: page.Say("statistic.caption", e.People.Count()), Empty: "extract.none", Columns: []page.Column{
		{Label: "fields.O"}, {Label: "fields.S"}, {Label: "statistic.decade"}, {Label: "extract.persons", Numeric: true}}}
	for _, t := range list {
		var sex, decade, persons any = page.Say("find.unknown"), page.Say("find.unknown"), t.Persons
		if t.Sex != "" {
			sex = page.Say("sex." + string(t.Sex))
		}
		if t.Decade > 0 {
			decade = page.Say("statistic.born", strconv.Itoa(t.Decade))
		}
		if t.Few {
			persons = page.Say("extract.few")
		}
		v.All.Rows = append(v.All.Rows, []any{string(t.Office), sex, decade, persons})
	}
	c.pages.Render(w, r, http.StatusOK, "statistic", v)
	return nil
}
