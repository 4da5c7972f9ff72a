package intake

import (
	"slices"
	"strings"

	"golang.org/x/text/width"

	"genbo"
)

// Column is a column of a file.
type Column struct {
	Name     string // as English headers and the report of rejected lines have it
	Japanese string
	Required bool   // the file must have the column
	Meaning  string // for help texts
	question string // the name under which package desk asks for it
}

// Columns are the columns that a file may have, in any order.
var Columns = []Column{
	{"number", "番号", true, "pension, handbook or provisional number, ten digits", ""},
	{"number_kind", "番号種別", false, "pension, handbook or provisional (基礎年金番号, 手帳記号番号, 仮番号); empty: by its form", ""},
	{"handbook_number", "手帳記号番号", false, "a second number, from before 1997", ""},
	{"name", "氏名", false, "name as in the family register", "kanji"},
	{"kana", "カナ氏名", true, "reading of the name", "kana"},
	{"latin", "ローマ字氏名", false, "name in Latin letters, of foreigners", "latin"},
	{"alias", "通称名", false, "name used in daily life", "alias"},
	{"birth_date", "生年月日", true, "in either calendar", "birth"},
	{"sex", "性別", false, "male or female (男, 女, 1, 2)", "sex"},
	{"postal_code", "郵便番号", false, "seven digits", "postal"},
	{"address", "住所", false, "from the prefecture on", "address"},
	{"phone", "電話番号", false, "with its area code", "phone"},
	{"bank", "口座", false, "bank, branch, kind and account, as in 0001-001-1-1234567", "bank"},
	{"death_date", "死亡年月日", false, "in either calendar", "death"},
	{"office", "年金事務所", true, "code of the office in charge", ""},
	{"valid_from", "有効年月日", false, "day from which address, telephone and account hold; empty: the day of the import", ""},
}

// column is the place of each column in Columns, by any of its headers.
var column = func() map[string]int {
	m := map[string]int{}
	for i, c := range Columns {
		m[c.Name], m[c.Japanese] = i, i
	}
	return m
}()

// layout says which cell of a line is which column: -1 where the file has none.
type layout struct {
	cell  []int // by column
	cells int   // of a line
}

// readLayout reads the header. Its faults are header.unknown, header.twice and header.missing.
func readLayout(cells []string) (layout, error) {
	l := layout{cell: slices.Repeat([]int{-1}, len(Columns)), cells: len(cells)}
	for i, cell := range cells {
		name := strings.ToLower(strings.TrimSpace(width.Fold.String(cell)))
		c, ok := column[strings.TrimSpace(cell)]
		if !ok {
			if c, ok = column[name]; !ok {
				return l, genbo.NewFault("", "header.unknown", i+1)
			}
		}
		if l.cell[c] >= 0 {
			return l, genbo.NewFault(Columns[c].Name, "header.twice", Columns[c].Name)
		}
		l.cell[c] = i
	}
	for i, c := range Columns {
		if c.Required && l.cell[i] < 0 {
			return l, genbo.NewFault(c.Name, "header.missing", c.Name, c.Japanese)
		}
	}
	return l, nil
}
