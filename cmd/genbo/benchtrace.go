package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/text/unicode/norm"

	"genbo"
	"genbo/internal/work/mark"
	"genbo/internal/work/synth"
)

func (a *app) benchTrace() *cobra.Command {
	var lists, copies int
	c := &cobra.Command{
		Use: "trace", Short: "Measure how surely a leaked copy names its list, and never another", Args: cobra.NoArgs,
		Long: `Makes the files of many lists of 500 to 8,000 invented people, which overlap, and of some of them copies: the whole
file, a twentieth of its rows, the same sorted anew, and the whole file normalised and sorted, so that only decoys are
left. Each copy is tried against every list. It prints which share of the copies named their list, how often another
one was named, and the least doubt, before it is multiplied by the number of lists, that chance gave to one that the copy did not come from:
in a million trials it should be about one in a million.`,
		Example: "  genbo bench trace --lists 1000 --copies 100",
		RunE: func(c *cobra.Command, _ []string) error {
			if lists < 2 || copies < 1 || copies > lists {
				return fmt.Errorf("--lists is at least 2, and --copies from 1 to --lists: %w", genbo.ErrInvalid)
			}
			return a.runBenchTrace(c.Context(), lists, copies)
		},
	}
	a.jsonFlag(c)
	c.Flags().IntVar(&lists, "lists", 1000, "how many lists there are")
	c.Flags().IntVar(&copies, "copies", 100, "of how many of them copies are made")
	return c
}

// traceKinds are what is done to a copy.
var traceKinds = []struct {
	name   string
	change func(rows [][]string, r *rand.Rand) [][]string
}{
	{"whole", func(rows [][]string, _ *rand.Rand) [][]string { return rows }},
	{"twentieth", twentieth},
	{"twentieth_sorted", func(rows [][]string, r *rand.Rand) [][]string { return mixed(twentieth(rows, r), r) }},
	{"decoys_only", func(rows [][]string, r *rand.Rand) [][]string {
		var plain [][]string
		for _, row := range mixed(rows, r) {
			var cells []string
			for _, cell := range row {
				cells = append(cells, norm.NFKC.String(cell))
			}
			plain = append(plain, cells)
		}
		return plain
	}},
}

func twentieth(rows [][]string, r *rand.Rand) (kept [][]string) {
	for _, row := range rows {
		if r.IntN(20) == 0 {
			kept = append(kept, row)
		}
	}
	return kept
}

func mixed(rows [][]string, r *rand.Rand) [][]string {
	rows = append([][]string(nil), rows...)
	r.Shuffle(len(rows), func(x, y int) { rows[x], rows[y] = rows[y], rows[x] })
	return rows
}

// traceBench is the lists of a measurement, all of one population.
type traceBench struct {
	people *synth.Population
	lists  []tracedList
	of     map[genbo.Number]genbo.PersonID
}

type tracedList struct {
	mark.Listed
	first, count int
}

func (a *app) runBenchTrace(ctx context.Context, lists, copies int) error {
	b, err := newTraceBench(lists)
	if err != nil {
		return err
	}
	a.say("%s lists of %s people, copies of %d:", grouped(float64(lists)), grouped(float64(b.people.Len())), copies)
	r := rand.New(rand.NewPCG(3, 4))
	named := make([]int, len(traceKinds))
	trials, wrong, least := 0, 0, 1.0
	var took time.Duration
	bar := a.progress("Copies tried", int64(copies))
	for n := range copies {
		rows := b.rows(b.lists[n])
		for k, kind := range traceKinds {
			if err := ctx.Err(); err != nil {
				return err
			}
			copied, err := asCopy(kind.change(rows, r))
			if err != nil {
				return err
			}
			began := time.Now()
			trial := copied.Try(b.holders(copied))
			for m, l := range b.lists {
				doubt := trial.Against(l.Listed, 1).Doubt
				switch accused := doubt*float64(lists) < mark.Accused; {
				case m == n && accused:
					named[k]++
				case m != n:
					trials++
					least = min(least, doubt)
					if accused {
						wrong++
					}
				}
			}
			took += time.Since(began)
		}
		bar.at(int64(n + 1))
	}
	figures := []figure{}
	for k, kind := range traceKinds {
		figures = append(figures, figure{"named_" + kind.name, 100 * float64(named[k]) / float64(copies), "%"})
	}
	a.figures(append(figures, figure{"wrong_trials", float64(trials), "trials"}, figure{"wrongly_named", float64(wrong), "trials"},
		figure{"least_wrong_doubt_log10", math.Log10(least), ""}, figure{"accused_below_log10", math.Log10(mark.Accused / float64(lists)), ""},
		figure{"trace_ms", float64(took.Milliseconds()) / float64(copies*len(traceKinds)), "ms"})...)
	return nil
}

