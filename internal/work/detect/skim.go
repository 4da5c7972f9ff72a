package detect

import (
	"bytes"
	"math/bits"
	"unicode/utf8"

	"genbo/internal/base/bytescan"
)

// The bytes that lines with people have. The first two tables tell digits, characters beyond ASCII, signs and line ends; the
// others find the words of persons: by three letters within, and by their characters' three bytes.
var (
	triggers = bytescan.Must(bytescan.New(bytescan.Digit, bytescan.High, bytescan.Set("@")))
	signs    = bytescan.Must(bytescan.New(bytescan.Set("\n"), bytescan.Set("-")))
	latin    = bytescan.Must(bytescan.New(bytescan.Set("aeioudAEIOUD"), bytescan.Set("mnroMNRO"), bytescan.Set("esntbESNTB")))
	words    = bytescan.Must(bytescan.New(bytescan.Set("\xe3\xe4\xe5\xe6\xe7\xe9\xef"), bytescan.Set("\x80\x81\x83\x87\x90\x94\x9c\xa4\xa7\xae\xb0\xba\xbc\xbd"),
		bytescan.Set("\x8c\x8d\x8e\x8f\x90\x91\x92\x93\x94\x95\x96\x97\x98\x99\x9c\x9f\xbd\xbf")))
)

// personal reports whether a character stands in the words beside people's fields, or is a digit of full width.
func personal(b []byte) bool {
	switch string(b[:3]) {
	case "様", "殿", "氏", "名", "生", "住", "フ", "〒", "県", "都", "府", "道":
		return true
	}
	return b[0] == 0xef && b[1] == 0xbc
}

// skim goes through text and reads those lines only that may say something of a person.
type skim struct {
	triggers, signs, words, latin []bytescan.Masks
	numbers                       []uint64 // where a number of 4-6, ten or twelve digits begins
}

// look makes the masks of a text.
func (s *skim) look(b []byte) {
	s.triggers, s.signs, s.words, s.latin = triggers.Scan(s.triggers, b), signs.Scan(s.signs, b), words.Scan(s.words, b), latin.Scan(s.latin, b)
	if cap(s.numbers) < len(s.triggers) {
		s.numbers = make([]uint64, len(s.triggers)+len(s.triggers)/4)
	}
	s.numbers = s.numbers[:len(s.triggers)]
	before := uint64(0)
	for i := range s.triggers {
		d, next, hyphens, nextHyphens := s.triggers[i][0], uint64(0), s.signs[i][1], uint64(0)
		if i+1 < len(s.triggers) {
			next, nextHyphens = s.triggers[i+1][0], s.signs[i+1][1]
		}
		s.numbers[i] = numbersIn(d, next, hyphens, nextHyphens, before)
		before = d >> 63
	}
}

// numbersIn are the places where numbers begin, of 64 bytes: runs of exactly ten or twelve digits, and 4-6. before says whether
// a digit stands before the first byte.
func numbersIn(d, next, hyphens, nextHyphens, before uint64) uint64 {
	if d == 0 {
		return 0
	}
	at := func(k int) uint64 { return d>>k | next<<(64-k) }
	first := d &^ (d<<1 | before)
	four := first & at(1) & at(2) & at(3)
	if four == 0 {
		return 0
	}
	six := func(k int) uint64 { return at(k) & at(k+1) & at(k+2) & at(k+3) & at(k+4) & at(k+5) }
	ten := four & six(4)
	long := ten&^at(10) | ten&at(10)&at(11)&^at(12)
	return long | four&(hyphens>>4|nextHyphens<<60)&six(5)&^at(11)
}

// lines reads the telling lines of a text and counts them all.
func (s *skim) lines(f *Finder, b []byte) {
	s.look(b)
	s.each(b, func(start, end int) {
		f.line++
		if s.telling(b, start, end, &f.text) {
			f.text.read(f, f.line, b[start:end])
		}
	})
}

// each calls fn for every line.
func (s *skim) each(b []byte, fn func(start, end int)) {
	start := 0
	for block := range s.signs {
		for m := s.signs[block][0]; m != 0; m &= m - 1 {
			end := block*bytescan.Block + bits.TrailingZeros64(m)
			fn(start, end)
			start = end + 1
		}
	}
	if start < len(b) {
		fn(start, len(b))
	}
}

// telling reports whether a line may say anything of a person. Without a character beyond ASCII it must have a word that stands
// beside people's fields, or a number of 4-6 and a date; with one, a number of the right length, an @, a date, a telephone number
// or such a word. While a case is open any digit may add to it, and a label holds for the next line.
func (s *skim) telling(b []byte, start, end int, t *text) bool {
	var digits int
	var at, high, numbers uint64
	for block := start / bytescan.Block; block*bytescan.Block < end; block++ {
		within := inLine(block, start, end)
		m := &s.triggers[block]
		digits += bits.OnesCount64(m[0] & within)
		high |= m[1] & within
		at |= m[2] & within
		numbers |= s.numbers[block] & within
	}
	switch {
	case t.left != 0 || t.has && (digits > 0 || at != 0):
		return true
	case high != 0:
		return numbers != 0 || at != 0 || digits >= 3 && s.dated(b, start, end) || s.worded(b, start, end, personal)
	}
	return s.labelled(b, start, end) || numbers != 0 && s.hyphened(b, start, end) && s.dated(b, start, end)
}

