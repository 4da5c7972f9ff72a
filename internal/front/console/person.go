package console

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"genbo"
	"genbo/internal/base/jtext"
	"genbo/internal/front/page"
	"genbo/internal/record/approval"
	"genbo/internal/record/journal"
	"genbo/internal/record/person"
	"genbo/internal/record/staff"
	"genbo/internal/work/desk"
)

type purposeView struct {
	page.Frame
	Ref    genbo.PersonRef
	Fields []page.Field
}

type personView struct {
	page.Frame
	Ref      genbo.PersonRef
	Query    string // purpose and case, for the addresses of what can be done
	Bar      page.PersonBar
	AsOf     []page.Field
	Hidden   []page.Field
	Past     bool
	Facts    page.Facts
	Numbers  page.Table
	History  page.Timeline
	Looks    page.Table
	Pending  page.Table
	Absorbed page.Table
	Acts     []page.Link
}

// visit is who acts, with the purpose and case of the request.
func visit(r *http.Request, i staff.Identity) desk.Visit {
	return desk.Visit{Identity: i, Purpose: r.FormValue("purpose"), Case: genbo.CaseID(r.FormValue("case")), Reason: r.PostFormValue("reason")}
}

// visitQuery carries purpose and case from page to page.
func visitQuery(v desk.Visit) string {
	q := url.Values{"purpose": {v.Purpose}}
	if v.Case != "" {
		q.Set("case", string(v.Case))
	}
	return q.Encode()
}

// person shows a person for a stated purpose; without one it asks for it, and shows nothing.
func (c *Console) person(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	v := visit(r, i)
	ref := genbo.PersonRef(r.PathValue("ref"))
	if v.Purpose == "" {
		var faults page.Faults
		if r.Form.Has("case") { // the question was sent without an answer
			faults = page.Faults{genbo.NewFault("purpose", "purpose.unknown")}
		}
		return c.askPurpose(w, r, ref, v, faults)
	}
	file, err := c.Desk.Open(r.Context(), v, ref)
	if faults := page.FaultsOf(err); len(faults) > 0 {
		return c.askPurpose(w, r, ref, v, faults)
	}
	if err != nil {
		return err
	}
	day, known, faults := c.when(r)
	view := c.fileView(file, v, day, known, page.LangOf(r))
	view.Errors = faults
	view.AsOf = []page.Field{
		page.Field{Name: "day", Label: "person.day", Type: page.DateText, Value: r.FormValue("day"), Width: page.Medium}.With(faults),
		page.Field{Name: "known", Label: "person.known", Type: page.DateText, Value: r.FormValue("known"), Width: page.Medium}.With(faults),
	}
	view.Past = r.FormValue("day") != "" || r.FormValue("known") != ""
	c.pages.Render(w, r, http.StatusOK, "person", view)
	return nil
}

func (c *Console) askPurpose(w http.ResponseWriter, r *http.Request, ref genbo.PersonRef, v desk.Visit, faults page.Faults) error {
	view := &purposeView{Ref: ref}
	view.Title, view.Errors = page.Say("purpose.title"), faults
	view.Crumbs = []page.Link{{Href: "/people", Text: page.Say("nav.people")}}
	options := make([]page.Option, 0, len(c.Purposes))
	for _, p := range c.Purposes {
		options = append(options, page.Option{Value: p.Code, Label: c.purpose(p.Code, page.LangOf(r))})
	}
	view.Fields = []page.Field{
		page.Field{Name: "purpose", Label: "purpose.purpose", Type: page.Radios, Required: true, Options: options, Value: v.Purpose}.With(faults),
		page.Field{Name: "case", Label: "purpose.case", Hint: "purpose.casehint", Width: page.Medium, Value: string(v.Case), MaxLength: 64}.With(faults),
	}
	c.pages.Render(w, r, http.StatusOK, "purpose", view)
	return nil
}

// purpose is the name of a purpose; of one that is no longer in use, its code.
func (c *Console) purpose(code string, lang page.Lang) string {
	for _, p := range c.Purposes {
		switch {
		case p.Code == code && lang == page.Japanese:
			return p.Ja
		case p.Code == code:
			return p.En
		}
	}
	return code
}

// fieldsOf are the fields of an entry that is about people.
func fieldsOf(e journal.Entry) any {
	if e.Fields == 0 {
		return nil
	}
	return e.Fields
}

// when reads the day that is asked about and the time as known on.
func (c *Console) when(r *http.Request) (day genbo.Date, known time.Time, faults page.Faults) {
	known = c.now()
	day = genbo.DateOf(known.In(genbo.Japan))
	if text := r.FormValue("day"); text != "" {
		d, err := jtext.ParseDate(text)
		faults = append(faults, page.FaultsOf(genbo.InField(err, "day"))...)
		if err == nil {
			day = d
		}
	}
	if text := r.FormValue("known"); text != "" {
		d, err := jtext.ParseDate(text)
		faults = append(faults, page.FaultsOf(genbo.InField(err, "known"))...)
		if err == nil { // to the end of that day in Japan
			known = d.AddDays(1).Time().Add(-9*time.Hour - time.Millisecond)
		}
	}
	return day, known, faults
}

