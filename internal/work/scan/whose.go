package scan

import (
	"math"
	"slices"
	"time"

	"genbo"
	"genbo/internal/base/keyedset"
	"genbo/internal/work/detect"
)

// Whose says of cases whether they are of people of the register. Every case is counted in one of the first five.
type Whose struct {
	Matched   int `json:"matched"`   // of one person
	Unmatched int `json:"unmatched"` // of nobody in the register
	Ambiguous int `json:"ambiguous"` // of one of several with the same name and date of birth
	Unjoined  int `json:"unjoined"`  // neither a number nor a name with a date of birth
	Decoys    int `json:"decoys"`    // of people who do not exist and stand in an extract's files
	// Possible is how many numbers with nothing beside them are somebody's. They stay no cases: of numbers that are
	// made up, the register knows some by chance.
	Possible int `json:"possible"`
}

func (w *Whose) add(o Whose) {
	w.Matched += o.Matched
	w.Unmatched += o.Unmatched
	w.Ambiguous += o.Ambiguous
	w.Unjoined += o.Unjoined
	w.Decoys += o.Decoys
	w.Possible += o.Possible
}

// CopyOf is an extract of which a file is perhaps a copy, with the evidence.
type CopyOf struct {
	Extract string  `json:"extract"`
	Decoys  int     `json:"decoys"` // of the extract's that are there, each once
	Of      int     `json:"of"`     // how many the extract has
	Doubt   float64 `json:"doubt"`  // bounds the probability that so many are there by chance
	Traced  bool    `json:"traced"` // the doubt is of all marks, not of the decoys alone
}

// Register says what was joined with.
type Register struct {
	Name     string    `json:"name"`
	Made     time.Time `json:"made"`
	Persons  int       `json:"persons"`  // of the register
	Found    int       `json:"found"`    // of them, here
	Mistaken float64   `json:"mistaken"` // bounds the probability that a number or name nobody has is taken for somebody's
	Cases    Whose     `json:"cases"`
	Traced   int       `json:"traced"`   // files whose marks were looked at
	Untraced int       `json:"untraced"` // files with enough people for that which were not looked at
}

// join counts the register's people in the report's sums.
func (r *Report) join(marks *keyedset.Marks) {
	for fields, n := range marks.Count() {
		set := genbo.FieldSet(fields).String()
		s := r.ByFields[set]
		s.Persons, s.Matched = s.Persons+n, s.Matched+n
		r.ByFields[set] = s
		r.WithPeople.Persons += n
		r.Register.Found += n
	}
}

// joiner asks whose the cases of a file are, many at once.
type joiner struct {
	tokens []keyedset.Token
	asked  []asked
	values []keyedset.Value
	// Of the current file:
	numbers, names int
	decoys         map[uint32]map[uint64]bool // extract → decoys
}

// asked is what a case needs when its token is answered.
type asked struct {
	key      uint64 // in people, where he is nobody of the register
	fields   genbo.FieldSet
	possible bool
}

// joinBatch is how many cases wait for an answer: enough to hide the memory's slowness, and little to keep.
const joinBatch = 256

func newJoiner() *joiner {
	return &joiner{tokens: make([]keyedset.Token, 0, joinBatch), asked: make([]asked, 0, joinBatch), values: make([]keyedset.Value, joinBatch)}
}

// join notes a case to be asked for. A number decides by itself; name and date of birth count where there is none.
func (w *worker) join(c *detect.Case) {
	a := asked{fields: c.Fields, possible: c.Certainty == detect.Possible}
	var t keyedset.Token
	if c.Number != 0 {
		t, a.key = w.Whose.Key.Number(c.Number), c.Number
		w.whose.numbers++
	} else {
		var ok bool
		if t, ok = w.Whose.Key.Name(c.Name, c.Birth); !ok {
			w.current.Whose.Unjoined++
			w.person(w.persons.key(c), c.Fields)
			return
		}
		a.key = t.Hash()&(hashed-1) | hashed
		w.whose.names++
	}
	w.whose.tokens, w.whose.asked = append(w.whose.tokens, t), append(w.whose.asked, a)
	if len(w.whose.tokens) == joinBatch {
		w.answer()
	}
}

// answer asks for the cases that wait.
func (w *worker) answer() {
	j, f := w.whose, w.current.Whose
	w.Whose.Find(j.tokens, j.values)
	for i, a := range j.asked {
		v := j.values[i]
		ordinal, person := v.Person()
		list, decoy := v.Decoy()
		switch {
		case decoy:
			j.decoy(list, j.tokens[i].Hash())
			if !a.possible {
				f.Decoys++
			}
		case person && a.possible:
			f.Possible++
		case a.possible:
		case person:
			f.Matched++
			w.marks.Add(ordinal, uint16(a.fields))
		case v.Ambiguous():
			f.Ambiguous++
			w.person(a.key, a.fields)
		default:
			f.Unmatched++
			w.person(a.key, a.fields)
		}
	}
	j.tokens, j.asked = j.tokens[:0], j.asked[:0]
}

// decoy notes that a decoy of a list is in the file.
func (j *joiner) decoy(list uint32, which uint64) {
	if j.decoys == nil {
		j.decoys = map[uint32]map[uint64]bool{}
	}
	if j.decoys[list] == nil {
		j.decoys[list] = map[uint64]bool{}
	}
	j.decoys[list][which] = true
}

// copies ends a file: it returns the extracts whose decoys are there, the least doubt first.
func (j *joiner) copies(lists []keyedset.List) (found []CopyOf) {
	for list, decoys := range j.decoys {
		l := lists[list]
		found = append(found, CopyOf{Extract: l.ID, Decoys: len(decoys), Of: l.Decoys, Doubt: doubt(len(decoys), l.Decoys, j.numbers, j.names, len(lists))})
	}
	slices.SortFunc(found, func(a, b CopyOf) int {
		switch {
		case a.Doubt < b.Doubt, a.Doubt == b.Doubt && a.Extract < b.Extract:
			return -1
		}
		return 1
	})
	j.numbers, j.names, j.decoys = 0, 0, nil
	return found
}

// How probable it is at most that a number of a file, or a name with a date of birth, is a certain decoy's by chance: as in
// package mark for numbers; of names the most frequent have a share of a thousandth, and of days in a life there are 20,000.
const (
	chanceNumber = 1e-9
	chanceName   = 1e-3 / 20_000
)

// doubt bounds the probability that a file with so many numbers and names meets so many of an extract's decoys by chance, for
// any of the extracts: Chernoff's bound for a Poisson tail.
func doubt(met, decoys, numbers, names, extracts int) float64 {
	expected := float64(decoys) * (chanceNumber*float64(numbers) + chanceName*float64(names))
	d := float64(met)
	if d <= expected {
		return 1
	}
	return min(1, float64(extracts)*math.Exp(d-expected+d*math.Log(expected/d)))
}
