package detect

import (
	"bytes"
	"slices"
)

// sort of character, for finding where a field ends.
const (
	sortBlank = iota
	sortDigit
	sortWideDigit
	sortLatin
	sortHalfKana
	sortWide
	sorts
)

func sortOf(r rune) byte {
	switch {
	case r == ' ' || r == '　':
		return sortBlank
	case r >= '0' && r <= '9', r == '-', r == '/', r == '.':
		return sortDigit
	case r >= '０' && r <= '９', r == '－':
		return sortWideDigit
	case r < 0x80:
		return sortLatin
	case widthOf(r) == 1:
		return sortHalfKana
	}
	return sortWide
}

// ruler measures records: what stands at which place of how many.
type ruler struct {
	records [][]byte
	width   int
	offsets [][]int32    // record, place → byte; -1 in the middle of a character
	at      [][sorts]int // place → how many records have which sort there
	begins  []int        // place → records in which something begins there after blanks
	filled  []int        // the same, after two places of blanks or more
	padded  []int        // the same, after three or more: fewer may stand within a name
	within  []bool       // the place is inside of a value that was known by its form: nothing is cut there
	cut     []bool       // a field begins there
	known   int          // values known by their form
}

func newRuler(records [][]byte, width int) *ruler {
	r := &ruler{records: records, width: width, at: make([][sorts]int, width+1), begins: make([]int, width+1), filled: make([]int, width+1), padded: make([]int, width+1),
		within: make([]bool, width+1), cut: make([]bool, width+1)}
	for _, rec := range records {
		r.measure(rec)
	}
	return r
}

func (r *ruler) measure(rec []byte) {
	offsets := make([]int32, r.width+1)
	place, blanks := 0, 0
	for i := 0; i < len(rec) && place < r.width; {
		c, size := runeAt(rec[i:])
		s := sortOf(c)
		offsets[place] = int32(i)
		r.at[place][s]++
		if wide := widthOf(c) == 2 && place+1 < r.width; wide {
			offsets[place+1] = -1
			r.at[place+1][s]++
		}
		if s == sortBlank {
			blanks += widthOf(c)
		} else {
			if blanks > 0 {
				r.begins[place]++
			}
			if blanks > 1 {
				r.filled[place]++
			}
			if blanks > 2 {
				r.padded[place]++
			}
			blanks = 0
		}
		place, i = place+widthOf(c), i+size
	}
	for p := min(place, r.width); p <= r.width; p++ {
		offsets[p] = int32(len(rec))
	}
	r.offsets = append(r.offsets, offsets)
}

// field is what stands in some places of a record; nil where a character lies across an end.
func (r *ruler) field(record, from, to int) []byte {
	i, j := r.offsets[record][from], r.offsets[record][min(to, r.width)]
	if i < 0 || j < 0 {
		return nil
	}
	return r.records[record][i:j]
}

// cuts are the places where fields begin, in their order.
func (r *ruler) cuts() (list []int) {
	r.cut[0] = true
	r.values()
	for p := 1; p < r.width; p++ {
		if !r.within[p] && r.changes(p) && !r.glued(p) {
			r.cut[p] = true
		}
	}
	r.numbers()
	r.titles()
	for p, cut := range r.cut[:r.width] {
		if cut {
			list = append(list, p)
		}
	}
	return list
}

// end is where the field ends that begins at a place.
func (r *ruler) end(from int) int {
	if i := slices.Index(r.cut[from+1:], true); i >= 0 {
		return from + 1 + i
	}
	return r.width
}

// values finds what is known by its form at one place of nearly all records, the longer forms first: a My Number, a number written
// 4-6, a postal code, a date, a sex. What stands right behind a value is found in the next round.
func (r *ruler) values() {
	for known := -1; known != r.known; {
		known = r.known
		r.valuesOnce()
		r.datesInThree()
	}
}

func (r *ruler) valuesOnce() {
	for _, v := range []struct {
		long  int
		is    func([]byte) bool
		apart bool // its form tells where it begins, also behind a digit
	}{
		{14, isForm(twelve), false}, {22, isForm(hyphenated), true}, {12, isForm(hyphenated), true}, {11, isForm(hyphenated), true}, {24, isBirth, false}, {20, isBirth, false}, {18, isBirth, false}, {17, isBirth, false},
		{16, isBirth, false}, {14, isBirth, false}, {12, isBirth, false}, {11, isBirth, false}, {10, isBirth, false}, {10, isPostal, true}, {8, isPostal, false},
		{9, isBirth, false}, {4, isSex, false}, {2, isSex, false}, {12, isForm(twelve), false},
	} {
		for from := 0; from+v.long <= r.width; from++ {
			if r.open(from, from+v.long) && (v.apart || !r.continues(from)) && r.have(from, from+v.long, v.is) {
				r.take(from, from+v.long)
			}
		}
	}
}

