package detect

import "genbo"

// dateParts are the columns of a date that is cut in several.
type dateParts struct{ before, year, month int }

// take adds a cell and returns the date once its day is there; 0 before, and where it is none.
func (p *dateParts) take(kind Kind, b []byte) genbo.Date {
	if kind == BirthEra {
		p.before = eraOf(b)
		return 0
	}
	if kind == BirthSix {
		if n, ok := sixDigits(b); ok && p.before != 0 {
			if d, ok := dateOf(p.before+n/10000, n/100%100, n%100); ok {
				return d
			}
		}
		return 0
	}
	n, ok := smallNumber(b)
	if !ok {
		return 0
	}
	switch kind {
	case BirthYear:
		if before, rest := eraBefore(b); before != 0 {
			p.before = before
			n, _ = smallNumber(rest)
		}
		p.year = n
	case BirthMonth:
		p.month = n
	default:
		if p.year > 100 {
			p.before = 0
		} else if p.before == 0 {
			return 0
		}
		if d, ok := dateOf(p.before+p.year, p.month, n); ok {
			return d
		}
	}
	return 0
}

// eraOf is the year before the first of the era that a cell names: 昭和, 昭, S, or the agency's code 5.
func eraOf(b []byte) int {
	if len(b) == 0 || len(b) > 9 {
		return 0
	}
	r, size := runeAt(b)
	if size == len(b) && digit(b[0]) {
		return eraCodes[b[0]-'0']
	}
	if rest := b[size:]; len(rest) > 0 {
		if second, n := runeAt(rest); n != len(rest) || !secondKanji(second) && rest[0] != '.' {
			return 0
		}
	}
	return eraYear(r)
}

// eraBefore takes the era off the year that it stands before: 昭和25, S25.
func eraBefore(b []byte) (before int, rest []byte) {
	r, n := runeAt(b)
	if before = eraYear(r); before == 0 {
		return 0, b
	}
	rest = b[n:]
	if len(rest) > 0 {
		if r, n := runeAt(rest); secondKanji(r) || r == '.' {
			rest = rest[n:]
		}
	}
	return before, rest
}

// smallNumber reads up to four digits, with the era before and 年, 月 or 日 after them.
func smallNumber(b []byte) (n int, ok bool) {
	_, b = eraBefore(b)
	s := dateScan{b: b}
	n, digits := s.number(4)
	switch string(b[s.i:]) {
	case "", "年", "月", "日":
		return n, digits > 0
	}
	return 0, false
}

// sixDigits reads 250301, the rest of a date whose era stands beside it.
func sixDigits(b []byte) (n int, ok bool) {
	if digitsOnly(b) != 6 {
		return 0, false
	}
	for i := 0; i < len(b); {
		d, size := digitAt(b[i:])
		n, i = n*10+int(d), i+size
	}
	return n, true
}

// lookDate counts whether a cell may be a part of a date.
func (c *column) lookDate(b []byte) {
	if len(b) > 16 {
		return
	}
	if eraOf(b) != 0 {
		c.hits[BirthEra]++
	}
	before, _ := eraBefore(b)
	n, ok := smallNumber(b)
	if !ok {
		return
	}
	if n >= 1880 && n <= 2035 || n >= 1 && n <= 64 {
		c.hits[BirthYear]++
	}
	if n > 100 || before != 0 {
		c.whole++
	}
	if n >= 1 && n <= 12 {
		c.hits[BirthMonth]++
	}
	if n >= 1 && n <= 31 {
		c.hits[BirthDay]++
	}
}

// most reports whether nearly all filled cells may be of a kind: of a short table all but the sum below it.
func (c *column) most(k Kind) bool {
	return c.hits[k] > 0 && c.hits[k]+max(c.filled/20, min(1, c.filled/2)) >= c.filled
}

// joinDates finds dates of birth that are cut in columns: year, month and day side by side, the era before them. A heading must
// say so, or none must stand there and names beside them.
func joinDates(columns []column, headed, named bool) {
	for i := range columns {
		if c := &columns[i]; i > 0 && c.most(NumberTail) && columns[i-1].most(BirthEra) &&
			(c.heading == Birth && c.kind == None || !headed && named && c.filled >= 3 && columns[i-1].hits[NumberBox] == 0) {
			columns[i-1].kind, c.kind = BirthEra, BirthSix
		}
		if i+2 >= len(columns) {
			continue
		}
		y, m, d := &columns[i], &columns[i+1], &columns[i+2]
		if y.kind == Birth || !y.most(BirthYear) || !m.most(BirthMonth) || !d.most(BirthDay) {
			continue
		}
		era := i > 0 && columns[i-1].most(BirthEra)
		if !era && y.whole+1 < y.filled {
			continue
		}
		said := y.heading == Birth || era && columns[i-1].heading == Birth
		if !said && (headed || !named || y.filled < 3) {
			continue
		}
		y.kind, m.kind, d.kind = BirthYear, BirthMonth, BirthDay
		if era {
			columns[i-1].kind = BirthEra
		}
	}
}

// joinNames keeps columns of surnames and given names that no heading names only side by side.
func joinNames(columns []column) {
	for i := range columns {
		c := &columns[i]
		if c.heading != None || c.kind != Surname && c.kind != Given {
			continue
		}
		with := c.kind == Surname && i+1 < len(columns) && columns[i+1].kind == Given || c.kind == Given && i > 0 && columns[i-1].kind == Surname
		if !with {
			c.kind = None
		}
	}
}

// joinBoxes finds numbers with a column for each of their ten digits, which a heading must name, or names stand beside.
func joinBoxes(columns []column, named bool) {
	for i := 0; i+10 <= len(columns); i++ {
		n := 0
		for n < 10 && columns[i+n].most(NumberBox) {
			n++
		}
		if n < 10 {
			continue
		}
		if h := columns[i].heading; h != Number && (!named || h != None) || i+10 < len(columns) && columns[i+10].most(NumberBox) && columns[i+10].heading == None {
			continue
		}
		for k := range 10 {
			columns[i+k].kind = NumberBox
		}
		i += 9
	}
}

// joinAddress takes two columns side by side for an address: the town, and the house in it.
func joinAddress(columns []column) {
	for i := 0; i+1 < len(columns); i++ {
		town, house := &columns[i], &columns[i+1]
		if town.heading == None && house.heading == None && town.towns*10 >= town.filled*8 && house.houses*10 >= house.filled*8 && town.filled > 0 && house.filled > 0 &&
			(town.kind == None || town.kind == Address) && (house.kind == None || house.kind == Address) {
			town.kind, house.kind = AddressPart, AddressPart
		}
	}
}
