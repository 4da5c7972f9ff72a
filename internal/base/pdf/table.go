package pdf

import (
	"slices"
	"strings"

	"genbo/internal/base/document"
)

// write hands the lines out: as rows if the page is a table, as text if not.
func (p *page) write(out document.Sink) {
	wide := 0
	for _, l := range p.lines {
		if len(l) >= 3 {
			wide++
		}
	}
	if wide < 3 || wide*10 < len(p.lines)*6 {
		for _, l := range p.lines {
			words := make([]string, len(l))
			for i, c := range l {
				words[i] = c.text
			}
			out.Text([]byte(strings.Join(words, "  ")))
		}
		return
	}
	columns := p.columns()
	for _, l := range p.lines {
		p.cells = p.cells[:0]
		for range columns {
			p.cells = append(p.cells, nil)
		}
		for _, c := range l {
			i := columnAt(columns, c)
			if len(p.cells[i]) > 0 {
				p.cells[i] = append(p.cells[i], ' ')
			}
			p.cells[i] = append(p.cells[i], c.text...)
		}
		out.Row(p.cells)
	}
}

// column is where a column stands.
type column struct{ left, right float64 }

// columns are the strips of the page where text stands, parted by strips where hardly any line of the table has some.
func (p *page) columns() (list []column) {
	type edge struct {
		at   float64
		step int
	}
	var edges []edge
	rows := 0
	for _, l := range p.lines {
		if len(l) < 3 { // titles run across
			continue
		}
		rows++
		for _, c := range l {
			edges = append(edges, edge{c.left, 1}, edge{c.right, -1})
		}
	}
	slices.SortFunc(edges, func(a, b edge) int {
		switch {
		case a.at < b.at:
			return -1
		case a.at > b.at:
			return 1
		}
		return b.step - a.step
	})
	few := rows / 50
	depth, open := 0, false
	for _, e := range edges {
		depth += e.step
		switch {
		case !open && depth > few:
			open = true
			list = append(list, column{left: e.at})
		case open && depth <= few:
			open = false
			list[len(list)-1].right = e.at
		}
	}
	if len(list) == 0 {
		list = append(list, column{})
	}
	return list
}

// columnAt is the column that a cell overlaps most, or the nearest.
func columnAt(columns []column, c piece) (best int) {
	most := -1e9
	for i, col := range columns {
		if overlap := min(col.right, c.right) - max(col.left, c.left); overlap > most {
			most, best = overlap, i
		}
	}
	return best
}
