package detect

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// prefectures as addresses begin with them.
var prefectures = [][]byte{
	[]byte("北海道"), []byte("東京都"), []byte("京都府"), []byte("大阪府"),
}

// prefecture returns how long the prefecture is that b begins with; 0 if with none. All but four end in 県 after
// two or three kanji.
func prefecture(b []byte) int {
	if len(b) < 9 || b[0] < 0xe4 || b[0] > 0xe9 {
		return 0
	}
	if r, _ := runeAt(b); !prefectureFirst.has(r) {
		return 0
	}
	for _, p := range prefectures {
		if bytes.HasPrefix(b, p) {
			return len(p)
		}
	}
	for _, n := range [...]int{9, 12} {
		if len(b) >= n && string(b[n-3:n]) == "県" && knownPrefecture[string(b[:n-3])] {
			return n
		}
	}
	return 0
}

var knownPrefecture = func() map[string]bool {
	m := map[string]bool{}
	for _, p := range []string{"青森", "岩手", "宮城", "秋田", "山形", "福島", "茨城", "栃木", "群馬", "埼玉", "千葉", "神奈川", "新潟", "富山", "石川",
		"福井", "山梨", "長野", "岐阜", "静岡", "愛知", "三重", "滋賀", "兵庫", "奈良", "和歌山", "鳥取", "島根", "岡山", "広島", "山口", "徳島", "香川",
		"愛媛", "高知", "福岡", "佐賀", "長崎", "熊本", "大分", "宮崎", "鹿児島", "沖縄"} {
		m[p] = true
	}
	return m
}()

// prefectureFirst has the characters that prefectures begin with.
var prefectureFirst = func() *runes {
	var set runes
	for name := range knownPrefecture {
		r, _ := utf8.DecodeRuneInString(name)
		set.add(r)
	}
	for _, name := range prefectures {
		r, _ := utf8.DecodeRune(name)
		set.add(r)
	}
	return &set
}()

// municipality returns where the first 市, 区, 町, 村 or 郡 ends that b has within its first ten kanji.
func municipality(b []byte) int {
	for i, n := 0, 0; i < len(b) && n < 10; n++ {
		r, size := runeAt(b[i:])
		i += size
		if n > 0 && (r == '市' || r == '区' || r == '町' || r == '村' || r == '郡') {
			return i
		}
		if !nameRune(r) {
			return 0
		}
	}
	return 0
}

// addressOf tells whether a whole cell is an address: full says that it goes down to the house, or at least to a
// municipality with something after it.
func addressOf(b []byte) (full, part bool) {
	if len(b) < 6 || len(b) > 600 {
		return false, false
	}
	n := prefecture(b)
	m := municipality(b[n:])
	switch {
	case n == 0 && m == 0:
		return false, houseNumber(b) && townish(b)
	case n > 0 && m == 0 && len(b) == n:
		return false, true
	}
	rest := b[n+m:]
	if n > 0 && len(rest) >= 3 || houseNumber(rest) {
		return true, true
	}
	return false, true
}

// houseNumber reports whether a digit, a kanji numeral or 丁目 and 番地 stand in b.
func houseNumber(b []byte) bool {
	for i := 0; i < len(b); {
		if _, size := digitAt(b[i:]); size > 0 {
			return true
		}
		_, size := runeAt(b[i:])
		i += size
	}
	return kanjiHouse(b)
}

// kanjiHouse reports whether a house number in kanji stands in b: 二丁目, 三番地, 二の十四.
func kanjiHouse(b []byte) bool {
	for i, numeral := 0, false; i < len(b); {
		r, size := runeAt(b[i:])
		i += size
		if numeral && (r == '番' || r == '号' || r == 'の' || r == 'ノ' || r == '丁') {
			return true
		}
		_, digit := kanjiDigit[r]
		numeral = digit || r == '十' || r == '百' || r == '千'
	}
	return false
}

// townish reports whether b begins with kanji or kana: 霞が関1-2-2.
func townish(b []byte) bool {
	r, _ := utf8.DecodeRune(b)
	return unicode.Is(unicode.Han, r)
}

// postalOf reports whether a whole cell is a postal code: 100-0013, 1000013, 〒100-0013.
func postalOf(b []byte) (ok, hyphen bool) {
	b = bytes.TrimLeft(bytes.TrimPrefix(b, []byte("〒")), " 　")
	digits, at := 0, -1
	for i := 0; i < len(b); {
		if _, size := digitAt(b[i:]); size > 0 {
			digits++
			i += size
			continue
		}
		size := breakAt(b[i:])
		if size == 0 || at >= 0 {
			return false, false
		}
		at = digits
		i += size
	}
	return digits == 7 && (at < 0 || at == 3), at == 3
}

// phoneOf reports whether a whole cell is a telephone number of Japan.
func phoneOf(b []byte) (ok, hyphen bool) {
	if len(b) < 9 || len(b) > 48 {
		return false, false
	}
	digits, breaks, first := 0, 0, uint64(9)
	for i := 0; i < len(b); {
		if d, size := digitAt(b[i:]); size > 0 {
			if digits == 0 {
				first = d
			}
			digits++
			i += size
			continue
		}
		size := breakAt(b[i:])
		if size == 0 && (b[i] == '(' || b[i] == ')') {
			size = 1
		}
		if size == 0 && len(b) >= i+3 && (string(b[i:i+3]) == "（" || string(b[i:i+3]) == "）") {
			size = 3
		}
		if size == 0 {
			return false, false
		}
		breaks++
		i += size
	}
	return (digits == 10 || digits == 11) && first == 0 && breaks <= 4, breaks >= 2
}

// mailOf reports whether a whole cell is a mail address.
func mailOf(b []byte) bool {
	at := bytes.IndexByte(b, '@')
	if at < 1 || len(b) > 254 {
		return false
	}
	domain := b[at+1:]
	dot := bytes.LastIndexByte(domain, '.')
	if dot < 1 || len(domain)-dot < 3 {
		return false
	}
	for _, c := range b {
		if c <= ' ' || c >= 0x7f || c == ',' || c == '<' || c == '>' || c == '(' || c == ')' {
			return false
		}
	}
	return true
}
