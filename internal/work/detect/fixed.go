package detect

import (
	"bytes"
	"sort"
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

// sort of character, for finding where a field ends.
const (
	sortBlank = iota
	sortDigit
	sortLatin
	sortHalfKana
	sortWide
)

func sortOf(r rune) byte {
	switch {
	case r == ' ' || r == '　':
		return sortBlank
	case r >= '0' && r <= '9', r == '-', r == '/', r == '.', r >= '０' && r <= '９', r == '－':
		return sortDigit
	case r < 0x80:
		return sortLatin
	case widthOf(r) == 1:
		return sortHalfKana
	}
	return sortWide
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
	f.cut(records)
	if len(f.cuts) < 3 {
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

// recordsByLength finds the length of records that nothing parts: at that distance the text has the same sorts of character.
func (f *fixed) recordsByLength(b []byte) (records [][]byte) {
	if i := bytes.IndexByte(b, '\n'); i >= 0 && i < len(b)-2 {
		return nil
	}
	var sorts []byte
	for i := 0; i < len(b) && len(sorts) < 64<<10; {
		r, size := runeAt(b[i:])
		for range widthOf(r) {
			sorts = append(sorts, sortOf(r))
		}
		i += size
	}
	best := 0
	for n := shortRecord; n <= longRecord && n*fixedLeast <= len(sorts); n++ {
		same, of := 0, 0 // where a digit stands, one stands in the next record too; names are longer and shorter
		for i := 0; i+n < len(sorts); i++ {
			if a, b := sorts[i], sorts[i+n]; a == sortDigit || b == sortDigit {
				if of++; a == b {
					same++
				}
			}
		}
		if of > 0 && same*100 > of*80 && same*1000 > best*of+of*15 { // a multiple of the length is hardly better
			best, f.width = same*1000/of, n
		}
	}
	if f.width == 0 {
		return nil
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

// cut finds where fields begin: where the sort of character changes in nearly all records, where something begins after the
// blanks that fill a field up, and around dates within digits.
func (f *fixed) cut(records [][]byte) {
	at := make([][5]int, f.width+2)                                  // sorts by place
	begins, filled := make([]int, f.width+2), make([]int, f.width+2) // after a blank; after two or more
	for _, rec := range records {
		place, blanks := 0, 0
		for i := 0; i < len(rec) && place < f.width; {
			r, size := runeAt(rec[i:])
			s := sortOf(r)
			for k := range widthOf(r) {
				at[place+k][s]++
			}
			if s == sortBlank {
				blanks++
			} else {
				if blanks > 0 {
					begins[place]++
				}
				if blanks > 1 { // one may stand within a name
					filled[place]++
				}
				blanks = 0
			}
			place, i = place+widthOf(r), i+size
		}
	}
	main := func(place int) int {
		best := 0
		for s := range at[place] {
			if at[place][s] > at[place][best] {
				best = s
			}
		}
		return best
	}
	n := len(records)
	cuts := map[int]bool{0: true}
	for p := 1; p < f.width; p++ {
		here, before := main(p), main(p-1)
		mixed := at[p][here]*10 < n*9 || at[p-1][before]*10 < n*9
		switch {
		case filled[p]*10 >= n*4 && at[p][sortBlank]*10 <= n && begins[p]*10 >= n*5:
			cuts[p] = true
		case eras(records, p)*10 >= n*9: // after a name that nothing fills up
			cuts[p] = true
		case begins[p]*100 >= n*95 && at[p-1][sortBlank]*100 >= n*99: // a blank between fields
			cuts[p] = true
		case !mixed && here != before && here != sortBlank && before != sortBlank:
			cuts[p] = true
		case here == sortDigit && at[p][sortDigit]*10 >= n*9 && before != sortDigit && at[p-1][sortDigit]*10 <= n:
			cuts[p] = true
		case before == sortDigit && at[p-1][sortDigit]*10 >= n*9 && here != sortDigit && at[p][sortDigit]*10 <= n && here != sortBlank:
			cuts[p] = true
		}
	}
	f.cuts = f.cuts[:0]
	for p := range cuts {
		if p == 0 || !glued(records, p) {
			f.cuts = append(f.cuts, p)
		}
	}
	sort.Ints(f.cuts)
	f.cutDigits(records)
}

// glued reports whether a cut would part a date or an address: an era or 年 before or behind it in most records.
func glued(records [][]byte, place int) bool {
	n := 0
	for _, rec := range records {
		before, behind := around(rec, place)
		if eraYear(before) != 0 && before >= 0x80 || secondKanji(before) || dateSign(before) || dateSign(behind) {
			n++
		}
	}
	return n*10 >= len(records)*6
}

// eras counts the records in which the name of an era begins at a place: 昭和, or the sign for it.
func eras(records [][]byte, place int) (n int) {
	for _, rec := range records {
		before, behind := around(rec, place)
		if behind >= 0x80 && eraYear(behind) != 0 && eraYear(before) == 0 {
			n++
		}
	}
	return n
}

func dateSign(r rune) bool {
	switch r {
	case '年', '月', '日', '番', '号', '丁':
		return true
	}
	return false
}

// around are the characters before and behind a place of a record.
func around(rec []byte, place int) (before, behind rune) {
	for i, at := 0, 0; i < len(rec); {
		r, size := runeAt(rec[i:])
		if at >= place {
			return before, r
		}
		before, at, i = r, at+widthOf(r), i+size
	}
	return before, 0
}

// cutDigits parts fields of digits around what nearly all records have at one place of them: a My Number, a number written
// 4-6, a date. Of more than ten digits that are left, the last ten are a number: codes of offices and kinds stand before.
func (f *fixed) cutDigits(records [][]byte) {
	for _, look := range []struct {
		long int
		is   func([]byte) bool
	}{
		{12, isForm(twelve)}, {14, isForm(twelve)}, {11, isForm(hyphenated)}, {12, isForm(hyphenated)}, {22, isForm(hyphenated)},
		{10, isBirth}, {8, isBirth}, {7, isBirth},
	} {
		var more []int
		for i, from := range f.cuts {
			if to := f.end(i); to-from >= look.long && to-from <= 80 {
				if at := f.found(records, from, to, look.long, look.is); at >= 0 {
					more = append(more, at, at+look.long)
				}
			}
		}
		f.add(more...)
	}
	var more []int
	for i, from := range f.cuts {
		if to := f.end(i); to-from > 10 && to-from <= 20 && f.found(records, from, to, to-from, func(b []byte) bool { return digitsOnly(b) == to-from }) >= 0 &&
			f.found(records, from, to, to-from, isForm(twelve)) < 0 {
			more = append(more, to-10)
		}
	}
	f.add(more...)
}

func isForm(want form) func([]byte) bool {
	return func(b []byte) bool {
		if _, size := digitAt(b); size == 0 { // not before its first digit
			return false
		}
		_, got := parseNumber(b)
		return got == want
	}
}

func isBirth(b []byte) bool {
	d, ok := parseDate(b)
	return ok && d.Year() >= 1880 && d.Year() <= 2035
}

// end is where field i ends.
func (f *fixed) end(i int) int {
	if i+1 < len(f.cuts) {
		return f.cuts[i+1]
	}
	return f.width
}

// found is the place between from and to where all but a few of the records that have something there have what is looked for,
// long places of it; -1 if there is none.
func (f *fixed) found(records [][]byte, from, to, long int, is func([]byte) bool) int {
	for at := from; at+long <= to; at++ {
		good, filled := 0, 0
		for _, rec := range records {
			field := fieldAt(rec, at, at+long)
			if len(trim(field)) == 0 {
				continue
			}
			filled++
			if len(field) > 0 && is(field) {
				good++
			}
		}
		if filled >= fixedLeast && good*20 >= filled*19 {
			return at
		}
	}
	return -1
}

// add adds cuts that are not there yet.
func (f *fixed) add(cuts ...int) {
	for _, p := range cuts {
		if i := sort.SearchInts(f.cuts, p); p < f.width && (i == len(f.cuts) || f.cuts[i] != p) {
			f.cuts = append(f.cuts, 0)
			copy(f.cuts[i+1:], f.cuts[i:])
			f.cuts[i] = p
		}
	}
}

// fieldAt is what stands in the places from to to of a record.
func fieldAt(rec []byte, from, to int) []byte {
	place, start := 0, len(rec)
	for i := 0; i < len(rec); {
		if place == from || place > from && start == len(rec) {
			start = i
		}
		if place >= to {
			return rec[min(start, i):i]
		}
		r, size := runeAt(rec[i:])
		place, i = place+widthOf(r), i+size
	}
	return rec[start:]
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
