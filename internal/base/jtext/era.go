package jtext

import (
	"fmt"
	"strconv"

	"genbo"
)

// era is a period of the Japanese calendar. A date belongs to the era of its day: the last day of one is the
// day before the next begins.
type era struct {
	name   string // 昭和
	short  string // 昭
	letter string // S
	ligature,
	code string // ㍼; the digit of the agency's coded dates
	english string
	first   genbo.Date
	last    genbo.Date
}

// eras, newest first. Dates before 1873-01-01 (Meiji 6) are of the old lunar calendar; no living person's
// papers carry one, and they are refused as outside the era.
var eras = []era{
	{"令和", "令", "R", "㋿", "9", "Reiwa", 20190501, 99991231},
	{"平成", "平", "H", "㍻", "7", "Heisei", 19890108, 20190430},
	{"昭和", "昭", "S", "㍼", "5", "Showa", 19261225, 19890107},
	{"大正", "大", "T", "㍽", "3", "Taisho", 19120730, 19261224},
	{"明治", "明", "M", "㍾", "1", "Meiji", 18730101, 19120729},
}

func eraOf(d genbo.Date) (era, bool) {
	for _, e := range eras {
		if d >= e.first && d <= e.last {
			return e, true
		}
	}
	return era{}, false
}

// firstYear is the year of our calendar that is the era's first.
func (e era) firstYear() int {
	if e.letter == "M" {
		return 1868
	}
	return e.first.Year()
}

// Wareki writes a date in the Japanese calendar, 昭和25年3月1日; the first year of an era is 元年. Dates before
// 1873 are written in ours.
func Wareki(d genbo.Date) string {
	if d.IsZero() {
		return ""
	}
	e, ok := eraOf(d)
	if !ok {
		return fmt.Sprintf("%04d年%d月%d日", d.Year(), d.Month(), d.Day())
	}
	year := "元"
	if n := d.Year() - e.firstYear() + 1; n > 1 {
		year = strconv.Itoa(n)
	}
	return fmt.Sprintf("%s%s年%d月%d日", e.name, year, d.Month(), d.Day())
}
