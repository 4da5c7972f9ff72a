package mark

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"math/big"

	"genbo"
	"genbo/internal/work/synth"
)

// Decoy is a person who does not exist, as the cells of a file have him.
type Decoy struct {
	Number  string `json:"number"`
	Kana    string `json:"kana"`
	Name    string `json:"name"`
	Birth   string `json:"birth"`
	Sex     string `json:"sex"`
	Postal  string `json:"postal"`
	Address string `json:"address"`
	Phone   string `json:"phone"`
	Bank    string `json:"bank"`
	Office  string `json:"office"`
}

// How many decoys a file has: one in fifty rows, so that they cost little, and never more than would find
// themselves in a sample of a twentieth anyway: 1 − 0.95^200 = 0.99996.
const (
	rowsADecoy = 50
	mostDecoys = 200
)

// Wanted is how many decoys go among the people of an extract.
func Wanted(people int) int { return max(1, min(mostDecoys, people/rowsADecoy)) }

// rooms is how many numbers stand behind the address of a mailbox.
const rooms = 1_000_000

// Like is a real row that a decoy is to look like: its number's form and its office.
type Like struct {
	Number genbo.Number
	Office string
}

// Decoys invents people who look like the real ones of an extract, one for each. Free reports whether a number is
// nobody's and takes it.
func Decoys(like []Like, boxes []Mailbox, free func(genbo.Number) (bool, error)) ([]Decoy, error) {
	var seed [8]byte
	rand.Read(seed[:])
	population, err := synth.New(binary.BigEndian.Uint64(seed[:]), max(1000, len(like)))
	if err != nil {
		return nil, err
	}
	decoys := make([]Decoy, 0, len(like))
	for n, l := range like {
		number, err := unused(l.Number, free)
		if err != nil {
			return nil, err
		}
		d := Decoy{Number: number.Plain(), Office: l.Office}
		d.be(population, n*(population.Len()/len(like)))
		if len(boxes) > 0 {
			box := boxes[n%len(boxes)]
			d.Postal, d.Phone, d.Bank = box.Postal, box.Phone, box.Bank
			room, err := rand.Int(rand.Reader, big.NewInt(rooms))
			if err != nil {
				return nil, err
			}
			d.Address = fmt.Sprintf("%s-%06d", box.Address, room)
		}
		decoys = append(decoys, d)
	}
	return decoys, nil
}

// be gives a decoy the name, birth and sex of the first invented person from the n-th on who has a name in kanji.
func (d *Decoy) be(population *synth.Population, n int) {
	for ; ; n++ {
		p := population.Person(n % population.Len())
		if p.Name == "" || p.Death != 0 {
			continue
		}
		d.Kana, d.Name, d.Birth, d.Sex = p.Kana, p.Name, p.Birth.String(), "male"
		if p.Female {
			d.Sex = "female"
		}
		return
	}
}

// unused returns a number of the same form as another's, that is nobody's.
func unused(like genbo.Number, free func(genbo.Number) (bool, error)) (genbo.Number, error) {
	const serials = 1_000_000
	for range 1000 {
		n, err := rand.Int(rand.Reader, big.NewInt(genbo.IssuedCapacity))
		if err != nil {
			return genbo.Number{}, err
		}
		number, err := genbo.IssuedNumber(uint32(n.Uint64()))
		if !like.IsZero() && !like.Issued() {
			number, err = genbo.NumberOf(like.Value()/serials*serials + n.Uint64()%serials)
		}
		if err != nil {
			continue
		}
		ok, err := free(number)
		if err != nil || ok {
			return number, err
		}
	}
	return genbo.Number{}, fmt.Errorf("no number is left for a decoy: %w", genbo.ErrUnavailable)
}
