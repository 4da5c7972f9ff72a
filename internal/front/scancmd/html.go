package scancmd

import (
	"bufio"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/rivo/uniseg"

	"genbo/internal/base/lock"
	"genbo/internal/work/scan"
)

// How many rows the lists of the page have: it is to be read and printed whatever the number of files. What is left out is
// counted in a row of its own.
const (
	pageFolders = 20
	pageGroups  = 10
	pageFiles   = 100
	pageTiles   = 24
	pageYears   = 14
)

//go:embed templates/report.html
var reportHTML string

//go:embed templates/report.css
var reportCSS string

// document is the page: one file with its look in it, that asks nobody for anything and runs no script.
type document struct {
	words
	*scan.Report
	CSS     template.CSS
	Hash    string // of the CSS, for the policy
	Squares []square
	Sets    []row
	Folders []row
	Owners  []row
	Types   []row
	Wide    []tile // the map for desks and paper
	Narrow  []tile // the same for phones
	Years   []upright
	Files   []*scan.File
	Left    scan.Sum // files with people that Files has not
	Copies  []copyRow
	CopiesN int // those that Copies has not
	Missed  []missed
	MissedN int // those that Missed has not
}

// row is one of a table with bars. A row without a name is the sum of those left out.
type row struct {
	Name, Key string
	Group     scan.Group
	Persons   int
	Matched   int // of the register
	Share     string
	Bar       bar
	Others    int
}

// copyRow is a file that is a copy of an extract.
type copyRow struct{ Path, What string }

type missed struct{ Path, Why string }

// writeHTML writes the report as a page.
func (w words) writeHTML(out io.Writer, r *scan.Report) error {
	t, err := template.New("report").Funcs(template.FuncMap{
		"say": w.say, "number": number, "fields": w.fields, "place": w.place, "path": oneLine,
		"size": size, "date": func(t time.Time) string { return t.Format(time.DateOnly) },
		"share": func(n, all any) string { return percent(whole(n), whole(all)) },
	}).Parse(reportHTML)
	if err != nil {
		return err
	}
	hash := sha256.Sum256([]byte(reportCSS))
	d := &document{words: w, Report: r, CSS: template.CSS(reportCSS), Hash: base64.StdEncoding.EncodeToString(hash[:])}
	d.fill()
	b := bufio.NewWriter(out)
	if err := t.Execute(b, d); err != nil {
		return err
	}
	return b.Flush()
}

func whole(n any) int64 {
	if n, ok := n.(int64); ok {
		return n
	}
	return int64(n.(int))
}

func (d *document) fill() {
	r := d.Report
	d.Squares = squares([]int{r.ByLock[lock.Open.String()].Files, r.ByLock[lock.Weak.String()].Files, r.LockedFiles}, []string{"open", "weak", "locked"})
	most := 0
	for _, set := range sets(r) {
		n := r.ByFields[set]
		g := scan.Group{Unprotected: n.Unprotected, Weak: n.Weak, Locked: n.Locked}
		most = max(most, g.Cases())
		d.Sets = append(d.Sets, row{Name: d.fields(set), Key: set, Group: g, Persons: n.Persons, Matched: n.Matched})
	}
	for i := range d.Sets {
		d.Sets[i].Bar = barOf(d.Sets[i].Group, most)
	}
	d.Folders, d.Owners, d.Types = d.rows(r.Groups.Folders, pageFolders), d.rows(r.Groups.Owners, pageGroups), d.rows(r.Groups.Types, pageGroups)
	d.tiles()
	d.years()
	d.lists()
}

// rows are the groups with most cases, and the sum of the others.
func (d *document) rows(by scan.By, top int) []row {
	keys := by.Most()
	list := make([]row, 0, top+1)
	for _, key := range keys[:min(len(keys), top)] {
		list = append(list, row{Name: key, Group: by[key]})
	}
	if left := keys[len(list):]; len(left) > 0 {
		others := row{Others: len(left)}
		for _, key := range left {
			g := by[key]
			others.Group.Files += g.Files
			others.Group.Unprotected += g.Unprotected
			others.Group.Weak += g.Weak
			others.Group.Locked += g.Locked
		}
		list = append(list, others)
	}
	most := 0
	for _, r := range list {
		most = max(most, r.Group.Cases())
	}
	for i := range list {
		r := &list[i]
		r.Share, r.Bar = percent(int64(r.Group.Cases()), int64(d.WithPeople.Cases)), barOf(r.Group, most)
	}
	return list
}

