package detect

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// labelWithin reports whether one of the words stands in the last n bytes before place at of the line.
func labelWithin(b []byte, at, n int, words ...string) bool {
	before := b[max(0, at-n):at]
	for _, w := range words {
		if bytes.Contains(before, []byte(w)) {
			return true
		}
	}
	return false
}

// numbers finds pension numbers and My Numbers: runs of digits that are 4-6, ten or twelve long.
func (t *text) numbers() {
	b := t.buf
	for i := 0; i < len(b); {
		if !digit(b[i]) {
			i++
			continue
		}
		start := i
		if start > 0 && (letter(b[start-1]) || b[start-1] == '-' || b[start-1] == '.' || b[start-1] == '_' || b[start-1] == '/') {
			for i < len(b) && (digit(b[i]) || b[i] == '-') {
				i++
			}
			continue
		}
		end := start
		for end < len(b) && (digit(b[end]) || b[end] == '-' && end+1 < len(b) && digit(b[end+1])) {
			end++
		}
		i = end
		if end < len(b) && (letter(b[end]) || b[end] == '_' || b[end] == '.' && end+1 < len(b) && digit(b[end+1]) || b[end] == ':' || b[end] == '/') {
			continue
		}
		run := b[start:end]
		if len(run) == 4 && end+7 <= len(b) && b[end] == ' ' && digitsOnly(b[end+1:end+7]) == 6 && (end+7 == len(b) || !digit(b[end+7]) && b[end+7] != '-') &&
			labelWithin(b, start, 40, "番号", "年金", "記号") {
			run, i = b[start:end+7], end+7
		}
		if long := spaced(b, start); long > 0 {
			run, i = b[start:start+long], start+long
		}
		n, form := parseNumber(run)
		label := labelWithin(b, start, 45, "年金番号", "基礎年金", "記号番号", "年金手帳", "基年番", "Pension")
		switch form {
		case twelve:
			if labelWithin(b, start, 40, "個人番号", "マイナンバー", "My Number") {
				t.pieces = append(t.pieces, piece{kind: MyNumber, at: start, labelled: true})
			}
		case hyphenated:
			if n != 0 && (label || !labelWithin(b, start, 30, notNumbers...)) {
				t.pieces = append(t.pieces, piece{kind: Number, at: start, value: n, labelled: label})
			}
		case ten:
			if n != 0 && (label || n >= 1_000_000_000 && !labelWithin(b, start, 30, notNumbers...)) {
				t.pieces = append(t.pieces, piece{kind: Number, at: start, value: n, labelled: label, weak: true})
			}
		}
	}
}

// spaced is how long a number is that is written 1234 5678 9018; 0 if it is none.
func spaced(b []byte, at int) int {
	const long = len("1234 5678 9018")
	if len(b) < at+long || b[at+4] != ' ' || b[at+9] != ' ' || len(b) > at+long && (digit(b[at+long]) || b[at+long] == ' ' && len(b) > at+long+1 && digit(b[at+long+1])) {
		return 0
	}
	if digitsOnly(b[at:at+4]) != 4 || digitsOnly(b[at+5:at+9]) != 4 || digitsOnly(b[at+10:at+14]) != 4 {
		return 0
	}
	return long
}

// notNumbers are labels of numbers of other sorts.
var notNumbers = []string{"電話", "TEL", "Tel", "tel", "FAX", "Fax", "携帯", "品番", "型番", "部品", "請求", "注文", "伝票", "ISBN", "isbn", "JAN", "口座", "整理番号", "受付番号", "管理番号", "証券", "追跡", "ID", "No.", "part", "Part"}

func letter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }

// dates finds dates of birth: by their label, or any date, which a number or name beside it must then confirm.
func (t *text) dates() {
	b := t.buf
	for i := 0; i < len(b); {
		r, size := rune(b[i]), 1
		if r >= 0x80 {
			r, size = utf8.DecodeRune(b[i:])
		}
		_, era := eraYears[r]
		if !(digit(b[i]) || era) || i > 0 && (digit(b[i-1]) || letter(b[i-1]) || b[i-1] == '-' || b[i-1] == '/') {
			i += size
			continue
		}
		d, n := scanDate(b[i:])
		if n == 0 {
			if digit(b[i]) {
				for i < len(b) && digit(b[i]) {
					i++
				}
			} else {
				i += size
			}
			continue
		}
		end := i + n
		label := labelWithin(b, i, 45, "生年月日", "誕生日", "生まれ", "Birth", "birth", "DOB") && !labelWithin(b, i, 21, "日現在", "取得", "喪失", "受付")
		rest := bytes.TrimLeft(b[end:], " ()")
		if bytes.HasPrefix(rest, []byte("生")) && !bytes.HasPrefix(rest, []byte("生活")) && !bytes.HasPrefix(rest, []byte("生産")) {
			label = true
		}
		if label || era || bytes.ContainsAny(b[i:end], "年/.-") || n == 8 {
			t.pieces = append(t.pieces, piece{kind: Birth, at: i, value: uint64(d), labelled: label})
		}
		i = end
	}
}

