package keyedset

import "sync/atomic"

// Marks are sixteen bits for each person of a map. They are safe for concurrent use until they are closed.
type Marks struct{ words []uint64 }

const marksInWord = 4

// NewMarks returns marks for so many persons, all zero: two bytes a person, of which those are used that lie near a mark.
func NewMarks(persons uint32) (*Marks, error) {
	words, err := reserve(int64(persons)/marksInWord+1, false)
	return &Marks{words}, err
}

// Add sets bits of a person.
func (m *Marks) Add(ordinal uint32, bits uint16) {
	word, add := &m.words[ordinal/marksInWord], uint64(bits)<<(16*(ordinal%marksInWord))
	if atomic.LoadUint64(word)&add != add {
		atomic.OrUint64(word, add)
	}
}

// Count says of how many persons the bits are set, by their bits.
func (m *Marks) Count() map[uint16]int {
	counts := map[uint16]int{}
	for _, word := range m.words {
		for ; word != 0; word >>= 16 {
			if bits := uint16(word); bits != 0 {
				counts[bits]++
			}
		}
	}
	return counts
}

// Close gives the memory back.
func (m *Marks) Close() error {
	err := release(m.words)
	m.words = nil
	return err
}
