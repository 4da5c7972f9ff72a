package detect

import (
	"bytes"
	"slices"

	"genbo"
)

const (
	sampleRows = 200
	sampleSize = 1 << 20 // bytes: rows of very long cells do not wait for 200
	strangers  = 8       // rows in sequence that do not fit, after which the table is looked at anew
)

// Finder finds people in the rows and the text that it is given.
type Finder struct {
	emit func(*Case)
	out  Case
	line int // rows and lines so far

	waiting []waiting // rows that a layout is still to be made of, or that did not fit it
	size    int
	layout  *layout  // nil while sampling
	nobody  bool     // the last sample held nobody
	heading []column // the last one: it holds until another stands below it, or the rows have another width
	columns []column // for use again

	text text
}

type waiting struct {
	line  int
	cells [][]byte
}

// New returns a finder that hands out cases to emit.
func New(emit func(*Case)) *Finder { return &Finder{emit: emit} }

// Begin begins a new place: another file, sheet or message. Lines are counted from 1 again.
func (f *Finder) Begin() {
	f.End()
	f.line, f.text.sender, f.text.left = 0, 0, 0
}

// End hands out what is still waiting.
func (f *Finder) End() {
	f.settle()
	f.layout, f.nobody, f.heading = nil, false, nil
	f.text.close(f)
	f.text.strict = false
}

// Row takes the next row of a table. The cells are not kept.
func (f *Finder) Row(cells [][]byte) {
	f.line++
	if f.nobody && len(f.waiting) == 0 && f.layout == nil {
		if !isHeading(cells) {
			f.text.found = false
			f.text.row(f, f.line, cells)
			f.nobody = !f.text.found
			return
		}
		f.nobody = false
	}
	if f.layout == nil {
		if f.wait(cells); len(f.waiting) >= sampleRows || f.size >= sampleSize {
			f.settle()
		}
		return
	}
	fits := f.layout.fits(cells)
	if (fits || !isHeading(cells)) && f.layout.row(f, f.line, cells, !fits) {
		if len(f.waiting) > 0 {
			f.asText()
		}
		return
	}
	if empty(cells) {
		return
	}
	if f.wait(cells); len(f.waiting) >= strangers || isHeading(cells) {
		f.layout = nil
	}
}

func empty(cells [][]byte) bool {
	for _, c := range cells {
		if len(trim(c)) > 0 {
			return false
		}
	}
	return true
}

func (f *Finder) wait(cells [][]byte) {
	n := 0
	for _, c := range cells {
		n += len(c)
	}
	flat := make([]byte, 0, n)
	w := waiting{line: f.line, cells: make([][]byte, len(cells))}
	for i, c := range cells {
		from := len(flat)
		flat = append(flat, c...)
		w.cells[i] = flat[from:len(flat):len(flat)]
	}
	f.waiting, f.size = append(f.waiting, w), f.size+n
}

// isHeading reports whether a row stands over columns: two headings that are known or more (or one, over a single
// column), and hardly anything that is none.
func isHeading(cells [][]byte) bool {
	known, useful, filled := 0, 0, 0
	for i, c := range cells {
		if c = trim(c); len(c) == 0 {
			continue
		}
		filled++
		k := headingOf(c)
		if k == None {
			if filled-known > known+len(cells)-i-1 {
				return false
			}
			continue
		}
		known++
		if k != other {
			useful++
		}
		if _, form := parseNumber(c); form != noNumber {
			return false
		}
		if full, _ := addressOf(c); full || mailOf(c) {
			return false
		}
	}
	return filled > 0 && known*2 >= filled && (known >= 2 || useful >= 1 && filled == 1 && len(cells) == 1)
}

// saysWhat reports whether a first row is a heading though only one of its words is known: nothing in it has a digit.
func saysWhat(cells [][]byte) bool {
	useful, filled := 0, 0
	for _, c := range cells {
		if c = trim(c); len(c) == 0 {
			continue
		}
		filled++
		k := headingOf(c)
		if houseNumber(c) || len(c) > 60 || k == None && nameOf(c) != notName {
			return false
		}
		if k != None && k != other {
			useful++
		}
	}
	return useful > 0 && filled > 1
}

// settle makes layouts of the waiting rows, one for each heading, and hands out their cases. The last layout stays.
func (f *Finder) settle() {
	rows := f.waiting
	f.waiting, f.size = nil, 0
	for len(rows) > 0 {
		from := 0
		var heading [][]byte
		if isHeading(rows[0].cells) || len(rows) > 1 && saysWhat(rows[0].cells) {
			heading, from = rows[0].cells, 1
		}
		to := from
		for to < len(rows) && !isHeading(rows[to].cells) {
			to++
		}
		f.layout = f.arrange(heading, rows[from:to])
		rows = rows[to:]
	}
}

// arrange makes the layout of one table and hands out the cases of its first rows; nil if nobody is in it.
func (f *Finder) arrange(heading [][]byte, rows []waiting) *layout {
	if heading != nil {
		f.heading = nil
		for _, c := range heading {
			f.heading = append(f.heading, column{heading: headingOf(trim(c)), title: string(c)})
		}
	} else if len(rows) == 0 || len(rows[0].cells) != len(f.heading) {
		f.heading = nil
	}
	columns := slices.Clone(f.heading)
	for _, r := range rows {
		columns = f.under(columns, r.cells)
	}
	l := newLayout(columns, len(f.heading) > 0)
	l.width = cellsOf(rows)
	if f.nobody = len(l.people) == 0; f.nobody {
		l = nil
	} else {
		f.text.close(f)
	}
	f.text.strict = l == nil && (len(rows) >= sampleRows/2 || ofThings(f.heading))
	for _, r := range rows {
		if l == nil || !l.row(f, r.line, r.cells, !l.fits(r.cells)) {
			f.text.row(f, r.line, r.cells)
		}
	}
	return l
}

