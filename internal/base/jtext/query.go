package jtext

import (
	"strings"
	"unicode"

	"genbo"
)

// TermKind is what a term of a search is.
type TermKind int

// The kinds of term.
const (
	TermNumber TermKind = iota + 1
	TermDate
	TermKana
	TermKanji
	TermLatin
	TermPostal
	TermPhone
)

// Term is one thing typed into a search box.
type Term struct {
	Kind   TermKind
	Text   string // clean, for kana, kanji, Latin, postal code and phone
	Number genbo.Number
	Date   genbo.Date
}

// Query reads what was typed into a search box: numbers, dates, names in kana, kanji or Latin letters, postal
// codes and telephone numbers, in any order, parted by blanks or commas. Neighbouring words of one script are
// one name. Digits that are none of these are the fault of a mistyped number; other words are left out.
func Query(s string) (terms []Term, err error) {
	for word := range strings.FieldsFuncSeq(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",、，;；", r) }) {
		t, ok, err := term(word)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		if n := len(terms); n > 0 && terms[n-1].Kind == t.Kind && (t.Kind == TermKana || t.Kind == TermKanji || t.Kind == TermLatin) {
			terms[n-1].Text += "　" + t.Text
			continue
		}
		terms = append(terms, t)
	}
	return terms, nil
}

// term reads one word. Ten digits are a pension number unless they begin with 0 and read as a telephone
// number with its hyphens; eight digits and what has an era are a date.
func term(word string) (t Term, ok bool, err error) {
	if digits, ok := digitsOf(word, "〒"); ok {
		t, err := digitTerm(word, digits)
		return t, err == nil, err
	}
	t, ok = wordTerm(word)
	return t, ok, nil
}

func wordTerm(word string) (Term, bool) {
	if d, err := ParseDate(word); err == nil {
		return Term{Kind: TermDate, Date: d}, true
	}
	if phone, err := CleanPhone(word); err == nil {
		return Term{Kind: TermPhone, Text: phone}, true
	}
	if kana, err := CleanKana(word); err == nil {
		return Term{Kind: TermKana, Text: kana}, true
	}
	name, err := CleanName(word)
	if err != nil {
		return Term{}, false
	}
	if latin(name) && FoldLatin(name) != "" {
		return Term{Kind: TermLatin, Text: name}, true
	}
	return Term{Kind: TermKanji, Text: name}, strings.ContainsFunc(name, unicode.IsLetter)
}

// numberGroups reports whether the digits stand as 4-6, or together.
func numberGroups(word string) bool {
	first, _, hyphen := strings.Cut(word, "-")
	return !hyphen || len([]rune(first)) == 4
}

func digitTerm(word, digits string) (Term, error) {
	number, numberErr := genbo.ParseNumber(digits)
	if numberErr == nil && numberGroups(strings.Map(hyphen, word)) {
		return Term{Kind: TermNumber, Number: number}, nil
	}
	if postal, err := CleanPostal(word); err == nil && (len(word) > 7 || digits[0] != '5') {
		return Term{Kind: TermPostal, Text: postal}, nil
	}
	if d, err := ParseDate(word); err == nil {
		return Term{Kind: TermDate, Date: d}, nil
	}
	if phone, err := CleanPhone(word); err == nil {
		return Term{Kind: TermPhone, Text: phone}, nil
	}
	if numberErr == nil { // ten digits, parted as no number and no telephone is
		numberErr = genbo.NewFault("number", "number.length", len(digits))
	}
	return Term{}, numberErr
}

func hyphen(r rune) rune {
	if strings.ContainsRune("‐‑‒–—―−ーｰ－", r) {
		return '-'
	}
	return r
}
