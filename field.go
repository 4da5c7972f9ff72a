package genbo

import "strings"

// FieldSet is a set of personal fields, as a disclosure counts them. It prints as letters, "NAB".
type FieldSet uint16

// The fields, with their letters. N, A, B and D are the four of 2015.
const (
	FieldNumber  FieldSet = 1 << iota // N numbers: pension, handbook, provisional
	FieldName                         // A names in kanji, kana and Latin letters, aliases
	FieldBirth                        // B date of birth
	FieldAddress                      // D address with postal code
	FieldSex                          // S sex
	FieldPhone                        // P telephone number
	FieldBank                         // K bank account
	FieldDeath                        // X date of death
	FieldOffice                       // O office in charge

	// AllFields is every field that the register keeps.
	AllFields = FieldOffice<<1 - 1
)

// What files hold of people besides, and the register does not.
const (
	FieldMyNumber FieldSet = (AllFields + 1) << iota // M Individual Number (マイナンバー)
	FieldMail                                        // E mail address
)

const fieldLetters = "NABDSPKXOME"

// Has reports whether every field of g is in f.
func (f FieldSet) Has(g FieldSet) bool { return f&g == g }

// Each calls fn with each single field of f, in the order of the letters.
func (f FieldSet) Each(fn func(one FieldSet)) {
	for i := range len(fieldLetters) {
		if one := FieldSet(1) << i; f&one != 0 {
			fn(one)
		}
	}
}

func (f FieldSet) String() string {
	var b strings.Builder
	for i := range len(fieldLetters) {
		if f&(1<<i) != 0 {
			b.WriteByte(fieldLetters[i])
		}
	}
	if b.Len() == 0 {
		return "-"
	}
	return b.String()
}

// ParseFieldSet reads what [FieldSet.String] writes.
func ParseFieldSet(s string) (FieldSet, error) {
	var f FieldSet
	if s == "-" {
		return 0, nil
	}
	for _, r := range s {
		i := strings.IndexRune(fieldLetters, r)
		if i < 0 {
			return 0, NewFault("fields", "fields.letter", fieldLetters)
		}
		f |= 1 << i
	}
	return f, nil
}
