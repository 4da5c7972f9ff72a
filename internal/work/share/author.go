package share

import (
	"genbo"
	"genbo/internal/work/synth"
)

// page is what a format writes: a table's rows and lines of text, in their order.
type page interface {
	table(name string) // a new table, or a new sheet of a workbook
	row(cells []cell)
	line(text string) // a paragraph; empty for a blank line
}

// author fills one file and keeps its truth.
type author struct {
	*dice
	page
	all    *synth.Population
	legacy bool // written in an encoding without newer characters
	mute   bool // the format has no headings
	next   int  // the next person
	rows   int  // how many rows of people a table is to have
	at     int  // rows and lines written so far
	cases  []Case
}

// person takes the next person. The people of a file lie together in the population, as those of one office do, and are
// different from each other.
func (a *author) person() *person {
	a.next = (a.next + 1) % a.all.Len()
	return personOf(a.all, a.next, a.dice, a.legacy)
}

// has notes that a person stands in the row or line that is written next.
func (a *author) has(p *person, fields genbo.FieldSet) {
	c := p.known(fields)
	c.Place = a.at + 1
	a.cases = append(a.cases, c)
}

func (a *author) row(cells []cell) { a.at++; a.page.row(cells) }
func (a *author) line(s string)    { a.at++; a.page.line(s) }

// say writes lines.
func (a *author) say(lines ...string) {
	for _, s := range lines {
		a.line(s)
	}
}

// words writes a row of text.
func (a *author) words(list ...string) { a.row(texts(list...)) }
