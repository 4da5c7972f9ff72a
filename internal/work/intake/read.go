package intake

import (
	"errors"

	"golang.org/x/text/width"

	"genbo"
	"genbo/internal/base/jtext"
	"genbo/internal/record/person"
	"genbo/internal/work/desk"
)

// Evidence is what facts rest on that came with a file.
const Evidence = "carried-over"

// kinds are the words for kinds of number.
var kinds = map[string]person.NumberKind{
	"pension": person.Pension, "基礎年金番号": person.Pension,
	"handbook": person.Handbook, "手帳記号番号": person.Handbook,
	"provisional": person.Provisional, "仮番号": person.Provisional,
}

// sexes are the words for a sex, beside the register's own.
var sexes = map[string]string{
	"男": "male", "男性": "male", "1": "male", "m": "male", "M": "male",
	"女": "female", "女性": "female", "2": "female", "f": "female", "F": "female",
}

// optional says which columns must be there for a value to be asked for at all.
var optional = []struct {
	kind    person.Kind
	columns []string
}{
	{person.KindSex, []string{"sex"}}, {person.KindAddress, []string{"postal_code", "address"}},
	{person.KindPhone, []string{"phone"}}, {person.KindBank, []string{"bank"}}, {person.KindDeath, []string{"death_date"}},
}

// read makes a newcomer of the cells of a line. Its faults are joined, each in its column.
func (l layout) read(cells []string, today genbo.Date) (person.Newcomer, error) {
	var n person.Newcomer
	if len(cells) != l.cells {
		return n, genbo.NewFault("", "csv.cells", l.cells, len(cells))
	}
	cell := func(name string) string {
		if i := l.cell[column[name]]; i >= 0 {
			return cells[i]
		}
		return ""
	}
	ask := func(question string) string {
		text := cell(columnOf(question))
		if word, ok := sexes[width.Fold.String(text)]; ok && question == "sex" {
			return word
		}
		return text
	}
	n.Evidence = Evidence
	errs := []error{readNumbers(&n, cell)}
	add := func(kind person.Kind) {
		value, err := desk.ReadValue(kind, ask)
		n.Values, errs = append(n.Values, value), append(errs, err)
	}
	add(person.KindName)
	add(person.KindBirth)
	for _, o := range optional {
		for _, name := range o.columns {
			if cell(name) != "" {
				add(o.kind)
				break
			}
		}
	}
	office, err := desk.ReadOffice(cell("office"))
	n.Office, errs = office, append(errs, err)
	n.ValidFrom = today
	if text := cell("valid_from"); text != "" {
		var err error
		n.ValidFrom, err = jtext.ParseDate(text)
		errs = append(errs, genbo.InField(err, "valid_from"))
	}
	if err := errors.Join(errs...); err != nil {
		return n, err
	}
	return n, desk.Plausible(n.Values, today)
}

func readNumbers(n *person.Newcomer, cell func(string) string) error {
	number, err := genbo.ParseNumber(cell("number"))
	if err != nil {
		return genbo.InField(err, "number")
	}
	kind, known := person.Pension, true
	if text := cell("number_kind"); text != "" {
		kind, known = kinds[text]
	} else if number.Provisional() {
		kind = person.Provisional
	}
	if !known || (kind == person.Provisional) != number.Provisional() {
		return genbo.NewFault("number_kind", "number.kind")
	}
	n.Numbers = []person.NewNumber{{Kind: kind, Number: number}}
	if text := cell("handbook_number"); text != "" {
		second, err := genbo.ParseNumber(text)
		if err != nil {
			return genbo.InField(err, "handbook_number")
		}
		if second == number {
			return genbo.NewFault("handbook_number", "number.twice")
		}
		n.Numbers = append(n.Numbers, person.NewNumber{Kind: person.Handbook, Number: second})
	}
	return nil
}

// columnOf is the column that answers a question of package desk.
func columnOf(question string) string {
	for i := range Columns {
		if question != "" && Columns[i].question == question {
			return Columns[i].Name
		}
	}
	return question
}
