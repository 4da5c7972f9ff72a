package keyedset

import (
	"encoding/binary"
	"errors"
	"math"
	"math/bits"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"genbo"
)

// loot is what somebody without the key reads of a file: all its entries, in their order.
func loot(t *testing.T, path string) []uint64 {
	t.Helper()
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var entries []uint64
	for b := whole[headBytes : len(whole)-len(whole)%8]; len(b) >= 8; b = b[8:] {
		if len(entries)%slots == 0 {
			b[7] = b[7]&^0x80 | byte(rand.Uint32())&0x80 // says in the clear whether the bucket was full
		}
		entries = append(entries, binary.LittleEndian.Uint64(b))
	}
	return entries
}

// random reports by how many standard deviations the bits that are set, in each place of a word, differ from half at most.
func random(words []uint64) (most float64) {
	var set [64]int
	for _, w := range words {
		for i := range set {
			set[i] += int(w >> i & 1)
		}
	}
	n := float64(len(words))
	for _, k := range set {
		most = max(most, math.Abs(float64(k)-n/2)/(math.Sqrt(n)/2))
	}
	return most
}

// TestThiefWithAFilter: without the key, a file of very regular numbers and ordinals is noise, whether it is looked at alone or
// laid over another under the same key; and no key but its own opens a single entry.
func TestThiefWithAFilter(t *testing.T) {
	const n = 50_000
	k := NewKey()
	path, second := build(t, k, n, nil), build(t, k, n, nil)
	entries, others := loot(t, path), loot(t, second)
	if got := random(entries); got > 5.5 {
		t.Errorf("a bit of the entries is off by %.1f standard deviations", got)
	}
	laid := make([]uint64, min(len(entries), len(others)))
	seen := map[uint64]bool{}
	for i := range laid {
		laid[i] = entries[i] ^ others[i]
		seen[entries[i]>>valueBits] = true
	}
	if got := random(laid); got > 5.5 {
		t.Errorf("a bit of two files laid over each other is off by %.1f standard deviations", got)
	}
	same := 0
	for _, e := range others {
		if seen[e>>valueBits] {
			same++
		}
	}
	if chance := float64(len(others)) * float64(len(seen)) / (1 << spare); float64(same) > chance+6*math.Sqrt(chance)+1 {
		t.Errorf("%d entries of one file are in the other, %.1f by chance", same, chance)
	}
	// The right lock forced open: the map itself, asked with tokens of another key.
	m := open(t, path, k)
	m.Tokens = NewKey().tokens(nil)
	for i := range uint64(n) {
		if v := find(m, m.Number(i+1))[0]; v.Found() {
			t.Fatalf("another key's token of %d leads to %x", i+1, v)
		}
	}
}

// TestOrdinalsSayNothing: people who were entered one after the other have ordinals all over.
func TestOrdinalsSayNothing(t *testing.T) {
	const n = 1 << 16
	of := NewKey().tokens(nil)
	near, last := 0, of.Ordinal(0, n)
	for i := uint32(1); i < n; i++ {
		at := of.Ordinal(i, n)
		if bits.Len32(at^last) <= 8 || at-last < 256 || last-at < 256 {
			near++
		}
		last = at
	}
	if expected := 3 * 256.0; float64(near) > expected+6*math.Sqrt(expected) {
		t.Errorf("%d neighbours are near each other, by chance some %.0f", near, expected)
	}
}

// TestKeyReadableByOthers: a key that others on the computer can read is refused, and so is what is no key.
func TestKeyReadableByOthers(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "key")
	if err := NewKey().Save(path); err != nil {
		t.Fatal(err)
	}
	for mode, want := range map[os.FileMode]error{0o600: nil, 0o400: nil, 0o640: genbo.ErrForbidden, 0o604: genbo.ErrForbidden, 0o660: genbo.ErrForbidden} {
		if runtime.GOOS == "windows" {
			break // no mode bits
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadKey(path); !errors.Is(err, want) {
			t.Errorf("mode %o: %v, want %v", mode, err, want)
		}
	}
	for name, text := range map[string]string{"empty": "", "a filter": magic, "no secret": keyMagic + " 0 00\n", "zeros": keyMagic + " 0 " + string(make([]byte, 64))} {
		if err := os.WriteFile(filepath.Join(dir, "other"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadKey(filepath.Join(dir, "other")); err == nil {
			t.Errorf("%s: read", name)
		}
	}
	if _, err := ReadKey(dir); err == nil {
		t.Error("a folder: read")
	}
}
