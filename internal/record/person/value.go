package person

import (
	"fmt"
	"strings"

	"genbo"
)

// Kind is what a fact is about.
type Kind string

// The kinds of fact, as they are stored.
const (
	KindName    Kind = "name"
	KindBirth   Kind = "birth"
	KindSex     Kind = "sex"
	KindAddress Kind = "address"
	KindPhone   Kind = "phone"
	KindBank    Kind = "bank"
	KindDeath   Kind = "death"
)

// Kinds is every kind, in the order of a page.
var Kinds = []Kind{KindName, KindBirth, KindSex, KindAddress, KindPhone, KindBank, KindDeath}

// Field is the field that a kind counts as when it is disclosed.
func (k Kind) Field() genbo.FieldSet {
	switch k {
	case KindName:
		return genbo.FieldName
	case KindBirth:
		return genbo.FieldBirth
	case KindSex:
		return genbo.FieldSex
	case KindAddress:
		return genbo.FieldAddress
	case KindPhone:
		return genbo.FieldPhone
	case KindBank:
		return genbo.FieldBank
	case KindDeath:
		return genbo.FieldDeath
	}
	return 0
}

// Always is from when a fact holds that is true of the whole life, such as the date of birth. The day from
// which a fact holds is stored in plain, so it must never be the day of birth or of death itself.
const Always genbo.Date = 10101

// Lifelong reports whether facts of the kind hold always, whatever day is given for them.
func (k Kind) Lifelong() bool { return k == KindBirth || k == KindDeath }

func validFrom(v Value, from genbo.Date) genbo.Date {
	if v.Kind().Lifelong() {
		return Always
	}
	return from
}

// Value is what a fact says: a [Name], [Birth], [Sex], [Address], [Phone], [Bank] or [Death].
type Value interface {
	Kind() Kind
	encode() string
}

// Name is a person's name. Kana is the reading in full-width katakana; Latin is as in the passport, for
// foreigners; Alias is the name used in daily life (通称名).
type Name struct{ Kanji, Kana, Latin, Alias string }

// Birth is a date of birth.
type Birth genbo.Date

// Sex is as the family or residents' register has it.
type Sex string

// The sexes of the register. Neither is known of some old records: these have no fact.
const (
	Male   Sex = "male"
	Female Sex = "female"
)

// Address is where letters go: seven digits of postal code with a hyphen, and the address from the
// prefecture on. The zero Address says that none is known.
type Address struct{ Postal, Text string }

// Phone is a telephone number in digits and hyphens; "" says that none is known.
type Phone string

// Bank is the account that benefits go to: bank, branch, kind and account, with hyphens.
type Bank string

// Death is a date of death; zero says that a death entered by mistake did not happen.
type Death genbo.Date

func (Name) Kind() Kind    { return KindName }
func (Birth) Kind() Kind   { return KindBirth }
func (Sex) Kind() Kind     { return KindSex }
func (Address) Kind() Kind { return KindAddress }
func (Phone) Kind() Kind   { return KindPhone }
func (Bank) Kind() Kind    { return KindBank }
func (Death) Kind() Kind   { return KindDeath }

// separator parts the pieces of a value; as a control character it cannot occur in one.
const separator = "\x1f"

func (v Name) encode() string {
	return strings.Join([]string{v.Kanji, v.Kana, v.Latin, v.Alias}, separator)
}
func (v Birth) encode() string   { return genbo.Date(v).String() }
func (v Sex) encode() string     { return string(v) }
func (v Address) encode() string { return v.Postal + separator + v.Text }
func (v Phone) encode() string   { return string(v) }
func (v Bank) encode() string    { return string(v) }
func (v Death) encode() string   { return genbo.Date(v).String() }

// decode reads what encode wrote.
func decode(kind Kind, text string) (Value, error) {
	pieces := strings.Split(text, separator)
	broken := fmt.Errorf("a %s in the register does not read: %w", kind, genbo.ErrTampered)
	switch {
	case kind == KindName && len(pieces) == 4:
		return Name{pieces[0], pieces[1], pieces[2], pieces[3]}, nil
	case kind == KindAddress && len(pieces) == 2:
		return Address{pieces[0], pieces[1]}, nil
	case len(pieces) != 1:
		return nil, broken
	}
	switch kind {
	case KindBirth, KindDeath:
		var d genbo.Date
		if err := d.UnmarshalText([]byte(text)); err != nil {
			return nil, broken
		}
		if kind == KindBirth {
			return Birth(d), nil
		}
		return Death(d), nil
	case KindSex:
		return Sex(text), nil
	case KindPhone:
		return Phone(text), nil
	case KindBank:
		return Bank(text), nil
	}
	return nil, broken
}
