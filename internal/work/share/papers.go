package share

import (
	"fmt"
	"strconv"
	"strings"

	"genbo"
)

// how a paper writes things: one way in one paper, as one hand does.
type hand struct {
	number, name, birth, address spelling
	honorific                    string
}

func (a *author) hand() hand {
	h := hand{number: pick(a.dice, numberSpellings[:7]), name: nameSpelling(a.dice), address: addressSpelling(a.dice)}
	// Running text names the calendar: bare digits are no date there.
	spoken := pick(a.dice, []int{0, 0, 0, 1, 3, 6, 11, 12, 14, 16, 17})
	h.birth = asText(func(p *person) string { return daySpellings[spoken](p.Birth) })
	h.honorific = one(a.dice, "様", "様", "　様", " 様", "殿", "　殿")
	return h
}

// office is who writes: an office, of which nothing is personal.
func (a *author) office() (name, postal, address, phone string) {
	o := pick(a.dice, []string{"那覇年金事務所", "和歌山西年金事務所", "千代田年金事務所", "新宿年金事務所", "東京広域事務センター", "沖縄事務センター"})
	return o, "900-0025", one(a.dice, "沖縄県那覇市壺川2-3-9", "和歌山県和歌山市関戸2-1-43", "東京都千代田区三番町22", "東京都新宿区大久保2-12-1"), "098-000-" + a.digits(4)
}

// letter writes a letter to one person.
func (a *author) letter() {
	p, h := a.person(), a.hand()
	fields := genbo.FieldName | genbo.FieldAddress
	a.has(p, 0)
	a.say("〒"+p.Postal, h.address(p).text, h.name(p).text+h.honorific, "")
	office, postal, address, phone := a.office()
	a.say("　　　　　　　　　　　　　　　　　　　　　　　　"+daySpellings[0](genbo.Date(20150401).AddDays(a.below(60))), "　　　　　　　　　　　　　　　　　　　　　　　　"+office+"長", "")
	a.say("　　　　　　　　"+one(a.dice, "年金加入記録の確認について", "国民年金保険料の納付について", "届書の返戻について", "住所変更の手続について"), "")
	a.say("　日頃より年金事業の運営にご理解を賜り、厚くお礼申し上げます。", "　さて、標記の件について、下記のとおりお知らせいたします。ご不明の点は担当課までお問い合わせください。", "", "　　　　　　　　　　　　　記", "")
	if a.chance(70) {
		fields |= genbo.FieldNumber
		a.line(one(a.dice, "１　基礎年金番号　", "基礎年金番号：", "基礎年金番号 ") + h.number(p).text)
	}
	if a.chance(50) {
		fields |= genbo.FieldBirth
		a.line(one(a.dice, "２　生年月日　", "生年月日：", "生年月日 ") + h.birth(p).text)
	}
	a.say("３　提出期限　平成27年6月30日", "", "以上", "", "", "", "（お問い合わせ先）", "〒"+postal+"　"+address, office+"　国民年金課", "電話　"+phone)
	a.amend(p, fields)
}

// amend sets what the last case turned out to hold.
func (a *author) amend(p *person, fields genbo.FieldSet) {
	last := &a.cases[len(a.cases)-1]
	place := last.Place
	*last = p.known(fields)
	last.Place = place
}

// merged writes many letters behind each other, as a mail merge leaves them.
func (a *author) merged() {
	for range min(a.rows, 40) {
		a.letter()
		a.say("", "", "\f")
	}
}

// minutes writes the minutes of a meeting, with people who were talked about or without.
func (a *author) minutes(people int) {
	h := a.hand()
	a.say("第"+strconv.Itoa(a.from(2, 40))+"回　記録確認審査会　議事録", "", "日　時　平成27年5月8日（金）14時～16時", "場　所　第２会議室", "出席者　山田課長、鈴木係長、大城主任、比嘉", "")
	for n := range max(people, 3) {
		a.line(strconv.Itoa(n+1) + "　" + one(a.dice, "前回の課題について", "処理件数の報告", "個別案件", "今後の予定"))
		if n < people {
			a.mention(h)
		} else {
			a.line(pick(a.dice, sentences))
		}
		a.say(pick(a.dice, sentences), "")
	}
	a.line("次回は6月12日に開催する。以上")
}

