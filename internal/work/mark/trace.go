package mark

import (
	"cmp"
	"math"
	"slices"

	"genbo"
)

// Accused is the doubt below which a suspect is named as the source of a copy.
const Accused = 1e-9

// Listed is an extract as it is tried against a copy.
type Listed struct {
	ID     string
	Secret []byte
	Decoys []Decoy
	Index  func(genbo.PersonID) (n int, found bool) // of a person among the extract's people, from 0
}

// Bits is how many marks could be read and how many are the extract's.
type Bits struct {
	Read  int `json:"read"`
	Agree int `json:"agree"`
}

// Suspect is an extract with the evidence that a copy came from it.
type Suspect struct {
	Extract  string  `json:"extract"`
	Decoys   int     `json:"decoys"`   // found
	Spelling Bits    `json:"spelling"` // of names and addresses
	Order    Bits    `json:"order"`    // of pairs of rows
	Held     int     `json:"held"`     // people of the copy who are in the extract
	Persons  int     `json:"persons"`  // people of the copy whom the register knows
	Doubt    float64 `json:"doubt"`    // bounds the probability that this evidence is chance
}

// maxBits bounds how many marks of a kind are read: a few hundred are proof.
const maxBits = 2000

// Trial is a copy made ready to be tried against extracts.
type Trial struct {
	spelled   [kinds][]cell    // different cells whose spelling reads
	found     map[key]bool     // cells that decoys are looked for by
	different [kinds]int       // how many of them
	people    []genbo.PersonID // in the order of the copy
}

type key struct {
	kind Kind
	text string
}

// Try makes a copy ready. People are those of its numbers whom the register knows, in the copy's order.
func (c *Copy) Try(people []genbo.PersonID) *Trial {
	t := &Trial{found: map[key]bool{}, people: people}
	for _, one := range c.cells {
		k := key{one.kind, one.text}
		if one.kind == Other || t.found[k] {
			continue
		}
		t.found[k] = true
		t.different[one.kind]++
		if one.wide >= 0 && len(t.spelled[one.kind]) < maxBits {
			t.spelled[one.kind] = append(t.spelled[one.kind], one)
		}
	}
	return t
}

// Against weighs the evidence that the copy came from one of so many extracts.
func (t *Trial) Against(l Listed, extracts int) Suspect {
	k := NewKey(l.Secret)
	s := Suspect{Extract: l.ID, Persons: len(t.people)}
	var kind [4]Bits
	for n, of := range []Kind{Kana, Name, Address} {
		for _, one := range t.spelled[of] {
			kind[n].Read++
			if k.side(one) == one.wide {
				kind[n].Agree++
			}
		}
		s.Spelling.Read += kind[n].Read
		s.Spelling.Agree += kind[n].Agree
	}
	s.Order, s.Held = t.order(k, l)
	kind[3] = s.Order
	marks := bestPool(kind[:])
	var decoys float64
	s.Decoys, decoys = t.decoys(l.Decoys)
	// Fisher's method for two: both are chance only together.
	x := marks + decoys
	s.Doubt = min(1, math.Exp(x+math.Log(1-x)+math.Log(float64(max(1, extracts)))))
	return s
}

// bestPool is the logarithm of a bound on how probable it is that so many bits agree by chance, in the pool of
// kinds where that is least probable: one that was retyped must not hide the others.
func bestPool(kind []Bits) float64 {
	best := 0.0
	pools := 1<<len(kind) - 1
	for pool := 1; pool <= pools; pool++ {
		var b Bits
		for n := range kind {
			if pool>>n&1 == 1 {
				b.Read += kind[n].Read
				b.Agree += kind[n].Agree
			}
		}
		best = min(best, logTail(b)+math.Log(float64(pools)))
	}
	return best
}

// logTail bounds the logarithm of the probability that at least so many of fair coins agree (Chernoff and
// Hoeffding: exp(−n·D(a‖½))).
func logTail(b Bits) float64 {
	if b.Read == 0 || 2*b.Agree <= b.Read {
		return 0
	}
	a := float64(b.Agree) / float64(b.Read)
	d := math.Ln2 + a*math.Log(a)
	if a < 1 {
		d += (1 - a) * math.Log(1-a)
	}
	return -float64(b.Read) * d
}

// order compares neighbours of the copy with how the extract arranges them, each person in one pair at most.
func (t *Trial) order(k *Key, l Listed) (b Bits, held int) {
	if l.Index == nil {
		return b, 0
	}
	var last *Place
	for _, id := range t.people {
		n, found := l.Index(id)
		if !found {
			continue
		}
		held++
		p := k.Place(n, id)
		switch {
		case b.Read >= maxBits:
		case last == nil || last.Run != p.Run:
			last = &p
		default:
			b.Read++
			if last.Rank < p.Rank {
				b.Agree++
			}
			last = nil
		}
	}
	return b, held
}

// How probable it is at most that a cell of a file says by chance what a decoy's cell says. A decoy's number is
// nobody's, so that only mistyped and foreign ones can meet it; of names, the most frequent have a share of a
// thousandth; behind the address of a mailbox stands one of a million numbers.
var chance = [kinds]float64{Number: 1e-9, Kana: 1e-3, Name: 1e-3, Address: 1e-6}

// decoys counts the decoys that the copy has, and bounds the logarithm of the probability that chance put so many
// there.
func (t *Trial) decoys(list []Decoy) (found int, log float64) {
	for _, d := range list {
		one := t.meets(d.Number) + t.meets(d.Address) + min(t.meets(d.Kana), t.meets(d.Name))
		if t.meets(d.Number) < 0 || t.meets(d.Address) < 0 {
			found++ // a name alone is nobody's
			log += one
		}
	}
	if found > 0 {
		log += choose(len(list), found)
	}
	return found, min(0, log)
}

// meets bounds the logarithm of the probability that one of the copy's cells says what a decoy's cell says; 0 if
// none does.
func (t *Trial) meets(text string) float64 {
	c := look(text)
	if !t.found[key{c.kind, c.text}] || chance[c.kind] == 0 {
		return 0
	}
	return min(0, math.Log(chance[c.kind]*float64(t.different[c.kind])))
}

// choose is the logarithm of in how many ways k of n can be chosen.
func choose(n, k int) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}

// Rank puts suspects in order: the least doubt first, then who holds most of the copy's people.
func Rank(suspects []Suspect) {
	slices.SortStableFunc(suspects, func(a, b Suspect) int {
		return cmp.Or(cmp.Compare(a.Doubt, b.Doubt), cmp.Compare(b.Held, a.Held), cmp.Compare(a.Extract, b.Extract))
	})
}
