package scan

import (
	"cmp"
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
	Decoys  int     `json:"decoys"`           // of the extract's that are there, each once
	Of      int     `json:"of,omitempty"`     // how many the extract has
	Doubt   float64 `json:"doubt"`            // bounds the probability that so many are there by chance
	Traced  bool    `json:"traced,omitempty"` // the doubt is of all marks, not of the decoys alone
}

// Named is the doubt below which a file is called a copy of an extract: that of package mark.
const Named = 1e-9

// Register says what was joined with.
type Register struct {
	Name     string    `json:"name"`
	Made     time.Time `json:"made"`
	Persons  int       `json:"persons"`  // of the register
	Found    int       `json:"found"`    // of them, here
	Mistaken float64   `json:"mistaken"` // bounds the probability that a number or name nobody has is taken for somebody's
	Cases    Whose     `json:"cases"`
	Traced   int       `json:"traced,omitempty"`   // files whose spelling and order were weighed too
	Untraced int       `json:"untraced,omitempty"` // files that were to be, and are none that package mark reads
}

func registerOf(m *keyedset.Map) *Register {
	if m == nil {
		return nil
	}
	return &Register{Name: m.Register, Made: m.Made, Persons: int(m.Persons), Mistaken: m.Chance()}
}

// withRegister makes ready what joining needs.
func (s *scan) withRegister() (err error) {
	if s.Whose != nil {
		s.marks, err = keyedset.NewMarks(s.Whose.Persons)
	}
	return err
}

// joiner asks whose the cases of a file are, many at once.
type joiner struct {
	tokens []keyedset.Token
	asked  []asked
	values []keyedset.Value
	// Of the current file:
	sums           Whose
	numbers, names int
	decoys         map[uint32]map[uint64]bool // extract → decoys
}

// asked is what a case needs when its token is answered.
type asked struct {
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
	j := w.whose
	t, ok := keyedset.Token{}, true
	if c.Number != 0 {
		t = w.Whose.Number(c.Number)
		j.numbers++
	} else if t, ok = w.Whose.Name(c.Name, c.Birth); ok {
		j.names++
	}
	if !ok {
		j.sums.Unjoined++
		w.person(w.key(c)|hashed, c.Fields)
		return
	}
	j.tokens, j.asked = append(j.tokens, t), append(j.asked, asked{c.Fields, c.Certainty == detect.Possible})
	if len(j.tokens) == joinBatch {
		w.answer()
	}
}

// answer asks for the cases that wait. The register's people are known by their ordinals, all others by their tokens.
func (w *worker) answer() {
	j := w.whose
	sums := &j.sums
	w.Whose.Find(j.tokens, j.values)
	for i, a := range j.asked {
		v := j.values[i]
		ordinal, person := v.Person()
		list, decoy := v.Decoy()
		if decoy {
			j.decoy(list, j.tokens[i].Hash())
		}
		stranger := j.tokens[i].Hash()&(hashed-1) | hashed
		switch {
		case a.possible && person:
			sums.Possible++
		case a.possible:
		case decoy:
			sums.Decoys++
		case person:
			sums.Matched++
			w.person(uint64(ordinal), a.fields)
		case v.Ambiguous():
			sums.Ambiguous++
			w.person(stranger, a.fields)
		default:
			sums.Unmatched++
			w.person(stranger, a.fields)
		}
	}
	j.tokens, j.asked = j.tokens[:0], j.asked[:0]
}

// joined ends a file.
func (w *worker) joined() {
	if w.whose == nil {
		return
	}
	w.answer()
	if sums := w.whose.sums; sums != (Whose{}) {
		w.current.Whose = &sums
	}
	w.current.CopyOf = w.whose.copies(w.Whose.Lists)
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

// copies returns the extracts whose decoys are in the file, the least doubt first, and begins the next.
func (j *joiner) copies(lists []keyedset.List) (found []CopyOf) {
	for list, decoys := range j.decoys {
		l := lists[list]
		met := min(len(decoys), l.Decoys) // one may be there by his number and again by his name
		found = append(found, CopyOf{Extract: l.ID, Decoys: met, Of: l.Decoys, Doubt: doubt(met, l.Decoys, j.numbers, j.names, len(lists))})
	}
	slices.SortFunc(found, func(a, b CopyOf) int {
		return cmp.Or(cmp.Compare(a.Doubt, b.Doubt), cmp.Compare(a.Extract, b.Extract))
	})
	j.sums, j.numbers, j.names, j.decoys = Whose{}, 0, 0, nil
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
