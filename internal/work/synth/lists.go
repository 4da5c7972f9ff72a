package synth

import (
	"embed"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"genbo/internal/base/lexicon"
)

//go:embed lists
var files embed.FS

// name is a name in writing and reading, for foreigners also in Latin letters.
type name struct {
	text, kana, latin string
	variants          []variant
}

// variant is another writing of a surname and how many in a hundred of its bearers use it.
type variant struct {
	text  string
	share int
}

// cohort is what boys and girls born from a year on are called: the list, and in how many of a hundred.
type cohort struct {
	year  int
	share int
	names weighted[name]
}

// origin is a country that foreigners come from.
type origin struct {
	alias    int // in a hundred who use a Japanese name in daily life
	surnames []name
	given    [2][]name // by sex
}

type prefecture struct {
	name   string
	people float64 // thousands
	area   string  // area code of a telephone number
	towns  []town
}

type town struct{ postal, name string }

// band is an age from which on, and how many men and women of 10,000 people are in it up to the next.
type band struct {
	age   int
	count [2]int
}

// lists is everything that people are made of.
type lists struct {
	surnames    weighted[name]
	given       [2]weighted[name] // by sex
	cohorts     [2][]cohort       // by sex, oldest first
	origins     weighted[origin]
	prefectures []prefecture
	pyramid     []band
}

var load = sync.OnceValues(func() (*lists, error) {
	var l lists
	for _, read := range []func() error{l.readSurnames, l.readGiven, l.readCohorts, l.readOrigins, l.readPrefectures, l.readTowns, l.readPyramid} {
		if err := read(); err != nil {
			return nil, fmt.Errorf("read the embedded lists: %w", err)
		}
	}
	return &l, nil
})

// Weights of the long tails: the name of rank r is borne in proportion to 1/(r+offset).
const (
	surnameOffset = 120
	givenOffset   = 50
	cohortOffset  = 5
	// allPeople is the population that the counts of common.txt are thousands of.
	allPeople = 125_000
)

func (l *lists) readSurnames() error {
	known, rest := map[string]bool{}, float64(allPeople)
	err := lexicon.Lines(lexicon.Common, func(_ string, f []string) error {
		count, err := strconv.ParseFloat(f[2], 64)
		if err != nil {
			return err
		}
		n := name{text: f[0], kana: f[1]}
		known[n.text] = true
		for _, v := range f[3:] {
			text, share, _ := strings.Cut(v, ":")
			percent, err := strconv.Atoi(share)
			if err != nil {
				return err
			}
			n.variants, known[text] = append(n.variants, variant{text, percent}), true
		}
		l.surnames.add(n, count)
		rest -= count
		return nil
	})
	if err != nil {
		return err
	}
	var tail []name
	err = lexicon.Lines(lexicon.Surnames, func(_ string, f []string) error {
		if !known[f[0]] {
			tail = append(tail, name{text: f[0], kana: f[1]})
		}
		return nil
	})
	total := 0.0
	for r := range tail {
		total += 1 / float64(r+surnameOffset)
	}
	for r, n := range tail {
		l.surnames.add(n, rest/total/float64(r+surnameOffset))
	}
	return err
}

func (l *lists) readGiven() error {
	return lexicon.Lines(lexicon.GivenNames, func(line string, f []string) error {
		n := name{text: f[0][1:], kana: f[1]}
		for sex, letters := range [2]string{male: "MB", female: "FB"} {
			if strings.Contains(letters, line[:1]) {
				l.given[sex].add(n, 1/float64(len(l.given[sex].items)+givenOffset))
			}
		}
		return nil
	})
}

func (l *lists) readCohorts() error {
	var c cohort
	sex := male
	return lexicon.LinesOf(files, "lists/cohorts.txt", func(_ string, f []string) (err error) {
		if !strings.Contains(f[0], ":") {
			c = cohort{}
			if c.year, err = strconv.Atoi(f[0]); err != nil {
				return err
			}
			sex = sexes[f[1]]
			c.share, err = strconv.Atoi(f[2])
			return err
		}
		for r, one := range f {
			text, kana, _ := strings.Cut(one, ":")
			c.names.add(name{text: text, kana: kana}, 1/float64(r+cohortOffset))
		}
		l.cohorts[sex] = append(l.cohorts[sex], c)
		return nil
	})
}

// readOrigins reads four lines a country: name, weight and share of aliases; then surnames and the given names
// of men and of women, a name as kanji:LATIN:kana with "-" for no kanji, blanks within a name full-width.
func (l *lists) readOrigins() error {
	var o origin
	var weight float64
	n := 0
	return lexicon.LinesOf(files, "lists/foreign.txt", func(line string, f []string) (err error) {
		switch n++; n % 4 {
		case 1:
			o = origin{}
			if weight, err = strconv.ParseFloat(f[1], 64); err == nil {
				o.alias, err = strconv.Atoi(f[2])
			}
		case 2:
			o.surnames, err = foreignNames(line)
		case 3:
			o.given[male], err = foreignNames(line)
		case 0:
			o.given[female], err = foreignNames(line)
			l.origins.add(o, weight)
		}
		return err
	})
}

func foreignNames(line string) (names []name, err error) {
	// A blank parts names only where the next one begins with its kanji or "-" and a colon.
	for _, one := range foreignSplit(line) {
		f := strings.Split(one, ":")
		if len(f) != 3 {
			return nil, fmt.Errorf("%q is no name", one)
		}
		n := name{text: f[0], latin: f[1], kana: f[2]}
		if n.text == "-" {
			n.text = ""
		}
		names = append(names, n)
	}
	return names, nil
}

// foreignSplit cuts at the blanks behind a reading: a name has two colons, and no reading has a plain blank.
func foreignSplit(line string) (list []string) {
	start, colons := 0, 0
	for i := range len(line) {
		switch {
		case line[i] == ':':
			colons++
		case line[i] == ' ' && colons == 2:
			list = append(list, line[start:i])
			start, colons = i+1, 0
		}
	}
	return append(list, line[start:])
}

func (l *lists) readPrefectures() error {
	return lexicon.Lines(lexicon.Prefectures, func(_ string, f []string) error {
		people, err := strconv.ParseFloat(f[1], 64)
		l.prefectures = append(l.prefectures, prefecture{name: f[0], people: people, area: f[2]})
		return err
	})
}

func (l *lists) readTowns() error {
	by := map[string]*prefecture{}
	for i := range l.prefectures {
		by[l.prefectures[i].name] = &l.prefectures[i]
	}
	var here *prefecture
	var city string
	return lexicon.Lines(lexicon.Towns, func(line string, f []string) error {
		if after, ok := strings.CutPrefix(line, "="); ok {
			city, here = after, nil
			for prefix, p := range by {
				if strings.HasPrefix(city, prefix) {
					here = p
				}
			}
			if here == nil {
				return fmt.Errorf("%s lies in no prefecture", city)
			}
			return nil
		}
		here.towns = append(here.towns, town{f[0], city + f[1]})
		return nil
	})
}

func (l *lists) readPyramid() error {
	return lexicon.LinesOf(files, "lists/pyramid.txt", func(_ string, f []string) (err error) {
		var b band
		for i, into := range []*int{&b.age, &b.count[male], &b.count[female]} {
			if *into, err = strconv.Atoi(f[i]); err != nil {
				return err
			}
		}
		l.pyramid = append(l.pyramid, b)
		return nil
	})
}
