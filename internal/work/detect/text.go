package detect

import (
	"bytes"

	"genbo"
)

// How many lines may lie between two pieces of one case. What a letter says of the one it is written to stands further below, after
// a label.
const (
	apart       = 3
	apartLetter = 30
)

// text gathers what lines say of one person.
type text struct {
	open     Case
	has      bool
	labelled bool // the open case has a label or a number written 4-6
	letter   bool // the open case is whom a letter is written to: his name and 様 are a line
	name     []byte
	last     int // line of the last piece
	sender   int // up to this line, addresses and telephones are an office's
	ahead    int // line of an address in which no open case lives: that of the next letter
	line     line
	pieces   []piece
	joined   []byte
	left     class // the label that the last line ended with
	strict   bool  // around is a table of things: what has no label is theirs
	found    bool  // a case was handed out since this was last set to false
}

// piece is one thing that a line says of somebody.
type piece struct {
	kind     Kind
	at       int
	value    uint64
	name     []byte
	labelled bool
	weak     bool // a number of ten digits in a row, as many things have
	letter   bool // a name that with its honorific is the whole line
}

// row reads a row of a table in which no columns are known: a form, with words at the left.
func (t *text) row(f *Finder, line int, cells [][]byte) {
	t.joined = t.joined[:0]
	for _, c := range cells {
		if c = trim(c); len(c) == 0 {
			continue
		}
		if len(t.joined) > 0 {
			t.joined = append(t.joined, "   "...) // what columns are parted by
		}
		t.joined = append(t.joined, c...)
	}
	for part := range bytes.SplitSeq(t.joined, []byte("\n")) {
		t.read(f, line, part)
	}
}

// Text takes running text: any number of lines.
func (f *Finder) Text(b []byte) {
	for len(b) > 0 {
		line := b
		if i := bytes.IndexByte(b, '\n'); i >= 0 {
			line, b = b[:i], b[i+1:]
		} else {
			b = nil
		}
		f.line++
		f.text.read(f, f.line, line)
	}
}

// read looks at one line.
func (t *text) read(f *Finder, line int, b []byte) {
	if len(b) < 5 {
		return
	}
	carried := t.left
	t.line.look(b)
	t.left = t.line.leaves()
	if t.line.carried = carried; t.line.all == 0 && carried == 0 && t.line.runs == 0 && !t.has && !dated(b) {
		return
	}
	if far := line - t.last; t.has && (far > apart && !t.letter || far > apartLetter) {
		t.close(f)
	}
	if t.line.all&ofSender != 0 && t.line.all&honorific == 0 {
		t.sender = line + 3
	}
	t.pieces = t.pieces[:0]
	if t.line.runs > 0 || (t.line.all|carried)&(ofNumber|ofMyNumber) != 0 {
		t.numbers()
	}
	t.dates()
	t.contacts(line)
	if len(t.pieces) > 0 || (t.line.all|carried)&(ofName|honorific) != 0 {
		t.names()
	}
	t.drop()
	// Few pieces, in the order of their places.
	for i := range t.pieces {
		for j := i; j > 0 && t.pieces[j].at < t.pieces[j-1].at; j-- {
			t.pieces[j], t.pieces[j-1] = t.pieces[j-1], t.pieces[j]
		}
	}
	sentence := bytes.Contains(t.line.b, []byte("。"))
	if sentence {
		t.alone(f)
	}
	for _, p := range t.pieces {
		t.add(f, line, p)
	}
	if sentence && len(t.pieces) > 0 && !t.letter {
		t.close(f) // what follows is another matter
	}
}

// alone sees to it that a sentence speaks for itself: what it says of a person it names is his and nobody's before, and without a
// name or number in it only labelled ones are taken, for the one a letter is written to.
func (t *text) alone(f *Finder) {
	kept, somebody := t.pieces[:0], false
	for _, p := range t.pieces {
		somebody = somebody || p.kind == Name || p.kind == Kana || p.kind == Number && !(t.has && t.letter)
	}
	for _, p := range t.pieces {
		if somebody || t.has && t.letter && p.labelled {
			kept = append(kept, p)
		}
	}
	if t.pieces = kept; somebody && t.has {
		t.close(f)
	}
}

