package share

import (
	"fmt"
	"strconv"

	"genbo"
)

// lists are the tables of people that lie in offices, each with the columns that it is kept for.
var lists = []struct {
	title   string
	columns func(a *author) []column
}{
	{"届書受付管理簿", func(a *author) []column {
		return []column{serial("受付番号"), workday(one(a.dice, "受付年月日", "受付日"), a.dice),
			words("届書名", "資格取得届", "住所変更届", "氏名変更届", "免除申請書", "裁定請求書", "死亡届", "口座振替申出書"), numberColumn(a), nameColumn(a), birthColumn(a),
			words("担当", "佐藤", "山田", "鈴木", "比嘉", "大城"), words("処理状況", "処理済", "返戻", "照会中", "審査中", "")}
	}},
	{"文書送付リスト", func(a *author) []column {
		c := []column{serial("No.")}
		c = append(c, addressColumns(a)...)
		return append(c, nameColumn(a), numberColumn(a), words("送付文書", "ねんきん定期便", "年金記録の確認のお願い", "納付書", "振込通知書"), workday("発送日", a.dice))
	}},
	{"宛名ラベル", func(a *author) []column { return append(addressColumns(a), nameColumn(a)) }},
	{"訂正対象者一覧", func(a *author) []column {
		return []column{serial("連番"), numberColumn(a), nameColumn(a), kanaColumn(a), birthColumn(a),
			words("訂正項目", "資格取得年月日", "氏名", "標準報酬月額", "住所"), words("訂正前", "H12.4.1", "200千円", "誤", "-"), words("訂正後", "H12.5.1", "220千円", "正", "済")}
	}},
	{"記録突合審査管理台帳", func(a *author) []column {
		c := []column{drawn("整理番号", func(d *dice) string { return "T" + d.digits(7) }), numberColumn(a), kanaColumn(a), birthColumn(a), sexColumn(a)}
		c = append(c, addressColumns(a)...)
		return append(c, words("審査結果", "一致", "不一致", "要確認", "該当なし"), workday("審査日", a.dice))
	}},
	{"記録確認対象者リスト", func(a *author) []column { return []column{numberColumn(a), nameColumn(a)} }},
	{"記録確認対象者リスト", func(a *author) []column { return []column{numberColumn(a), nameColumn(a), birthColumn(a)} }},
	{"未統合記録一覧", func(a *author) []column {
		return append([]column{numberColumn(a), nameColumn(a), kanaColumn(a), birthColumn(a)}, addressColumns(a)...)
	}},
	{"電話勧奨リスト", func(a *author) []column {
		return []column{serial("№"), nameColumn(a), kanaColumn(a), phoneColumn(a), words("架電結果", "応答", "不在", "留守電", "番号違い"), words("未納月数", "1", "3", "12", "24")}
	}},
	{"振込口座登録一覧", func(a *author) []column {
		return append([]column{numberColumn(a), kanaColumn(a)}, accountColumns(a)...)
	}},
	{"個人番号登録対象者", func(a *author) []column {
		return []column{myNumberColumn(a), numberColumn(a), nameColumn(a), birthColumn(a), sexColumn(a)}
	}},
	{"説明会参加者名簿", func(a *author) []column {
		return []column{serial("番号"), nameColumn(a), words("会社名", "株式会社青空", "（有）みどり商店", "医療法人なぎさ会", "架空工業株式会社"), mailColumn(a), phoneColumn(a)}
	}},
	{"職員名簿", func(a *author) []column {
		return []column{words("所属", "総務課", "適用課", "国民年金課", "お客様相談室"), words("職名", "課長", "係長", "主任", "係員"), nameColumn(a),
			drawn("内線", func(d *dice) string { return d.digits(4) }), mailColumn(a)}
	}},
}

// people writes a table of people.
func (a *author) people() {
	list := pick(a.dice, lists)
	a.tableOf(list.title, list.columns(a), a.rows, !a.chance(8))
}

