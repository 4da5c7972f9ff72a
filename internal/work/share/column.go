package share

import (
	"fmt"
	"strconv"
	"strings"

	"genbo"
)

// column is one thing that a table says of each person, in one or several cells.
type column struct {
	heads []string
	cells func(a *author, p *person) []cell
	field genbo.FieldSet // what the cells say of the person where they are not empty; 0 for nothing personal
}

func single(head string, field genbo.FieldSet, s spelling) column {
	return column{[]string{head}, func(_ *author, p *person) []cell { return []cell{s(p)} }, field}
}

// filled reports whether any cell says something.
func filled(cells []cell) bool {
	for _, c := range cells {
		if strings.TrimSpace(c.text) != "" {
			return true
		}
	}
	return false
}

func numberColumn(a *author) column {
	switch head := one(a.dice, "基礎年金番号", "基礎年金番号", "年金番号", "基年番", "基礎番号", "被保険者基礎年金番号"); a.below(12) {
	case 0:
		return column{[]string{one(a.dice, "記号", "課所符号", head+"（上4桁）"), one(a.dice, "番号", "一連番号", "（下6桁）")}, func(_ *author, p *person) []cell {
			first, last, _ := strings.Cut(p.Number.Plain(), "-")
			return texts(first, last)
		}, genbo.FieldNumber}
	case 1:
		heads := make([]string, 10)
		heads[0] = head
		return column{heads, func(_ *author, p *person) []cell { return texts(strings.Split(plainNumber(p), "")...) }, genbo.FieldNumber}
	default:
		return single(head, genbo.FieldNumber, pick(a.dice, numberSpellings))
	}
}

func nameColumn(a *author) column {
	if a.chance(10) {
		return column{[]string{one(a.dice, "姓", "氏"), "名"}, func(_ *author, p *person) []cell {
			if p.foreign {
				last, first, _ := strings.Cut(p.Latin, " ")
				return texts(last, first)
			}
			return texts(p.family, p.given)
		}, genbo.FieldName}
	}
	return single(one(a.dice, "氏名", "氏名", "氏　名", "お名前", "漢字氏名", "氏名（漢字）", "被保険者氏名", "対象者氏名", "受給者氏名"), genbo.FieldName, nameSpelling(a.dice))
}

func kanaColumn(a *author) column {
	return single(one(a.dice, "フリガナ", "カナ氏名", "氏名（カナ）", "ふりがな", "カナ", "氏名カナ"), genbo.FieldName, kanaSpelling(a.dice))
}

func birthColumn(a *author) column {
	head := one(a.dice, "生年月日", "生年月日", "生　年　月　日", "出生年月日", "生年月日（和暦）")
	if a.chance(8) {
		short := a.chance(50)
		return column{[]string{"生年", "月", "日"}, func(_ *author, p *person) []cell {
			year := strconv.Itoa(p.Birth.Year())
			if e, y := eraOf(p.Birth); short {
				year = e.letter + strconv.Itoa(y)
			}
			return texts(year, strconv.Itoa(p.Birth.Month()), strconv.Itoa(p.Birth.Day()))
		}, genbo.FieldBirth}
	}
	if a.chance(8) {
		return column{[]string{"元号", "生年月日"}, func(_ *author, p *person) []cell {
			e, y := eraOf(p.Birth)
			return texts(e.name, fmt.Sprintf("%02d%02d%02d", y, p.Birth.Month(), p.Birth.Day()))
		}, genbo.FieldBirth}
	}
	return single(head, genbo.FieldBirth, birthSpelling(a.dice))
}

