package share

import (
	"fmt"
	"strconv"
	"strings"

	"genbo"
)

// cell is one cell of a table. Workbooks keep numbers and days as such; everywhere else the text stands.
type cell struct {
	text string
	kind byte // 0 text, number or day
}

const (
	number = 'n'
	day    = 'd'
)

// texts are cells of text.
func texts(list ...string) []cell {
	cells := make([]cell, len(list))
	for i, s := range list {
		cells[i].text = s
	}
	return cells
}

// spelling writes something of a person into a table's cell.
type spelling func(p *person) cell

func asText(f func(p *person) string) spelling {
	return func(p *person) cell { return cell{text: f(p)} }
}

// numberSpellings are the ways in which offices write pension numbers into one cell.
var numberSpellings = []spelling{
	asText(func(p *person) string { return p.Number.Plain() }),
	asText(func(p *person) string { return p.Number.Plain() }),
	asText(func(p *person) string { return plainNumber(p) }),
	asText(func(p *person) string { return wide(p.Number.Plain()) }),
	asText(func(p *person) string { return wide(plainNumber(p)) }),
	asText(func(p *person) string { return strings.Replace(p.Number.Plain(), "-", " ", 1) }),
	asText(func(p *person) string { return strings.Replace(p.Number.Plain(), "-", "－", 1) }),
	// A spreadsheet took it for a quantity: the zeros at its left are gone.
	func(p *person) cell { return cell{strconv.FormatUint(p.Number.Value(), 10), number} },
}

func plainNumber(p *person) string { return strings.Replace(p.Number.Plain(), "-", "", 1) }

// era is a Japanese era from its first day on. The code is the one of forms that machines read.
type era struct {
	first              genbo.Date
	name, letter, sign string
	code               int
}

var eras = []era{
	{20190501, "令和", "R", "", 9}, {19890108, "平成", "H", "㍻", 7}, {19261225, "昭和", "S", "㍼", 5},
	{19120730, "大正", "T", "㍽", 3}, {18680908, "明治", "M", "㍾", 1},
}

func eraOf(d genbo.Date) (era, int) {
	for _, e := range eras {
		if d >= e.first {
			return e, d.Year() - e.first.Year() + 1
		}
	}
	return eras[len(eras)-1], d.Year() - 1867
}

// daySpellings are the ways in which offices write days.
var daySpellings = []func(d genbo.Date) string{
	func(d genbo.Date) string {
		e, y := eraOf(d)
		return fmt.Sprintf("%s%s年%d月%d日", e.name, firstYear(y), d.Month(), d.Day())
	},
	func(d genbo.Date) string {
		e, y := eraOf(d)
		return fmt.Sprintf("%s%d.%d.%d", e.letter, y, d.Month(), d.Day())
	},
	func(d genbo.Date) string {
		e, y := eraOf(d)
		return fmt.Sprintf("%s%02d.%02d.%02d", e.letter, y, d.Month(), d.Day())
	},
	func(d genbo.Date) string {
		e, y := eraOf(d)
		return fmt.Sprintf("%s%2d.%2d.%2d", string([]rune(e.name)[0]), y, d.Month(), d.Day())
	},
	func(d genbo.Date) string {
		e, y := eraOf(d)
		return fmt.Sprintf("%d%02d%02d%02d", e.code, y, d.Month(), d.Day())
	},
	func(d genbo.Date) string {
		e, y := eraOf(d)
		return fmt.Sprintf("%s%02d%02d%02d", e.letter, y, d.Month(), d.Day())
	},
	func(d genbo.Date) string { return fmt.Sprintf("%d/%d/%d", d.Year(), d.Month(), d.Day()) },
	func(d genbo.Date) string { return fmt.Sprintf("%d/%02d/%02d", d.Year(), d.Month(), d.Day()) },
	genbo.Date.String,
	func(d genbo.Date) string { return strconv.Itoa(int(d)) },
	func(d genbo.Date) string { return fmt.Sprintf("%d.%d.%d", d.Year(), d.Month(), d.Day()) },
	func(d genbo.Date) string { return fmt.Sprintf("%d年%d月%d日", d.Year(), d.Month(), d.Day()) },
	func(d genbo.Date) string {
		e, y := eraOf(d)
		return wide(fmt.Sprintf("%s%d年%d月%d日", e.name, y, d.Month(), d.Day()))
	},
	func(d genbo.Date) string {
		e, y := eraOf(d)
		return wide(fmt.Sprintf("%s%d.%d.%d", e.letter, y, d.Month(), d.Day()))
	},
	func(d genbo.Date) string {
		e, y := eraOf(d)
		return fmt.Sprintf("%s%2d年%2d月%2d日", e.name, y, d.Month(), d.Day())
	},
	func(d genbo.Date) string {
		e, y := eraOf(d)
		return fmt.Sprintf("%s/%02d/%02d/%02d", e.letter, y, d.Month(), d.Day())
	},
	func(d genbo.Date) string {
		e, y := eraOf(d)
		if e.sign == "" {
			e.sign = e.name
		}
		return fmt.Sprintf("%s%d年%d月%d日", e.sign, y, d.Month(), d.Day())
	},
	func(d genbo.Date) string {
		e, y := eraOf(d)
		return e.name + kanjiNumber(y) + "年" + kanjiNumber(d.Month()) + "月" + kanjiNumber(d.Day()) + "日"
	},
}

