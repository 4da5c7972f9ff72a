package scan

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"genbo"
	"genbo/internal/base/lock"
)

// Changes are the files whose unprotected cases are not what they were in a former report: the baseline. A file that was moved
// is gone from one place and new in the other.
type Changes struct {
	New    []Change `json:"new"`
	Gone   []Change `json:"gone"`   // removed, emptied or locked
	Grown  []Change `json:"grown"`  // more cases, or more of a field
	Shrunk []Change `json:"shrunk"` // fewer
}

// Change is one file's unprotected cases then and now.
type Change struct {
	Path   string `json:"path"`
	Before int    `json:"before"`
	Now    int    `json:"now"`
}

// Worse reports whether anything lies open that did not before.
func (c *Changes) Worse() bool { return len(c.New)+len(c.Grown) > 0 }

// Compare says what changed since the report before. What this scan was not asked for or could not read is not gone: it is
// left out.
func (r *Report) Compare(before *Report) *Changes {
	c := &Changes{New: []Change{}, Gone: []Change{}, Grown: []Change{}, Shrunk: []Change{}}
	then, unread := map[string]*File{}, []string{}
	for _, f := range before.List {
		then[f.Path] = f
	}
	for _, f := range r.List {
		if len(f.Missed) > 0 {
			unread = append(unread, f.Path)
		}
		b := cmp.Or(then[f.Path], &File{})
		delete(then, f.Path)
		was, is := b.open(), f.open()
		change := Change{f.Path, was.Total(), is.Total()}
		switch grown, shrunk := differ(was, is); {
		case change.Before == 0 && change.Now > 0:
			c.New = append(c.New, change)
		case grown:
			c.Grown = append(c.Grown, change)
		case shrunk && len(f.Missed) > 0: // what was not read may be there still
		case change.Before > 0 && change.Now == 0:
			c.Gone = append(c.Gone, change)
		case shrunk:
			c.Shrunk = append(c.Shrunk, change)
		}
	}
	if !r.Interrupted { // else it was perhaps not come to
		for _, b := range then {
			if n := b.open().Total(); n > 0 && below(r.Roots, b.Path) && !below(unread, b.Path) {
				c.Gone = append(c.Gone, Change{Path: b.Path, Before: n})
			}
		}
	}
	for _, list := range [][]Change{c.New, c.Gone, c.Grown, c.Shrunk} {
		slices.SortFunc(list, func(a, b Change) int {
			return cmp.Or(cmp.Compare(max(b.Before, b.Now), max(a.Before, a.Now)), cmp.Compare(a.Path, b.Path))
		})
	}
	return c
}

// below reports whether the path is one of the roots or lies below one.
func below(roots []string, path string) bool {
	return slices.ContainsFunc(roots, func(root string) bool {
		in, err := filepath.Rel(root, path)
		return err == nil && filepath.IsLocal(in)
	})
}

// open are the file's cases that anybody can read, or nearly.
func (f *File) open() Counts {
	if f.Lock == lock.Locked {
		return nil
	}
	return f.Cases
}

// differ says whether there is more of anything, or less: of the cases, or of those with one of the fields. A person who lost his
// address and kept the rest is less, although the set of the rest has one more.
func differ(was, is Counts) (grown, shrunk bool) {
	a, b := was.byField(), is.byField()
	for i := range a {
		grown, shrunk = grown || b[i] > a[i], shrunk || b[i] < a[i]
	}
	return grown, shrunk
}

// byField counts the cases, and those with each of the fields.
func (c Counts) byField() (n [17]int) {
	for set, k := range c {
		n[16] += k
		fields, err := genbo.ParseFieldSet(set)
		if err != nil { // letters of a later version
			continue
		}
		for i := range 16 {
			if fields.Has(1 << i) {
				n[i] += k
			}
		}
	}
	return n
}

// maxReport bounds the size of a report that is read, in bytes: that of 10 million files.
const maxReport = 8 << 30

// ReadReport reads a report as the scan wrote it in JSON.
func ReadReport(src io.Reader) (*Report, error) {
	var r Report
	if err := json.NewDecoder(io.LimitReader(src, maxReport)).Decode(&r); err != nil {
		return nil, fmt.Errorf("no report of a scan: %w: %w", genbo.ErrInvalid, err)
	}
	if r.Version != ReportVersion {
		return nil, fmt.Errorf("a report of version %d, this program reads %d: %w", r.Version, ReportVersion, genbo.ErrInvalid)
	}
	for _, f := range r.List {
		if f == nil {
			return nil, errors.Join(errors.New("a report with an empty entry"), genbo.ErrInvalid)
		}
	}
	return &r, nil
}
