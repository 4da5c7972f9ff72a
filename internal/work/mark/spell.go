package mark

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Kind is what a cell looks like. It says how the cell may be written, and tells the columns of a copy apart.
type Kind uint8

// The kinds.
const (
	Other   Kind = iota
	Number       // ten digits
	Kana         // a name in kana
	Name         // a name in kanji, or mixed
	Address      // letters of Japan and digits
	kinds
)

// cell is a cell of text as marks see it.
type cell struct {
	kind Kind
	text string // what every spelling of the cell has in common
	wide int    // 1: written in full width, 0: in half width, -1: in both or neither
}

// look says what marks see in a cell.
func look(text string) cell {
	var han, kana, digits, blanks, wide, narrow int
	for _, r := range text {
		switch {
		case r == ' ' || r == '\u3000':
			blanks++
			continue
		case r >= '0' && r <= '9' || r == '-':
			narrow++
		case r >= '０' && r <= '９' || r == '－':
			wide++
		case unicode.In(r, unicode.Katakana, unicode.Hiragana) || r == 'ー':
			kana++
		case unicode.Is(unicode.Han, r):
			han++
		}
		if r >= '0' && r <= '9' || r >= '０' && r <= '９' {
			digits++
		}
	}
	c := cell{wide: -1, text: Plain(text)}
	switch {
	case han+kana == 0:
		if digits == 10 && len(strings.ReplaceAll(c.text, "-", "")) == 10 {
			c.kind, c.text = Number, strings.ReplaceAll(c.text, "-", "")
		}
		return c
	case digits > 0:
		c.kind = Address
		c.wide = side(narrow, wide)
		return c
	case han == 0:
		c.kind = Kana
	default:
		c.kind = Name
	}
	if blanks > 0 {
		full := strings.Count(text, "\u3000")
		c.wide = side(blanks-full, full)
	}
	return c
}

// side is 0 for marks of half width only, 1 for full width only.
func side(narrow, wide int) int {
	switch {
	case narrow > 0 && wide == 0:
		return 0
	case wide > 0 && narrow == 0:
		return 1
	}
	return -1
}

// Plain is a text without what spellings differ in.
func Plain(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, norm.NFKC.String(text))
}

// Key makes the marks of one extract. It is not safe for concurrent use.
type Key struct {
	mac hash.Hash
	buf []byte
}

// NewKey returns the key of an extract's secret.
func NewKey(secret []byte) *Key {
	sub := hmac.New(sha256.New, secret)
	sub.Write([]byte("genbo mark 1"))
	return &Key{mac: hmac.New(sha256.New, sub.Sum(nil))}
}

// draw is 64 bits that nobody without the secret can tell.
func (k *Key) draw(what byte, text string) uint64 {
	k.mac.Reset()
	k.buf = append(append(k.buf[:0], what), text...)
	k.mac.Write(k.buf)
	k.buf = k.mac.Sum(k.buf[:0])
	return binary.BigEndian.Uint64(k.buf)
}

// side is how the extract writes a cell.
func (k *Key) side(c cell) int { return int(k.draw(byte(c.kind), c.text) & 1) }

var (
	halfBlank = strings.NewReplacer("\u3000", " ")
	fullBlank = strings.NewReplacer(" ", "\u3000")
	halfDigit = strings.NewReplacer("０", "0", "１", "1", "２", "2", "３", "3", "４", "4", "５", "5", "６", "6", "７", "7", "８", "8", "９", "9", "－", "-")
	fullDigit = strings.NewReplacer("0", "０", "1", "１", "2", "２", "3", "３", "4", "４", "5", "５", "6", "６", "7", "７", "8", "８", "9", "９", "-", "－")
)

// Spell writes a name or an address the way of the extract. Anything else stays as it is.
func (k *Key) Spell(text string) string {
	c := look(text)
	switch c.kind {
	case Kana, Name:
		if k.side(c) == 0 {
			return halfBlank.Replace(text)
		}
		return fullBlank.Replace(text)
	case Address:
		if k.side(c) == 0 {
			return halfDigit.Replace(text)
		}
		return fullDigit.Replace(text)
	}
	return text
}