// records writes a table that has nothing but a heading and rows, for formats that know no other.
func (a *author) records() {
	list := pick(a.dice, lists)
	columns := list.columns(a)
	a.table(list.title)
	a.heading(columns)
	for range a.rows {
		a.personRow(columns)
	}
}

func (a *author) heading(columns []column) {
	var cells []cell
	for _, c := range columns {
		cells = append(cells, texts(c.heads...)...)
	}
	a.row(cells)
}

// personRow writes one person and keeps what stands of him.
func (a *author) personRow(columns []column) {
	p := a.person()
	var cells []cell
	var fields genbo.FieldSet
	for _, c := range columns {
		list := c.cells(a, p)
		if filled(list) {
			fields |= c.field
		}
		cells = append(cells, list...)
	}
	a.has(p, fields)
	a.row(cells)
}

// tableOf writes a table as offices lay it out: titles above, blank columns, sums below.
func (a *author) tableOf(title string, columns []column, rows int, headed bool) {
	a.table(title)
	width := 0
	if a.chance(15) {
		columns = append([]column{{[]string{""}, func(*author, *person) []cell { return texts("") }, 0}}, columns...)
	}
	for _, c := range columns {
		width += len(c.heads)
	}
	line := func(at int, text string) {
		cells := make([]cell, width)
		cells[min(at, width-1)].text = text
		a.row(cells)
	}
	if headed {
		if a.chance(50) {
			line(a.below(3), title)
			if a.chance(50) {
				line(width-2, one(a.dice, "平成27年5月8日現在", "那覇年金事務所", "作成日　H27.5.1"))
			}
			if a.chance(40) {
				line(0, "")
			}
		}
		a.heading(columns)
	}
	for n := range rows {
		if n > 0 && a.chance(1) {
			line(0, one(a.dice, "", "（小計）"+strconv.Itoa(n)+"件"))
		}
		a.personRow(columns)
	}
	if headed && a.chance(35) {
		line(0, fmt.Sprintf(one(a.dice, "合計　%d件", "計 %d 名", "以上　%d件"), rows))
	}
}

// several writes two tables below each other in one sheet.
func (a *author) several() {
	first, second := pick(a.dice, lists), pick(a.dice, lists)
	a.tableOf(first.title, first.columns(a), a.rows/2, true)
	a.words("")
	a.tableOf(second.title, second.columns(a), a.rows-a.rows/2, true)
}

// families writes a wide table: two or more people in a row.
func (a *author) families() {
	name, birth := nameSpelling(a.dice), birthSpelling(a.dice)
	a.table("世帯一覧")
	a.words("世帯番号", "氏名", "生年月日", "配偶者氏名", "配偶者生年月日", "子の氏名", "子の生年月日")
	for n := range a.rows {
		cells := texts(strconv.Itoa(n + 1))
		for member := range 3 {
			if member > 0 && a.chance(30*member) {
				cells = append(cells, texts("", "")...)
				continue
			}
			p := a.person()
			a.has(p, genbo.FieldName|genbo.FieldBirth)
			cells = append(cells, name(p), birth(p))
		}
		a.row(cells)
	}
}

// cards writes a long table: each person in rows of a word and its value.
func (a *author) cards() {
	number, name, birth, address := pick(a.dice, numberSpellings), nameSpelling(a.dice), birthSpelling(a.dice), addressSpelling(a.dice)
	a.table("相談者カード")
	for n := range a.rows {
		p := a.person()
		a.row(texts("整理番号", strconv.Itoa(n+1)))
		a.has(p, genbo.FieldNumber|genbo.FieldName|genbo.FieldBirth|genbo.FieldAddress)
		a.row([]cell{{text: "基礎年金番号"}, number(p)})
		a.row([]cell{{text: "氏名"}, name(p)})
		a.row([]cell{{text: "生年月日"}, birth(p)})
		a.row([]cell{{text: "住所"}, address(p)})
		a.words("備考", one(a.dice, "", "来所相談", "再交付希望"))
		a.words("", "")
	}
}
