package detect

import "genbo"

// cellAt is a column that has a kind.
type cellAt struct {
	column int
	kind   Kind
}

// person is the columns of one person in a row, and how sure it is that they are.
type person struct {
	cells     []cellAt
	certainty Certainty
}

// layout is which columns of a table are whose what.
type layout struct {
	people []person
	width  int // cells that all rows of the sample have; 0 where they differ
}

// fits reports whether a row has as many cells as those of the sample.
func (l *layout) fits(cells [][]byte) bool { return l.width == 0 || len(cells) == l.width }

// cellsOf is how many cells nearly all rows have that are not empty; 0 where they differ.
func cellsOf(rows []waiting) int {
	counts, all := map[int]int{}, 0
	for _, r := range rows {
		if !empty(r.cells) {
			all++
			counts[len(r.cells)]++
		}
	}
	for width, n := range counts {
		if n*10 >= all*8 {
			return width
		}
	}
	return 0
}

// newLayout decides what the columns are and whose.
func newLayout(columns []column, headed bool) *layout {
	for i := range columns {
		columns[i].decide()
	}
	joinNames(columns)
	joinAddress(columns)
	has := map[Kind]bool{}
	for i := range columns {
		has[columns[i].kind] = true
	}
	named := has[Name] || has[Kana] || has[Surname]
	joinDates(columns, headed, named)
	joinNumbers(columns, named || has[Birth])
	joinBoxes(columns, named)
	for i := range columns {
		c := &columns[i]
		switch c.kind {
		case Number:
			if !c.allowed(headed, named) {
				c.kind = None
			}
		case MyNumber:
			if c.heading != MyNumber && !named {
				c.kind = None
			}
		}
	}
	return &layout{people: groups(columns)}
}

// allowed reports whether a column of numbers may be pension numbers.
func (c *column) allowed(headed, named bool) bool {
	hyphens := c.hyphens*10 >= c.filled*8
	switch {
	case c.heading == Number:
		return true
	case c.heading == weakNumber, !headed:
		return named || hyphens
	case hyphens: // under a heading that nobody knows
		return named
	}
	return false
}

// joinNumbers keeps a column of four digits and one of six only side by side, and where people are beside them.
func joinNumbers(columns []column, people bool) {
	for i := range columns {
		c := &columns[i]
		if c.kind != NumberHead && c.kind != NumberTail {
			continue
		}
		pair := c.kind == NumberHead && i+1 < len(columns) && columns[i+1].isTail() ||
			i > 0 && columns[i-1].kind == NumberHead && c.isTail()
		if !pair || !people && c.heading == None {
			c.kind = None
		} else if c.kind == NumberHead {
			columns[i+1].kind = NumberTail
		}
	}
}

// isTail reports whether the column holds six digits under a heading that does not say something else.
func (c *column) isTail() bool {
	return c.kind == NumberTail || c.hits[NumberTail]*10 >= c.filled*8 && c.filled > 0 && c.heading != other
}

// groups parts the columns by person: a further one begins where a heading says so, or where the whole sequence
// of kinds repeats.
func groups(columns []column) (people []person) {
	var all []cellAt
	var titles []string
	sure := true
	for i, c := range columns {
		if fieldOf[c.kind] != 0 || c.kind == NumberHead || c.kind >= BirthEra && c.kind <= BirthSix {
			all = append(all, cellAt{i, c.kind})
			titles = append(titles, c.title)
			if k := c.kind; k == Number || k == Name || k == Kana {
				sure = sure && c.sure
			}
		}
	}
	cut := []int{0}
	if n := period(all); n > 0 {
		for at := n; at < len(all); at += n {
			cut = append(cut, at)
		}
	} else {
		cut = append(cut, namedCuts(all, titles)...)
	}
	for i, from := range cut {
		to := len(all)
		if i+1 < len(cut) {
			to = cut[i+1]
		}
		var fields genbo.FieldSet
		for _, c := range all[from:to] {
			fields |= fieldOf[c.kind]
		}
		if !isPerson(fields) || fields&^(genbo.FieldName|genbo.FieldSex) == 0 && !nothingBut(columns, all[from:to]) {
			continue
		}
		p := person{cells: all[from:to], certainty: Likely}
		switch {
		case sure:
			p.certainty = Sure
		case fields&^(genbo.FieldNumber|genbo.FieldSex) == 0:
			p.certainty = Possible
		}
		people = append(people, p)
	}
	return people
}

// nothingBut reports whether columns of names with nothing beside them are people's names all the same: things have
// names too. They must look like people's, and almost all must if no heading says so.
func nothingBut(columns []column, cells []cellAt) bool {
	said := map[Kind]bool{}
	for _, at := range cells {
		said[at.kind] = said[at.kind] || columns[at.column].sure
	}
	if said[Surname] && said[Given] { // nothing else has two such names
		return true
	}
	for _, at := range cells {
		c := &columns[at.column]
		shaped := (c.hits[Name] + c.hits[Kana]) * 10
		if at.kind != Sex && (c.sure && shaped >= c.filled*6 && c.known*10 >= c.filled*3 || shaped >= c.filled*9 && c.known*10 >= c.filled*8 && c.blanks*10 >= c.filled*8 && c.filled >= 3) {
			return true
		}
	}
	return false
}

// period is the length of the sequence of kinds that repeats without headings' help: number, name, number, name.
func period(cells []cellAt) int {
	for n := 2; n*2 <= len(cells); n++ {
		if len(cells)%n != 0 {
			continue
		}
		same := true
		for i := n; i < len(cells) && same; i++ {
			same = cells[i].kind == cells[i-n].kind
		}
		if same {
			return n
		}
	}
	return 0
}

// namedCuts is where headings begin a further person: 配偶者氏名 after 氏名.
func namedCuts(cells []cellAt, titles []string) (cuts []int) {
	seen := map[Kind]bool{}
	who := ""
	for i, c := range cells {
		w := ofOther(titles[i])
		if i == 0 {
			who = w
		}
		if seen[c.kind] && w != who && (c.kind == Name || c.kind == Number || c.kind == Kana) {
			cuts, who = append(cuts, i), w
			clear(seen)
		}
		seen[c.kind] = true
	}
	return cuts
}
