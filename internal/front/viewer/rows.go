package viewer

import (
	"net/http"
	"strconv"

	"genbo"
	"genbo/internal/base/sealed"
	"genbo/internal/front/page"
)

// pageRows is how many rows a page shows.
const pageRows = 50

type rowsView struct {
	page.Frame
	Purpose string
	Mark    page.Text
	Until   page.Text
	Search  page.Field
	Table   page.Table
	Shown   page.Text
	Query   string
	Prev    int // where the page before begins, -1 for none
	Next    int
}

func (v *Viewer) rows(w http.ResponseWriter, r *http.Request) {
	shown, err := v.entitled(r)
	if err != nil {
		v.pages.Error(w, r, err)
		return
	}
	query := r.PostFormValue("q")
	from, _ := strconv.Atoi(r.PostFormValue("from"))
	hits, total, err := read(shown.View, query, max(0, from))
	if err != nil {
		v.pages.Error(w, r, err)
		return
	}
	v.pages.Render(w, r, http.StatusOK, "rows", show(shown, page.LangOf(r), query, max(0, from), hits, total))
}

// read returns a page of the rows that contain a text, and how many there are.
func read(view *sealed.View, query string, from int) (hits []sealed.Hit, total int, err error) {
	if query != "" {
		return view.Search(query, from, pageRows)
	}
	err = view.Each(from, func(row int, cells []string) bool {
		hits = append(hits, sealed.Hit{Row: row, Cells: cells})
		return len(hits) < pageRows
	})
	return hits, view.Manifest.Rows, err
}

func show(shown *Shown, lang page.Lang, query string, from int, hits []sealed.Hit, total int) *rowsView {
	m := shown.View.Manifest
	view := &rowsView{Purpose: m.Ja, Query: query, Prev: -1, Next: -1}
	if lang == page.English {
		view.Purpose = m.En
	}
	view.Title, view.Wide = page.Say("viewer.title", m.Extract), true
	at := shown.At.In(genbo.Japan).Format("2006-01-02 15:04")
	view.Mark = page.Say("viewer.mark", shown.Name, string(m.Staff), string(shown.Device), at)
	view.Until = page.Say("viewer.until", m.Fields, m.Rows, shown.ExpiresAt.In(genbo.Japan).Format("2006-01-02 15:04"))
	view.Search = page.Field{Name: "q", Label: "viewer.search", Type: page.Search, Value: query, Width: page.Medium, MaxLength: 60}
	view.Table = page.Table{ID: "rows", Caption: page.Say("viewer.rows"), Empty: "viewer.none", Columns: []page.Column{{Label: "viewer.row", Numeric: true}}}
	for _, name := range m.Columns {
		view.Table.Columns = append(view.Table.Columns, page.Column{Label: "column." + name})
	}
	for _, h := range hits {
		line := []any{h.Row + 1}
		for _, cell := range h.Cells {
			line = append(line, cell)
		}
		view.Table.Rows = append(view.Table.Rows, line)
	}
	view.Shown = page.Say("viewer.shown", min(from+1, total), from+len(hits), total)
	if from > 0 {
		view.Prev = max(0, from-pageRows)
	}
	if from+len(hits) < total {
		view.Next = from + pageRows
	}
	return view
}
