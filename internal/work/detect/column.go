package detect

import (
	"bytes"

	"genbo"
)

// column is what is known of a column from a sample of its cells.
type column struct {
	heading   Kind
	title     string
	filled    int
	hits      [kinds]int
	hyphens   int // of the numbers
	zeros     int // numbers of ten digits that begin with 0, as telephones do
	known     int // names whose surname is known
	blanks    int // cells of two words
	whole     int // years that need no era beside them
	accounts  int // numbers of accounts beside what sort they are
	towns     int // addresses that end before the house
	houses    int // addresses, or parts of them, that go down to the house
	old, late genbo.Date
	kind      Kind
	sure      bool
}

// look judges one cell.
func (c *column) look(b []byte) {
	b = trim(b)
	if len(b) == 0 || len(b) == 1 && (b[0] == '-' || b[0] == '*') {
		return
	}
	c.filled++
	if n, form := parseNumber(b); form != noNumber {
		switch form {
		case twelve:
			c.hits[MyNumber]++
		case hyphenated, ten:
			c.hits[Number]++
			if form == hyphenated {
				c.hyphens++
			}
			if n < 1_000_000_000 {
				c.zeros++
			}
		case shorter:
			c.hits[other]++
		}
	}
	switch digits := digitsOnly(b); digits {
	case 1:
		c.hits[NumberBox]++
	case 4:
		c.hits[NumberHead]++
	case 6:
		c.hits[NumberTail]++
	case 7:
		c.hits[Account]++
	}
	if (bytes.Contains(b, []byte("普通")) || bytes.Contains(b, []byte("当座"))) && accountIn(b) {
		c.accounts++
	}
	c.lookDate(b)
	if d, ok := parseDate(b); ok {
		c.hits[Birth]++
		if c.old == 0 || d < c.old {
			c.old = d
		}
		c.late = max(c.late, d)
	}
	if i := bytes.IndexAny(b, " 　"); i > 0 {
		c.blanks++
	}
	switch nameOf(b) {
	case shaped:
		c.hits[Name]++
	case surnameOK, bothOK:
		c.hits[Name]++
		c.known++
	case notName:
		if n := nameLists(); len(b) <= 15 && b[0] >= 0x80 && n.surname[string(b)] {
			c.hits[Surname]++
		} else if len(b) <= 15 && b[0] >= 0x80 && n.given[string(b)] {
			c.hits[Given]++
		}
	case kanaShaped:
		c.hits[Kana]++
	case kanaOK:
		c.hits[Kana]++
		c.known++
	}
	if full, part := addressOf(b); full || part {
		c.address(b, full)
	}
	if ok, hyphen := postalOf(b); ok && hyphen {
		c.hits[Postal]++
	}
	if ok, _ := phoneOf(b); ok {
		c.hits[Phone]++
	}
	if mailOf(b) {
		c.hits[Mail]++
	}
	switch string(b) {
	case "男", "女", "男性", "女性", "M", "F":
		c.hits[Sex]++
	}
}

// address counts a cell that is an address, or a part of one.
func (c *column) address(b []byte, full bool) {
	if full {
		c.hits[Address]++
	} else {
		c.hits[AddressPart]++
	}
	if houseNumber(b) {
		c.houses++
	} else if !full {
		c.towns++
	}
}

// decide gives the column its kind. A heading and the cells must not contradict each other.
func (c *column) decide() {
	c.kind, c.sure = None, c.heading != None
	if c.filled == 0 {
		return
	}
	share := func(k Kind) float64 { return float64(c.hits[k]) / float64(c.filled) }
	switch h := c.heading; h {
	case None, weakNumber:
		c.byCells(share)
	case Number:
		if share(Number)+share(other) >= 0.3 {
			c.kind = Number
		} else if share(NumberHead) >= 0.8 {
			c.kind = NumberHead
		}
	case Name, Surname, Given:
		if share(Birth)+share(Number)+share(Phone)+share(Mail) < 0.3 {
			c.kind = h
		}
	case Kana, Address, Account:
		if share(Birth)+share(Phone)+share(Mail) < 0.3 || h == Account {
			c.kind = h
		}
	case Birth, MyNumber, NumberHead, NumberTail, Postal, Phone, Mail, Sex:
		if share(h) >= 0.3 || h == Postal || h == Sex {
			c.kind = h
		} else if (h == NumberHead || h == NumberTail) && share(Number) >= 0.3 {
			c.kind = Number
		}
	case AddressPart:
		c.kind = AddressPart
	}
}

// byCells decides where no heading says what the column is.
func (c *column) byCells(share func(Kind) float64) {
	many := c.filled >= 3
	switch {
	case share(Mail) >= 0.8:
		c.kind = Mail
	case share(MyNumber) >= 0.9 && many:
		c.kind = MyNumber
	case share(Phone) >= 0.8 && c.zeros*10 >= c.hits[Number]*8 && c.hyphens*2 < c.filled:
		c.kind = Phone
	case share(Number) >= 0.8:
		c.kind = Number
	case share(Postal) >= 0.8:
		c.kind = Postal
	case share(Birth) >= 0.8 && c.old.Year() < 1985 && (c.late.Year()-c.old.Year() >= 8 || !many):
		c.kind = Birth
	case share(Address) >= 0.6 && share(Address)+share(AddressPart) >= 0.8:
		c.kind = Address
	case share(Name) >= 0.7 && c.known*2 >= c.filled:
		c.kind = Name
	case share(Kana) >= 0.7 && c.known*2 >= c.filled:
		c.kind = Kana
	case c.accounts*10 >= c.filled*8:
		c.kind = Account
	case share(Sex) >= 0.9:
		c.kind = Sex
	case share(Surname) >= 0.6 && share(Surname)+share(Given) >= 0.6 && many:
		c.kind = Surname
	case share(Given) >= 0.5 && share(Surname)+share(Given) >= 0.6 && many:
		c.kind = Given
	case share(NumberHead) >= 0.95 && many:
		c.kind = NumberHead
	case share(NumberTail) >= 0.95 && many:
		c.kind = NumberTail
	}
}

// trim takes blanks and a spreadsheet's apostrophe off a cell.
func trim(b []byte) []byte {
	for len(b) > 0 && (b[0] <= ' ' || b[0] == '\'' || b[0] == '=') {
		b = b[1:]
	}
	for len(b) > 0 && b[len(b)-1] <= ' ' {
		b = b[:len(b)-1]
	}
	if len(b) >= 3 && (b[0] == 0xe3 || b[len(b)-3] == 0xe3) {
		b = bytes.TrimPrefix(bytes.TrimSuffix(b, []byte("　")), []byte("　"))
	}
	if len(b) >= 2 && b[0] == '"' && b[len(b)-1] == '"' {
		b = b[1 : len(b)-1]
	}
	return b
}

// digitsOnly is how many digits b has if it has nothing else; 0 otherwise.
func digitsOnly(b []byte) (n int) {
	for i := 0; i < len(b); n++ {
		_, size := digitAt(b[i:])
		if size == 0 {
			return 0
		}
		i += size
	}
	return n
}
