package detect

import (
	"bytes"
	"errors"
	"io"
	"math/bits"

	"genbo/internal/base/bytescan"
	"genbo/internal/base/charset"
)

// delimiters part the cells of text files, the likelier ones first.
const delimiters = "\t,;|"

var splitters = func() map[byte]*bytescan.Table {
	m := map[byte]*bytescan.Table{}
	for i := range len(delimiters) {
		m[delimiters[i]] = bytescan.Must(bytescan.New(bytescan.Set(delimiters[i:i+1] + "\n\"")))
	}
	return m
}()

// plain reads a file of text.
type plain struct {
	f         *Finder
	table     *bytescan.Table // of the delimiter; nil for running text
	delimiter byte
	fixed     *fixed // nil where records are not told by places
	masks     []bytescan.Masks
	cells     [][]byte
	skim      skim
}

// Plain finds people in a file of text, which may be a table with delimiters.
func (f *Finder) Plain(r *charset.Reader) error {
	p := plain{f: f}
	for first := true; ; first = false {
		b, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if first {
			if p.delimiter = delimiterOf(b); p.delimiter == 0 && headed(b) {
				p.delimiter = '\t' // a table of one column
			}
			if p.table = splitters[p.delimiter]; p.table == nil {
				p.fixed = fixedOf(b)
			}
			if i := bytes.LastIndexByte(b[:min(len(b), 16<<10)], '\n'); p.table != nil && i >= 0 {
				r.Back(len(b) - i - 1) // enough for a sample; the rest may be passed over where nobody is in it
				b = b[:i+1]
			}
		}
		if p.fixed != nil {
			r.Back(len(b) - p.fixed.rows(&p, b))
			continue
		}
		if p.table == nil {
			p.skim.lines(p.f, b)
			continue
		}
		r.Back(len(b) - p.rows(b))
	}
}

// delimiterOf is what parts the cells of a text, 0 if it is no table: most lines have the same count of it.
func delimiterOf(b []byte) byte {
	for i := range len(delimiters) {
		d := delimiters[i]
		counts, lines, some, several, alike, last := map[int]int{}, 0, 0, 0, 0, 0
		for line := range bytes.Lines(b[:min(len(b), 32<<10)]) {
			if len(bytes.TrimSpace(line)) == 0 {
				continue
			}
			if lines++; lines > 60 {
				break
			}
			n := countOutside(line, d)
			if n > 0 {
				some++
				counts[n]++
			}
			if n > 1 {
				several++
			}
			if n > 0 && n == last {
				alike++
			}
			last = n
		}
		most := 0
		for _, n := range counts {
			most = max(most, n)
		}
		if d == '\t' && several*10 >= lines*9 { // nobody writes that many tabs otherwise, though rows may end early
			return d
		}
		if several*10 >= lines*8 && alike*10 >= lines*5 || some*10 >= lines*9 && alike*10 >= lines*8 { // tables with different columns below each other
			return d
		}
		if most*10 >= lines*6 && (lines > 1 || d == '\t' || most > 0 && counts[1] == 0) {
			return d
		}
	}
	return 0
}

// headed reports whether the first line of a text is a heading over what follows.
func headed(b []byte) bool {
	line, rest, found := bytes.Cut(b, []byte("\n"))
	k := headingOf(trim(line))
	if k == None || k == other {
		return false
	}
	lines := 0
	for l := range bytes.Lines(rest[:min(len(rest), 2048)]) {
		if l = trim(l); headingOf(l) != None && len(l) <= 40 { // a form: each word stands over its value
			return false
		}
		if bytes.Contains(l, []byte("。")) { // sentences
			return false
		}
		if lines++; lines > 20 {
			break
		}
	}
	return found && len(rest) > 0 && len(line) <= 40 && !bytes.ContainsAny(line, ":：0123456789＝=") && isHeading([][]byte{line})
}

// countOutside counts d outside quotes.
func countOutside(line []byte, d byte) (n int) {
	quoted := false
	for _, c := range line {
		if c == '"' {
			quoted = !quoted
		} else if c == d && !quoted {
			n++
		}
	}
	return n
}

// quoteLimit is how long a quoted cell may be; a quote that is not closed within it is a letter like others.
const quoteLimit = 1 << 15

// rows hands the rows of b to the finder and returns how much of b they are: not the last, if it has no end.
func (p *plain) rows(b []byte) int {
	if p.f.nobody {
		p.f.settle()
		return p.skim.strangers(p, b)
	}
	p.masks = p.table.Scan(p.masks, b)
	start, row, skip := 0, 0, 0
	p.cells = p.cells[:0]
	for block := range p.masks {
		for m := p.masks[block][0]; m != 0; m &= m - 1 {
			at := block*bytescan.Block + bits.TrailingZeros64(m)
			if at < skip {
				continue
			}
			switch b[at] {
			case '"':
				if at == start {
					skip = closing(b, at, p.delimiter)
				}
			case '\n':
				p.cells = append(p.cells, cell(b[start:at]))
				p.f.Row(p.cells)
				p.cells, start, row = p.cells[:0], at+1, at+1
			default:
				p.cells = append(p.cells, cell(b[start:at]))
				start = at + 1
			}
		}
	}
	if row == 0 || len(b)-row > quoteLimit || !bytes.HasSuffix(b, []byte("\n")) && row < len(b) {
		// The text ends here, or a row is too long to wait for its end.
		p.cells = append(p.cells, cell(b[start:]))
		p.f.Row(p.cells)
		p.cells = p.cells[:0]
		return len(b)
	}
	return row
}

// closing is the place after the quote that closes the cell that begins at, or at+1 if none does.
func closing(b []byte, at int, delimiter byte) int {
	for i := at + 1; i < min(len(b), at+quoteLimit); {
		n := bytes.IndexByte(b[i:], '"')
		if n < 0 {
			break
		}
		i += n + 1
		if i == len(b) || b[i] == delimiter || b[i] == '\n' || b[i] == '\r' {
			return i
		}
		if b[i] == '"' {
			i++
		}
	}
	return at + 1
}

// cell takes the quotes and the carriage return off a cell.
func cell(b []byte) []byte {
	if n := len(b); n > 0 && b[n-1] == '\r' {
		b = b[:n-1]
	}
	if n := len(b); n >= 2 && b[0] == '"' && b[n-1] == '"' {
		b = b[1 : n-1]
		if bytes.Contains(b, []byte(`""`)) {
			b = bytes.ReplaceAll(b, []byte(`""`), []byte(`"`))
		}
	}
	return b
}