var nameLabels = []string{"氏名", "姓名", "名前", "フリガナ", "ふりがな", "カナ", "受給者", "被保険者", "届出人", "請求者", "申請者", "対象者", "世帯主", "宛名", "Name", "name"}

// names finds names by label, by 様 after them, and by the lists of names.
func (t *text) names() {
	b := t.buf
	for i := 0; i < len(b); {
		start, end := nextRun(b, i)
		if start < 0 {
			return
		}
		i = end
		t.nameIn(b, start, end)
	}
}

// nextRun finds a run of kanji and kana from i on, in which words are parted by one blank each.
func nextRun(b []byte, i int) (start, end int) {
	start = -1
	for i < len(b) {
		if b[i] < 0x80 {
			if start >= 0 && !(b[i] == ' ' && i+1 < len(b) && b[i+1] >= 0x80) {
				return start, i
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(b[i:])
		if !(unicode.Is(unicode.Han, r) || r == '々' || r >= 0x3041 && r <= 0x30fe && r != '・' || r >= 0xff66 && r <= 0xff9f || r >= 0xfe00 && r <= 0xfe0f || r >= 0xe0100 && r <= 0xe01ef || r >= 0xe000 && r <= 0xf8ff) {
			if start >= 0 {
				return start, i
			}
		} else if start < 0 {
			start = i
		}
		i += size
	}
	return start, len(b)
}

// nameIn looks for names among the words of a run.
func (t *text) nameIn(b []byte, start, end int) {
	label := labelWithin(b, start, 36, nameLabels...) && labelEnds(b, start)
	words := bytes.Split(b[start:end], []byte(" "))
	at := start
	for i := 0; i < len(words); i++ {
		w := words[i]
		here := at
		at += len(w) + 1
		if isLabel(w) {
			label = true
			continue
		}
		bare, honored := honorific(w)
		if i+1 < len(words) && !honored {
			next, h := honorific(words[i+1])
			if i+2 < len(words) {
				rest, honor := honorific(words[i+2])
				h = h || honor && len(rest) == 0
			}
			pair := b[here : here+len(w)+1+len(next)]
			if l := nameOf(pair); l >= surnameOK && l != kanaShaped || l != notName && (label || h) && !isLabel(next) {
				t.addName(pair, here, label || h, l)
				at += len(words[i+1]) + 1
				i++
				label = false
				continue
			}
		}
		if l := nameOf(bare); l == bothOK || l != notName && l != kanaShaped && label || honored && l >= surnameOK {
			t.addName(bare, here, label || honored && l == bothOK, l)
			label = false
		}
	}
}

func (t *text) addName(b []byte, at int, labelled bool, l likeness) {
	if corporate(b) {
		return
	}
	kind := Name
	if l >= kanaShaped {
		kind = Kana
	}
	t.pieces = append(t.pieces, piece{kind: kind, at: at, name: b, labelled: labelled})
}

// isLabel reports whether a word is a label of a name and nothing else.
func isLabel(w []byte) bool {
	for _, l := range nameLabels {
		if string(w) == l || bytes.HasSuffix(w, []byte(l)) && len(w) <= 30 {
			return true
		}
	}
	return false
}

// labelEnds reports whether only signs stand between a label and place at.
func labelEnds(b []byte, at int) bool {
	before := bytes.TrimRight(b[:at], " :()[]|\t=,\"")
	before = bytes.TrimSuffix(bytes.TrimSuffix(before, []byte("】")), []byte("」"))
	for _, l := range nameLabels {
		if bytes.HasSuffix(before, []byte(l)) {
			return true
		}
	}
	return false
}

// honorific takes 様, 殿, さん or 氏 off a word.
func honorific(w []byte) ([]byte, bool) {
	for _, h := range [...]string{"様", "殿", "さん", "氏"} {
		if rest, ok := bytes.CutSuffix(w, []byte(h)); ok {
			return rest, true
		}
	}
	return w, false
}
