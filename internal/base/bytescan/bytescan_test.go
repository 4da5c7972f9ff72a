package bytescan

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"
)

func tables() []*Table {
	return []*Table{
		Must(New(Digit, Set(",\n\""), High)),
		Must(New(Set("\t\n\""), Set("@-"), Set("\x00\xff"))),
		Must(New(Digit)),
	}
}

// TestScan compares the masks with what the groups say byte by byte, with vector instructions and without.
func TestScan(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 400 {
		src := make([]byte, n*3%700)
		for i := range src {
			src[i] = byte(r.Uint32())
			if r.IntN(3) == 0 {
				src[i] = "0123456789,\n\t\"@-\x00\xff"[r.IntN(18)]
			}
		}
		for i, table := range tables() {
			got := table.Scan(nil, src)
			for at, b := range src {
				for g := range Groups {
					want := table.bits[b]>>(8*g)&1 == 1
					if has := got[at/Block][g]>>(at%Block)&1 == 1; has != want {
						t.Fatalf("table %d, group %d: byte %d (%#x) of %d: got %v, want %v", i, g, at, b, len(src), has, want)
					}
				}
			}
			plain := make([]Masks, len(got))
			table.portable(plain, src)
			if !slices.Equal(got, plain) {
				t.Fatalf("table %d: with and without vector instructions differ", i)
			}
		}
	}
}

func TestTooManyGroups(t *testing.T) {
	if _, err := New(Digit, Digit, Digit, Digit); err == nil {
		t.Error("four groups: no error")
	}
	if _, err := New(Set("\x00\x11\x22\x33\x44\x55\x66\x77\x88")); err == nil {
		t.Error("nine bits: no error")
	}
}

func BenchmarkScan(b *testing.B) {
	src := bytes.Repeat([]byte("1234-567890,YAMADA TARO,1950-03-01\n"), 1<<15)
	table := tables()[0]
	dst := table.Scan(nil, src)
	for name, scan := range map[string]func(){
		"vector":   func() { table.Scan(dst, src) },
		"portable": func() { table.portable(dst, src) },
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(src)))
			for b.Loop() {
				scan()
			}
		})
	}
}
