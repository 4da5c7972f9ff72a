package detect

import (
	"bytes"
	"unicode/utf8"
)

// class says what stands beside a word, as bits.
type class uint16

// The classes of words.
const (
	ofNumber    class = 1 << iota // a pension number
	ofMyNumber                    // a My Number
	ofThing                       // a number of another sort: telephone, invoice, part
	ofBirth                       // a date of birth
	ofOtherDate                   // a date of something else
	ofName                        // a name
	ofPhone                       // a telephone number
	ofFax                         // one that is nobody's own
	ofAccount                     // a bank account
	ofAddress                     // an address
	ofSender                      // an office, whose address and telephone follow
	honorific                     // after a name: 様
)

// A wordMark is a word that was found in a line.
type wordMark struct {
	from, to int
	class    class
}

type markWord struct {
	word  string
	class class
}

// markWords are the words by their first character, longer ones first.
var markWords = func() map[rune][]markWord {
	list := map[rune][]markWord{}
	for _, g := range []struct {
		class class
		words []string
	}{
		{ofNumber, []string{"基礎年金番号", "基礎年金", "年金番号", "記号番号", "年金手帳", "手帳番号", "基年番", "Pension", "pension"}},
		{ofMyNumber, []string{"個人番号", "マイナンバー", "My Number"}},
		{ofThing | ofPhone, []string{"電話番号", "電話", "TEL", "Tel", "tel", "携帯", "連絡先", "Phone", "phone"}},
		{ofThing | ofFax, []string{"FAX", "Fax", "fax", "ファックス", "ファクス"}},
		{ofThing, []string{"品番", "型番", "部品", "請求番号", "請求書", "注文", "伝票", "ISBN", "isbn", "JAN", "整理番号", "受付番号", "管理番号", "証券", "追跡", "ID", "No.",
			"part", "Part", "製造番号", "シリアル", "法人番号", "登録番号", "お客様番号", "会員番号", "社員番号", "問合せ番号", "問い合わせ番号", "承認番号", "認証番号", "契約番号", "order", "Order", "invoice", "Invoice"}},
		{ofThing | ofAccount, []string{"口座番号", "口座"}},
		{ofBirth, []string{"生年月日", "誕生日", "生まれ", "Birth", "birth", "DOB", "born"}},
		{ofOtherDate, []string{"日現在", "取得", "喪失", "受付", "発行", "作成", "届出日", "処理日", "更新日"}},
		{ofName, []string{"氏名", "姓名", "お名前", "名前", "フリガナ", "ふりがな", "カナ", "受給者", "被保険者", "届出人", "届出者", "請求者", "申請者", "対象者", "世帯主", "宛名", "Name", "name"}},
		{ofAddress, []string{"住所", "居所", "転居先", "送付先", "〒", "Address", "address"}},
		{ofSender, []string{"年金事務所", "市役所", "区役所", "町役場", "村役場", "お問い合わせ先", "お問合せ先", "担当課", "問合せ", "年金機構", "事務センター"}},
		{honorific, []string{"様", "殿", "さん", "氏"}},
	} {
		for _, w := range g.words {
			first, _ := utf8.DecodeRuneInString(w)
			at := 0
			for at < len(list[first]) && len(list[first][at].word) >= len(w) {
				at++
			}
			list[first] = append(list[first][:at:at], append([]markWord{{w, g.class}}, list[first][at:]...)...)
		}
	}
	return list
}()

// markFirst has the characters that words begin with.
var markFirst = func() *runes {
	var set runes
	for r := range markWords {
		set.add(r)
	}
	return &set
}()

// line is a line of text with what a first look at it found.
type line struct {
	b     []byte // folded: digits, letters, signs and blanks of half width
	marks []wordMark
	all   class // of all marks
	runs  int   // of digits, four or more in a row

	carried class // the label that the line before ended with
}

// look folds a line and finds its words and whether it has digits.
func (l *line) look(src []byte) {
	l.b = fold(l.b, src)
	l.marks, l.all, l.runs = l.marks[:0], 0, 0
	b := l.b
	for i, digits := 0, 0; i < len(b); {
		c := b[i]
		if digit(c) {
			if digits++; digits == 4 {
				l.runs++
			}
			i++
			continue
		}
		digits = 0
		r, size := runeAt(b[i:])
		if markFirst.has(r) {
			if n := l.mark(i, r); n > 0 {
				size = n
			}
		}
		i += size
	}
}

// mark notes the longest word that begins at i with r, and returns how long it is; 0 if none does. Latin words stand alone.
func (l *line) mark(i int, r rune) int {
	for _, w := range markWords[r] {
		end := i + len(w.word)
		if end > len(l.b) || string(l.b[i:end]) != w.word {
			continue
		}
		if r < 0x80 && (i > 0 && (letter(l.b[i-1]) || l.b[i-1] == '-' || l.b[i-1] == '_') || len(w.word) <= 3 && end < len(l.b) && letter(l.b[end])) {
			continue
		}
		l.marks = append(l.marks, wordMark{i, end, w.class})
		l.all |= w.class
		return len(w.word)
	}
	return 0
}

// labels are the classes of words whose value stands after them.
const labels = ofNumber | ofMyNumber | ofThing | ofBirth | ofOtherDate | ofName | ofAddress

// label is the class of the last label within the n bytes before place at: a value belongs to the nearest one. A label that
// the line before ended with stands before the whole line.
func (l *line) label(at, n int) class {
	for i := len(l.marks) - 1; i >= 0; i-- {
		m := &l.marks[i]
		if m.to > at || m.class&labels == 0 {
			continue
		}
		if m.from < at-n {
			return 0
		}
		return m.class
	}
	if at <= n {
		return l.carried
	}
	return 0
}

// adjoins reports whether a word of class c ends before place at with nothing but signs between.
func (l *line) adjoins(at int, c class) bool {
	if (l.all|l.carried)&c == 0 {
		return false
	}
	to := at
	for to > 0 && sign(l.b, to) > 0 {
		to -= sign(l.b, to)
	}
	if to == 0 {
		return l.carried&c != 0
	}
	return l.ends(to, c)
}

// ends reports whether a word of class c ends at place to.
func (l *line) ends(to int, c class) bool {
	if l.all&c == 0 {
		return false
	}
	for i := range l.marks {
		if m := &l.marks[i]; m.to == to && m.class&c != 0 {
			return true
		}
	}
	return false
}

// sign is how long the sign is that ends at place to, as signs stand between a label and its value; 0 for letters.
func sign(b []byte, to int) int {
	switch b[to-1] {
	case ' ', ':', '(', ')', '[', ']', '|', '\t', '=', ',', '"', '\'', '.', '*':
		return 1
	}
	if to >= 3 {
		switch string(b[to-3 : to]) {
		case "】", "」", "・", "、", "→", "　", "：", "│", "｜", "※", "●", "■", "◆":
			return 3
		}
	}
	return 0
}

// leaves is the label that a line ends with, for the line after it.
func (l *line) leaves() class {
	to := len(l.b)
	for to > 0 && sign(l.b, to) > 0 {
		to -= sign(l.b, to)
	}
	for i := len(l.marks) - 1; i >= 0; i-- {
		m := &l.marks[i]
		if m.to == to {
			return m.class & labels
		}
		if m.class == ofAddress && m.to < to && len(l.b) < 40 { // 〒100-0013 stands over its address
			if _, hyphen := postalOf(bytes.Trim(l.b[m.to:to], " ")); hyphen {
				return ofAddress
			}
		}
	}
	return 0
}