// dated reports whether a line without a word that says so may hold a date, or a mail address.
func dated(b []byte) bool {
	for _, c := range b {
		if digit(c) || c == '@' || c == 0xef {
			return true
		}
	}
	return bytes.Contains(b, []byte("年"))
}

// drop removes what a line says too little of: unlabelled dates and names with nothing beside them.
func (t *text) drop() {
	number, name, place, dates := false, false, false, 0
	for _, p := range t.pieces {
		switch p.kind {
		case Number, MyNumber:
			number = true
		case Name, Kana:
			name = true
		case Address, Phone, Mail:
			place = true
		case Birth:
			dates++
		}
	}
	kept := t.pieces[:0]
	for _, p := range t.pieces {
		if !p.labelled {
			switch p.kind {
			case Birth:
				if t.strict || dates > 1 || !number && !name {
					continue
				}
			case Name, Kana:
				if t.strict || !number && !place && dates == 0 {
					continue
				}
			case Number:
				if t.strict || !name && (dates == 0 || p.weak) && !(t.has && t.labelled) {
					continue
				}
			}
		}
		kept = append(kept, p)
	}
	t.pieces = kept
}

// add puts a piece to the open case, or begins the next where the piece is already there.
func (t *text) add(f *Finder, line int, p piece) {
	c := &t.open
	field := fieldOf[p.kind]
	if t.has && c.Fields&field != 0 && t.another(p) {
		t.close(f)
	}
	if !t.has {
		if p.kind == Postal || p.kind == Sex {
			return
		}
		*c = Case{Line: line}
		t.has, t.name, t.labelled, t.letter = true, t.name[:0], false, false
		if p.letter && t.ahead > 0 && line-t.ahead <= apart {
			c.Fields |= genbo.FieldAddress
		}
		t.ahead = 0
	}
	if t.letter && line-t.last > apart && !p.labelled {
		if p.kind == Address {
			t.ahead = line
		}
		return
	}
	c.Fields |= field
	t.last = line
	t.labelled = t.labelled || p.labelled
	t.letter = t.letter || p.letter
	switch p.kind {
	case Number:
		c.Number = p.value
	case Birth:
		c.Birth = genbo.Date(p.value)
	case Name, Kana:
		if len(t.name) == 0 || p.kind == Name {
			t.name = append(t.name[:0], p.name...)
		}
	}
}

// another reports whether a piece of a kind that the open case has already is of another person.
func (t *text) another(p piece) bool {
	switch p.kind {
	case Name, Kana:
		if bytes.Equal(t.name, p.name) {
			return false
		}
		reading := nameOf(t.name) >= kanaShaped
		return reading == (p.kind == Kana) // the reading beside the name is the same person's
	case Number:
		return t.open.Number != p.value
	case Birth:
		return uint64(t.open.Birth) != p.value
	}
	return false
}

// close hands the open case out, if it is somebody.
func (t *text) close(f *Finder) {
	if !t.has {
		return
	}
	t.has = false
	c := &t.open
	c.Name = t.name
	const others = genbo.FieldBirth | genbo.FieldAddress | genbo.FieldPhone | genbo.FieldMail | genbo.FieldBank
	switch {
	case c.Fields&(genbo.FieldNumber|genbo.FieldMyNumber) != 0 && (t.labelled || c.Fields&(genbo.FieldName|genbo.FieldBirth) != 0):
	case c.Fields&genbo.FieldName != 0 && (t.labelled && t.name[0] >= 0x80 || c.Fields&others != 0): // things have Latin names too
	default:
		return
	}
	c.Certainty = Likely
	if t.labelled {
		c.Certainty = Sure
	}
	t.found = true
	f.emit(c)
}
