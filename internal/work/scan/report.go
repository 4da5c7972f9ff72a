package scan

import (
	"cmp"
	"slices"
	"time"

	"genbo"
	"genbo/internal/base/lock"
)

// Counts are cases by field set, as letters.
type Counts map[string]int

// Total is all cases together.
func (c Counts) Total() (n int) {
	for _, k := range c {
		n += k
	}
	return n
}

// File is what was found out about one file.
type File struct {
	Path     string     `json:"path"`
	Size     int64      `json:"size"` // bytes
	Modified time.Time  `json:"modified"`
	Owner    string     `json:"owner,omitempty"`
	Type     string     `json:"type"`
	Lock     lock.State `json:"lock"`
	How      string     `json:"how,omitempty"`      // what the lock is
	Sealed   []string   `json:"sealed,omitempty"`   // the lists whose sealed files it is or holds
	Cases    Counts     `json:"cases,omitempty"`    // likely and sure ones
	Possible int        `json:"possible,omitempty"` // numbers with nothing beside them
	Locked   int        `json:"lockedMembers,omitempty"`
	Whose    *Whose     `json:"whose,omitempty"`  // joined with a register
	CopyOf   []CopyOf   `json:"copyOf,omitempty"` // the least doubt first
	Missed   []Missed   `json:"missed,omitempty"`
	Samples  []Sample   `json:"samples,omitempty"` // of the first cases
	Before   bool       `json:"fromBefore,omitempty"`
	mostMiss int
}

// Missed is a part of a file that was not read, and why.
type Missed struct {
	Where string `json:"where,omitempty"` // within the file: the members' names
	Why   string `json:"why"`
}

// mostMissed bounds the reasons that a file lists; the count goes on.
const mostMissed = 20

// remarkable reports whether there is more to say of a file than that it was read.
func (f *File) remarkable() bool {
	return f.Cases.Total() > 0 || f.Possible > 0 || f.Lock != lock.Open || len(f.Missed) > 0
}

func (f *File) miss(where, why string) {
	if f.mostMiss++; f.mostMiss <= mostMissed {
		f.Missed = append(f.Missed, Missed{where, why})
	}
}

// Sum is a count of files, cases and persons.
type Sum struct {
	Files   int `json:"files"`
	Cases   int `json:"cases"`
	Persons int `json:"persons,omitempty"`
}

// ReportVersion is the form of the reports that this program writes. It goes up when a field changes its meaning, not when
// one is added.
const ReportVersion = 1

// Report is what a scan found.
type Report struct {
	Version     int                  `json:"version"`
	Roots       []string             `json:"roots"`
	Begun       time.Time            `json:"begun"`
	Ended       time.Time            `json:"ended"`
	Interrupted bool                 `json:"interrupted"`
	Files       int                  `json:"files"` // regular files
	Bytes       int64                `json:"bytes"`
	Skipped     map[string]int       `json:"skipped"` // what is no regular file: links, devices
	WithPeople  Sum                  `json:"withPeople"`
	Possible    int                  `json:"possible"` // numbers of the right form with nothing beside them: no cases
	ByLock      map[string]Sum       `json:"byLock"`   // files with people, and those locked whose content nobody knows
	ByFields    map[string]FieldsSum `json:"byFields"`
	Unread      int                  `json:"unread"`              // files that could not be read, wholly or in part
	UnreadBytes int64                `json:"unreadBytes"`         // their sizes
	FromBefore  int                  `json:"fromBefore"`          // files that were not read: unchanged since a former scan
	KnownAnew   string               `json:"knownAnew,omitempty"` // why what former scans found was not used: a key of [Known.Anew]
	Shown       bool                 `json:"shown"`               // the samples are in the clear: the report holds personal data
	LockedFiles int                  `json:"lockedFiles"`
	Register    *Register            `json:"register,omitempty"`
	Groups      Groups               `json:"groups"`
	Oldest      *File                `json:"oldest,omitempty"`  // of the files with people: by its last change
	Biggest     *File                `json:"biggest,omitempty"` // by its bytes
	Changes     *Changes             `json:"changes,omitempty"` // against a former report
	List        []*File              `json:"list"`              // files with people, locked files, and files not read
}

// FieldsSum is a field set's cases by state, and its persons: each person at the widest set he is found with.
type FieldsSum struct {
	Unprotected int `json:"unprotected"`
	Weak        int `json:"weak"`
	Locked      int `json:"locked"`
	Persons     int `json:"persons"`
	Matched     int `json:"matched,omitempty"` // persons of the register among them
}

// Complete reports whether every file was read wholly. Locked files count as read: nobody else reads them either.
func (r *Report) Complete() bool { return r.Unread == 0 && !r.Interrupted }

// Unprotected is how many cases lie in files that anybody can read, or nearly.
func (r *Report) Unprotected() int {
	return r.ByLock[lock.Open.String()].Cases + r.ByLock[lock.Weak.String()].Cases
}

// UnprotectedFiles is in how many files they lie.
func (r *Report) UnprotectedFiles() int {
	return r.ByLock[lock.Open.String()].Files + r.ByLock[lock.Weak.String()].Files
}

// Baseline is the report as later scans are compared with it: without samples of cases.
func (r *Report) Baseline() *Report {
	b := *r
	b.Changes, b.Oldest, b.Biggest, b.Shown, b.List = nil, nil, nil, false, make([]*File, len(r.List))
	for i, f := range r.List {
		bare := *f
		bare.Samples, b.List[i] = nil, &bare
	}
	return &b
}

// add counts a file.
func (r *Report) add(f *File) {
	r.Files++
	r.Bytes += f.Size
	r.Possible += f.Possible
	cases := f.Cases.Total()
	if cases > 0 {
		r.WithPeople.Files++
		r.WithPeople.Cases += cases
	}
	if cases > 0 || f.Lock == lock.Locked || f.Lock == lock.Weak {
		s := r.ByLock[f.Lock.String()]
		s.Files, s.Cases = s.Files+1, s.Cases+cases
		r.ByLock[f.Lock.String()] = s
	}
	if f.Lock == lock.Locked {
		r.LockedFiles++
	}
	if len(f.Missed) > 0 {
		r.Unread++
		r.UnreadBytes += f.Size
	}
	if f.Before {
		r.FromBefore++
	}
	for set, n := range f.Cases {
		s := r.ByFields[set]
		switch f.Lock {
		case lock.Locked:
			s.Locked += n
		case lock.Weak:
			s.Weak += n
		default:
			s.Unprotected += n
		}
		r.ByFields[set] = s
	}
	if r.Register != nil && f.Whose != nil {
		r.Register.Cases.add(*f.Whose)
	}
	if f.remarkable() {
		r.List = append(r.List, f)
	}
}

// finish makes the sums that need all files.
func (r *Report) finish(of *scan) {
	slices.SortFunc(r.List, func(a, b *File) int {
		return cmp.Or(cmp.Compare(b.Cases.Total(), a.Cases.Total()), cmp.Compare(a.Path, b.Path))
	})
	r.group()
	for fields, n := range of.persons.bySet() {
		r.persons(fields, n, 0)
	}
	if of.marks == nil {
		return
	}
	for fields, n := range of.marks.Count() {
		r.persons(genbo.FieldSet(fields), n, n)
		r.Register.Found += n
	}
}

func (r *Report) persons(fields genbo.FieldSet, n, matched int) {
	s := r.ByFields[fields.String()]
	s.Persons, s.Matched = s.Persons+n, s.Matched+matched
	r.ByFields[fields.String()] = s
	r.WithPeople.Persons += n
}