func newTraceBench(lists int) (*traceBench, error) {
	const population = 200_000
	people, err := synth.New(11, population)
	if err != nil {
		return nil, err
	}
	b := &traceBench{people: people, of: make(map[genbo.Number]genbo.PersonID, population)}
	for i := range population {
		b.of[people.Person(i).Number] = genbo.PersonID(i + 1)
	}
	taken := map[genbo.Number]bool{}
	free := func(n genbo.Number) (bool, error) {
		if b.of[n] != 0 || taken[n] {
			return false, nil
		}
		taken[n] = true
		return true, nil
	}
	boxes := []mark.Mailbox{{Postal: "100-0000", Address: "東京都見本区試験町1番地", Phone: "03-0000-0000"}}
	r := rand.New(rand.NewPCG(1, 2))
	for n := range lists {
		secret := sha256.Sum256(binary.AppendUvarint([]byte("bench"), uint64(n)))
		l := tracedList{Listed: mark.Listed{ID: fmt.Sprint("list", n), Secret: secret[:]}, count: 500 + r.IntN(7500)}
		l.first = r.IntN(population - l.count)
		var like []mark.Like
		for i := range mark.Wanted(l.count) {
			like = append(like, mark.Like{Number: people.Person(l.first + i).Number})
		}
		if l.Decoys, err = mark.Decoys(like, boxes, free); err != nil {
			return nil, err
		}
		l.Index = func(p genbo.PersonID) (int, bool) {
			i := int(p) - 1 - l.first
			return i, i >= 0 && i < l.count
		}
		b.lists = append(b.lists, l)
	}
	return b, nil
}

// rows is the file of a list.
func (b *traceBench) rows(l tracedList) (rows [][]string) {
	var people []genbo.PersonID
	for i := range l.count {
		people = append(people, genbo.PersonID(l.first+i+1))
	}
	key := mark.NewKey(l.Secret)
	for _, slot := range key.Arrange(people, l.Decoys) {
		var row []string
		if slot.Person == 0 {
			d := l.Decoys[slot.Decoy]
			row = []string{d.Number, d.Kana, d.Name, d.Address}
		} else {
			p := b.people.Person(int(slot.Person) - 1)
			row = []string{p.Number.Plain(), p.Kana, p.Name, p.Address}
		}
		for c := range row {
			row[c] = key.Spell(row[c])
		}
		rows = append(rows, row)
	}
	return rows
}

func asCopy(rows [][]string) (*mark.Copy, error) {
	var text bytes.Buffer
	w := csv.NewWriter(&text)
	if err := errors.Join(w.WriteAll(rows), w.Error()); err != nil {
		return nil, err
	}
	return mark.Read(bytes.NewReader(text.Bytes()), int64(text.Len()))
}

// holders finds the people of a copy, as the register does.
func (b *traceBench) holders(c *mark.Copy) (people []genbo.PersonID) {
	for _, n := range c.Numbers(5000) {
		if id := b.of[n]; id != 0 {
			people = append(people, id)
		}
	}
	return people
}
