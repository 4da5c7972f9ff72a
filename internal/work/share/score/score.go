package score

import (
	"strings"

	"golang.org/x/text/unicode/norm"

	"genbo"
	"genbo/internal/work/share"
)

// Found is a case as a scanner tells it.
type Found struct {
	Place  int
	Fields genbo.FieldSet
	Number uint64
	Name   string
	Birth  genbo.Date
}

// Tally counts what was found.
type Tally struct{ Right, Wrong, Missed int }

func (t *Tally) add(o Tally) {
	t.Right, t.Wrong, t.Missed = t.Right+o.Right, t.Wrong+o.Wrong, t.Missed+o.Missed
}

// Precision is the share of what was found that is true, 1 where nothing was found.
func (t Tally) Precision() float64 { return ratio(t.Right, t.Right+t.Wrong) }

// Recall is the share of what is true that was found, 1 where nothing is.
func (t Tally) Recall() float64 { return ratio(t.Right, t.Right+t.Missed) }

// F1 is the harmonic mean of both.
func (t Tally) F1() float64 { return ratio(2*t.Right, 2*t.Right+t.Wrong+t.Missed) }

func ratio(a, b int) float64 {
	if b == 0 {
		return 1
	}
	return float64(a) / float64(b)
}

// Score is the tally by field and of whole field sets.
type Score struct {
	Fields map[genbo.FieldSet]*Tally // by single field
	Sets   Tally                     // cases with exactly the true set
	Cases  Tally                     // cases matched
}

// New returns an empty score.
func New() *Score { return &Score{Fields: map[genbo.FieldSet]*Tally{}} }

// Add adds another score.
func (s *Score) Add(o *Score) {
	for f, t := range o.Fields {
		s.field(f).add(*t)
	}
	s.Sets.add(o.Sets)
	s.Cases.add(o.Cases)
}

func (s *Score) field(f genbo.FieldSet) *Tally {
	if s.Fields[f] == nil {
		s.Fields[f] = &Tally{}
	}
	return s.Fields[f]
}

// Miss is a case that was not found as it is true.
type Miss struct {
	True  *share.Case // nil where nobody is
	Found *Found      // nil where nothing was found
}

// File compares one file, and returns the score and what differs.
func File(truth []share.Case, found []Found) (*Score, []Miss) {
	s := New()
	var misses []Miss
	open := index(truth)
	for i := range found {
		f := &found[i]
		t := open.take(f)
		if t == nil {
			f.Fields.Each(func(one genbo.FieldSet) { s.field(one).Wrong++ })
			s.Cases.Wrong++
			s.Sets.Wrong++
			misses = append(misses, Miss{nil, f})
			continue
		}
		s.Cases.Right++
		right := right(t, f)
		(t.Fields | f.Fields).Each(func(one genbo.FieldSet) {
			switch {
			case right.Has(one):
				s.field(one).Right++
			case t.Fields.Has(one) && f.Fields.Has(one):
				s.field(one).Wrong++
				s.field(one).Missed++
			case f.Fields.Has(one):
				s.field(one).Wrong++
			default:
				s.field(one).Missed++
			}
		})
		if t.Fields == f.Fields {
			s.Sets.Right++
		} else {
			s.Sets.Wrong++
			s.Sets.Missed++
		}
		if t.Fields != f.Fields || right != t.Fields {
			misses = append(misses, Miss{t, f})
		}
	}
	for _, t := range open.rest() {
		t.Fields.Each(func(one genbo.FieldSet) { s.field(one).Missed++ })
		s.Cases.Missed++
		s.Sets.Missed++
		misses = append(misses, Miss{t, nil})
	}
	return s, misses
}

// right are the fields that both have with the same value.
func right(t *share.Case, f *Found) genbo.FieldSet {
	both := t.Fields & f.Fields
	if both.Has(genbo.FieldNumber) && t.Number != f.Number {
		both &^= genbo.FieldNumber
	}
	if both.Has(genbo.FieldName) && !named(t, fold(f.Name)) {
		both &^= genbo.FieldName
	}
	if both.Has(genbo.FieldBirth) && t.Birth != f.Birth {
		both &^= genbo.FieldBirth
	}
	return both
}

func named(t *share.Case, name string) bool {
	return name != "" && (name == fold(t.Name) || name == fold(t.Kana) || name == fold(t.Latin))
}

// fold writes a name without blanks and in one width, kana as katakana.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '・' || r == ',':
			return -1
		case r >= 'ぁ' && r <= 'ゖ':
			return r + 'ァ' - 'ぁ'
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return r
	}, norm.NFKC.String(s))
}

// cases are true cases that nothing matched yet.
type cases struct {
	list     []share.Case
	taken    []bool
	byNumber map[uint64][]int
	byName   map[string][]int
	byBirth  map[genbo.Date][]int
	byPlace  map[int][]int
}

func index(list []share.Case) *cases {
	c := &cases{list, make([]bool, len(list)), map[uint64][]int{}, map[string][]int{}, map[genbo.Date][]int{}, map[int][]int{}}
	for i := range list {
		t := &list[i]
		if t.Number != 0 {
			c.byNumber[t.Number] = append(c.byNumber[t.Number], i)
		}
		for _, n := range []string{fold(t.Name), fold(t.Kana), fold(t.Latin)} {
			if n != "" {
				c.byName[n] = append(c.byName[n], i)
			}
		}
		if t.Birth != 0 {
			c.byBirth[t.Birth] = append(c.byBirth[t.Birth], i)
		}
		c.byPlace[t.Place] = append(c.byPlace[t.Place], i)
	}
	return c
}

// take finds the true case of a found one: by its number, by its name, by its date of birth, or where nothing of these was told, by
// its place.
func (c *cases) take(f *Found) *share.Case {
	lists := [][]int{c.byNumber[f.Number], c.byName[fold(f.Name)], c.byBirth[f.Birth]}
	if f.Number == 0 && f.Name == "" && f.Birth == 0 {
		lists = append(lists, c.byPlace[f.Place])
	}
	for _, list := range lists {
		best := -1
		for _, i := range list {
			if !c.taken[i] && (best < 0 || c.list[i].Birth == f.Birth && c.list[best].Birth != f.Birth) {
				best = i
			}
		}
		if best >= 0 {
			c.taken[best] = true
			return &c.list[best]
		}
	}
	return nil
}

func (c *cases) rest() (list []*share.Case) {
	for i := range c.list {
		if !c.taken[i] && c.list[i].Fields != 0 {
			list = append(list, &c.list[i])
		}
	}
	return list
}
