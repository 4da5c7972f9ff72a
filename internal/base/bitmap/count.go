package bitmap

import (
	"iter"
	"math/bits"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

func ones(word uint64) int { return bits.OnesCount64(word) }

// masks is how many masks there are: 9 bits.
const masks = 1 << 9

// Member is a set in a count, and what it stands for. Masks have 9 bits.
type Member struct {
	Set  *Set
	Mask uint16
}

// Tally is a count of several sets together.
type Tally struct {
	Persons int        // integers that are in any set
	Cases   int        // sum of the sets' members
	ByMask  [masks]int // persons by the union of the masks of the sets that they are in
}

// part is a chunk in a count.
type part struct {
	*chunk
	mask uint16
}

// gather sorts the chunks of all sets by key.
func gather(members []Member) (keys []uint16, byKey map[uint16][]part) {
	byKey = map[uint16][]part{}
	for _, m := range members {
		for i := range m.Set.chunks {
			c := &m.Set.chunks[i]
			byKey[c.key] = append(byKey[c.key], part{c, m.Mask})
		}
	}
	for key := range byKey {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys, byKey
}

// Count counts sets together, on every processor.
func Count(members []Member) Tally {
	keys, byKey := gather(members)
	var next atomic.Int64
	var wait sync.WaitGroup
	tallies := make([]Tally, runtime.GOMAXPROCS(0))
	for w := range tallies {
		wait.Go(func() {
			board := &[chunkSize]uint16{}
			for {
				i := int(next.Add(1)) - 1
				if i >= len(keys) {
					return
				}
				tallies[w].chunk(byKey[keys[i]], board)
			}
		})
	}
	wait.Wait()
	var all Tally
	for _, t := range tallies {
		for mask, n := range t.ByMask {
			all.ByMask[mask] += n
			all.Persons += n
		}
	}
	for _, m := range members {
		all.Cases += m.Set.Len()
	}
	return all
}

// chunk counts the parts of one chunk.
func (t *Tally) chunk(parts []part, board *[chunkSize]uint16) {
	if len(parts) == 1 {
		t.ByMask[parts[0].mask] += parts[0].count
		return
	}
	var counts [masks]int
	for _, p := range parts {
		p.mark(board, &counts)
	}
	for mask := 1; mask < masks; mask++ {
		t.ByMask[mask] += counts[mask]
	}
	clear(board[:])
}

// mark adds the mask of a part to each of its members on the board, and moves them from count to count.
func (p part) mark(board *[chunkSize]uint16, counts *[masks]int) {
	mask := p.mask
	for _, v := range p.array {
		old := board[v]
		board[v] = old | mask
		counts[old&(masks-1)]--
		counts[(old|mask)&(masks-1)]++
	}
	for i := 0; i < len(p.runs); i += 2 {
		run := board[int(p.runs[i]) : int(p.runs[i])+int(p.runs[i+1])+1]
		for j, old := range run {
			run[j] = old | mask
			counts[old&(masks-1)]--
			counts[(old|mask)&(masks-1)]++
		}
	}
	for w, word := range p.words {
		for word != 0 {
			v := w<<6 | bits.TrailingZeros64(word)
			word &= word - 1
			old := board[v]
			board[v] = old | mask
			counts[old&(masks-1)]--
			counts[(old|mask)&(masks-1)]++
		}
	}
}

// Roll yields every integer that is in any set, ascending, with the union of the masks of its sets.
func Roll(members []Member) iter.Seq2[uint32, uint16] {
	return func(yield func(uint32, uint16) bool) {
		keys, byKey := gather(members)
		board := &[chunkSize]uint16{}
		var ignored [masks]int
		for _, key := range keys {
			for _, p := range byKey[key] {
				p.mark(board, &ignored)
			}
			for low, mask := range board {
				if mask != 0 && !yield(uint32(key)<<16|uint32(low), mask) {
					return
				}
			}
			clear(board[:])
		}
	}
}
