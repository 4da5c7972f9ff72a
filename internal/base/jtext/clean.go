package jtext

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"

	"genbo"
)

// maxText is the longest text that the register keeps, in bytes.
const maxText = 300

// CleanText brings a line of text into the form that is kept: NFC, without blanks at its ends. It refuses
// what nobody can see or type (faults text.utf8, text.control, text.private, text.long, text.empty).
func CleanText(s string) (string, error) {
	if len(s) > maxText {
		return "", genbo.NewFault("text", "text.long", maxText)
	}
	if !utf8.ValidString(s) {
		return "", genbo.NewFault("text", "text.utf8")
	}
	for _, r := range s {
		switch {
		case r == utf8.RuneError:
			return "", genbo.NewFault("text", "text.utf8")
		case unicode.Is(unicode.Co, r):
			return "", genbo.NewFault("text", "text.private", fmt.Sprintf("U+%04X", r))
		case invisible(r):
			return "", genbo.NewFault("text", "text.control", fmt.Sprintf("U+%04X", r))
		}
	}
	s = strings.TrimFunc(normalize(s), unicode.IsSpace)
	if s == "" {
		return "", genbo.NewFault("text", "text.empty")
	}
	if len(s) > maxText { // normalisation may lengthen
		return "", genbo.NewFault("text", "text.long", maxText)
	}
	return s, nil
}

// invisible reports whether a character is a control, a direction override, or else cannot be seen. Variation
// selectors are kept: they choose among the forms of a kanji.
func invisible(r rune) bool {
	if r == '\t' {
		return false
	}
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) || unicode.Is(unicode.Noncharacter_Code_Point, r)
}

// normalize is NFC, but compatibility ideographs stay: NFC would turn 神 (U+FA19) into 神, and the family
// register tells them apart.
func normalize(s string) string {
	if norm.NFC.IsNormalString(s) {
		return s
	}
	var b strings.Builder
	rest := 0
	for i, r := range s {
		if compatibility(r) {
			b.WriteString(norm.NFC.String(s[rest:i]))
			b.WriteRune(r)
			rest = i + utf8.RuneLen(r)
		}
	}
	b.WriteString(norm.NFC.String(s[rest:]))
	return b.String()
}

func compatibility(r rune) bool {
	return r >= 0xF900 && r <= 0xFAFF || r >= 0x2F800 && r <= 0x2FA1F
}

// CleanName cleans a name: as [CleanText], with each run of blanks one full-width blank, or one plain blank in
// a name of Latin letters.
func CleanName(s string) (string, error) {
	s, err := CleanText(s)
	if err != nil {
		return "", err
	}
	blank := "　"
	if latin(s) {
		blank = " "
	}
	return strings.Join(strings.Fields(s), blank), nil
}

func latin(s string) bool {
	for _, r := range s {
		if unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) {
			return false
		}
	}
	return true
}

// CleanKana cleans a reading: full-width katakana, ー, ・ and blanks only. Half-width kana and hiragana are
// converted; anything else is the fault kana.character.
func CleanKana(s string) (string, error) {
	s, err := CleanText(s)
	if err != nil {
		return "", err
	}
	s = strings.Map(katakana, norm.NFC.String(width.Widen.String(s)))
	s = strings.Join(strings.Fields(s), "　")
	for _, r := range s {
		if r != '　' && r != 'ー' && r != '・' && (r < 'ァ' || r > 'ヺ') {
			return "", genbo.NewFault("kana", "kana.character")
		}
	}
	return s, nil
}

// katakana turns a hiragana, or a sign taken for the long mark, into katakana.
func katakana(r rune) rune {
	switch {
	case r >= 'ぁ' && r <= 'ゖ':
		return r + 'ァ' - 'ぁ'
	case strings.ContainsRune("－―‐−‑–—ｰ", r):
		return 'ー'
	case r == '゙':
		return '\u3099'
	}
	return r
}

// CleanPostal cleans a postal code to 123-4567 (fault postal.form).
func CleanPostal(s string) (string, error) {
	digits, ok := digitsOf(s, "〒")
	if !ok || len(digits) != 7 {
		return "", genbo.NewFault("postal", "postal.form")
	}
	return digits[:3] + "-" + digits[3:], nil
}

// CleanPhone cleans a telephone number to digits with the hyphens that were typed, with a leading 0 in place
// of +81 (fault phone.form).
func CleanPhone(s string) (string, error) {
	if len(s) > maxText {
		return "", genbo.NewFault("phone", "phone.form")
	}
	t := strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune("-‐‑‒–—―−ーｰ()・.", r):
			return '-'
		case dropBlank(r) < 0:
			return -1
		}
		return r
	}, norm.NFKC.String(s))
	if rest, found := strings.CutPrefix(t, "+81"); found {
		t = "0" + strings.TrimLeft(rest, "-0")
	}
	t = strings.Trim(strings.ReplaceAll(strings.ReplaceAll(t, "---", "-"), "--", "-"), "-")
	digits, ok := digitsOf(t, "")
	if !ok || len(digits) < 9 || len(digits) > 11 || digits[0] != '0' {
		return "", genbo.NewFault("phone", "phone.form")
	}
	return t, nil
}

// digitsOf returns the digits of s, in ASCII, if it has nothing but digits, hyphens, blanks and what also
// names.
func digitsOf(s, also string) (string, bool) {
	if len(s) > maxText {
		return "", false
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case r >= '０' && r <= '９':
			b.WriteRune(r - '０' + '0')
		case strings.ContainsRune("-‐‑‒–—―−ーｰ－"+also, r) || unicode.IsSpace(r):
		default:
			return "", false
		}
	}
	return b.String(), true
}
