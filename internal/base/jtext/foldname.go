package jtext

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

// AppendFoldedName appends a name in the form in which names are compared between files and a register, whatever its script
// and whether it is clean or stands in a file: kanji as [FoldKanji], kana of either kind and width as [FoldKana], letters as
// [FoldLatin]; without blanks and signs.
func AppendFoldedName(dst, name []byte) []byte {
	t := nameFolds()
	last, from := rune(0), len(dst) // the character before, as it stood there, and where it begins folded
	for i := 0; i < len(name); {
		r, size := rune(name[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(name[i:])
		}
		i += size
		f := uint16(dropped)
		if r <= maxSingle {
			f = t.single[r]
		}
		switch {
		case f == voiceMark:
			if voiced := t.voiced(last, r); voiced != 0 {
				dst = utf8.AppendRune(dst[:from], rune(t.single[voiced]))
			}
			continue
		case f == longMark && kanaOf(t, last) == 0:
			continue // behind anything but kana it is a hyphen
		}
		last, from = r, len(dst)
		switch {
		case f == longMark:
			dst = append(dst, "ー"...)
		case f > codes:
			dst = utf8.AppendRune(dst, rune(f))
		case f == several || r > maxSingle:
			dst = append(dst, foldOf(r)...)
		}
	}
	return dst
}

const maxSingle = 0xffff

// What folding a character is, where it is not one other character: no character is as small as these.
const (
	dropped   = iota // nothing
	several          // more than one character, or one beyond the table
	voiceMark        // ﾞ: changes the one before
	longMark         // ー, or a hyphen
	codes
)

// folds are the folded forms of the characters up to maxSingle, and the full-width katakana of half-width ones.
type folds struct {
	single [maxSingle + 1]uint16
	wide   map[rune]rune
}

var nameFolds = sync.OnceValue(func() *folds {
	t := &folds{wide: map[rune]rune{}}
	for r := 'ｦ'; r <= 'ﾝ'; r++ {
		t.wide[r], _ = utf8.DecodeRuneInString(width.Widen.String(string(r)))
	}
	for r := rune(0); r <= maxSingle; r++ {
		f := []rune(foldOf(r))
		switch {
		case len(f) == 1 && f[0] <= maxSingle:
			t.single[r] = uint16(f[0])
		case len(f) > 0:
			t.single[r] = several
		}
	}
	for _, r := range "\u3099\u309a゛゜ﾞﾟ" {
		t.single[r] = voiceMark
	}
	for _, r := range "ー-－―‐−‑–—ｰ" {
		t.single[r] = longMark
	}
	return t
})

// foldOf folds one character by itself, and what it became, until nothing changes any more.
func foldOf(r rune) string {
	const enough = 4
	s := string(r)
	for range enough {
		var next strings.Builder
		for _, r := range s {
			next.WriteString(foldOnce(r))
		}
		if next.String() == s {
			break
		}
		s = next.String()
	}
	return s
}

func foldOnce(r rune) string {
	if r == utf8.RuneError || unicode.Is(unicode.Variation_Selector, r) {
		return ""
	}
	if f, ok := kanjiFold[r]; ok {
		if f < 0 {
			return ""
		}
		return string(f)
	}
	s := norm.NFKC.String(string(r))
	kana := FoldKana(strings.Map(katakana, s))
	switch {
	case strings.ContainsFunc(kana, func(r rune) bool { return r >= 'ァ' && r <= 'ヺ' }):
		return kana
	case unicode.Is(unicode.Co, r), strings.ContainsFunc(s, unicode.IsDigit):
		return s
	case strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) }):
		return FoldKanji(s)
	}
	return FoldLatin(s)
}

// kanaOf is the full-width katakana of a kana of any kind, 0 of anything else. The long mark counts as one.
func kanaOf(t *folds, r rune) rune {
	switch {
	case r >= 'ァ' && r <= 'ー':
		return r
	case r >= 'ぁ' && r <= 'ゖ':
		return r + 'ァ' - 'ぁ'
	case r == 'ｰ':
		return 'ー'
	}
	return t.wide[r]
}

// voiced is the katakana that a mark makes of the one before it, 0 if none: カ and ﾞ are ガ.
func (t *folds) voiced(before, mark rune) rune {
	kana := kanaOf(t, before)
	combining := "\u3099"
	if mark == '\u309a' || mark == '゜' || mark == 'ﾟ' {
		combining = "\u309a"
	}
	r, size := utf8.DecodeRuneInString(norm.NFC.String(string(kana) + combining))
	if kana == 0 || r == kana || size == 0 {
		return 0
	}
	return r
}
