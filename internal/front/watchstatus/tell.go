package watchstatus

import (
	"embed"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"genbo/internal/front/page"
	"genbo/internal/work/watch"
)

//go:embed messages
var files embed.FS

// Tell writes how a watch stands, in a language.
func Tell(out io.Writer, lang page.Lang, s watch.Status) error {
	messages, err := page.LoadMessages(files)
	if err != nil {
		return err
	}
	var b strings.Builder
	line := func(key string, args ...any) {
		b.WriteString(messages.Say(lang, page.Say("watch."+key, args...)) + "\n")
	}
	line("phase."+s.Phase, moment(s.Updated))
	if s.Begun != nil {
		line("begun", moment(*s.Begun), number(s.Files))
	}
	if s.Full == nil {
		line("full.never")
	} else {
		line("full", moment(*s.Full))
	}
	if s.Anew != "" {
		line("anew." + s.Anew)
	}
	if s.Lost > 0 {
		line("lost", number(s.Lost), number(s.Roots))
	}
	if s.Blind != "" {
		line("blind", s.Blind)
	}
	if s.Waiting > 0 {
		line("waiting", number(s.Waiting))
	}
	if s.Figures != nil {
		figures(&b, line, messages, lang, s.Figures)
	}
	if s.Answer != nil {
		line("answer", moment(s.Answer.Received), number(s.Answer.Limit))
		if s.Answer.Due != nil {
			line("due", moment(*s.Answer.Due))
		}
	}
	if s.Unsent > 0 {
		line("unsent", number(s.Unsent))
	}
	_, err = io.WriteString(out, b.String())
	return err
}

func figures(b *strings.Builder, line func(string, ...any), messages page.Messages, lang page.Lang, f *watch.Findings) {
	column := func(key string) string { return messages.Say(lang, page.Say("watch.col."+key)) }
	b.WriteString("\n")
	line("figures", moment(f.Ended), number(f.Files), number(f.Unprotected()), number(f.Persons))
	if f.Unread > 0 {
		line("unread", number(f.Unread))
	}
	if !f.Complete {
		line("incomplete")
	}
	if len(f.Fields) > 0 {
		fmt.Fprintf(b, "  %-12s %14s %12s %12s %12s\n", column("fields"), column("open"), column("weak"), column("locked"), column("persons"))
	}
	for _, s := range f.Fields {
		fmt.Fprintf(b, "  %-12s %14s %12s %12s %12s\n", s.Set, number(s.Open), number(s.Weak), number(s.Locked), number(s.Persons))
	}
	b.WriteString("\n")
}

func moment(t time.Time) string { return t.Local().Format("2006-01-02 15:04:05 -07:00") }

func number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
