package detect

import (
	"unicode/utf8"

	"genbo"
)

// eraYear is the year before the first of an era, by the first letter or kanji of its name; 0 for other characters.
func eraYear(r rune) int {
	switch r {
	case '明', 'M', 'm', 'Ｍ', '㍾':
		return 1867
	case '大', 'T', 't', 'Ｔ', '㍽':
		return 1911
	case '昭', 'S', 's', 'Ｓ', '㍼':
		return 1925
	case '平', 'H', 'h', 'Ｈ', '㍻':
		return 1988
	case '令', 'R', 'r', 'Ｒ', '㋿':
		return 2018
	}
	return 0
}

// eraCodes are the digits that stand for the eras in the agency's coded dates, 5250301.
var eraCodes = [10]int{1: 1867, 3: 1911, 5: 1925, 7: 1988, 9: 2018}

// secondKanji are the second characters of the eras' names.
func secondKanji(r rune) bool {
	return r == '治' || r == '正' || r == '和' || r == '成'
}

// dateScan reads a date from the beginning of a text.
type dateScan struct {
	b    []byte
	i    int
	year int // the year before the era's first, 0 for our calendar
}

// parseDate reads a cell that is one date, in either calendar and any usual spelling.
func parseDate(b []byte) (genbo.Date, bool) {
	if len(b) < 6 || len(b) > 64 {
		return 0, false
	}
	if len(b) == 10 && (b[4] == '-' || b[4] == '/') && b[7] == b[4] {
		if d, ok := isoDate(b); ok {
			return d, true
		}
	}
	d, n := scanDate(b)
	for n < len(b) && n > 0 {
		size := breakAt(b[n:])
		if size == 0 {
			if rest := string(b[n:]); rest == "生" || rest == "生まれ" || rest == "00:00:00" || rest == "0:00:00" || rest == "T00:00:00" || rest == "T00:00:00Z" {
				break
			}
			return 0, false
		}
		n += size
	}
	return d, n > 0 && d != 0
}

func isoDate(b []byte) (genbo.Date, bool) {
	for i, c := range b {
		if i != 4 && i != 7 && !digit(c) {
			return 0, false
		}
	}
	y := int(b[0]-'0')*1000 + int(b[1]-'0')*100 + int(b[2]-'0')*10 + int(b[3]-'0')
	return dateOf(y, int(b[5]-'0')*10+int(b[6]-'0'), int(b[8]-'0')*10+int(b[9]-'0'))
}

// scanDate reads a date at the beginning of b and returns how long it is; 0 if there is none.
func scanDate(b []byte) (genbo.Date, int) {
	s := dateScan{b: b}
	s.blanks()
	if s.i < len(b) {
		r, n := utf8.DecodeRune(b[s.i:])
		if before := eraYear(r); before != 0 {
			s.year, s.i = before, s.i+n
			if r, n := utf8.DecodeRune(b[s.i:]); n > 0 && secondKanji(r) {
				s.i += n
			}
			s.blanks()
			if s.i < len(b) && (b[s.i] == '.' || b[s.i] == '-' || b[s.i] == '/') {
				s.i++
			}
		}
	}
	year, digits := s.number(8)
	switch {
	case digits == 0:
		return 0, 0
	case digits == 8 && s.year == 0:
		return s.done(year/10000, year/100%100, year%100)
	case digits == 7 && s.year == 0 && eraCodes[year/1_000_000] != 0:
		return s.done(eraCodes[year/1_000_000]+year/10000%100, year/100%100, year%100)
	case digits == 6 && s.year != 0:
		return s.done(s.year+year/10000, year/100%100, year%100)
	case s.year == 0 && digits != 4, s.year != 0 && digits > 2:
		return 0, 0
	}
	if !s.separator() {
		return 0, 0
	}
	month, digits := s.number(2)
	if digits == 0 || !s.separator() {
		return 0, 0
	}
	day, digits := s.number(2)
	if digits == 0 {
		return 0, 0
	}
	if n := len("日"); s.i+n <= len(b) && string(b[s.i:s.i+n]) == "日" {
		s.i += n
	}
	return s.done(s.year+year, month, day)
}

func (s *dateScan) done(year, month, day int) (genbo.Date, int) {
	if s.i < len(s.b) {
		if _, more := digitAt(s.b[s.i:]); more > 0 {
			return 0, 0
		}
	}
	d, ok := dateOf(year, month, day)
	if !ok {
		return 0, 0
	}
	return d, s.i
}

var monthDays = [13]int{0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

func dateOf(year, month, day int) (genbo.Date, bool) {
	if year < 1850 || year > 2200 || month < 1 || month > 12 || day < 1 || day > monthDays[month] {
		return 0, false
	}
	if month == 2 && day == 29 && (year%4 != 0 || year%100 == 0 && year%400 != 0) {
		return 0, false
	}
	return genbo.Date(year*10000 + month*100 + day), true
}

func (s *dateScan) blanks() {
	for s.i < len(s.b) {
		switch {
		case s.b[s.i] == ' ' || s.b[s.i] == '\'':
			s.i++
		case s.b[s.i] == 0xe3 && s.i+3 <= len(s.b) && string(s.b[s.i:s.i+3]) == "　":
			s.i += 3
		default:
			return
		}
	}
}

var kanjiDigit = map[rune]int{'〇': 0, '零': 0, '一': 1, '二': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9}

// number reads digits, or a numeral in kanji up to 99 or digit by digit, or 元 for the first year.
func (s *dateScan) number(most int) (n, digits int) {
	s.blanks()
	for s.i < len(s.b) {
		if d, size := digitAt(s.b[s.i:]); size > 0 {
			if digits++; digits > most {
				return 0, 0
			}
			n, s.i = n*10+int(d), s.i+size
			continue
		}
		break
	}
	if digits == 0 {
		n, digits = s.kanji()
	}
	s.blanks()
	return n, digits
}

func (s *dateScan) kanji() (n, digits int) {
	for s.i < len(s.b) {
		r, size := utf8.DecodeRune(s.b[s.i:])
		d, ok := kanjiDigit[r]
		switch {
		case ok && digits > 0 && n%10 == 0 && n >= 10 && digits == 2: // 二十|五
			n += d
		case ok:
			n, digits = n*10+d, digits+1
		case r == '十' && digits <= 1:
			n, digits = max(n, 1)*10, 2
		case r == '元' && digits == 0:
			s.i += size
			return 1, 1
		default:
			return n, digits
		}
		s.i += size
		if digits > 4 {
			return 0, 0
		}
	}
	return n, digits
}

// separator reads what stands between year, month and day.
func (s *dateScan) separator() bool {
	if s.i >= len(s.b) {
		return false
	}
	if c := s.b[s.i]; c == '-' || c == '/' || c == '.' {
		s.i++
		return true
	}
	if s.i+3 > len(s.b) {
		return false
	}
	switch string(s.b[s.i : s.i+3]) {
	case "年", "月", "．", "／", "－", "・", "−":
		s.i += 3
		return true
	}
	return false
}