func (c *Console) fileView(f *desk.File, v desk.Visit, day genbo.Date, known time.Time, lang page.Lang) *personView {
	query := visitQuery(v)
	base := "/people/" + string(f.Ref)
	view := &personView{Ref: f.Ref, Query: query, Bar: bar(f.Record, day, known)}
	view.Title, view.Wide = page.Say("person.title"), true
	view.Crumbs = []page.Link{{Href: "/people", Text: page.Say("nav.people")}}
	view.Hidden = []page.Field{{Name: "purpose", Type: page.Hidden, Value: v.Purpose}, {Name: "case", Type: page.Hidden, Value: string(v.Case)}}
	canChange := c.Desk.MayChange(v, f.Record.Office)
	for _, k := range person.Kinds {
		if !f.Record.Fields.Has(k.Field()) {
			continue
		}
		fact := page.Fact{Term: "fields." + k.Field().String(), Value: page.Say("person.nothing")}
		if value, found := f.Record.At(k, day, known); found {
			fact.Value = shown(value)
		}
		if canChange {
			fact.Action = &page.Link{Href: base + "/change?kind=" + string(k) + "&" + query, Text: page.Say("person.change")}
		}
		view.Facts.Rows = append(view.Facts.Rows, fact)
	}
	office := page.Fact{Term: "fields.O", Value: string(f.Record.OfficeAt(day, known))}
	if canChange {
		office.Action = &page.Link{Href: base + "/office?" + query, Text: page.Say("person.change")}
	}
	view.Facts.Rows = append(view.Facts.Rows, office)
	view.Numbers = numberTable(f, base, query, canChange)
	view.History = history(f, base, query, canChange)
	view.Looks = c.looks(f.Looks, lang, true)
	view.Acts = []page.Link{{Href: base + "/looks?" + query, Text: page.Say("person.looksfor")}}
	view.Pending = c.pendingTable(f)
	view.Absorbed = absorbedTable(f, base, query, canChange, day, known)
	if canChange {
		view.Acts = append(view.Acts, page.Link{Href: base + "/merge?" + query, Text: page.Say("person.merge")})
	}
	return view
}

// bar is who the page is about.
func bar(r *person.Record, day genbo.Date, known time.Time) page.PersonBar {
	var b page.PersonBar
	if v, found := r.At(person.KindName, day, known); found {
		name := v.(person.Name)
		b.Name, b.Kana = name.Kanji, name.Kana
		if b.Name == "" {
			b.Name = name.Latin
		}
	}
	if v, found := r.At(person.KindBirth, day, known); found {
		b.Birth = genbo.Date(v.(person.Birth))
	}
	for _, n := range r.Numbers {
		if n.State == person.Current {
			b.Number = n.Number.Plain()
			break
		}
	}
	if v, found := r.At(person.KindDeath, day, known); found && genbo.Date(v.(person.Death)) != 0 {
		b.States = append(b.States, page.Status{Kind: page.Quiet, Label: page.Say("state.dead")})
	}
	return b
}

// shown is a value as a page shows it.
func shown(v person.Value) any {
	switch v := v.(type) {
	case person.Name:
		lines := page.Lines{}
		for _, part := range []string{v.Kanji, v.Kana, v.Latin} {
			if part != "" {
				lines = append(lines, part)
			}
		}
		if v.Alias != "" {
			lines = append(lines, page.Say("person.alias", v.Alias))
		}
		return lines
	case person.Birth:
		return genbo.Date(v)
	case person.Death:
		if v == 0 {
			return page.Say("person.alive")
		}
		return genbo.Date(v)
	case person.Sex:
		return page.Say("sex." + string(v))
	case person.Address:
		if v.Text == "" {
			return page.Say("person.nothing")
		}
		return page.Lines{"〒" + v.Postal, v.Text}
	case person.Phone:
		return string(v)
	case person.Bank:
		return string(v)
	}
	return nil
}

func numberTable(f *desk.File, base, query string, canChange bool) page.Table {
	t := page.Table{ID: "numbers", Caption: page.Say("person.numbers"), Empty: "person.nonumbers", Columns: []page.Column{
		{Label: "fields.N"}, {Label: "number.kind"}, {Label: "number.state"}, {Label: "number.since"}, {Label: "number.act"}}}
	records := []*person.Record{f.Record}
	for _, a := range f.Absorbed {
		records = append(records, a.Record)
	}
	for i, r := range records {
		for _, n := range r.Numbers {
			since := n.RecordedAt
			if !n.ChangedAt.IsZero() {
				since = n.ChangedAt
			}
			kind := page.Success
			if n.State != person.Current {
				kind = page.Warning
			}
			var act any
			if canChange && i == 0 && n.State == person.Current {
				act = page.Link{Href: base + "/reissue?seq=" + strconv.Itoa(n.Seq) + "&" + query, Text: page.Say("number.reissue")}
			}
			t.Rows = append(t.Rows, []any{n.Number.Plain(), page.Say("number." + string(n.Kind)),
				page.Status{Kind: kind, Label: page.Say("number.is." + string(n.State))}, since, act})
		}
	}
	return t
}

