package console

import (
	"errors"
	"io"
	"net/http"

	"genbo"
	"genbo/internal/front/page"
	"genbo/internal/record/staff"
	"genbo/internal/work/handover"
)

type returnedView struct {
	page.Frame
	Tiles  []page.Tile
	Tables []page.Table
	Back   page.Link
}

// extractReturn compares a file that a contractor gave back with what was handed out. The file is read as it
// arrives and lies nowhere.
func (c *Console) extractReturn(w http.ResponseWriter, r *http.Request, i staff.Identity) error {
	control, until := http.NewResponseController(w), c.now().Add(page.UploadTime)
	if err := errors.Join(control.SetReadDeadline(until), control.SetWriteDeadline(until)); err != nil {
		return err
	}
	file, err := uploaded(r)
	if err != nil {
		return err
	}
	found, err := c.Handover.Returned(r.Context(), visit(r, i), r.PathValue("id"), file)
	if err != nil {
		return err
	}
	c.pages.Render(w, r, http.StatusOK, "returned", c.returnedView(found))
	return nil
}

// uploaded is the file of a form, as a stream.
func uploaded(r *http.Request) (io.Reader, error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, genbo.NewFault("file", "return.file")
	}
	for {
		part, err := parts.NextPart()
		if err != nil {
			return nil, genbo.NewFault("file", "return.file")
		}
		if part.FormName() == "file" && part.FileName() != "" {
			return part, nil
		}
	}
}

// shownFindings is how many of a kind a page lists.
const shownFindings = 200

func (c *Console) returnedView(found handover.Comparison) *returnedView {
	v := &returnedView{Back: page.Link{Href: "/extracts/" + found.Extract, Text: page.Say("extract.title", found.Extract)}}
	v.Title, v.Wide = page.Say("return.title"), true
	v.Crumbs = []page.Link{{Href: "/extracts", Text: page.Say("nav.extracts")}, v.Back}
	v.Notice = &page.Notice{Kind: page.Success, Title: page.Say("return.right")}
	if !found.Right() {
		v.Notice = &page.Notice{Kind: page.Danger, Title: page.Say("return.wrong"), Body: page.Say("return.wrongtext")}
	}
	v.Tiles = []page.Tile{{Label: "return.out", Figure: found.Out, Unit: "unit.rows"}, {Label: "return.back", Figure: found.Back, Unit: "unit.rows"},
		{Label: "return.same", Figure: found.Same, Unit: "unit.rows"}}
	for _, kind := range []struct {
		id string
		handover.Findings
	}{{"mixed", found.Mixed}, {"missing", found.Missing}, {"added", found.Added}, {"doubled", found.Doubled}, {"changed", found.Changed}, {"broken", found.Broken}} {
		if kind.Count > 0 {
			v.Tables = append(v.Tables, findingTable(kind.id, kind.Findings))
		}
	}
	return v
}

func findingTable(id string, found handover.Findings) page.Table {
	shown := found.First[:min(len(found.First), shownFindings)]
	t := page.Table{ID: id, Caption: page.Say("finding."+id, found.Count, len(shown)), Empty: "return.right", Columns: []page.Column{
		{Label: "return.line"}, {Label: "return.row"}, {Label: "return.other"}, {Label: "return.columns"}}}
	if id == "missing" { // stands on no line of the file, and nothing differs
		t.Columns = t.Columns[1:2]
		for _, f := range shown {
			t.Rows = append(t.Rows, []any{f.Row})
		}
		return t
	}
	for _, f := range shown {
		var columns page.Lines
		for _, name := range f.Columns {
			columns = append(columns, page.Say("column."+name))
		}
		var row, other any = "", ""
		if f.Row > 0 {
			row = f.Row
		}
		switch {
		case f.Other > 0:
			other = page.Say("return.isrow", f.Other)
		case f.Earlier > 0:
			other = page.Say("return.wasline", f.Earlier)
		}
		t.Rows = append(t.Rows, []any{f.Line, row, other, columns})
	}
	return t
}
