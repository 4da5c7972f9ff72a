package detect

import "unicode/utf8"

// runeAt is the character that b begins with, and its length. Kanji and kana, which have three bytes, are quick.
func runeAt(b []byte) (rune, int) {
	if c := b[0]; c < 0x80 {
		return rune(c), 1
	} else if c >= 0xe1 && c < 0xf0 && len(b) >= 3 && b[1]&0xc0 == 0x80 && b[2]&0xc0 == 0x80 {
		return rune(c&15)<<12 | rune(b[1]&63)<<6 | rune(b[2]&63), 3
	}
	return utf8.DecodeRune(b)
}

// runes is a set of characters of the first 65,536.
type runes [1 << 10]uint64

func (s *runes) add(r rune) {
	if r >= 0 && r < 1<<16 {
		s[r>>6] |= 1 << (r & 63)
	}
}

func (s *runes) has(r rune) bool { return r < 1<<16 && s[r>>6]>>(r&63)&1 != 0 }

// fold writes a line with half-width digits, letters, signs and blanks where it has wide ones, and one blank where two part
// words: three or more part columns. Kanji and kana stay.
func fold(dst, line []byte) []byte {
	dst = dst[:0]
	pairs := false
	for i := 0; i < len(line); {
		b := line[i]
		if b < 0xe2 || i+3 > len(line) {
			pairs = pairs || b == ' ' && len(dst) > 0 && dst[len(dst)-1] == ' '
			dst = append(dst, b)
			i++
			continue
		}
		c, d := line[i+1], line[i+2]
		switch {
		case b == 0xef && c == 0xbc && d >= 0x81:
			dst = append(dst, d-0x81+'!')
		case b == 0xef && c == 0xbd && d >= 0x80 && d <= 0x9e:
			dst = append(dst, d-0x80+'`')
		case b == 0xe3 && c == 0x80 && d == 0x80:
			pairs = pairs || len(dst) > 0 && dst[len(dst)-1] == ' '
			dst = append(dst, ' ')
		case b == 0xe2 && (c == 0x80 && d >= 0x90 && d <= 0x95 || c == 0x88 && d == 0x92):
			dst = append(dst, '-')
		case b == 0xe3 && c == 0x83 && d == 0xbc && len(dst) > 0 && digit(dst[len(dst)-1]): // ー after a digit
			dst = append(dst, '-')
		default:
			dst = append(dst, b, c, d)
		}
		i += 3
	}
	if pairs {
		dst = single(dst)
	}
	return dst
}

// single takes one of two blanks between words of kanji or kana.
func single(b []byte) []byte {
	kept := b[:0]
	for i := 0; i < len(b); i++ {
		if b[i] == ' ' && i+2 < len(b) && b[i+1] == ' ' && b[i+2] >= 0x80 && len(kept) > 0 && kept[len(kept)-1] >= 0x80 {
			continue
		}
		kept = append(kept, b[i])
	}
	return kept
}
