package keyedset

import "sync/atomic"

// Marks are sixteen bits for each person of a map. They are safe for concurrent use until they are closed.
type Marks struct {
	words   []uint64
	touched []atomic.Bool // pages of words in which a bit is set: the others are not looked at, which would give them memory
}

const (
	marksInWord = 4
	pageWords   = 512
)

// NewMarks returns marks for so many persons, all zero: two bytes a person, of which those are used that lie near a mark.
func NewMarks(persons uint32) (*Marks, error) {
	words, err := reserve(int64(persons)/marksInWord+1, false)
	return &Marks{words, make([]atomic.Bool, len(words)/pageWords+1)}, err
}

// Add sets bits of a person.
func (m *Marks) Add(ordinal uint32, bits uint16) {
	word, add := &m.words[ordinal/marksInWord], uint64(bits)<<(16*(ordinal%marksInWord))
	if atomic.LoadUint64(word)&add != add {
		atomic.OrUint64(word, add)
		if page := &m.touched[ordinal/marksInWord/pageWords]; !page.Load() {
			page.Store(true)
		}
	}
}

// Count says of how many persons the bits are set, by their bits.
func (m *Marks) Count() map[uint16]int {
	var counts [1 << 16]int
	for page := range m.touched {
		if !m.touched[page].Load() {
			continue
		}
		for _, word := range m.words[page*pageWords : min((page+1)*pageWords, len(m.words))] {
			for ; word != 0; word >>= 16 {
				counts[uint16(word)]++
			}
		}
	}
	sums := map[uint16]int{}
	for bits, n := range counts {
		if n > 0 && bits > 0 {
			sums[uint16(bits)] = n
		}
	}
	return sums
}

// Close gives the memory back.
func (m *Marks) Close() error {
	err := release(m.words)
	m.words = nil
	return err
}
