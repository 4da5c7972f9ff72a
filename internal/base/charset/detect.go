package charset

import (
	"bytes"
	"unicode/utf8"
)

// Encoding is how the characters of a text are written as bytes.
type Encoding uint8

// The encodings.
const (
	Binary Encoding = iota // no text
	UTF8                   // ASCII too
	UTF16LE
	UTF16BE
	UTF32LE
	UTF32BE
	CP932
	EUCJP
	ISO2022JP
)

var names = [...]string{"binary", "UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE", "CP932", "EUC-JP", "ISO-2022-JP"}

func (e Encoding) String() string { return names[e] }

// Sample is how many bytes of a text are enough to tell its encoding.
const Sample = 1 << 16

var marks = []struct {
	mark     string
	encoding Encoding
}{
	{"\xef\xbb\xbf", UTF8},
	{"\xff\xfe\x00\x00", UTF32LE}, // before UTF-16LE, whose mark it begins with
	{"\x00\x00\xfe\xff", UTF32BE},
	{"\xff\xfe", UTF16LE},
	{"\xfe\xff", UTF16BE},
}

// Detect tells the encoding of a text by its first bytes, and how long the byte order mark is that stands
// before it. The head may end within a character.
func Detect(head []byte) (e Encoding, mark int) {
	head = head[:min(len(head), Sample)]
	if text := bytes.TrimRight(head, "\x00"); len(head)-len(text) >= 8 && len(text) > 0 { // a file that was being written when its computer stopped
		head = text
	}
	for _, m := range marks {
		if bytes.HasPrefix(head, []byte(m.mark)) {
			return m.encoding, len(m.mark)
		}
	}
	if bytes.IndexByte(head, 0) >= 0 {
		return wide(head), 0
	}
	if controls(head) {
		return Binary, 0
	}
	if ascii(head) {
		if escapes(head) {
			return ISO2022JP, 0
		}
		return UTF8, 0
	}
	u := readUTF8(head)
	if u.faults == 0 {
		return UTF8, 0
	}
	s, j := score(head, sjisNext), score(head, eucNext)
	if u.good > 0 && u.faults*20 < u.good && u.value() >= max(s.value(), j.value()) {
		return UTF8, 0
	}
	best, e := s, CP932
	if j.value() > s.value() || j.faults == 0 && j.single*3 > s.good && s.good > 0 {
		best, e = j, EUCJP // half-width kana, whose first byte begins everyday kanji of CP932, but not every third
	}
	if best.good+best.single == 0 || best.faults*10 > best.good+best.single+best.plain/4 {
		return Binary, 0
	}
	return e, 0
}

// controls reports whether the text holds what no text holds: control characters other than the usual ones.
func controls(b []byte) bool {
	n := 0
	for _, c := range b {
		if c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1b && c != 0x1a || c == 0x7f {
			n++
		}
	}
	return n*200 > len(b)
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// escapes reports whether b switches to JIS X 0208 or to kana.
func escapes(b []byte) bool {
	for _, s := range []string{"\x1b$B", "\x1b$@", "\x1b$(D", "\x1b(I"} {
		if bytes.Contains(b, []byte(s)) {
			return true
		}
	}
	return false
}

// wide tells UTF-16 and UTF-32 without a mark, by where the zero bytes and the bytes of kana and kanji stand.
func wide(b []byte) Encoding {
	if n := len(b) &^ 3; n >= 8 {
		little, big := 0, 0
		for i := 0; i < n; i += 4 {
			if b[i+3] == 0 && b[i+2] <= 3 && (b[i] != 0 || b[i+1] != 0) {
				little++
			}
			if b[i] == 0 && b[i+1] <= 3 && (b[i+2] != 0 || b[i+3] != 0) {
				big++
			}
		}
		switch {
		case little*4 == n && little > big:
			return UTF32LE
		case big*4 == n && big > little:
			return UTF32BE
		}
	}
	n := len(b) &^ 1
	little, big := 0, 0
	for i := 0; i < n; i += 2 {
		if usual(b[i+1], b[i]) {
			little++
		}
		if usual(b[i], b[i+1]) {
			big++
		}
	}
	switch {
	case n < 4:
		return Binary
	case little > big && little*2*20 >= n*19:
		return UTF16LE
	case big > little && big*2*20 >= n*19:
		return UTF16BE
	}
	return Binary
}

// usual reports whether a unit of UTF-16 is one that Japanese text is made of.
func usual(high, low byte) bool {
	switch {
	case high == 0:
		return low >= 0x20 && low != 0x7f || low == '\n' || low == '\r' || low == '\t' || low == '\f'
	case high == 0x30, high == 0xff, high >= 0x4e && high <= 0x9f, high >= 0x20 && high <= 0x26, high == 0x32, high == 0x33:
		return true
	}
	return false
}

// reading is what a text looks like when read in one encoding.
type reading struct {
	plain  int // ASCII characters
	good   int // characters of several bytes
	common int // of these, kana and everyday kanji
	single int // half-width kana
	faults int
}

func (r reading) value() int { return 2*r.common + r.good - 2*r.single - 20*r.faults }

func readUTF8(b []byte) (r reading) {
	for i := 0; i < len(b); {
		c, n := utf8.DecodeRune(b[i:])
		switch {
		case n == 1 && c == utf8.RuneError:
			if !utf8.FullRune(b[i:]) { // cut by the end of the sample
				return r
			}
			r.faults++
		case n == 1:
			r.plain++
		default:
			r.good++
			if c >= 0x3040 && c < 0x30ff || c >= 0x4e00 && c < 0x9fff {
				r.common++
			}
		}
		i += n
	}
	return r
}

// score reads b with next, which tells how long the character at its start is and what it is.
func score(b []byte, next func(b []byte) (n int, what kind)) (r reading) {
	for i := 0; i < len(b); {
		n, what := next(b[i:])
		switch what {
		case plain:
			r.plain++
		case single:
			r.single++
		case common:
			r.good++
			r.common++
		case rare:
			r.good++
		case cut:
			return r
		case faulty:
			r.faults++
		}
		i += n
	}
	return r
}

type kind uint8

const (
	plain kind = iota
	single
	common
	rare
	faulty
	cut
)

func sjisNext(b []byte) (int, kind) {
	c := b[0]
	switch {
	case c < 0x80:
		return 1, plain
	case c >= 0xa1 && c <= 0xdf:
		return 1, single
	case c == 0x80 || c == 0xa0 || c > 0xfc:
		return 1, faulty
	case len(b) < 2:
		return 1, cut
	case b[1] < 0x40 || b[1] == 0x7f || b[1] > 0xfc:
		return 1, faulty
	case c == 0x81 || c == 0x82 || c == 0x83 || c >= 0x88 && c <= 0x97:
		return 2, common
	}
	return 2, rare
}

func eucNext(b []byte) (int, kind) {
	c := b[0]
	switch {
	case c < 0x80:
		return 1, plain
	case c == 0x8e && len(b) >= 2 && b[1] >= 0xa1 && b[1] <= 0xdf:
		return 2, single
	case c == 0x8f && len(b) >= 3 && b[1] >= 0xa1 && b[2] >= 0xa1:
		return 3, rare
	case len(b) < 2 || c == 0x8f && len(b) < 3:
		return 1, cut
	case c < 0xa1 || c == 0xff || b[1] < 0xa1 || b[1] == 0xff:
		return 1, faulty
	case c == 0xa1 || c == 0xa3 || c == 0xa4 || c == 0xa5 || c >= 0xb0 && c <= 0xcf:
		return 2, common
	}
	return 2, rare
}
