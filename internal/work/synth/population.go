package synth

import (
	"fmt"
	"math/rand/v2"

	"genbo"
)

// Person is one invented person, in the columns of an import file. An empty field is unknown.
type Person struct {
	Number      genbo.Number
	Provisional bool
	Handbook    genbo.Number // a number from before 1997, zero for none
	Name        string
	Kana        string
	Latin       string
	Alias       string
	Birth       genbo.Date
	Female      bool
	Postal      string
	Address     string
	Phone       string
	Bank        string
	Death       genbo.Date // zero for the living
	Office      genbo.OfficeID
	ValidFrom   genbo.Date // from when address, telephone and account hold
}

// Sexes as indexes.
const (
	male   = 0
	female = 1
)

var sexes = map[string]int{"male": male, "female": female}

// today is the day on which people have their ages: far enough back that nothing lies in the future.
const today genbo.Date = 20260401

// MaxPeople is how many people a population may have: their numbers must stay unique.
const MaxPeople = 100_000_000

// Population is a number of invented people. It is safe for concurrent use.
type Population struct {
	seed    uint64
	people  int
	lists   *lists
	offices weighted[Office]
	numbers permutation
	interim permutation
}

// Office is an office of the service, with a share of the people near to its share in Japan.
type Office struct {
	ID         genbo.OfficeID
	Name       string
	prefecture int
}

// peopleAnOffice is about how many people, in thousands, one office is in charge of.
const peopleAnOffice = 400

// Numbers of the old form run from 0100-000000 to 7899-999999.
const (
	firstNumber = 100_000_000
	lastNumber  = 7_900_000_000
	// interimNumbers begin with 99.
	firstInterim = 9_900_000_000
	interims     = 100_000_000
)

// New returns a population. The same seed and size give the same people.
func New(seed uint64, people int) (*Population, error) {
	if people < 1 || people > MaxPeople {
		return nil, fmt.Errorf("%d people cannot be made, 1 to %d can: %w", people, MaxPeople, genbo.ErrInvalid)
	}
	l, err := load()
	if err != nil {
		return nil, err
	}
	p := &Population{seed: seed, people: people, lists: l,
		numbers: newPermutation(lastNumber-firstNumber, seed), interim: newPermutation(interims, ^seed)}
	for i, pref := range l.prefectures {
		n := max(1, int(pref.people/peopleAnOffice))
		for k := range n {
			o := Office{genbo.OfficeID(fmt.Sprintf("%02d%02d", i+1, k+1)), fmt.Sprintf("%s第%d年金事務所", pref.name, k+1), i}
			p.offices.add(o, pref.people/float64(n))
		}
	}
	return p, nil
}

// Len is how many people there are.
func (p *Population) Len() int { return p.people }

// Offices returns the offices of the service.
func (p *Population) Offices() []Office { return p.offices.items }

// maker makes people one after another without allocating a generator for each.
type maker struct {
	*Population
	pcg  *rand.PCG
	rand *rand.Rand
}

func (p *Population) maker() *maker {
	pcg := rand.NewPCG(0, 0)
	return &maker{p, pcg, rand.New(pcg)}
}

// Person returns person i, from 0.
func (p *Population) Person(i int) Person { return p.maker().person(i) }

// chance is true in percent of a hundred cases.
func (m *maker) chance(percent float64) bool { return m.rand.Float64()*100 < percent }

func (m *maker) person(i int) Person {
	m.pcg.Seed(m.seed, uint64(i))
	var p Person
	office := m.offices.at((float64(i) + 0.5) / float64(m.people))
	p.Office = office.ID
	m.numbersOf(&p, i)
	sex := m.age(&p)
	m.handbook(&p, i)
	if m.chance(2.5) {
		m.foreignName(&p, sex)
	} else {
		m.japaneseName(&p, sex)
	}
	m.place(&p, &m.lists.prefectures[office.prefecture])
	m.contacts(&p, &m.lists.prefectures[office.prefecture])
	return p
}

func (m *maker) numbersOf(p *Person, i int) {
	value := firstNumber + m.numbers.at(2*uint64(i))
	if m.chance(0.5) {
		p.Provisional, value = true, firstInterim+m.interim.at(uint64(i))
	}
	p.Number = mustNumber(value)
}

// handbook gives a second number to some who were insured before numbers became one for life in 1997.
func (m *maker) handbook(p *Person, i int) {
	if p.Birth < 19760401 && m.chance(20) {
		p.Handbook = mustNumber(firstNumber + m.numbers.at(2*uint64(i)+1))
	}
}

// mustNumber is a number in the ranges above, which cannot fail.
func mustNumber(value uint64) genbo.Number {
	n, err := genbo.NumberOf(value)
	if err != nil {
		panic(err)
	}
	return n
}

// age gives a person sex and dates of birth and death.
func (m *maker) age(p *Person) (sex int) {
	x, at := m.rand.IntN(m.lists.total()), band{}
	for _, at = range m.lists.pyramid {
		if x < at.count[male] {
			break
		}
		if x -= at.count[male]; x < at.count[female] {
			sex = female
			break
		}
		x -= at.count[female]
	}
	p.Female = sex == female
	days := (at.age*1461 + m.rand.IntN(5*1461)) / 4
	if at.age >= 50 && m.chance(6) {
		ago := 1 + m.rand.IntN(12*365)
		p.Death, days = today.AddDays(-ago), days+ago
	}
	p.Birth = today.AddDays(-days - 1)
	return sex
}

func (l *lists) total() (n int) {
	for _, b := range l.pyramid {
		n += b.count[male] + b.count[female]
	}
	return n
}
