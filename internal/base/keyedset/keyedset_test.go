package keyedset

import (
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

var now = time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC)

func made(persons uint32, lists ...List) Info {
	return Info{Register: "genbo.test", Made: now, Expires: now.AddDate(0, 1, 0), Persons: persons, Lists: lists}
}

// build makes a file of a map of n numbers 1 … n, each of a person of his own.
func build(t testing.TB, k *Key, n int, more func(*Builder)) string {
	t.Helper()
	b := NewBuilder(k, t.TempDir())
	for i := range n {
		if err := b.Add(b.Number(uint64(i+1)), Person(b.Ordinal(uint32(i), uint32(n)))); err != nil {
			t.Fatal(err)
		}
	}
	if more != nil {
		more(b)
	}
	return write(t, b, made(uint32(n), List{"4711", 2}, List{"4712", 1}))
}

func write(t testing.TB, b *Builder, info Info) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "filter")
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(b.Write(t.Context(), f, info), b.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

func open(t testing.TB, path string, k *Key) *Map {
	t.Helper()
	m, err := Open(path, k, now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	return m
}

func find(m *Map, tokens ...Token) []Value {
	values := make([]Value, len(tokens))
	m.Find(tokens, values)
	return values
}

// TestFind: every number leads to its person, each to another, and other numbers lead to nobody.
func TestFind(t *testing.T) {
	for _, n := range []int{0, 1, 8, 9, 100, 5000, 300_000} {
		k := NewKey()
		m := open(t, build(t, k, n, nil), k)
		seen := make([]bool, n)
		tokens, values := make([]Token, n), make([]Value, n)
		for i := range tokens {
			tokens[i] = m.Number(uint64(i + 1))
		}
		m.Find(tokens, values)
		for i, v := range values {
			ordinal, ok := v.Person()
			if !ok || ordinal != m.Ordinal(uint32(i), uint32(n)) || seen[ordinal] {
				t.Fatalf("of %d numbers the %d. leads to %x", n, i, v)
			}
			seen[ordinal] = true
		}
		for i := range 100_000 {
			if v := find(m, m.Number(uint64(n+2+i)))[0]; v.Found() {
				t.Errorf("of %d numbers, %d leads to %x", n, n+2+i, v)
			}
		}
		if int64(n) != m.Size {
			t.Errorf("%d tokens, want %d", m.Size, n)
		}
	}
}

// TestValues: what is put in twice, for several, and as decoys.
func TestValues(t *testing.T) {
	k := NewKey()
	name := func(of *Tokens, s string) Token {
		token, ok := of.Name([]byte(s), 19500301)
		if !ok {
			t.Fatalf("%s has no token", s)
		}
		return token
	}
	m := open(t, build(t, k, 1000, func(b *Builder) {
		of := &b.Tokens
		twice, several, decoy, both := name(of, "渡辺　一郎"), name(of, "b"), name(of, "c"), name(of, "d")
		for _, one := range []struct {
			t Token
			v Value
		}{{twice, Person(7)}, {twice, Person(7)}, {several, Person(1)}, {several, Person(2)}, {several, Person(3)}, {several, Person(1)},
			{decoy, Decoy(1)}, {both, Decoy(0)}, {both, Person(3)}} {
			if err := b.Add(one.t, one.v); err != nil {
				t.Fatal(err)
			}
		}
	}), k)
	values := find(m, name(&m.Tokens, "渡邊一郎"), name(&m.Tokens, "b"), name(&m.Tokens, "c"), name(&m.Tokens, "d"), name(&m.Tokens, "e"))
	if n, ok := values[0].Person(); !ok || n != 7 {
		t.Errorf("put in twice: %x", values[0])
	}
	if n, ok := values[2].Decoy(); !ok || m.Lists[n].ID != "4712" {
		t.Errorf("a decoy: %x", values[2])
	}
	for _, v := range []Value{values[1], values[3]} {
		_, person := v.Person()
		if _, decoy := v.Decoy(); !v.Ambiguous() || person || decoy {
			t.Errorf("of several: %x", v)
		}
	}
	if values[4].Found() || values[4].Ambiguous() {
		t.Errorf("of nobody: %x", values[4])
	}
}

// TestWriteStops: whoever stops the writing gets an error, not a file that is whole.
func TestWriteStops(t *testing.T) {
	dir := t.TempDir()
	f, err := os.Create(filepath.Join(dir, "filter"))
	if err != nil {
		t.Fatal(err)
	}
	k := NewKey()
	b := NewBuilder(k, dir)
	if err := b.Pad(1000); err != nil {
		t.Fatal(err)
	}
	ended, stop := context.WithCancel(t.Context())
	stop()
	if err := b.Write(ended, f, made(0)); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
	if err := errors.Join(b.Close(), f.Close()); err != nil {
		t.Error(err)
	}
	if _, err := Open(f.Name(), k, now); err == nil {
		t.Error("what was stopped opens")
	}
}

// TestOrdinal: the order is a permutation, and each map's is another.
func TestOrdinal(t *testing.T) {
	k := NewKey()
	a, b := NewBuilder(k, t.TempDir()), NewBuilder(k, t.TempDir())
	for _, n := range []uint32{1, 2, 3, 5, 1000, 70_000} {
		seen, same := make([]bool, n), 0
		for i := range n {
			at := a.Ordinal(i, n)
			if at >= n || seen[at] {
				t.Fatalf("%d of %d stands at %d", i, n, at)
			}
			seen[at] = true
			if at == b.Ordinal(i, n) {
				same++
			}
		}
		if n >= 1000 && same > 12 {
			t.Errorf("of %d, %d stand at the same place in two maps", n, same)
		}
	}
}

// TestSpill: more entries than have room in memory come back, in order.
func TestSpill(t *testing.T) {
	s := &sorter{dir: t.TempDir()}
	k := NewKey().tokens(nil)
	const n = 3 * parts * partRoom / 2
	sum := uint64(0)
	for i := range uint64(n) {
		token := k.Number(i)
		sum += token.word
		if err := s.add(entry(token)); err != nil {
			t.Fatal(err)
		}
	}
	if s.file == nil {
		t.Fatal("nothing was written to the file")
	}
	count, last := 0, uint64(0)
	if err := s.sorted(func(e entry) error {
		if e.place < last {
			t.Fatal("out of order")
		}
		last, count, sum = e.place, count+1, sum-e.word
		return nil
	}); err != nil || count != n || sum != 0 {
		t.Errorf("%d of %d came back, sum %d, %v", count, n, sum, err)
	}
	if err := s.close(); err != nil {
		t.Error(err)
	}
	if left, _ := os.ReadDir(s.dir); len(left) > 0 {
		t.Errorf("%d files are left", len(left))
	}
}

// TestRefused: a filter that was changed in any bit, cut, lengthened, or is opened with another key or too late, is refused
// with an error that says so.
func TestRefused(t *testing.T) {
	k := NewKey()
	path := build(t, k, 1000, nil)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	changed := func(change func([]byte) []byte) string {
		name := filepath.Join(t.TempDir(), "changed")
		if err := os.WriteFile(name, change(append([]byte(nil), whole...)), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	refused := func(what, path string, k *Key, at time.Time, want error) {
		t.Helper()
		m, err := Open(path, k, at)
		if err == nil {
			t.Errorf("%s: opened", what)
			m.Close()
		} else if want != nil && !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", what, err, want)
		}
	}
	refused("another key", path, NewKey(), now, ErrKey)
	refused("too late", path, k, now.AddDate(0, 1, 0), ErrExpired)
	for _, n := range []int{0, 3, 100, headBytes - 1, headBytes, headBytes + 100, len(whole) - 1} {
		refused("cut", changed(func(b []byte) []byte { return b[:n] }), k, now, nil)
	}
	refused("longer", changed(func(b []byte) []byte { return append(b, 0) }), k, now, ErrDamaged)
	for bit := 0; bit < 8*len(whole); bit += 61 {
		refused("a bit", changed(func(b []byte) []byte { b[bit/8] ^= 1 << (bit % 8); return b }), k, now, nil)
	}
	if m := open(t, path, k); m.Register != "genbo.test" || len(m.Lists) != 2 || m.Lists[0] != (List{"4711", 2}) {
		t.Errorf("the whole file: %+v", m.Info)
	}
}

func TestKeyFile(t *testing.T) {
	k := NewKey()
	path := filepath.Join(t.TempDir(), "key")
	if err := k.Save(path); err != nil {
		t.Fatal(err)
	}
	if again, err := ReadKey(path); err != nil || again.ID() != k.ID() || again.secret != k.secret {
		t.Errorf("read again: %v", err)
	}
	if err := k.Save(path); !errors.Is(err, os.ErrExist) {
		t.Errorf("a key is written over: %v", err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for at := range text[:len(text)-1] {
		damaged := append([]byte(nil), text...)
		damaged[at] ^= 1
		if got, err := parseKey(damaged); err == nil && got.ID() != k.ID() {
			t.Errorf("changed at %d it is another key", at)
		}
	}
}

func FuzzOpen(f *testing.F) {
	k := keyOf([secretBytes]byte{1, 2, 3})
	b := NewBuilder(k, f.TempDir())
	for i := range 20 {
		if err := b.Add(b.Number(uint64(i)), Person(uint32(i))); err != nil {
			f.Fatal(err)
		}
	}
	whole, err := os.ReadFile(write(f, b, made(20, List{"4711", 2})))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole, false)
	f.Add(whole[:headBytes], true)
	f.Fuzz(func(t *testing.T, content []byte, sign bool) {
		if sign && len(content) >= headBytes { // who has the key may be wrong too
			copy(content[headBytes-macBytes:], k.mac(content))
		}
		path := filepath.Join(t.TempDir(), "filter")
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		m, err := Open(path, k, now)
		if err != nil {
			return
		}
		find(m, m.Number(1), Token{binary.LittleEndian.Uint64(content), 1})
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
}

// TestMarks: who is marked by several at once is counted once, near and far.
func TestMarks(t *testing.T) {
	const persons = 100_000
	m, err := NewMarks(persons)
	if err != nil {
		t.Fatal(err)
	}
	var workers sync.WaitGroup
	for w := range 4 {
		workers.Go(func() {
			for i := uint32(0); i < persons; i += 1000 {
				m.Add(i, 1<<w)
			}
		})
	}
	workers.Wait()
	m.Add(persons-1, 1<<15)
	m.Add(0, 1<<15)
	if got := m.Count(); len(got) != 3 || got[0xf] != 99 || got[0x8000] != 1 || got[0x800f] != 1 {
		t.Errorf("got %v", got)
	}
	if err := m.Close(); err != nil {
		t.Error(err)
	}
}
