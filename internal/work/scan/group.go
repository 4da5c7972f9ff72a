package scan

import (
	"cmp"
	"maps"
	"path/filepath"
	"slices"
	"strconv"

	"genbo/internal/base/lock"
)

// Group is the files with people that have something in common, and their cases by state.
type Group struct {
	Files       int `json:"files"`
	Unprotected int `json:"unprotected"`
	Weak        int `json:"weak"`
	Locked      int `json:"locked"`
}

// Cases are those of all states.
func (g Group) Cases() int { return g.Unprotected + g.Weak + g.Locked }

// By is groups by what their files have in common.
type By map[string]Group

func (b By) add(key string, state lock.State, cases int) {
	g := b[key]
	g.Files++
	switch state {
	case lock.Locked:
		g.Locked += cases
	case lock.Weak:
		g.Weak += cases
	default:
		g.Unprotected += cases
	}
	b[key] = g
}

// Groups are the files with people, grouped in four ways. What the system names no owner of has the owner "".
type Groups struct {
	Folders By `json:"folders"` // by the folder that the file lies in
	Owners  By `json:"owners"`
	Types   By `json:"types"`
	Years   By `json:"years"` // of the last change
}

// group makes the groups of the report's files.
func (r *Report) group() {
	r.Groups = Groups{By{}, By{}, By{}, By{}}
	for _, f := range r.List {
		n := f.Cases.Total()
		if n == 0 {
			continue
		}
		r.Groups.Folders.add(filepath.Dir(f.Path), f.Lock, n)
		r.Groups.Owners.add(f.Owner, f.Lock, n)
		r.Groups.Types.add(f.Type, f.Lock, n)
		r.Groups.Years.add(strconv.Itoa(f.Modified.Year()), f.Lock, n)
		if r.Oldest == nil || f.Modified.Before(r.Oldest.Modified) {
			r.Oldest = f
		}
		if r.Biggest == nil || f.Size > r.Biggest.Size {
			r.Biggest = f
		}
	}
}

// Most are the keys of the groups, those with most cases first.
func (b By) Most() []string {
	return slices.SortedFunc(maps.Keys(b), func(x, y string) int {
		return cmp.Or(cmp.Compare(b[y].Cases(), b[x].Cases()), cmp.Compare(x, y))
	})
}
