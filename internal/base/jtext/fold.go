package jtext

import (
	_ "embed"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// FoldVersion is the version of the folds. The register's indexes hold it.
const FoldVersion = 1

// kanaFold makes readings that are spoken alike the same: the official matching of 2007 took シズオ and シヅオ, and
// large and small kana, for equal.
var kanaFold = func() map[rune]rune {
	m := map[rune]rune{'ヂ': 'ジ', 'ヅ': 'ズ', 'ヲ': 'オ', 'ヰ': 'イ', 'ヱ': 'エ', '　': -1, ' ': -1, '・': -1}
	small, large := []rune("ァィゥェォッャュョヮヵヶ"), []rune("アイウエオツヤユヨワカケ")
	for i := range small {
		m[small[i]] = large[i]
	}
	return m
}()

// FoldKana folds a clean reading for comparison.
func FoldKana(s string) string {
	return strings.Map(func(r rune) rune {
		if f, ok := kanaFold[r]; ok {
			return f
		}
		return r
	}, s)
}

// kanjiPairs lists, a line each, a kanji and the other forms of it that occur in names.
//
//go:embed kanji.txt
var kanjiPairs string

var kanjiFold = func() map[rune]rune {
	m := map[rune]rune{'　': -1, ' ': -1}
	for line := range strings.Lines(kanjiPairs) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		forms := []rune(line)
		for _, other := range forms[1:] {
			m[other] = forms[0]
		}
	}
	return m
}()

// FoldKanji folds a clean name in kanji for comparison: without blanks and variation selectors, and with one
// form for kanji that are old and new, or printed and written, forms of one.
func FoldKanji(s string) string {
	return strings.Map(func(r rune) rune {
		if f, ok := kanjiFold[r]; ok {
			return f
		}
		if unicode.Is(unicode.Variation_Selector, r) {
			return -1
		}
		return r
	}, s)
}

// FoldLatin folds a name in Latin letters: upper case, without blanks, signs and diacritics.
func FoldLatin(s string) string {
	upper := norm.NFKD.String(strings.ToUpper(norm.NFKD.String(s)))
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) {
			return -1
		}
		return r
	}, upper)
}
