package scancmd

import (
	"cmp"
	"embed"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"genbo/internal/base/lock"
	"genbo/internal/front/page"
	"genbo/internal/work/scan"
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

// shown is how many lines a list of the summary has; --json and --csv have all.
const shown = 10

// summary writes what was found as one would tell it: first the figures, then where.
func (w words) summary(out io.Writer, r *scan.Report) error {
	var b strings.Builder
	line := func(s string) { b.WriteString(s + "\n") }
	if r.Interrupted {
		line(w.say("interrupted"))
	}
	line(w.say("read", number(r.Files), size(r.Bytes), r.Ended.Sub(r.Begun).Round(10*time.Millisecond).String()))
	line(w.say("people", number(r.WithPeople.Files), number(r.WithPeople.Cases), number(r.WithPeople.Persons)))
	line(w.say("unprotected", number(r.ByLock[lock.Open.String()].Files), number(r.Unprotected())))
	if r.Possible > 0 {
		line(w.say("possible", number(r.Possible)))
	}
	w.whose(line, r)
	if r.LockedFiles > 0 {
		line(w.say("locked", number(r.LockedFiles)))
	}
	if r.Unread > 0 {
		line(w.say("unread", number(r.Unread)))
	} else if !r.Interrupted {
		line(w.say("complete"))
	}
	for _, kind := range slices.Sorted(maps.Keys(r.Skipped)) {
		line(w.say("skipped."+kind, number(r.Skipped[kind])))
	}
	if len(r.ByFields) > 0 {
		line("")
		line(fmt.Sprintf("  %-12s %14s %12s %12s %12s", w.say("col.fields"), w.say("col.unprotected"), w.say("col.weak"), w.say("col.locked"), w.say("col.persons")))
		for _, set := range slices.SortedFunc(maps.Keys(r.ByFields), func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) }) {
			s := r.ByFields[set]
			line(fmt.Sprintf("  %-12s %14s %12s %12s %12s", set, number(s.Unprotected), number(s.Weak), number(s.Locked), number(s.Persons)))
		}
	}
	w.places(line, r)
	_, err := io.WriteString(out, b.String())
	return err
}

// places lists the folders with most cases, the files with most, and what was not read.
func (w words) places(line func(string), r *scan.Report) {
	folders := map[string]int{}
	var files, unread []string
	for _, f := range r.List {
		n := f.Cases.Total()
		if n > 0 {
			folders[filepath.Dir(f.Path)] += n
			files = append(files, fmt.Sprintf("  %12s  %-10s %s", number(n), w.say("lock."+f.Lock.String()), oneLine(f.Path)))
		}
		for _, m := range f.Missed {
			unread = append(unread, fmt.Sprintf("  %s: %s", strings.TrimSuffix(oneLine(f.Path)+" / "+m.Where, " / "), m.Why))
		}
	}
	list := func(key string, lines []string) {
		if len(lines) == 0 {
			return
		}
		line("")
		line(w.say(key))
		for _, l := range lines[:min(len(lines), shown)] {
			line(l)
		}
		if len(lines) > shown {
			line("  " + w.say("more", number(len(lines)-shown)))
		}
	}
	var byFolder []string
	for _, dir := range slices.SortedFunc(maps.Keys(folders), func(a, b string) int { return cmp.Or(cmp.Compare(folders[b], folders[a]), cmp.Compare(a, b)) }) {
		byFolder = append(byFolder, fmt.Sprintf("  %12s  %s", number(folders[dir]), oneLine(dir)))
	}
	list("folders", byFolder)
	list("files", files)
	list("notread", unread)
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

// writeCSV writes one line a file.
func writeCSV(out io.Writer, r *scan.Report) error {
	c := csv.NewWriter(out)
	_ = c.Write([]string{"path", "type", "lock", "how", "cases", "fields", "possible", "bytes", "modified", "owner", "missed"})
	for _, f := range r.List {
		var sets, missed []string
		for _, s := range slices.Sorted(maps.Keys(f.Cases)) {
			sets = append(sets, fmt.Sprintf("%s:%d", s, f.Cases[s]))
		}
		for _, m := range f.Missed {
			missed = append(missed, strings.TrimPrefix(m.Where+": "+m.Why, ": "))
		}
		_ = c.Write([]string{inert(f.Path), f.Type, f.Lock.String(), f.How, strconv.Itoa(f.Cases.Total()), strings.Join(sets, " "), strconv.Itoa(f.Possible),
			strconv.FormatInt(f.Size, 10), f.Modified.Format(time.RFC3339), f.Owner, strings.Join(missed, "; ")})
	}
	c.Flush()
	return c.Error()
}

// inert keeps a spreadsheet from taking a path for a formula.
func inert(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
