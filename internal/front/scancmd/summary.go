package scancmd

import (
	"cmp"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"genbo/internal/work/scan"
)

// How many lines the lists of the summary have; --json, --csv and --html have more, or all.
const (
	shown       = 10
	shownOwners = 5
	sampled     = 3 // files whose samples are shown
)

// summary is what was found as one would tell it: first the figures, then where, then how sure they are.
type summary struct {
	words
	r     *scan.Report
	lines []string
}

// summary writes the report for people at a terminal.
func (w words) summary(out io.Writer, r *scan.Report) error {
	s := &summary{words: w, r: r}
	s.figures()
	s.whose()
	s.bySet()
	s.groups()
	s.files()
	s.notRead()
	if r.Changes != nil {
		s.changes()
	}
	s.sure()
	_, err := io.WriteString(out, strings.Join(s.lines, "\n")+"\n")
	return err
}

func (s *summary) line(key string, args ...any) {
	s.lines = append(s.lines, wrap(s.say(key, args...))...)
}

// list is a heading, the table below it, and how many rows it has not.
func (s *summary) list(heading string, set []column, rows [][]string, left int) {
	if len(rows) == 0 {
		return
	}
	s.lines = append(s.lines, "")
	s.line(heading)
	s.lines = append(s.lines, table(set, rows)...)
	if left > 0 {
		s.lines = append(s.lines, "  "+s.say("more", number(left)))
	}
}

func (s *summary) figures() {
	r := s.r
	if r.Interrupted {
		s.line("interrupted")
	}
	if r.Shown {
		s.line("shown")
	}
	s.line("people", number(r.WithPeople.Files), number(r.WithPeople.Cases), number(r.WithPeople.Persons))
	s.line("unprotected", number(r.Unprotected()), number(r.UnprotectedFiles()))
	if all := r.LockedFiles + r.UnprotectedFiles(); all > 0 {
		s.line("lockedshare", percent(int64(r.LockedFiles), int64(all)), number(r.LockedFiles), number(all))
	}
	if r.Possible > 0 {
		s.line("possible", number(r.Possible))
	}
}

// bySet says which fields stand together, place by place, and of how many persons what is known over all files.
func (s *summary) bySet() {
	cases := [][]string{{s.say("col.fields"), "", s.say("col.unprotected"), s.say("col.weak"), s.say("col.locked")}}
	persons := [][]string{{s.say("col.fields"), "", s.say("col.persons")}}
	columns := []column{{}, {fit: true}, {right: true}}
	if s.r.Register != nil {
		persons[0], columns = append(persons[0], s.say("col.matched")), append(columns, column{right: true})
	}
	for _, set := range sets(s.r) {
		n := s.r.ByFields[set]
		if n.Unprotected+n.Weak+n.Locked > 0 {
			cases = append(cases, []string{set, s.fields(set), number(n.Unprotected), number(n.Weak), number(n.Locked)})
		}
		if n.Persons > 0 {
			row := []string{set, s.fields(set), number(n.Persons)}
			if s.r.Register != nil {
				row = append(row, number(n.Matched))
			}
			persons = append(persons, row)
		}
	}
	if len(cases) > 1 {
		s.list("bysets", []column{{}, {fit: true}, {right: true}, {right: true}, {right: true}}, cases, 0)
	}
	if len(persons) > 1 {
		s.list("persons", columns, persons, 0)
	}
}

// sets are the report's field sets, those of most fields first.
func sets(r *scan.Report) []string {
	return slices.SortedFunc(maps.Keys(r.ByFields), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b))
	})
}

func (s *summary) groups() {
	for _, g := range []struct {
		key string
		by  scan.By
		top int
	}{{"folders", s.r.Groups.Folders, shown}, {"owners", s.r.Groups.Owners, shownOwners}} {
		keys := g.by.Most()
		if g.key == "owners" && len(keys) == 1 && keys[0] == "" { // the system names none
			continue
		}
		var rows [][]string
		for _, key := range keys[:min(len(keys), g.top)] {
			n := g.by[key]
			name := oneLine(key)
			if key == "" {
				name = s.say("nobody")
			}
			rows = append(rows, []string{number(n.Cases()), percent(int64(n.Cases()), int64(s.r.WithPeople.Cases)), s.say("nfiles", number(n.Files)), name})
		}
		s.list(g.key, []column{{right: true}, {right: true}, {right: true}, {fit: true}}, rows, len(keys)-len(rows))
	}
}