// datesInThree finds dates whose year, month and day have their own places, filled up with blanks: four, two and two, or two each after
// an era.
func (r *ruler) datesInThree() {
	for from := 0; from+6 <= r.width; from++ {
		year := 0
		switch {
		case from+8 <= r.width && r.open(from, from+8) && !r.continues(from) && r.have(from, from+8, isThree):
			year = 4
		case r.open(from, from+6) && r.afterEra(from) && r.have(from, from+6, isThree):
			year = 2
		default:
			continue
		}
		r.take(from, from+year)
		r.take(from+year, from+year+2)
		r.take(from+year+2, from+year+4)
	}
}

// afterEra reports whether an era stands before a place in nearly all records.
func (r *ruler) afterEra(place int) bool {
	n := 0
	for i := range r.records {
		if before, _ := r.around(i, place); eraYear(before) != 0 || secondKanji(before) {
			n++
		}
	}
	return n*20 >= len(r.records)*19
}

func isThree(b []byte) bool {
	if len(b) < 6 || len(b) > 8 {
		return false
	}
	at := len(b) - 4
	var n [3]int
	for i, part := range [][]byte{b[:at], b[at : at+2], b[at+2:]} {
		if part = trim(part); digitsOnly(part) == 0 {
			return false
		}
		n[i], _ = smallNumber(part)
	}
	if at == 2 {
		n[0] += 1925 // an era's year
	}
	_, real := dateOf(n[0], n[1], n[2])
	return real && n[0] >= 1880 && n[0] <= 2035
}

// take makes a field of what stands between two places.
func (r *ruler) take(from, to int) {
	r.cut[from], r.cut[min(to, r.width)] = true, true
	r.known++
	for p := from + 1; p < to; p++ {
		r.within[p], r.cut[p] = true, false
	}
}

// open reports whether nothing is known yet of some places.
func (r *ruler) open(from, to int) bool {
	for p := from; p < to; p++ {
		if r.within[p] || p > from && r.cut[p] {
			return false
		}
	}
	return true
}

// continues reports whether digits stand at a place and before it.
func (r *ruler) continues(place int) bool {
	if place == 0 || r.cut[place] {
		return false
	}
	before, here := &r.at[place-1], &r.at[place]
	n := len(r.records)
	return before[sortDigit]*2 > n && here[sortDigit]*2 > n || before[sortWideDigit]*2 > n && here[sortWideDigit]*2 > n
}

// have reports whether all but a few of the records that have something in some places have what is looked for.
func (r *ruler) have(from, to int, is func([]byte) bool) bool {
	good, filled := 0, 0
	for i := range r.records {
		b := r.field(i, from, to)
		if b == nil || len(trim(b)) > 0 {
			filled++
			if len(b) > 0 && is(b) {
				good++
			} else if filled-good > 2+len(r.records)/20 {
				return false
			}
		}
	}
	return filled >= fixedLeast && good*20 >= filled*19
}

// isForm tells numbers of a form, which begin and end with a digit.
func isForm(want form) func([]byte) bool {
	return func(b []byte) bool {
		if _, size := digitAt(b); size == 0 || b[len(b)-1] <= ' ' {
			return false
		}
		_, got := parseNumber(b)
		return got == want
	}
}

func isBirth(b []byte) bool {
	if b[0] <= ' ' || b[0] >= '9' && b[0] < 'A' || b[0] > 'Z' && b[0] < 0xe0 {
		return false
	}
	d, ok := parseDate(filled(b))
	return ok && d.Year() >= 1880 && d.Year() <= 2035
}

func isPostal(b []byte) bool {
	ok, hyphen := postalOf(b)
	return ok && hyphen && b[len(b)-1] > ' '
}

func isSex(b []byte) bool {
	switch string(b) {
	case "男", "女", "男性", "女性":
		return true
	}
	return false
}

// changes reports whether a field begins where the sort of character changes in nearly all records, or where something begins after the
// blanks that fill a field up.
func (r *ruler) changes(p int) bool {
	n := len(r.records)
	used := n - r.at[p][sortBlank] // records that have something here
	if used < fixedLeast {
		return false
	}
	if r.padded[p] == 0 && r.at[p][sortWide]*10 >= used*9 && r.at[p-1][sortBlank]*10 >= used*9 && r.wideBefore(p)*10 >= used*9 {
		return false // surnames of one length and given names
	}
	for s := sortBlank + 1; s < sorts; s++ {
		if r.at[p][s]*10 >= used*9 && r.at[p-1][s]*10 <= used && used*10 >= n {
			return true
		}
	}
	switch {
	case r.begins[p]*100 >= used*95 && (r.filled[p]*10 >= used*4 || r.at[p-1][sortBlank]*100 >= n*99):
		return true
	case r.padded[p] > 0 && r.filled[p]*10 >= n*4 && r.at[p][sortBlank]*10 <= n && r.begins[p]*10 >= n*5:
		return true
	}
	return r.eras(p)*10 >= n*9 // after a name that nothing fills up
}

