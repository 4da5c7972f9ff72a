package mark

import (
	"encoding/binary"
	"slices"

	"genbo"
)

// Run is how many people of an extract, in the order of the register, are put in an order of the extract's own:
// few enough to be read from the register together.
const Run = 512

// Place is where a row of an extract stands: in which run, and where in it.
type Place struct {
	Run  int
	Rank uint64
}

// Place of a person who is the n-th of an extract's people, from 0.
func (k *Key) Place(n int, id genbo.PersonID) Place {
	return Place{n / Run, k.draw('o', string(binary.BigEndian.AppendUint64(nil, uint64(id))))}
}

// Slot is a row to come: a person, or a decoy.
type Slot struct {
	Person genbo.PersonID // 0 for a decoy
	Decoy  int
	Place
}

// Arrange puts the people of an extract, who come in the order of the register, and its decoys in the order of
// their rows.
func (k *Key) Arrange(people []genbo.PersonID, decoys []Decoy) []Slot {
	slots := make([]Slot, 0, len(people)+len(decoys))
	for n, id := range people {
		slots = append(slots, Slot{Person: id, Place: k.Place(n, id)})
	}
	runs := uint64(max(1, (len(people)+Run-1)/Run))
	for n, d := range decoys {
		slots = append(slots, Slot{Decoy: n, Place: Place{int(k.draw('r', d.Number) % runs), k.draw('o', d.Number)}})
	}
	slices.SortFunc(slots, func(a, b Slot) int {
		if a.Run != b.Run {
			return a.Run - b.Run
		}
		if a.Rank < b.Rank {
			return -1
		}
		return 1
	})
	return slots
}