// firstYear writes the first year of an era as offices do.
func firstYear(y int) string {
	if y == 1 {
		return "元"
	}
	return strconv.Itoa(y)
}

var kanjiDigits = []rune("〇一二三四五六七八九")

// kanjiNumber writes 1 to 9,999 in kanji.
func kanjiNumber(n int) string {
	var b strings.Builder
	for _, unit := range []struct {
		of   int
		sign string
	}{{1000, "千"}, {100, "百"}, {10, "十"}, {1, ""}} {
		if k := n / unit.of % 10; k > 1 || k == 1 && unit.of == 1 {
			b.WriteString(string(kanjiDigits[k]) + unit.sign)
		} else if k == 1 {
			b.WriteString(unit.sign)
		}
	}
	return b.String()
}

// kanjiNumerals writes the digits of an address in kanji.
func kanjiNumerals(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		end := i
		for end < len(s) && s[end] >= '0' && s[end] <= '9' {
			end++
		}
		if n, err := strconv.Atoi(s[i:end]); err == nil && n > 0 {
			b.WriteString(kanjiNumber(n))
			i = end
			continue
		}
		b.WriteByte(s[i])
		i++
	}
	return strings.ReplaceAll(b.String(), "-", "の")
}

// birthSpelling draws how a table writes dates of birth.
func birthSpelling(d *dice) spelling {
	if d.chance(12) {
		return func(p *person) cell { return cell{daySpellings[6](p.Birth), day} }
	}
	f := pick(d, daySpellings)
	return asText(func(p *person) string { return f(p.Birth) })
}

// nameSpelling draws how a table writes names in kanji, or in what a foreigner's name is written.
func nameSpelling(d *dice) spelling {
	between, latin := one(d, "　", "　", " ", " ", "", "  "), d.chance(60)
	return asText(func(p *person) string {
		switch {
		case p.foreign && latin:
			return p.Latin
		case p.foreign:
			return p.kanaFamily + one(d, "　", "・") + p.kanaGiven
		}
		return p.family + between + p.given
	})
}

// kanaSpelling draws how a table writes names in kana.
func kanaSpelling(d *dice) spelling {
	between := one(d, "　", " ", " ")
	how := one(d, func(s string) string { return s }, narrow, narrow, hiragana)
	return asText(func(p *person) string { return how(p.kanaFamily + between + p.kanaGiven) })
}

// addressSpelling draws how a table writes addresses into one cell.
func addressSpelling(d *dice) spelling {
	bare, how := d.chance(25), one(d, func(s string) string { return s }, func(s string) string { return s }, wide, kanjiNumerals)
	gap := one(d, "　", " ", "")
	return asText(func(p *person) string {
		s := p.city + how(p.town)
		if !bare {
			s = p.prefecture + s
		}
		if p.building != "" {
			s += gap + p.building
		}
		return s
	})
}