// under looks at a row below the heading.
func (f *Finder) under(columns []column, cells [][]byte) []column {
	if len(columns) == 0 && len(f.heading) == len(cells) {
		columns = append(columns, f.heading...)
	}
	for len(columns) < len(cells) && len(columns) < 4096 {
		columns = append(columns, column{})
	}
	for i, c := range cells[:min(len(cells), len(columns))] {
		columns[i].look(c)
	}
	return columns
}

// ofThings reports whether a heading says what the columns are, and not one of them is a person's.
func ofThings(heading []column) bool {
	for i := range heading {
		switch heading[i].heading {
		case None, other, Phone, Address, AddressPart, Postal, Mail:
		default:
			return false
		}
	}
	return len(heading) > 0
}

// asText reads the waiting rows, which did not fit the table around them, as text.
func (f *Finder) asText() {
	for _, w := range f.waiting {
		f.text.row(f, w.line, w.cells)
	}
	f.text.close(f)
	f.waiting, f.size = f.waiting[:0], 0
}

// row hands out the cases of a row and reports whether there were any. In a row that does not fit, a name by itself may be a title.
func (l *layout) row(f *Finder, line int, cells [][]byte, strange bool) (found bool) {
	for i := range l.people {
		c := &f.out
		*c = Case{Line: line, Certainty: l.people[i].certainty, whole: c.whole}
		for _, at := range l.people[i].cells {
			if at.column < len(cells) {
				c.take(at.kind, cells[at.column])
			}
		}
		if isPerson(c.Fields) && !(strange && c.Fields&(genbo.FieldNumber|genbo.FieldMyNumber|genbo.FieldBirth) == 0) {
			f.emit(c)
			found = true
		}
	}
	return found
}

// take adds a cell of a known kind to the case, if the cell is one.
func (c *Case) take(kind Kind, b []byte) {
	if len(b) == 0 {
		return
	}
	if b[0] <= '\'' || b[len(b)-1] <= ' ' || b[0] == 0xe3 || b[len(b)-1] == 0x80 {
		b = trim(b)
	}
	switch kind {
	case Number:
		n, form := parseNumber(b)
		if form == noNumber || form == twelve || n == 0 {
			return
		}
		if c.Number == 0 {
			c.Number = n
		}
	case NumberHead:
		if digitsOnly(b) == 4 {
			c.Number = 0
			for i := 0; i < len(b); {
				d, size := digitAt(b[i:])
				c.Number, i = c.Number*10+d, i+size
			}
		}
		return
	case NumberTail:
		if digitsOnly(b) != 6 || c.Number == 0 {
			c.Number = 0
			return
		}
		for i := 0; i < len(b); {
			d, size := digitAt(b[i:])
			c.Number, i = c.Number*10+d, i+size
		}
	case MyNumber:
		if _, form := parseNumber(b); form != twelve {
			return
		}
	case Name, Kana, Surname, Given:
		if !nameCell(b) {
			return
		}
		c.name(kind, b)
	case NumberBox:
		d, size := digitAt(b)
		if size != len(b) || c.boxes == 10 {
			return
		}
		if c.Number = c.Number*10 + d; c.boxes < 9 {
			c.boxes++
			return
		}
		c.boxes++
	case Birth:
		d, ok := parseDate(b)
		if !ok {
			return
		}
		c.Birth = d
	case BirthEra, BirthYear, BirthMonth, BirthDay, BirthSix:
		if c.Birth = c.parts.take(kind, b); c.Birth == 0 {
			return
		}
	case Address, AddressPart:
		if len(b) < 6 {
			return
		}
	case Phone:
		if ok, _ := phoneOf(b); !ok {
			return
		}
	case Mail:
		if !mailOf(b) {
			return
		}
	case Account:
		if !accountIn(b) {
			return
		}
	}
	c.Fields |= fieldOf[kind]
}

// accountIn reports whether a cell holds the number of an account: four to eight digits, behind the bank's name or alone.
func accountIn(b []byte) bool {
	run := 0
	for i := 0; i < len(b); {
		_, size := digitAt(b[i:])
		if size > 0 {
			run, i = run+1, i+size
			continue
		}
		if run >= 6 && run <= 8 {
			return true
		}
		run = 0
		_, size = runeAt(b[i:])
		i += size
	}
	return run >= 6 && run <= 8 || run >= 4 && digitsOnly(b) == run
}

// name adds a cell that is a name: kanji before kana, and a given name behind its surname.
func (c *Case) name(kind Kind, b []byte) {
	switch {
	case kind == Given && c.family:
		c.whole = append(append(append(c.whole[:0], c.Name...), ' '), b...)
		c.Name, c.family = c.whole, false
	case len(c.Name) == 0 || kind == Name:
		c.Name, c.family = b, kind == Surname
	}
}

// nameCell reports whether a cell under the heading of a name is a name: letters, and not a firm or a total.
func nameCell(b []byte) bool {
	if len(b) < 2 || len(b) > 120 || digit(b[0]) {
		return false
	}
	if b[0] < 0x80 {
		return bytes.IndexByte(b, '@') < 0 && (b[0] >= 'A' && b[0] <= 'Z' || b[0] >= 'a' && b[0] <= 'z') && !corporate(b)
	}
	switch string(b) {
	case "合計", "小計", "計", "不明", "なし", "同上", "該当なし", "総計", "氏名", "－", "―", "空欄", "未登録":
		return false
	}
	return len(b) < 15 || !corporate(b)
}
