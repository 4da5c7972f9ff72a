package bitmap_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"

	"genbo"
	"genbo/internal/base/bitmap"
)

// some makes a set: clustered ones have runs, the others lie anywhere.
func some(r *rand.Rand, n int, clustered bool, top uint32) []uint32 {
	seen := map[uint32]bool{}
	for len(seen) < n {
		m := r.Uint32N(top)
		if !clustered {
			seen[m] = true
			continue
		}
		for i := range uint32(r.IntN(2000)) {
			if len(seen) < n && r.IntN(10) < 7 && m+i >= m {
				seen[m+i] = true
			}
		}
	}
	members := make([]uint32, 0, n)
	for m := range seen {
		members = append(members, m)
	}
	slices.Sort(members)
	return members
}

func parsed(t testing.TB, members []uint32) *bitmap.Set {
	t.Helper()
	s, err := bitmap.Parse(bitmap.Encode(slices.Values(members)))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSetsComeBack(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n, members := range [][]uint32{{}, {0}, {1<<32 - 1}, {0, 65535, 65536, 1<<32 - 1}, some(r, 5000, false, 60_000), some(r, 70_000, true, 1_000_000),
		some(r, 40_000, false, 200_000), some(r, 300, false, 1<<31)} {
		s := parsed(t, members)
		if s.Len() != len(members) || !slices.Equal(slices.Collect(s.All()), members) {
			t.Fatalf("set %d: %d members came back of %d", n, s.Len(), len(members))
		}
		for range 1000 {
			m := r.Uint32N(1_100_000)
			if _, in := slices.BinarySearch(members, m); s.Has(m) != in {
				t.Fatalf("set %d: Has(%d) is %t", n, m, s.Has(m))
			}
		}
		again := bitmap.Encode(s.All())
		if !bytes.Equal(again, bitmap.Encode(slices.Values(members))) {
			t.Errorf("set %d: the same set has other bytes", n)
		}
	}
}

// Counting agrees with counting one by one.
func TestCount(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 20 {
		var members []bitmap.Member
		naive := map[uint32]uint16{}
		cases := 0
		for range 1 + r.IntN(8) {
			list := some(r, 1+r.IntN(30_000), r.IntN(2) == 0, 400_000)
			mask := uint16(1 + r.IntN(511))
			members = append(members, bitmap.Member{Set: parsed(t, list), Mask: mask})
			cases += len(list)
			for _, m := range list {
				naive[m] |= mask
			}
		}
		var want bitmap.Tally
		want.Persons, want.Cases = len(naive), cases
		for _, mask := range naive {
			want.ByMask[mask]++
		}
		if got := bitmap.Count(members); got != want {
			t.Fatalf("%d persons, %d cases; want %d, %d", got.Persons, got.Cases, want.Persons, want.Cases)
		}
		last, seen := int64(-1), 0
		for m, mask := range bitmap.Roll(members) {
			if int64(m) <= last || naive[m] != mask {
				t.Fatalf("the roll has %d with %b, want %b", m, mask, naive[m])
			}
			last = int64(m)
			seen++
		}
		if seen != len(naive) {
			t.Errorf("the roll has %d of %d", seen, len(naive))
		}
	}
}

func FuzzParse(f *testing.F) {
	r := rand.New(rand.NewPCG(5, 6))
	f.Add(bitmap.Encode(slices.Values(some(r, 100, false, 1<<20))))
	f.Add(bitmap.Encode(slices.Values(some(r, 9000, false, 60_000))))
	f.Add([]byte{2, 0x3b, 0x30, 0, 0, 1, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := bitmap.Parse(b)
		if err != nil {
			if !errors.Is(err, genbo.ErrTampered) {
				t.Errorf("%v is no %v", err, genbo.ErrTampered)
			}
			return
		}
		if s.Len() > 1<<22 {
			return
		}
		n, last := 0, int64(-1)
		for m := range s.All() {
			if int64(m) <= last || !s.Has(m) {
				t.Fatalf("%d is out of order, or not a member", m)
			}
			last = int64(m)
			n++
		}
		if n != s.Len() {
			t.Errorf("%d members, said to be %d", n, s.Len())
		}
	})
}

// BenchmarkCount counts eight sets of 200,000 beside roaring's union of them.
func BenchmarkCount(b *testing.B) {
	r := rand.New(rand.NewPCG(7, 8))
	var members []bitmap.Member
	var peers []*roaring.Bitmap
	for n := range 8 {
		list := some(r, 200_000, n%2 == 0, 100_000_000)
		members = append(members, bitmap.Member{Set: parsed(b, list), Mask: uint16(1 << (n % 4))})
		peers = append(peers, roaring.BitmapOf(list...))
	}
	b.Run("count", func(b *testing.B) {
		for b.Loop() {
			bitmap.Count(members)
		}
	})
	b.Run("roaring's union alone", func(b *testing.B) {
		for b.Loop() {
			roaring.FastOr(peers...)
		}
	})
}
