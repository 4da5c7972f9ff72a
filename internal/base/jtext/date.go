package jtext

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"genbo"
)

var (
	isoDate   = regexp.MustCompile(`^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$`)
	plainDate = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})$`)
	eraDate   = regexp.MustCompile(`^([^\d]+?)(\d{1,4}|元)[-/.年](\d{1,2})[-/.月](\d{1,2})日?$`)
	eraPlain  = regexp.MustCompile(`^([MTSHR])(\d{2})(\d{2})(\d{2})$`)
	coded     = regexp.MustCompile(`^([13579])-?(\d{2})(\d{2})(\d{2})$`)
)

// ParseDate reads a date of either calendar in the spellings that papers carry: 1950-03-01, 1950/3/1, 19500301,
// 1950年3月1日, 昭和25年3月1日, 昭25.3.1, S25.3.1, s250301, 令和元年5月1日, 昭和二十五年三月一日, the agency's coded form 5250301,
// half or full width. Its faults are date.empty, date.form, date.impossible and date.era (Showa 65; the
// arguments are the era and the day it lies beyond).
func ParseDate(s string) (genbo.Date, error) {
	if len(s) > 100 {
		return 0, genbo.NewFault("date", "date.form")
	}
	text := s
	if !plainASCII(s) {
		text = plainDigits(norm.NFKC.String(eraNames.Replace(s)))
	}
	text = strings.ToUpper(strings.Map(dropBlank, text))
	if text == "" {
		return 0, genbo.NewFault("date", "date.empty")
	}
	if m := isoDate.FindStringSubmatch(text); m != nil {
		return genbo.NewDate(number(m[1]), number(m[2]), number(m[3]))
	}
	if m := plainDate.FindStringSubmatch(text); m != nil {
		return genbo.NewDate(number(m[1]), number(m[2]), number(m[3]))
	}
	for _, form := range []*regexp.Regexp{eraDate, eraPlain, coded} {
		if m := form.FindStringSubmatch(text); m != nil {
			return inEra(m[1], m[2], number(m[3]), number(m[4]))
		}
	}
	return 0, genbo.NewFault("date", "date.form")
}

func plainASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

func dropBlank(r rune) rune {
	if r == ' ' || r == '\u3000' || r == '\t' {
		return -1
	}
	return r
}

func number(s string) int {
	n, _ := strconv.Atoi(s) // digits by the patterns above
	return n
}

// eraNames spells the one-character forms of era names out, before normalisation would.
var eraNames = strings.NewReplacer("㋿", "令和", "㍻", "平成", "㍼", "昭和", "㍽", "大正", "㍾", "明治")

func inEra(name, year string, month, day int) (genbo.Date, error) {
	for _, e := range eras {
		if name != e.name && name != e.short && name != e.letter && name != e.code {
			continue
		}
		n := 1
		if year != "元" {
			n = number(year)
		}
		if n == 0 {
			return 0, genbo.NewFault("date", "date.impossible")
		}
		d, err := genbo.NewDate(e.firstYear()+n-1, month, day)
		if err != nil {
			return 0, err
		}
		if d < e.first {
			return 0, genbo.NewFault("date", "date.era", e.name+" "+e.english, e.first.String())
		}
		if d > e.last {
			return 0, genbo.NewFault("date", "date.era", e.name+" "+e.english, e.last.String())
		}
		return d, nil
	}
	return 0, genbo.NewFault("date", "date.form")
}

// kanjiNumeral matches 二十五 and 一九五〇.
var kanjiNumeral = regexp.MustCompile(`[〇零一二三四五六七八九十]+`)

var kanjiDigits = strings.NewReplacer("〇", "0", "零", "0", "一", "1", "二", "2", "三", "3", "四", "4", "五", "5", "六", "6", "七", "7", "八", "8", "九", "9")

// plainDigits turns kanji numerals into digits: 二十五 → 25, 一九五〇 → 1950.
func plainDigits(s string) string {
	return kanjiNumeral.ReplaceAllStringFunc(s, func(numeral string) string {
		tens, units, found := strings.Cut(numeral, "十")
		if !found {
			return kanjiDigits.Replace(numeral)
		}
		if tens == "" {
			tens = "一"
		}
		if units == "" {
			units = "〇"
		}
		return kanjiDigits.Replace(tens + units)
	})
}
