package detect

import "genbo"

// Certainty is how sure it is that a case is a person with these fields.
type Certainty uint8

// The certainties.
const (
	Possible Certainty = iota // a number of the right form with nothing beside it
	Likely                    // told by what the cells look like
	Sure                      // told by headings or labels, and the cells agree
)

func (c Certainty) String() string { return [...]string{"possible", "likely", "sure"}[c] }

// Case is one person in one place. It is valid only while it is handed out.
type Case struct {
	Line      int // the row of the table or the line of the text, from 1
	Fields    genbo.FieldSet
	Certainty Certainty
	Number    uint64     // the ten digits; 0 without
	Name      []byte     // as it stands there, kanji before kana; empty without
	Birth     genbo.Date // 0 without

	family bool   // Name is a surname, whose given name may follow
	whole  []byte // room for a name in two cells
	parts  dateParts
	boxes  int // digits of the number so far, where each has a column
}

// isPerson reports whether the fields are somebody.
func isPerson(f genbo.FieldSet) bool {
	return f&(genbo.FieldNumber|genbo.FieldMyNumber|genbo.FieldName) != 0
}

// Kind is what the cells of a column are.
type Kind uint8

// The kinds. Numbers may be cut in two columns, 4 and 6, or in one for each digit; names in surname and given name; dates in year, month
// and day with the era before them.
const (
	None Kind = iota
	Number
	NumberHead
	NumberTail
	NumberBox
	MyNumber
	Name
	Surname
	Given
	Kana
	Birth
	BirthEra
	BirthYear
	BirthMonth
	BirthDay
	BirthSix // month and day with the year, after the era
	Address
	AddressPart
	Postal
	Phone
	Account
	Mail
	Sex
	other // the heading names something that is no field of a person
	kinds
)

// fieldOf is the field that a filled cell of a kind stands for. A postal code and a surname alone stand for none.
var fieldOf = [kinds]genbo.FieldSet{
	Number: genbo.FieldNumber, NumberTail: genbo.FieldNumber, NumberBox: genbo.FieldNumber, MyNumber: genbo.FieldMyNumber, Name: genbo.FieldName, Surname: genbo.FieldName,
	Given: genbo.FieldName, Kana: genbo.FieldName, Birth: genbo.FieldBirth, BirthDay: genbo.FieldBirth, BirthSix: genbo.FieldBirth, Address: genbo.FieldAddress, AddressPart: genbo.FieldAddress,
	Phone: genbo.FieldPhone, Account: genbo.FieldBank, Mail: genbo.FieldMail, Sex: genbo.FieldSex,
}
