package page

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"

	"genbo"
	"genbo/internal/base/jtext"
)

// voice says things in one language.
type voice struct {
	lang     Lang
	messages Messages
}

// funcs are the functions of templates.
func (v voice) funcs(assets *assets) template.FuncMap {
	return template.FuncMap{
		"t":     func(key string, args ...any) string { return v.say(Text{key, args}) },
		"show":  v.show,
		"fault": func(f *genbo.Fault) string { return v.say(Text{"fault." + f.Code, f.Args}) },
		"asset": assets.href,
		"id":    FieldID,
	}
}

func (v voice) say(t Text) string {
	sentence, ok := v.messages[v.lang][t.Key]
	if !ok {
		return t.Key
	}
	args := make([]string, len(t.Args))
	for i, a := range t.Args {
		args[i] = v.plain(a)
	}
	return fillIn(sentence, args)
}

// show writes a value as HTML. Its types are those of plain, and Link, Status and lists of values.
func (v voice) show(value any) (template.HTML, error) {
	switch x := value.(type) {
	case genbo.Date:
		return v.date(x), nil
	case time.Time:
		return v.instant(x), nil
	case Link:
		return v.link(x)
	case *Link:
		return v.link(*x)
	case Status:
		return template.HTML(`<span class="status status--` + attr(string(x.Kind)) + `">` + //nolint:gosec // escaped
			text(v.say(x.Label)) + `</span>`), nil
	case *Status:
		return v.show(*x)
	case Lines:
		return v.lines(x)
	}
	if !plainType(value) {
		return "", fmt.Errorf("cannot show a %T", value)
	}
	return template.HTML(text(v.plain(value))), nil //nolint:gosec // escaped
}

func plainType(value any) bool {
	switch value.(type) {
	case nil, string, Text, int, int64, uint64, genbo.FieldSet, fmt.Stringer:
		return true
	}
	return false
}

// plain writes a value as text: nothing, a string, Text, a count with separators, a date, a time of day in
// Japan, a set of fields in words, and whatever prints itself, masked values among them.
func (v voice) plain(value any) string {
	switch x := value.(type) {
	case nil:
		return ""
	case string:
		return x
	case Text:
		return v.say(x)
	case int:
		return count(int64(x))
	case int64:
		return count(x)
	case uint64:
		return count(int64(x)) //nolint:gosec // counts of people and files stay far below 2^63
	case genbo.FieldSet:
		return v.fields(x)
	case genbo.Date:
		return v.dateText(x)
	case time.Time:
		return x.In(genbo.Japan).Format(instantForm)
	case fmt.Stringer:
		return x.String()
	}
	return fmt.Sprint(value)
}

// instantForm is how a time of day is shown: a Japanese clerk and the journal's reader read the same.
const instantForm = "2006-01-02 15:04:05"

func (v voice) instant(t time.Time) template.HTML {
	if t.IsZero() {
		return ""
	}
	t = t.In(genbo.Japan)
	return template.HTML(`<time datetime="` + t.Format(time.RFC3339) + `">` + t.Format(instantForm) + `</time>`) //nolint:gosec // digits
}

// date shows both calendars in both languages: papers carry either.
func (v voice) date(d genbo.Date) template.HTML {
	if d.IsZero() {
		return ""
	}
	return template.HTML(`<time datetime="` + d.String() + `">` + d.String() + //nolint:gosec // digits and era names
		`<span class="era" lang="ja">（` + text(jtext.Wareki(d)) + `）</span></time>`)
}

func (v voice) dateText(d genbo.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String() + "（" + jtext.Wareki(d) + "）"
}

func (v voice) fields(fs genbo.FieldSet) string {
	var names []string
	fs.Each(func(one genbo.FieldSet) { names = append(names, v.say(Say("fields."+one.String()))) })
	if len(names) == 0 {
		return v.say(Say("fields.none"))
	}
	return strings.Join(names, v.say(Say("frame.comma")))
}

func (v voice) link(l Link) (template.HTML, error) {
	words, err := v.show(l.Text)
	if err != nil {
		return "", err
	}
	href := l.Href
	if !strings.HasPrefix(href, "#") {
		href = LocalPath(href)
	}
	return template.HTML(`<a href="` + attr(href) + `">` + string(words) + `</a>`), nil //nolint:gosec // escaped
}

func (v voice) lines(l Lines) (template.HTML, error) {
	var b strings.Builder
	for i, one := range l {
		if i > 0 {
			b.WriteString("<br>")
		}
		words, err := v.show(one)
		if err != nil {
			return "", err
		}
		b.WriteString(string(words))
	}
	return template.HTML(b.String()), nil //nolint:gosec // made of shown values
}

// count writes a number with a comma every three digits.
func count(n int64) string {
	s := strconv.FormatInt(n, 10)
	start := 0
	if n < 0 {
		start = 1
	}
	for i := len(s) - 3; i > start; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func text(s string) string { return template.HTMLEscapeString(s) }
func attr(s string) string { return template.HTMLEscapeString(s) }
