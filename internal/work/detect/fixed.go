package detect

import (
	"bytes"
	"slices"
)

// A file of fixed-length records has no delimiters: each field has its place. Places are counted as the agency's machines
// count them, half-width characters one and all others two; so they stay the same whatever encoding the text came in.

const (
	fixedLines  = 200 // records that are looked at to find the fields
	fixedLeast  = 5   // with fewer, every text is of one length now and then
	shortRecord = 16
	longRecord  = 4096
)

// fixed is where the fields of a record are.
type fixed struct {
	cuts  []int // where fields begin, in places; the first is 0
	width int   // of a record
	lines bool  // records end with lines
}

// widthOf is how many places a character takes.
func widthOf(r rune) int {
	if r < 0x80 || r >= 0xff61 && r <= 0xff9f || r == '¥' || r == '‾' {
		return 1
	}
	return 2
}

// placesOf is how many places a text takes.
func placesOf(b []byte) (n int) {
	for i := 0; i < len(b); {
		r, size := runeAt(b[i:])
		n, i = n+widthOf(r), i+size
	}
	return n
}

// fixedOf finds the fields of a text of fixed-length records; nil if it is none.
func fixedOf(b []byte) *fixed {
	b = b[:min(len(b), 256<<10)]
	f := &fixed{lines: true}
	records := f.recordsByLine(b)
	if records == nil {
		f.lines = false
		if records = f.recordsByLength(b); records == nil {
			return nil
		}
	}
	if f.cuts = newRuler(records, f.width).cuts(); len(f.cuts) < 2 {
		return nil
	}
	return f
}

// recordsByLine takes lines that are all of one length for records.
func (f *fixed) recordsByLine(b []byte) (records [][]byte) {
	for len(b) > 0 && len(records) < fixedLines {
		i := bytes.IndexByte(b, '\n')
		if i < 0 {
			break
		}
		line := bytes.TrimSuffix(b[:i], []byte("\r"))
		b = b[i+1:]
		if len(line) == 0 || line[0] == 0x1a {
			continue
		}
		n := placesOf(line)
		if f.width == 0 {
			f.width = n
		}
		if n != f.width {
			return nil
		}
		records = append(records, line)
	}
	if len(records) < fixedLeast || f.width < shortRecord || f.width > longRecord {
		return nil
	}
	return records
}

// recordsByLength finds the length of records that nothing parts: at that distance the text has the same sorts of character, far
// more often than at others.
func (f *fixed) recordsByLength(b []byte) (records [][]byte) {
	if i := bytes.IndexByte(b, '\n'); i >= 0 && i < len(b)-2 {
		return nil
	}
	var list []byte
	for i := 0; i < len(b) && len(list) < 16<<10; {
		r, size := runeAt(b[i:])
		for range widthOf(r) {
			list = append(list, sortOf(r))
		}
		i += size
	}
	longest := min(longRecord, len(list)/fixedLeast)
	differ, all := make([]float64, longest+1), 0.0 // share of places at which the sorts differ
	for n := shortRecord; n <= longest; n++ {
		other := 0
		for i := n; i < len(list); i++ {
			if list[i] != list[i-n] {
				other++
			}
		}
		differ[n] = float64(other) / float64(len(list)-n)
		all += differ[n]
	}
	if longest <= shortRecord {
		return nil
	}
	least := slices.Min(differ[shortRecord:])
	if least > 0.7*all/float64(longest-shortRecord+1) {
		return nil
	}
	for f.width = shortRecord; differ[f.width] > least*1.15+0.01; { // a multiple of the length is hardly better
		f.width++
	}
	for len(records) < fixedLines {
		n := bytesOf(b, f.width)
		if n == 0 {
			break
		}
		records, b = append(records, b[:n]), b[n:]
	}
	if len(records) < fixedLeast {
		return nil
	}
	return records
}

// bytesOf is how many bytes a number of places takes; 0 if b is shorter.
func bytesOf(b []byte, places int) int {
	for i := 0; i < len(b); {
		r, size := runeAt(b[i:])
		i += size
		if places -= widthOf(r); places <= 0 {
			return i
		}
	}
	return 0
}

// cells cuts a record into its fields.
func (f *fixed) cells(rec []byte, cells [][]byte) [][]byte {
	cells = cells[:0]
	place, start, next := 0, 0, 1
	for i := 0; i < len(rec); {
		if next < len(f.cuts) && place >= f.cuts[next] {
			cells = append(cells, filled(rec[start:i]))
			start, next = i, next+1
		}
		r, size := runeAt(rec[i:])
		place, i = place+widthOf(r), i+size
	}
	return append(cells, filled(rec[start:]))
}

// filled takes the blanks off that fill a field up.
func filled(b []byte) []byte {
	for {
		n := len(b)
		b = bytes.TrimRight(b, " \r\n\x00\x1a")
		b = bytes.TrimSuffix(b, []byte("　"))
		if len(b) == n {
			return trim(b)
		}
	}
}

// rows hands the records of b to the finder and returns how much of b they are.
func (f *fixed) rows(p *plain, b []byte) (read int) {
	for read < len(b) {
		n, size := 0, 0
		if f.lines {
			if n = bytes.IndexByte(b[read:], '\n'); n < 0 {
				n = len(b) - read
			}
			size = min(n+1, len(b)-read)
		} else if n = bytesOf(b[read:], f.width); n == 0 {
			if read > 0 && len(b)-read < 4*f.width {
				return read // the next piece has the rest
			}
			n = len(b) - read
			size = n
		} else {
			size = n
		}
		p.cells = f.cells(b[read:read+n], p.cells)
		p.f.Row(p.cells)
		read += size
	}
	return read
}
