package detect

import (
	"bytes"
	"math/bits"

	"genbo"
	"genbo/internal/base/bytescan"
)

// label reports whether a word that says what a value is begins at b: in a table without people, places and numbers of full width
// are things'.
func label(b []byte) bool {
	for _, w := range []string{"様", "殿", "氏名", "名前", "生年", "生ま", "フリ", "礎年", "金番"} {
		if len(b) >= len(w) && string(b[:len(w)]) == w {
			return true
		}
	}
	return false
}

// strangers goes through the rows of a table in whose sample nobody was, and returns how much of b it read. It looks at the rows
// only that have a label, as text, and at those after a blank one. From a row that looks like a heading, or one with a person, or from where the
// columns hold people, the table is looked at anew.
func (s *skim) strangers(p *plain, b []byte) (read int) {
	f := p.f
	s.signs, s.words, s.latin = signs.Scan(s.signs, b), words.Scan(s.words, b), latin.Scan(s.latin, b)
	whole := len(b)
	b = b[:s.border(p, b)]
	f.text.found = false
	for read < len(b) {
		start := s.noted(b, read)
		f.line += s.count(read, start)
		if read = start; start == len(b) {
			break
		}
		end := start + bytes.IndexByte(b[start:], '\n')
		if end < start {
			end = len(b)
		}
		if s.heading(p, b[start:end]) || start > 0 && b[start-1] == '\n' && blank(b[:start]) && p.inhabited(b[start:]) {
			f.nobody = false
			return read
		}
		f.line++
		f.text.read(f, f.line, b[start:end])
		read = min(end+1, len(b))
		if f.text.found {
			f.nobody = false
			return read
		}
	}
	f.nobody = len(b) == whole
	return read
}

// noted is where the next row begins, from place from on, that has a label or stands after a blank row; len(b) if none does.
func (s *skim) noted(b []byte, from int) int {
	for block := from / bytescan.Block; block < len(s.signs) && block*bytescan.Block < len(b); block++ {
		ends := s.signs[block][0]
		at := threes(s.words, block) | threes(s.latin, block) | ends&(ends<<1|ends<<2)
		for at &= inLine(block, from, len(b)); at != 0; at &= at - 1 {
			i := block*bytescan.Block + bits.TrailingZeros64(at)
			switch start := bytes.LastIndexByte(b[from:i], '\n') + 1 + from; {
			case b[i] == '\n':
				if i-start <= 1 && i+1 < len(b) {
					return i + 1
				}
			case b[i] < 0x80 && latinLabel(b[start:], i-start), b[i] >= 0x80 && i+3 <= len(b) && label(b[i:]):
				return start
			}
		}
	}
	return len(b)
}

// blank reports whether the last row of b is empty.
func blank(b []byte) bool {
	return bytes.HasSuffix(b, []byte("\n\n")) || bytes.HasSuffix(b, []byte("\n\r\n"))
}

// count is how many line ends there are between two places.
func (s *skim) count(from, to int) (n int) {
	for block := from / bytescan.Block; block*bytescan.Block < to; block++ {
		n += bits.OnesCount64(s.signs[block][0] & inLine(block, from, to))
	}
	return n
}

// heading reports whether a line of a table is a heading.
func (s *skim) heading(p *plain, line []byte) bool {
	if len(line) > 2000 || len(line) < 2 {
		return false
	}
	digits := 0
	for _, c := range line {
		if digit(c) {
			digits++
		}
	}
	p.split(line)
	return digits < 3 && isHeading(p.cells)
}

// borderRows is how many rows tell whether people's begin: few, for they are looked at in every piece.
const borderRows = 12

// border is where the columns begin to hold people; len(b) where they do not. It looks at the last rows and, if they do, searches by halves.
func (s *skim) border(p *plain, b []byte) int {
	tail := len(b)
	for range borderRows {
		tail = bytes.LastIndexByte(b[:max(0, tail-1)], '\n') + 1
	}
	if !p.inhabited(b[tail:]) {
		return len(b)
	}
	low, high := 0, tail
	for low < high {
		middle := low + (high-low)/2
		start := bytes.LastIndexByte(b[:middle], '\n') + 1
		if p.inhabited(b[start:]) {
			high = start
		} else {
			low = middle + 1
		}
	}
	return high
}

// inhabited reports whether the first rows of b would be a table with people: under the heading above, or under none. Without one it takes
// more than a number.
func (p *plain) inhabited(b []byte) bool {
	headed := len(p.f.heading) > 0
	if headed {
		for _, fields := range p.fields(b) {
			if fields&(genbo.FieldNumber|genbo.FieldMyNumber|genbo.FieldBirth) != 0 { // few rows of firms look like names
				return true
			}
		}
	}
	heading := p.f.heading
	p.f.heading = nil
	for _, fields := range p.fields(b) {
		if fields&genbo.FieldName != 0 && fields&(genbo.FieldNumber|genbo.FieldMyNumber|genbo.FieldBirth) != 0 {
			return true // and the heading is another table's
		}
	}
	p.f.heading = heading
	return false
}

// fields are those of the people whom the first rows of b have, if they are a table's.
func (p *plain) fields(b []byte) (list []genbo.FieldSet) {
	columns := p.f.columns[:0]
	rows := 0
	for line := range bytes.Lines(b) {
		if rows++; rows > borderRows {
			break
		}
		p.split(bytes.TrimSuffix(line, []byte("\n")))
		columns = p.f.under(columns, p.cells)
	}
	p.f.columns = columns
	for _, who := range newLayout(columns, len(p.f.heading) > 0 && len(p.f.heading) == len(columns)).people {
		var fields genbo.FieldSet
		for _, c := range who.cells {
			fields |= fieldOf[c.kind]
		}
		list = append(list, fields)
	}
	return list
}

// split parts a line into cells.
func (p *plain) split(line []byte) {
	p.cells = p.cells[:0]
	for c := range bytes.SplitSeq(line, []byte{p.delimiter}) {
		p.cells = append(p.cells, cell(c))
	}
}