func (s *summary) files() {
	var rows, samples [][]string
	left := 0
	for i, f := range s.r.List {
		n := f.Cases.Total()
		switch {
		case n == 0:
			continue
		case len(rows) == shown:
			left++
			continue
		}
		rows = append(rows, []string{number(n), s.say("lock." + f.Lock.String()), oneLine(f.Path)})
		if i < sampled {
			for _, c := range f.Samples {
				samples = append(samples, []string{oneLine(filepath.Base(f.Path)) + " " + s.place(c), c.Number, c.Name, c.Birth})
			}
		}
	}
	s.list("files", []column{{right: true}, {}, {fit: true}}, rows, left)
	s.list("samples", []column{{fit: true}, {}, {}, {}}, samples, 0)
	if f := s.r.Oldest; f != nil {
		rows := [][]string{{s.say("oldest"), f.Modified.Format(time.DateOnly), oneLine(f.Path)}, {s.say("biggest"), size(s.r.Biggest.Size), oneLine(s.r.Biggest.Path)}}
		s.lines = append(s.lines, "")
		s.lines = append(s.lines, table([]column{{}, {right: true}, {fit: true}}, rows)...)
	}
}

// place says where in its file a sample is.
func (w words) place(c scan.Sample) string {
	at := w.say("line", number(c.Line))
	if c.Part > 0 {
		at = w.say("part", number(c.Part), at)
	}
	if c.Where != "" {
		at = oneLine(c.Where) + " " + at
	}
	return at
}

func (s *summary) notRead() {
	var rows [][]string
	left := 0
	for _, f := range s.r.List {
		for _, m := range f.Missed {
			if len(rows) == shown {
				left++
				continue
			}
			rows = append(rows, []string{cut(m.Why, columns/2), oneLine(strings.TrimSuffix(f.Path+" / "+m.Where, " / "))})
		}
	}
	s.list("notread", []column{{}, {fit: true}}, rows, left)
}

func (s *summary) changes() {
	c := s.r.Changes
	s.lines = append(s.lines, "")
	s.line("changes", number(len(c.New)), number(len(c.Grown)), number(len(c.Shrunk)), number(len(c.Gone)))
	for _, g := range []struct {
		key  string
		list []scan.Change
	}{{"new", c.New}, {"grown", c.Grown}, {"shrunk", c.Shrunk}, {"gone", c.Gone}} {
		var rows [][]string
		for _, f := range g.list[:min(len(g.list), shown)] {
			rows = append(rows, []string{number(f.Before), "->", number(f.Now), oneLine(f.Path)})
		}
		s.list("changes."+g.key, []column{{right: true}, {}, {right: true}, {fit: true}}, rows, len(g.list)-len(rows))
	}
}

// sure says what the figures rest on.
func (s *summary) sure() {
	r := s.r
	s.lines = append(s.lines, "")
	s.line("read", number(r.Files), size(r.Bytes), r.Ended.Sub(r.Begun).Round(10*time.Millisecond).String())
	if r.FromBefore > 0 {
		s.line("before", number(r.FromBefore))
	}
	if r.KnownAnew == "damaged" || r.KnownAnew == "options" {
		s.line("anew." + r.KnownAnew)
	}
	if r.Unread > 0 {
		s.line("unread", number(r.Unread), percent(int64(r.Unread), int64(r.Files)), size(r.UnreadBytes), percent(r.UnreadBytes, r.Bytes))
	} else if !r.Interrupted {
		s.line("complete")
	}
	if r.LockedFiles > 0 {
		s.line("locked", number(r.LockedFiles))
	}
	for _, kind := range slices.Sorted(maps.Keys(r.Skipped)) {
		s.line("skipped."+kind, number(r.Skipped[kind]))
	}
}
