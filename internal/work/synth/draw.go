package synth

import (
	"math/rand/v2"
	"sort"
)

// weighted draws items in proportion to their weights.
type weighted[T any] struct {
	items []T
	sums  []float64 // running sums of the weights
}

func (w *weighted[T]) add(item T, weight float64) {
	if n := len(w.sums); n > 0 {
		weight += w.sums[n-1]
	}
	w.items, w.sums = append(w.items, item), append(w.sums, weight)
}

func (w *weighted[T]) draw(r *rand.Rand) *T { return w.at(r.Float64()) }

// at returns the item at a share of the whole, from 0 to 1.
func (w *weighted[T]) at(share float64) *T {
	x := share * w.sums[len(w.sums)-1]
	return &w.items[min(sort.Search(len(w.sums), func(i int) bool { return w.sums[i] > x }), len(w.items)-1)]
}

// permutation maps 0 … size-1 onto itself without remembering anything: a Feistel network over the next even
// number of bits, walked until it lands inside.
type permutation struct {
	size, half uint64 // half is the bits of one side
	keys       [4]uint64
}

func newPermutation(size, seed uint64) permutation {
	p := permutation{size: size, half: 1}
	for uint64(1)<<(2*p.half) < size {
		p.half++
	}
	for i := range p.keys {
		seed = mix(seed + 0x9e3779b97f4a7c15)
		p.keys[i] = seed
	}
	return p
}

func (p permutation) at(x uint64) uint64 {
	mask := uint64(1)<<p.half - 1
	for {
		left, right := x>>p.half, x&mask
		for _, k := range p.keys {
			left, right = right, left^mix(right^k)&mask
		}
		if x = left<<p.half | right; x < p.size {
			return x
		}
	}
}

// mix is the finalizer of SplitMix64.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
