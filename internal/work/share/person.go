package share

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"

	"genbo"
	"genbo/internal/work/synth"
)

// person is one of synth's people with what lists need besides.
type person struct {
	synth.Person
	family, given         string // in kanji, or what stands for it
	kanaFamily, kanaGiven string // full-width katakana
	foreign               bool   // has no name in kanji
	prefecture, city      string
	town, building        string // the rest of the address: town and house number, and the building
	my                    string // twelve digits
	mail                  string
}

// rare are surnames that hardly any list holds, and writings that old code pages lack or have in their extensions.
var rare = [][2]string{
	{"四月朔日", "ワタヌキ"}, {"小鳥遊", "タカナシ"}, {"勅使河原", "テシガワラ"}, {"御手洗", "ミタライ"}, {"月見里", "ヤマナシ"},
	{"仲村渠", "ナカンダカリ"}, {"我那覇", "ガナハ"}, {"喜屋武", "キャン"}, {"東江", "アガリエ"}, {"平安名", "ヘンナ"},
	{"髙橋", "タカハシ"}, {"山﨑", "ヤマサキ"}, {"濵田", "ハマダ"}, {"渡邉", "ワタナベ"}, {"齋藤", "サイトウ"}, {"𠮷田", "ヨシダ"},
	{"薗部", "ソノベ"}, {"一", "ニノマエ"}, {"十", "ツナシ"}, {"雲母", "キララ"}, {"栗花落", "ツユリ"}, {"百目鬼", "ドウメキ"},
}

// rareGiven are given names that few lists hold.
var rareGiven = [][2]string{
	{"心結", "ミユウ"}, {"龍之丞", "リュウノジョウ"}, {"椛音", "カノン"}, {"钁", "クワ"}, {"いく代", "イクヨ"}, {"ゑい", "エイ"}, {"トメ", "トメ"},
	{"よ志", "ヨシ"}, {"壽", "ヒサシ"}, {"彌一郎", "ヤイチロウ"}, {"萬壽子", "マスコ"}, {"清右衛門", "セイエモン"},
}

// personOf takes person i of a population.
func personOf(all *synth.Population, i int, d *dice, legacy bool) *person {
	p := &person{Person: all.Person(i)}
	p.kanaFamily, p.kanaGiven, _ = strings.Cut(p.Kana, "　")
	p.family, p.given, _ = strings.Cut(p.Name, "　")
	p.foreign = p.Name == ""
	if !p.foreign && p.Latin == "" && d.chance(3) {
		r := pick(d, rare)
		p.family, p.kanaFamily = r[0], r[1]
	}
	if !p.foreign && p.Latin == "" && d.chance(2) {
		r := pick(d, rareGiven)
		p.given, p.kanaGiven = r[0], r[1]
	}
	if legacy {
		p.family = strings.NewReplacer("𠮷", "吉").Replace(p.family)
		p.given = strings.NewReplacer("钁", "鍬").Replace(p.given)
	}
	p.cutAddress()
	p.my = myNumber(d.digits(11))
	p.mail = d.letters(d.from(4, 9), "abcdefghijkmnoprstuy") + one(d, "", ".", "_", "-") + d.letters(d.from(2, 5), "abcdefghiknorst0123456789") +
		"@" + one(d, "example.jp", "example.com", "mail.example.ne.jp", "example.co.jp", "example.org")
	return p
}

// cutAddress parts an address as forms with several columns do.
func (p *person) cutAddress() {
	rest := p.Address
	cut := strings.Index(rest, "県")
	for _, own := range []string{"北海道", "東京都", "大阪府", "京都府"} {
		if strings.HasPrefix(rest, own) {
			cut = len(own) - len("県")
		}
	}
	p.prefecture, rest = rest[:cut+len("県")], rest[cut+len("県"):]
	p.city = rest[:cityEnd(rest)]
	p.town, p.building, _ = strings.Cut(rest[len(p.city):], "　")
}

// cityEnd is where the municipality ends at the beginning of an address without prefecture.
func cityEnd(s string) int {
	for _, mark := range []string{"市", "区", "町", "村"} {
		_, first := utf8.DecodeRuneInString(s)
		at := strings.Index(s[first:], mark)
		if at < 0 || at > len("五文字まで") && mark == "市" {
			continue
		}
		end := first + at + len(mark)
		for strings.HasPrefix(s[end:], "市") { // 四日市市
			end += len("市")
		}
		return end
	}
	return 0
}

// myNumber adds the check digit to eleven digits: the Order of the Ministry of Internal Affairs No. 85 of 2014, article 5.
func myNumber(eleven string) string {
	sum := 0
	for n := 1; n <= 11; n++ {
		weight := n + 1
		if n > 6 {
			weight = n - 5
		}
		sum += int(eleven[11-n]-'0') * weight
	}
	check := 0
	if r := sum % 11; r > 1 {
		check = 11 - r
	}
	return eleven + string(rune('0'+check))
}

// narrow writes katakana, letters and digits half-width, with the marks of voiced sounds as characters of their own.
func narrow(s string) string { return width.Narrow.String(norm.NFD.String(s)) }

// wide writes ASCII full-width.
func wide(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '　'
		case r > ' ' && r < 0x7f:
			return r - '!' + '！'
		}
		return r
	}, s)
}

// hiragana writes katakana as hiragana.
func hiragana(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'ァ' && r <= 'ヶ' {
			return r - 'ァ' + 'ぁ'
		}
		return r
	}, s)
}

// known is what a case says of who the person is, by the fields that stand in the place.
func (p *person) known(fields genbo.FieldSet) Case {
	c := Case{Fields: fields}
	if fields.Has(genbo.FieldNumber) {
		c.Number = p.Number.Value()
	}
	if fields.Has(genbo.FieldName) {
		c.Name, c.Kana, c.Latin = p.family+p.given, p.kanaFamily+p.kanaGiven, p.Latin
	}
	if fields.Has(genbo.FieldBirth) {
		c.Birth = p.Birth
	}
	if fields.Has(genbo.FieldAddress) {
		c.Address = p.Address
	}
	return c
}
