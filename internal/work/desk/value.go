package desk

import (
	"errors"
	"regexp"

	"genbo"
	"genbo/internal/base/jtext"
	"genbo/internal/record/person"
)

// ReadValue makes a value of a kind from what people typed or sent, by the names of fields, and cleans it. All
// its faults are joined, each in its field. An unknown kind is the fault kind.unknown.
func ReadValue(kind person.Kind, field func(name string) string) (person.Value, error) {
	switch kind {
	case person.KindName:
		return readName(field)
	case person.KindBirth:
		d, err := jtext.ParseDate(field("birth"))
		return person.Birth(d), genbo.InField(err, "birth")
	case person.KindSex:
		sex := person.Sex(field("sex"))
		if sex != person.Male && sex != person.Female {
			return nil, genbo.NewFault("sex", "sex.unknown")
		}
		return sex, nil
	case person.KindAddress:
		postal, err1 := jtext.CleanPostal(field("postal"))
		text, err2 := jtext.CleanText(field("address"))
		return person.Address{Postal: postal, Text: text}, errors.Join(genbo.InField(err1, "postal"), genbo.InField(err2, "address"))
	case person.KindPhone:
		if field("phone") == "" {
			return person.Phone(""), nil
		}
		phone, err := jtext.CleanPhone(field("phone"))
		return person.Phone(phone), genbo.InField(err, "phone")
	case person.KindBank:
		return ReadBank(field("bank"))
	case person.KindDeath:
		d, err := jtext.ParseDate(field("death"))
		return person.Death(d), genbo.InField(err, "death")
	}
	return nil, genbo.NewFault("kind", "kind.unknown")
}

func readName(field func(string) string) (person.Value, error) {
	var n person.Name
	var errs []error
	clean := func(into *string, name string, clean func(string) (string, error)) {
		text := field(name)
		if text == "" {
			return
		}
		var err error
		*into, err = clean(text)
		errs = append(errs, genbo.InField(err, name))
	}
	clean(&n.Kanji, "kanji", jtext.CleanName)
	clean(&n.Kana, "kana", jtext.CleanKana)
	clean(&n.Latin, "latin", jtext.CleanName)
	clean(&n.Alias, "alias", jtext.CleanName)
	if field("kana") == "" {
		errs = append(errs, genbo.NewFault("kana", "text.empty"))
	}
	if field("kanji") == "" && field("latin") == "" {
		errs = append(errs, genbo.NewFault("kanji", "name.one"))
	}
	return n, errors.Join(errs...)
}

// bankForm is bank (4), branch (3), kind (1), account (7), as the Zengin form of transfers has them.
var bankForm = regexp.MustCompile(`^\d{4}-\d{3}-\d-\d{7}$`)

// ReadBank reads a bank account: bank, branch, kind and account number with hyphens.
func ReadBank(text string) (person.Bank, error) {
	clean, err := jtext.CleanText(text)
	if err != nil {
		return "", genbo.InField(err, "bank")
	}
	if !bankForm.MatchString(clean) {
		return "", genbo.NewFault("bank", "bank.form")
	}
	return person.Bank(clean), nil
}
