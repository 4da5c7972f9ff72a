package detect

import (
	"bytes"

	"genbo"
)

// apart is how many lines may lie between two pieces of one case.
const apart = 3

// text gathers what lines say of one person.
type text struct {
	open     Case
	has      bool
	labelled bool // the open case has a label or a number written 4-6
	name     []byte
	last     int // line of the last piece
	sender   int // up to this line, addresses and telephones are an office's
	buf      []byte
	pieces   []piece
	joined   []byte
}

// piece is one thing that a line says of somebody.
type piece struct {
	kind     Kind
	at       int
	value    uint64
	name     []byte
	labelled bool
	weak     bool // a number of ten digits in a row, as many things have
}

// row reads a row of a table in which no columns are known: a form, with words at the left.
func (t *text) row(f *Finder, line int, cells [][]byte) {
	t.joined = t.joined[:0]
	for _, c := range cells {
		if c = trim(c); len(c) == 0 {
			continue
		}
		if len(t.joined) > 0 {
			t.joined = append(t.joined, "  "...)
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
	if len(b) < 5 || !worth(b) {
		return
	}
	t.buf = fold(t.buf, b)
	if t.has && line-t.last > apart {
		t.close(f)
	}
	if senders(t.buf) {
		t.sender = line + 2
	}
	t.pieces = t.pieces[:0]
	t.numbers()
	t.dates()
	t.names()
	t.contacts(line)
	t.drop()
	// Few pieces, in the order of their places.
	for i := range t.pieces {
		for j := i; j > 0 && t.pieces[j].at < t.pieces[j-1].at; j-- {
			t.pieces[j], t.pieces[j-1] = t.pieces[j-1], t.pieces[j]
		}
	}
	for _, p := range t.pieces {
		t.add(f, line, p)
	}
}

// worth reports whether a line can say anything: it has a digit, an @, or text beyond ASCII.
func worth(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 || digit(c) || c == '@' {
			return true
		}
	}
	return false
}

// senders reports whether a line names an office, whose address and telephone follow.
func senders(b []byte) bool {
	for _, w := range [...]string{"年金事務所", "市役所", "区役所", "町役場", "お問い合わせ先", "お問合せ先", "担当課", "問合せ"} {
		if bytes.Contains(b, []byte(w)) {
			return true
		}
	}
	return false
}

// drop removes what a line says too little of: unlabelled dates and names without a number beside them.
func (t *text) drop() {
	number, name, dates := false, false, 0
	for _, p := range t.pieces {
		number = number || p.kind == Number || p.kind == MyNumber
		name = name || p.kind == Name || p.kind == Kana
		if p.kind == Birth {
			dates++
		}
	}
	kept := t.pieces[:0]
	for _, p := range t.pieces {
		if !p.labelled {
			switch p.kind {
			case Birth:
				if dates > 1 || !number && !name || p.value/10000 > 2008 {
					continue
				}
			case Name, Kana:
				if !number && dates == 0 {
					continue
				}
			case Number:
				if !name && (dates == 0 || p.weak) && !t.labelled {
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
	if t.has && c.Fields&field != 0 {
		switch p.kind {
		case Name, Kana:
			if p.kind == Kana && !bytes.Equal(t.name, p.name) && nameOf(t.name) < kanaShaped || p.kind == Name && nameOf(t.name) >= kanaShaped || bytes.Equal(t.name, p.name) {
				break // the reading beside the name, or the name once more
			}
			t.close(f)
		case Number:
			if c.Number != p.value {
				t.close(f)
			}
		case Birth:
			if uint64(c.Birth) != p.value {
				t.close(f)
			}
		}
	}
	if !t.has {
		if p.kind == Postal || p.kind == Sex {
			return
		}
		*c = Case{Line: line}
		t.has, t.name, t.labelled = true, t.name[:0], false
	}
	c.Fields |= field
	t.last = line
	t.labelled = t.labelled || p.labelled
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
	case c.Fields&genbo.FieldName != 0 && (t.labelled || c.Fields&others != 0):
	default:
		return
	}
	c.Certainty = Likely
	if t.labelled {
		c.Certainty = Sure
	}
	f.emit(c)
}
