package scan

import (
	"hash/maphash"
	"sync"

	"genbo"
	"genbo/internal/base/jtext"
	"genbo/internal/work/detect"
)

// people are the persons found so far, each with all fields he was found with in one place: the widest set wins. A person is
// known by his number, or by name and date of birth where there is none; who has neither is not told from others of his
// name, and counts once for each name.
//
// An entry is one word: 48 bits of key (the number itself, or a hash) and 16 of fields.
type people struct {
	shards [64]shard
	seed   maphash.Seed
}

type shard struct {
	sync.Mutex
	slots []uint64
	used  int
}

const (
	keyBits = 48
	hashed  = 1 << (keyBits - 1) // set for keys that are hashes; numbers have 34 bits
)

func newPeople() *people { return &people{seed: maphash.MakeSeed()} }

// key is what a case's person is known by.
func (p *people) key(c *detect.Case) uint64 {
	if c.Number != 0 {
		return c.Number
	}
	var h maphash.Hash
	h.SetSeed(p.seed)
	h.WriteString(jtext.FoldKanji(string(c.Name)))
	var birth [4]byte
	for i := range birth {
		birth[i] = byte(c.Birth >> (8 * i))
	}
	h.Write(birth[:])
	return h.Sum64()&(hashed-1) | hashed
}

func mixed(key uint64) uint64 {
	key *= 0x9e3779b97f4a7c15
	return key ^ key>>29
}

// add notes the persons of a batch: keys and fields packed as entries are.
func (p *people) add(batch []uint64) {
	for _, e := range batch {
		m := mixed(e >> 16)
		s := &p.shards[m>>58]
		s.Lock()
		s.add(e, m)
		s.Unlock()
	}
}

func (s *shard) add(e, m uint64) {
	if s.used*4 >= len(s.slots)*3 {
		s.grow()
	}
	mask := uint64(len(s.slots) - 1)
	for i := m & mask; ; i = (i + 1) & mask {
		switch old := s.slots[i]; {
		case old == 0:
			s.slots[i] = e
			s.used++
			return
		case old>>16 == e>>16:
			s.slots[i] = old | e
			return
		}
	}
}

func (s *shard) grow() {
	old := s.slots
	s.slots, s.used = make([]uint64, max(256, 2*len(old))), 0
	for _, e := range old {
		if e != 0 {
			s.add(e, mixed(e>>16))
		}
	}
}

// bySet counts the persons by their fields.
func (p *people) bySet() map[genbo.FieldSet]int {
	sums := map[genbo.FieldSet]int{}
	for i := range p.shards {
		for _, e := range p.shards[i].slots {
			if e != 0 {
				sums[genbo.FieldSet(e&0xffff)]++
			}
		}
	}
	return sums
}
