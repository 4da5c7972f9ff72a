package keyedset

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// persons is of how many people the measured map is; each has a number and two tokens more, for his name in kanji and kana.
var persons = flag.Int("persons", 1_000_000, "people of the measured map")

// BenchmarkFind measures questions, one by one and together, of people who are in the map and who are not. The first run
// makes the map: go test ./internal/base/keyedset -run '^$' -bench Find -persons 100000000
func BenchmarkFind(b *testing.B) {
	k := NewKey()
	begun := time.Now()
	path := build(b, k, *persons, func(w *Builder) {
		if err := w.Pad(2 * int64(*persons)); err != nil {
			b.Fatal(err)
		}
	})
	built := time.Since(begun)
	begun = time.Now()
	m := open(b, path, k)
	fmt.Printf("%d persons, %d tokens: built in %v, opened in %v, %d bytes, %.1f a person, levels %d, chance %.1e\n",
		*persons, m.Size, built.Round(time.Millisecond), time.Since(begun).Round(time.Millisecond), m.Bytes(), float64(m.Bytes())/float64(*persons), len(m.levels), m.Chance())
	const asked = 1 << 20
	random := rand.New(rand.NewPCG(1, 2))
	hits, misses, values := make([]Token, asked), make([]Token, asked), make([]Value, asked)
	numbers := make([]uint64, asked)
	for i := range hits {
		numbers[i] = 1 + random.Uint64N(uint64(*persons))
		hits[i] = m.Number(numbers[i])
		misses[i] = m.Number(uint64(*persons) + 1 + random.Uint64N(1<<40))
	}
	each := func(name string, fn func(at, n int)) {
		b.Run(name, func(b *testing.B) {
			for i := 0; i < b.N; {
				n := min(1024, b.N-i, asked-i%asked)
				fn(i%asked, n)
				i += n
			}
		})
	}
	each("token", func(at, n int) {
		for i := at; i < at+n; i++ {
			values[i] = Value(m.Number(numbers[i]).word)
		}
	})
	each("single/hit", func(at, n int) {
		for i := at; i < at+n; i++ {
			m.Find(hits[i:i+1], values[i:i+1])
		}
	})
	each("together/hit", func(at, n int) { m.Find(hits[at:at+n], values[at:at+n]) })
	each("together/miss", func(at, n int) { m.Find(misses[at:at+n], values[at:at+n]) })
	each("token+together/hit", func(at, n int) {
		for i := at; i < at+n; i++ {
			hits[i] = m.Number(numbers[i])
		}
		m.Find(hits[at:at+n], values[at:at+n])
	})
}