// addressColumns are the columns of an address, with or without the postal code, which alone is nobody's address.
func addressColumns(a *author) (list []column) {
	if a.chance(60) {
		mark, plain := one(a.dice, "", "", "〒"), a.chance(15)
		list = append(list, single(one(a.dice, "郵便番号", "〒", "〒番号", "郵便"), 0, asText(func(p *person) string {
			if plain {
				return strings.Replace(p.Postal, "-", "", 1)
			}
			return mark + p.Postal
		})))
	}
	head := one(a.dice, "住所", "住所", "住　所", "現住所", "送付先住所", "宛先", "所在地", "居所")
	switch a.below(8) {
	case 0:
		return append(list, column{[]string{"都道府県", "市区町村", "町名番地"}, func(_ *author, p *person) []cell {
			return texts(p.prefecture, p.city, strings.TrimSpace(p.town+"　"+p.building))
		}, genbo.FieldAddress})
	case 1:
		return append(list, column{[]string{head + "１", head + "２"}, func(_ *author, p *person) []cell {
			return texts(p.prefecture+p.city, p.town+p.building)
		}, genbo.FieldAddress})
	case 2:
		return append(list, column{[]string{head, "方書"}, func(_ *author, p *person) []cell {
			return texts(p.prefecture+p.city+p.town, p.building)
		}, genbo.FieldAddress})
	}
	return append(list, single(head, genbo.FieldAddress, addressSpelling(a.dice)))
}

func sexColumn(a *author) column {
	words := one(a.dice, [2]string{"男", "女"}, [2]string{"1", "2"}, [2]string{"M", "F"}, [2]string{"男性", "女性"})
	field := genbo.FieldSex
	if a.mute && words[0] == "1" {
		field = 0 // a digit of which nothing says what it means
	}
	return single(one(a.dice, "性別", "性別", "男女"), field, asText(func(p *person) string {
		if p.Female {
			return words[1]
		}
		return words[0]
	}))
}

func phoneColumn(a *author) column {
	how := one(a.dice, func(s string) string { return s }, func(s string) string { return s }, wide, func(s string) string { return strings.ReplaceAll(s, "-", "") })
	return single(one(a.dice, "電話番号", "電話", "ＴＥＬ", "連絡先", "連絡先電話番号", "携帯電話"), genbo.FieldPhone, asText(func(p *person) string { return how(p.Phone) }))
}

// accountColumns are a bank, a branch, the kind and the number of an account, or all in one cell.
func accountColumns(a *author) []column {
	if a.chance(30) {
		return []column{single(one(a.dice, "振込口座", "口座"), genbo.FieldBank, asText(func(p *person) string {
			if p.Bank == "" {
				return ""
			}
			part := strings.Split(p.Bank, "-")
			return "架空銀行 " + part[1] + "支店 普通 " + part[3]
		}))}
	}
	return []column{{[]string{"金融機関コード", "支店コード", "種別", "口座番号"}, func(_ *author, p *person) []cell {
		if p.Bank == "" {
			return texts("", "", "", "")
		}
		part := strings.Split(p.Bank, "-")
		return texts(part[0], part[1], "普通", part[3])
	}, genbo.FieldBank}}
}

func myNumberColumn(a *author) column {
	spaced := a.chance(30)
	return single(one(a.dice, "個人番号", "マイナンバー", "個人番号（12桁）"), genbo.FieldMyNumber, asText(func(p *person) string {
		if spaced {
			return p.my[:4] + " " + p.my[4:8] + " " + p.my[8:]
		}
		return p.my
	}))
}

func mailColumn(a *author) column {
	return single(one(a.dice, "メールアドレス", "E-mail", "電子メール"), genbo.FieldMail, asText(func(p *person) string { return p.mail }))
}

// plain columns say nothing of who the person is.

func drawn(head string, draw func(d *dice) string) column {
	return column{[]string{head}, func(a *author, _ *person) []cell { return texts(draw(a.dice)) }, 0}
}

func serial(head string) column {
	n := 0
	return column{[]string{head}, func(*author, *person) []cell { n++; return []cell{{strconv.Itoa(n), number}} }, 0}
}

func workday(head string, d *dice) column {
	how := pick(d, daySpellings[:9])
	return drawn(head, func(d *dice) string { return how(genbo.Date(20150401).AddDays(d.below(120))) })
}

func words(head string, list ...string) column {
	return drawn(head, func(d *dice) string { return pick(d, list) })
}