// history is every fact in the order of recording, newest first, withdrawn ones included.
func history(f *desk.File, base, query string, canChange bool) page.Timeline {
	t := page.Timeline{Label: "person.history", Empty: "person.nothing"}
	withdrawn := map[person.Kind]map[int]bool{}
	for _, fact := range f.Record.Facts {
		if fact.Withdraws > 0 {
			if withdrawn[fact.Kind] == nil {
				withdrawn[fact.Kind] = map[int]bool{}
			}
			withdrawn[fact.Kind][fact.Withdraws] = true
		}
	}
	entries := map[genbo.EntryID]journal.Entry{}
	for _, e := range f.Looks {
		entries[e.ID] = e
	}
	for _, charge := range slices.Backward(f.Record.Charges[1:]) { // the first came with the person
		event := page.Event{When: charge.RecordedAt, Title: page.Say("fields.O"),
			Facts: []page.Fact{{Term: "person.value", Value: string(charge.Office)}, {Term: "person.from", Value: charge.ValidFrom}}}
		if e, ok := entries[charge.Entry]; ok {
			event.Who = string(e.Actor.Staff)
		}
		t.Events = append(t.Events, event)
	}
	for _, fact := range f.Record.Facts {
		event := page.Event{When: fact.RecordedAt, Title: page.Say("fields." + fact.Kind.Field().String())}
		if e, ok := entries[fact.Entry]; ok {
			event.Who = string(e.Actor.Staff)
		}
		if fact.Withdraws > 0 {
			event.Title = page.Say("person.withdrew", page.Say("fields."+fact.Kind.Field().String()))
			t.Events = append(t.Events, event)
			continue
		}
		event.Facts = []page.Fact{{Term: "person.value", Value: shown(fact.Value.Plain())}}
		if fact.ValidFrom != person.Always {
			event.Facts = append(event.Facts, page.Fact{Term: "person.from", Value: fact.ValidFrom})
		}
		if fact.Evidence != "" {
			event.Facts = append(event.Facts, page.Fact{Term: "person.evidence", Value: page.Say("evidence." + fact.Evidence)})
		}
		switch {
		case withdrawn[fact.Kind][fact.Seq]:
			event.Status = &page.Status{Kind: page.Quiet, Label: page.Say("person.withdrawn")}
		case canChange && desk.Withdrawable(fact.Kind, fact.Seq):
			event.Facts[0].Action = &page.Link{Href: base + "/withdraw?kind=" + string(fact.Kind) + "&seq=" + strconv.Itoa(fact.Seq) + "&" + query,
				Text: page.Say("person.withdraw")}
		}
		t.Events = append(t.Events, event)
	}
	slices.SortStableFunc(t.Events, func(a, b page.Event) int { return b.When.(time.Time).Compare(a.When.(time.Time)) })
	return t
}

func (c *Console) pendingTable(f *desk.File) page.Table {
	values := map[string]person.Proposal{}
	for _, p := range f.Proposals {
		values[p.ID] = p
	}
	t := page.Table{ID: "pending", Caption: page.Say("person.pending"), Empty: "person.nopending", Columns: []page.Column{
		{Label: "approval.kind"}, {Label: "person.value"}, {Label: "person.from"}, {Label: "approval.asker"}, {Label: "approval.when"}}}
	for _, r := range f.Pending {
		row := []any{page.Link{Href: "/approvals/" + r.ID, Text: page.Say("approval.kind." + string(r.Kind))}, nil, nil, string(r.Asker), r.CreatedAt}
		if p, ok := values[r.ID]; ok && r.Kind == approval.SecondLook {
			row[1] = shown(p.Value.Plain())
			if p.ValidFrom != person.Always {
				row[2] = p.ValidFrom
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func absorbedTable(f *desk.File, base, query string, canChange bool, day genbo.Date, known time.Time) page.Table {
	t := page.Table{ID: "absorbed", Caption: page.Say("person.absorbed"), Columns: []page.Column{
		{Label: "fields.A"}, {Label: "fields.B"}, {Label: "fields.D"}, {Label: "number.act"}}}
	for _, a := range f.Absorbed {
		b := bar(a.Record, day, known)
		var address, act any
		if v, found := a.Record.At(person.KindAddress, day, known); found {
			address = shown(v)
		}
		if canChange {
			act = page.Link{Href: base + "/split?absorbed=" + string(a.Ref) + "&" + query, Text: page.Say("person.split")}
		}
		t.Rows = append(t.Rows, []any{page.Lines{b.Name, b.Kana}, b.Birth, address, act})
	}
	return t
}