// wideBefore counts the records in which what stands last before the blanks before a place is wide.
func (r *ruler) wideBefore(place int) (n int) {
	for i, rec := range r.records {
		at := r.offsets[i][place]
		if at < 0 {
			continue
		}
		if before := filled(rec[:at]); len(before) > 0 && before[len(before)-1] >= 0x80 {
			n++
		}
	}
	return n
}

// glued reports whether a cut would part a date or an address: an era or 年 stands before or behind it in most records.
func (r *ruler) glued(place int) bool {
	n := 0
	for i := range r.records {
		before, behind := r.around(i, place)
		if eraYear(before) != 0 && (before >= 0x80 || r.dated(i, place-1)) || secondKanji(before) || dateSign(before) || dateSign(behind) {
			n++
		}
	}
	return n*10 >= len(r.records)*6
}

// dated reports whether a date with a Latin era begins at a place of a record: S48.1.2.
func (r *ruler) dated(record, place int) bool {
	b := r.field(record, place, place+9)
	if _, n := scanDate(b); n == 0 {
		return false
	}
	return bytes.ContainsAny(b, "./-")
}

// eras counts the records in which the name of an era begins at a place: 昭和, or the sign for it.
func (r *ruler) eras(place int) (n int) {
	for i := range r.records {
		before, behind := r.around(i, place)
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
func (r *ruler) around(record, place int) (before, behind rune) {
	offsets, rec := r.offsets[record], r.records[record]
	i := offsets[place]
	if i < 0 || int(i) >= len(rec) {
		return 0, 0
	}
	behind, _ = runeAt(rec[i:])
	for p := place - 1; p >= 0; p-- {
		if j := offsets[p]; j >= 0 {
			before, _ = runeAt(rec[j:])
			break
		}
	}
	return before, behind
}

// numbers parts fields of digits: dates stand at the same place of nearly all, and of more than ten digits that are left, the last ten are a
// number: codes of offices and kinds stand before.
func (r *ruler) numbers() {
	for _, v := range []struct {
		long int
		is   func([]byte) bool
	}{{12, isForm(twelve)}, {24, isForm(twelve)}, {11, isForm(hyphenated)}, {10, isBirth}, {8, isBirth}, {7, isBirth}} {
		for from := 0; from < r.width; from = r.end(from) {
			for at, to := from, r.end(from); to-from <= 80 && at+v.long <= to; at++ {
				if !r.within[at] && !r.within[at+1] && r.have(at, at+v.long, v.is) {
					r.take(at, at+v.long)
					break
				}
			}
		}
	}
	for from := 0; from < r.width; from = r.end(from) {
		for _, long := range []int{10, 20} { // half width, full width
			to := r.end(from)
			if n := to - from; n <= long || n > 2*long || r.within[to-1] || !r.have(from, to, longDigits) ||
				r.have(from, to, isForm(twelve)) {
				continue
			}
			if r.have(to-long, to, func(b []byte) bool { return digitsOnly(b) == 10 }) {
				r.cut[to-long] = true
			}
		}
	}
}

// longDigits reports whether a field is more than ten digits, or some, a blank, and ten.
func longDigits(b []byte) bool {
	digits := 0
	for i := 0; i < len(b); {
		_, size := digitAt(b[i:])
		if size > 0 {
			digits++
		} else if size = 1; b[i] != ' ' {
			return false
		}
		i += size
	}
	return digits > 10
}

// titles parts names from what stands before them without a blank, a post or a firm: where the field does not begin with names, but they
// begin at one place further within.
func (r *ruler) titles() {
	for from := 0; from < r.width; from = r.end(from) {
		to := r.end(from)
		if to-from < 8 || to-from > 80 || r.at[from][sortWide]*10 < len(r.records)*9 || r.named(from, to) >= 0.4 {
			continue
		}
		best, place := 0.7, 0
		for p := from + 2; p+6 <= to; p++ {
			if share := r.named(p, to); share > best {
				best, place = share, p
			}
		}
		if place > 0 {
			r.cut[place] = true
		}
	}
}

// named is the share of the records in which a person's name stands between two places.
func (r *ruler) named(from, to int) float64 {
	names, filledIn := 0, 0
	for i := range r.records {
		b := r.field(i, from, to)
		if b != nil {
			if b = filled(b); len(b) == 0 {
				continue
			}
		}
		filledIn++
		if l := nameOf(b); b != nil && (l == surnameOK || l == bothOK || nameLists().surname[string(b)]) && !corporate(b) {
			names++
		}
	}
	return float64(names) / float64(max(filledIn, fixedLeast))
}