// sentences speak of nobody.
var sentences = []string{
	"　受付件数は前月より12件多い345件であった。処理の遅れは解消しつつある。", "　書庫の鍵は総務課が管理する。持ち出しは台帳に記入すること。",
	"　新しい様式は7月1日から用いる。古い様式は6月末までに廃棄する。", "　システムの更改に伴い、5月23日9時から17時まで端末は使えない。",
	"　窓口の混雑については、番号札の配布方法を見直すこととした。", "　課長から、個人情報の取扱いについて改めて注意があった。",
	"　統計資料によれば、全国の納付率は63.1％、当所は58.4％である。", "　様式番号1234-567号は廃止し、今後は2345-678号による。",
}

// mention speaks of one person in a sentence or two.
func (a *author) mention(h hand) {
	p := a.person()
	name, number, birth := h.name(p).text, h.number(p).text, h.birth(p).text
	honorific := strings.TrimSpace(h.honorific)
	switch a.below(5) {
	case 0:
		a.has(p, genbo.FieldNumber|genbo.FieldName|genbo.FieldBirth)
		a.line(fmt.Sprintf("　基礎年金番号%sの%s氏（%s生）については、厚生年金の加入期間に漏れがある。", number, name, birth))
	case 1:
		a.has(p, genbo.FieldName|genbo.FieldBirth)
		a.line(fmt.Sprintf("　%s%s（%s生まれ）から、記録の照会があった。", name, honorific, birth))
	case 2:
		a.has(p, genbo.FieldName|genbo.FieldNumber)
		a.line(fmt.Sprintf("　%s%s（%s）の届書は、添付書類の不足のため返戻した。", name, honorific, number))
	case 3:
		fields := genbo.FieldName | genbo.FieldAddress
		text := fmt.Sprintf("　%s%sより電話あり。転居先は%s。", name, honorific, h.address(p).text)
		if p.Phone != "" {
			fields |= genbo.FieldPhone
			text += "連絡先は" + p.Phone + "。"
		}
		a.has(p, fields)
		a.line(text)
	case 4:
		a.has(p, genbo.FieldName)
		a.line(fmt.Sprintf("　%s%sが来所し、相談を受けた。", name, honorific))
	}
}

// memo writes notes of one day.
func (a *author) memo() {
	h := a.hand()
	a.say(one(a.dice, "【引継メモ】", "窓口対応記録", "電話対応メモ"), "5月"+strconv.Itoa(a.from(1, 31))+"日", "")
	for range min(a.rows, 25) {
		a.mention(h)
		a.say("", pick(a.dice, sentences), "", pick(a.dice, sentences), "")
	}
}

// form writes one application with its words at the left, as text or as a table.
func (a *author) form(asTable bool) {
	p, h := a.person(), a.hand()
	title := one(a.dice, "国民年金被保険者資格取得届", "年金手帳再交付申請書", "住所変更届", "裁定請求書")
	fields := genbo.FieldNumber | genbo.FieldName | genbo.FieldBirth | genbo.FieldAddress
	rows := [][2]string{{"基礎年金番号", h.number(p).text}, {"フリガナ", narrow(p.kanaFamily + " " + p.kanaGiven)}, {"氏名", h.name(p).text}, {"生年月日", h.birth(p).text},
		{"住所", h.address(p).text}}
	if p.Phone != "" && a.chance(60) {
		rows, fields = append(rows, [2]string{"電話番号", p.Phone}), fields|genbo.FieldPhone
	}
	if a.chance(30) {
		sex := "男"
		if p.Female {
			sex = "女"
		}
		rows, fields = append(rows, [2]string{"性別", sex}), fields|genbo.FieldSex
	}
	rows = append(rows, [2]string{"届出の理由", one(a.dice, "退職", "転居", "紛失", "婚姻")})
	if asTable {
		a.table(title)
		a.words(title, "")
		a.has(p, fields)
		for _, r := range rows {
			a.words(r[0], r[1])
		}
		return
	}
	a.say("　　　　"+title, "")
	a.has(p, fields)
	gap := one(a.dice, "：", "　", "\t", ": ")
	for _, r := range rows {
		a.line(r[0] + gap + r[1])
	}
	a.say("", "上記のとおり届け出ます。", "平成27年5月"+strconv.Itoa(a.from(1, 31))+"日", "年金事務所長　殿")
}