// inLine are the bits of a block that belong to a line.
func inLine(block, start, end int) uint64 {
	within := ^uint64(0)
	if from := start - block*bytescan.Block; from > 0 {
		within <<= from
	}
	if to := end - block*bytescan.Block; to < bytescan.Block {
		within &= 1<<to - 1
	}
	return within
}

// hyphened reports whether a line has a number written 4-6.
func (s *skim) hyphened(b []byte, start, end int) bool {
	for block := start / bytescan.Block; block*bytescan.Block < end; block++ {
		for m := s.numbers[block] & inLine(block, start, end); m != 0; m &= m - 1 {
			if at := block*bytescan.Block + bits.TrailingZeros64(m) + 4; at < end && b[at] == '-' {
				return true
			}
		}
	}
	return false
}

// dated reports whether a line has a date on which somebody may be born, or a telephone number: what, besides numbers and
// words, a line must have to tell of a person.
func (s *skim) dated(b []byte, start, end int) bool {
	for block := start / bytescan.Block; block*bytescan.Block < end; block++ {
		d := s.triggers[block][0]
		for first := d &^ (d << 1); first != 0; first &= first - 1 {
			at := block*bytescan.Block + bits.TrailingZeros64(first)
			if at < start || at >= end || at > start && digit(b[at-1]) {
				continue
			}
			to := at + 1
			for to < end && digit(b[to]) {
				to++
			}
			if born(b[start:end], at-start, to-start) {
				return true
			}
		}
	}
	return false
}

// born reports whether the run of digits from at to to may be the year of a birth, a whole date, or begin a telephone number.
func born(b []byte, at, to int) bool {
	switch n := to - at; {
	case n == 4, n == 8:
		year := int(b[at]-'0')*1000 + int(b[at+1]-'0')*100 + int(b[at+2]-'0')*10 + int(b[at+3]-'0')
		if year >= 1850 && year <= lastBirth && (n == 8 || to < len(b) && (b[to] < '0' && b[to] != ',' || b[to] >= 0xe2)) {
			return true
		}
	case n == 7 && eraCodes[b[at]-'0'] != 0:
		return true
	case n <= 2 && at > 0:
		if c := b[at-1]; letter(c) && eraYear(rune(c)) != 0 || c == '.' || c == '\'' || c == ' ' {
			return true
		}
		if r, _ := utf8.DecodeLastRune(b[:at]); secondKanji(r) || r >= 0x80 && eraYear(r) != 0 || r == '　' {
			return r != '成' || n == 1 || b[at] < '2' || b[at] == '2' && b[at+1] == '0'
		}
	}
	return b[at] == '0' && to < len(b) && (to-at >= 10 || b[to] == '-' || b[to] == ')') && to-at >= 2
}

// labelled reports whether a line has a Latin word that stands beside people's fields.
func (s *skim) labelled(b []byte, start, end int) bool {
	for block := start / bytescan.Block; block*bytescan.Block < end; block++ {
		for c := threes(s.latin, block) & inLine(block, start, end); c != 0; c &= c - 1 {
			if latinLabel(b[start:end], block*bytescan.Block+bits.TrailingZeros64(c)-start) {
				return true
			}
		}
	}
	return false
}

// latinLabel reports whether the three letters at a place of a line are those within a label: name, pension, birth, born, DOB, My
// Number. A name is one only before a sign and something else.
func latinLabel(line []byte, at int) bool {
	if at+3 > len(line) {
		return false
	}
	before := func(word string) bool { return at >= len(word) && bytes.EqualFold(line[at-len(word):at], []byte(word)) }
	switch three := [3]byte{line[at] | 0x20, line[at+1] | 0x20, line[at+2] | 0x20}; string(three[:]) {
	case "ame":
		return before("n") && (at == 1 || !letter(line[at-2])) && at+4 < len(line) && bytes.IndexByte([]byte(": ="), line[at+3]) >= 0
	case "ens":
		return before("p") && bytes.HasPrefix(line[at+3:], []byte("ion"))
	case "irt":
		return before("b") && bytes.HasPrefix(line[at+3:], []byte("h"))
	case "orn":
		return before("b")
	case "dob":
		return at == 0 || !letter(line[at-1])
	case "umb":
		return before("my n")
	}
	return false
}

// worded reports whether a character of the words of persons stands in a line.
func (s *skim) worded(b []byte, start, end int, of func([]byte) bool) bool {
	for block := start / bytescan.Block; block*bytescan.Block < end; block++ {
		for c := threes(s.words, block) & inLine(block, start, end); c != 0; c &= c - 1 {
			if at := block*bytescan.Block + bits.TrailingZeros64(c); at+3 <= end && of(b[at:]) {
				return true
			}
		}
	}
	return false
}

// threes are the places of a block where three bytes begin, one of each group.
func threes(of []bytescan.Masks, block int) uint64 {
	m, next := &of[block], bytescan.Masks{}
	if block+1 < len(of) {
		next = of[block+1]
	}
	return m[0] & (m[1]>>1 | next[1]<<63) & (m[2]>>2 | next[2]<<62)
}