// tiles makes the maps of the folders.
func (d *document) tiles() {
	var list []tile
	for _, r := range d.rows(d.Groups.Folders, pageTiles) {
		t := tile{Full: oneLine(r.Name), Cases: r.Group.Cases(), State: "open"}
		if t.Name = oneLine(filepath.Base(r.Name)); r.Others > 0 {
			t.Full = d.say("others", number(r.Others))
			t.Name, t.State = t.Full, "others"
		} else if r.Group.Locked == t.Cases {
			t.State = "locked"
		} else if r.Group.Unprotected == 0 {
			t.State = "weak"
		}
		list = append(list, t)
	}
	byCases(list)
	d.Wide, d.Narrow = d.labelled(tiles(list, 960, 420)), d.labelled(tiles(list, 360, 480))
}

// labelled leaves off the names that do not fit their tiles: each has its full one as a tip, and the table below has it.
func (d *document) labelled(list []tile) []tile {
	for i := range list {
		t := &list[i]
		room := int((t.W - 12) / 7.5) // columns of 15 pixels' type
		if parent := filepath.Base(filepath.Dir(t.Full)); t.State != "others" && uniseg.StringWidth(parent+"/"+t.Name) <= room {
			t.Name = parent + "/" + t.Name
		}
		if t.H < 24 || uniseg.StringWidth(number(t.Cases)) > room || room < 6 {
			t.Name = ""
		} else {
			t.Name = cut(t.Name, room)
		}
	}
	return list
}

// years makes the chart of the files' last changes: each year of the latest, and all before them in one.
func (d *document) years() {
	groups := map[int]scan.Group{}
	for key, g := range d.Groups.Years {
		if year, err := strconv.Atoi(key); err == nil {
			groups[year] = g
		}
	}
	if len(groups) == 0 {
		return
	}
	last := slices.Max(slices.Collect(maps.Keys(groups)))
	first := max(slices.Min(slices.Collect(maps.Keys(groups))), last-pageYears+1)
	list, labels := make([]scan.Group, last-first+1), make([]string, last-first+1)
	for i := range labels {
		labels[i] = strconv.Itoa(first + i)
	}
	for year, g := range groups {
		if year < first {
			labels[0] = d.say("until", strconv.Itoa(first))
		}
		at := &list[max(year, first)-first]
		at.Unprotected += g.Unprotected
		at.Weak += g.Weak
		at.Locked += g.Locked
	}
	d.Years = uprights(labels, list, 960, 180)
}

func (d *document) lists() {
	for _, f := range d.List {
		if n := f.Cases.Total(); n > 0 {
			if len(d.Files) < pageFiles {
				d.Files = append(d.Files, f)
			} else {
				d.Left.Files, d.Left.Cases = d.Left.Files+1, d.Left.Cases+n
			}
		}
		if what := d.copyOf(f); what != "" {
			if len(d.Copies) < pageFiles {
				d.Copies = append(d.Copies, copyRow{oneLine(f.Path), what})
			} else {
				d.CopiesN++
			}
		}
		for _, m := range f.Missed {
			if len(d.Missed) < pageFiles {
				path := oneLine(f.Path)
				if m.Where != "" {
					path += " / " + oneLine(m.Where)
				}
				d.Missed = append(d.Missed, missed{path, m.Why})
			} else {
				d.MissedN++
			}
		}
	}
}

// Joined says whose the cases are.
func (d *document) Joined() []string { return d.joined(d.Report) }

// AllFiles are the files that hold people or are locked.
func (d *document) AllFiles() int { return d.LockedFiles + d.UnprotectedFiles() }

// Lang is the language of the page.
func (d *document) Lang() string { return string(d.lang) }

// Took is how long the scan ran.
func (d *document) Took() string { return d.Ended.Sub(d.Begun).Round(10 * time.Millisecond).String() }

// Anew reports whether former scans were there and not used.
func (d *document) Anew() bool { return d.KnownAnew == "damaged" || d.KnownAnew == "options" }

// Short is a count for a narrow column.
func (d *document) Short(n int) string {
	switch {
	case n >= 10_000_000:
		return d.say("million", number(n/1_000_000))
	case n >= 100_000:
		return d.say("thousand", number(n/1000))
	}
	return number(n)
}

// changeList is one of the lists of what changed.
type changeList struct {
	Caption string
	List    []scan.Change
	Left    int
}

// ChangeLists are what is new, more, less and gone since the former report.
func (d *document) ChangeLists() []changeList {
	var lists []changeList
	for _, g := range []struct {
		key  string
		list []scan.Change
	}{{"new", d.Changes.New}, {"grown", d.Changes.Grown}, {"shrunk", d.Changes.Shrunk}, {"gone", d.Changes.Gone}} {
		top := g.list[:min(len(g.list), pageFolders)]
		lists = append(lists, changeList{d.say("changes." + g.key), top, len(g.list) - len(top)})
	}
	return lists
}
