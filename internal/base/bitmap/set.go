package bitmap

import (
	"encoding/binary"
	"fmt"
	"iter"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"genbo"
)

// Forms of a set in bytes; the first byte says which.
const (
	byRuns    = 1
	byRoaring = 2
)

const chunkSize = 1 << 16

// chunk is the members of a set that share their upper 16 bits, in one of three forms.
type chunk struct {
	key   uint16
	count int
	array []uint16 // sorted members
	words []uint64 // 1,024 words of bits
	runs  []uint16 // pairs of first member and length less 1
}

// Set is a set of integers that does not change. It is safe for concurrent use.
type Set struct {
	chunks []chunk
	count  int
	size   int
}

// Len is how many members there are.
func (s *Set) Len() int { return s.count }

// Size is about how many bytes of memory the set takes.
func (s *Set) Size() int { return s.size }

// Encode writes the set of ascending integers.
func Encode(members iter.Seq[uint32]) []byte {
	r := roaring.New()
	runs := []byte{byRuns}
	var first, next uint32
	length, last := uint32(0), uint32(0)
	flush := func() {
		if length > 0 {
			runs = binary.AppendUvarint(runs, uint64(first-last))
			runs = binary.AppendUvarint(runs, uint64(length))
			last = first + length
		}
	}
	var batch []uint32
	for m := range members {
		if length == 0 || m != next {
			flush()
			first, length = m, 0
		}
		length++
		next = m + 1
		if batch = append(batch, m); len(batch) == 4096 {
			r.AddMany(batch)
			batch = batch[:0]
		}
	}
	flush()
	r.AddMany(batch)
	r.RunOptimize()
	if portable := r.GetSerializedSizeInBytes(); portable+1 < uint64(len(runs)) {
		text, err := r.ToBytes()
		if err != nil {
			panic(err) // writing to memory
		}
		return append([]byte{byRoaring}, text...)
	}
	return runs
}

func broken(what string) error {
	return fmt.Errorf("a set of people does not read: %s: %w", what, genbo.ErrTampered)
}

// Parse reads what [Encode] wrote; anything else is [genbo.ErrTampered]. The set refers to the bytes.
func Parse(b []byte) (*Set, error) {
	if len(b) == 0 {
		return nil, broken("no form")
	}
	s := &Set{size: len(b)}
	var err error
	switch b[0] {
	case byRuns:
		err = s.parseRuns(b[1:])
	case byRoaring:
		err = s.parseRoaring(b[1:])
	default:
		err = broken("unknown form")
	}
	if err != nil {
		return nil, err
	}
	for i := range s.chunks {
		s.count += s.chunks[i].count
		s.size += 96
	}
	return s, nil
}

func (s *Set) parseRuns(b []byte) error {
	next := uint64(0)
	for len(b) > 0 {
		gap, n := binary.Uvarint(b)
		if n <= 0 {
			return broken("a run")
		}
		length, m := binary.Uvarint(b[n:])
		if m <= 0 || length == 0 || gap > 1<<32 || length > 1<<32 || next+gap+length > 1<<32 {
			return broken("a run")
		}
		s.addRun(next+gap, next+gap+length-1)
		next += gap + length
		b = b[n+m:]
	}
	return nil
}

// addRun adds the members first to last, which lie behind all others.
func (s *Set) addRun(first, last uint64) {
	for first <= last {
		key := uint16(first >> 16)
		end := min(last, first|(chunkSize-1))
		if n := len(s.chunks); n == 0 || s.chunks[n-1].key != key {
			s.chunks = append(s.chunks, chunk{key: key})
		}
		c := &s.chunks[len(s.chunks)-1]
		c.runs = append(c.runs, uint16(first), uint16(end-first))
		c.count += int(end - first + 1)
		s.size += 4
		first = end + 1
	}
}

// All yields the members, ascending.
func (s *Set) All() iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for i := range s.chunks {
			c := &s.chunks[i]
			high := uint32(c.key) << 16
			if !c.each(func(low uint16) bool { return yield(high | uint32(low)) }) {
				return
			}
		}
	}
}

// each calls fn with the members of a chunk until it returns false.
func (c *chunk) each(fn func(uint16) bool) bool {
	for _, v := range c.array {
		if !fn(v) {
			return false
		}
	}
	for i := 0; i < len(c.runs); i += 2 {
		for v := int(c.runs[i]); v <= int(c.runs[i])+int(c.runs[i+1]); v++ {
			if !fn(uint16(v)) {
				return false
			}
		}
	}
	for w, word := range c.words {
		for bit := range 64 {
			if word>>bit&1 == 1 && !fn(uint16(w<<6|bit)) {
				return false
			}
		}
	}
	return true
}

// Has reports whether m is a member.
func (s *Set) Has(m uint32) bool {
	at, found := slices.BinarySearchFunc(s.chunks, uint16(m>>16), func(c chunk, key uint16) int { return int(c.key) - int(key) })
	if !found {
		return false
	}
	c, low := &s.chunks[at], uint16(m)
	switch {
	case c.words != nil:
		return c.words[low>>6]>>(low&63)&1 == 1
	case c.array != nil:
		_, found = slices.BinarySearch(c.array, low)
		return found
	}
	lo, hi := 0, len(c.runs)/2
	for lo < hi {
		mid := (lo + hi) / 2
		if c.runs[2*mid] <= low {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo > 0 && low-c.runs[2*lo-2] <= c.runs[2*lo-1]
}
