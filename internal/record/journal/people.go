package journal

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"iter"
	"slices"

	"genbo"
)

// People is a set of people, kept as runs of the core's integers: people next to each other in the register
// cost nothing more. The zero value is nobody.
type People struct{ runs []run }

// run is the people first … first+length-1.
type run struct {
	first  genbo.PersonID
	length uint32
}

// Person is the set of one.
func Person(p genbo.PersonID) People { return People{[]run{{p, 1}}} }

// PeopleOf is the set of the given people, in any order, with or without repetition.
func PeopleOf(people []genbo.PersonID) People {
	sorted := slices.Compact(slices.Sorted(slices.Values(people)))
	var set People
	for _, p := range sorted {
		if n := len(set.runs); n > 0 && set.runs[n-1].first+genbo.PersonID(set.runs[n-1].length) == p {
			set.runs[n-1].length++
			continue
		}
		set.runs = append(set.runs, run{p, 1})
	}
	return set
}

// Gathering collects people in whatever order they come; it takes little where neighbours come one after the other.
type Gathering struct{ runs []run }

// Add adds a person, who is not there yet.
func (g *Gathering) Add(p genbo.PersonID) {
	if n := len(g.runs); n > 0 && g.runs[n-1].first+genbo.PersonID(g.runs[n-1].length) == p {
		g.runs[n-1].length++
		return
	}
	g.runs = append(g.runs, run{p, 1})
}

// People is the set of those who were added.
func (g *Gathering) People() (set People) {
	slices.SortFunc(g.runs, func(a, b run) int { return cmp.Compare(a.first, b.first) })
	for _, r := range g.runs {
		if n := len(set.runs); n > 0 && set.runs[n-1].first+genbo.PersonID(set.runs[n-1].length) == r.first {
			set.runs[n-1].length += r.length
			continue
		}
		set.runs = append(set.runs, r)
	}
	return set
}

// PeopleFrom is the set of count people from first on.
func PeopleFrom(first genbo.PersonID, count int) People {
	if count == 0 {
		return People{}
	}
	return People{[]run{{first, uint32(count)}}}
}

// Count is how many people there are: persons, not cases.
func (s People) Count() int {
	n := 0
	for _, r := range s.runs {
		n += int(r.length)
	}
	return n
}

// Has reports whether p is one of them.
func (s People) Has(p genbo.PersonID) bool {
	_, found := s.run(p)
	return found
}

// run finds the run that p is in.
func (s People) run(p genbo.PersonID) (int, bool) {
	return slices.BinarySearchFunc(s.runs, p, func(r run, p genbo.PersonID) int {
		switch {
		case p < r.first:
			return 1
		case p-r.first >= genbo.PersonID(r.length):
			return -1
		}
		return 0
	})
}

// Index returns a function that says which of the people somebody is, counted from 0 in ascending order.
func (s People) Index() func(genbo.PersonID) (n int, found bool) {
	before := make([]int, len(s.runs))
	for i, n := 0, 0; i < len(s.runs); i++ {
		before[i] = n
		n += int(s.runs[i].length)
	}
	return func(p genbo.PersonID) (int, bool) {
		i, found := s.run(p)
		if !found {
			return 0, false
		}
		return before[i] + int(p-s.runs[i].first), true
	}
}

// All yields the people in ascending order.
func (s People) All() iter.Seq[genbo.PersonID] {
	return func(yield func(genbo.PersonID) bool) {
		for _, r := range s.runs {
			for i := range r.length {
				if !yield(r.first + genbo.PersonID(i)) {
					return
				}
			}
		}
	}
}

// encode writes the set as pairs of unsigned varints: the gap since the last run, and the run's length.
func (s People) encode() []byte {
	b := []byte{}
	var next genbo.PersonID
	for _, r := range s.runs {
		b = binary.AppendUvarint(b, uint64(r.first-next))
		b = binary.AppendUvarint(b, uint64(r.length))
		next = r.first + genbo.PersonID(r.length)
	}
	return b
}

// Bytes is the set as it is stored; [ParsePeople] reads it.
func (s People) Bytes() []byte { return s.encode() }

// ParsePeople reads what [People.Bytes] wrote; anything else is [genbo.ErrTampered].
func ParsePeople(b []byte) (People, error) { return decodePeople(b) }

// decodePeople reads what encode wrote; anything else is [genbo.ErrTampered].
func decodePeople(b []byte) (People, error) {
	var set People
	next := uint64(0)
	for len(b) > 0 {
		gap, n := binary.Uvarint(b)
		if n <= 0 {
			return People{}, errPeople
		}
		length, m := binary.Uvarint(b[n:])
		if m <= 0 || length == 0 || gap > 1<<32 || length > 1<<32 || next+gap+length > 1<<32 {
			return People{}, errPeople
		}
		set.runs = append(set.runs, run{genbo.PersonID(next + gap), uint32(length)})
		next += gap + length
		b = b[n+m:]
	}
	return set, nil
}

var errPeople = fmt.Errorf("set of people in an entry: %w", genbo.ErrTampered)
