package scancmd

import (
	"embed"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"genbo"
	"genbo/internal/front/page"
)

//go:embed messages
var files embed.FS

// words says things in the reader's language.
type words struct {
	lang     page.Lang
	messages page.Messages
}

func (w words) say(key string, args ...any) string {
	return w.messages.Say(w.lang, page.Say("scan."+key, args...))
}

// fields is a field set in words.
func (w words) fields(set string) string {
	fields, err := genbo.ParseFieldSet(set)
	if err != nil {
		return set
	}
	var names []string
	fields.Each(func(one genbo.FieldSet) { names = append(names, w.say("field."+one.String())) })
	return strings.Join(names, w.say("and"))
}

// oneLine makes a path fit for one line, whatever bytes it is made of.
func oneLine(path string) string {
	for _, r := range path {
		if r < ' ' || r == 0x7f || r == '\ufffd' {
			return strconv.Quote(path)
		}
	}
	return path
}

func number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// size writes bytes as people read them.
func size(n int64) string {
	units := []string{"B", "kB", "MB", "GB", "TB"}
	v, u := float64(n), 0
	for v >= 1000 && u < len(units)-1 {
		v, u = v/1000, u+1
	}
	if u == 0 {
		return fmt.Sprintf("%d B", n)
	}
	return fmt.Sprintf("%.1f %s", v, units[u])
}

// percent is the share of n in all. A share is not said to be nothing or all unless it is.
func percent(n, all int64) string {
	if all == 0 || n == 0 {
		return "0 %"
	}
	p := 100 * float64(n) / float64(all)
	switch {
	case n == all:
		return "100 %"
	case p < 0.1:
		return "< 0.1 %"
	case p > 99.9:
		return "> 99.9 %"
	case p < 10:
		return fmt.Sprintf("%.1f %%", p)
	}
	return fmt.Sprintf("%.0f %%", min(p, 99))
}

// progress shows in one line of a terminal how far the scan has come.
func (w words) progress(out io.Writer, now func() time.Time) (show func(int, int64, string), done func()) {
	last := time.Time{}
	show = func(files int, bytes int64, _ string) {
		if t := now(); t.Sub(last) > 200*time.Millisecond {
			last = t
			fmt.Fprintf(out, "\r\033[K%s", w.say("progress", number(files), size(bytes)))
		}
	}
	return show, func() { fmt.Fprint(out, "\r\033[K") }
}
