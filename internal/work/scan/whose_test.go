//go:build linux

package scan

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"genbo"
	"genbo/internal/base/keyedset"
)

// decoysOf4711 are numbers of nobody that stand in files of an extract.
var decoysOf4711 = []uint64{5000_000001, 5000_000002, 5000_000003}

// register knows every second person of table by number, name and date of birth, and the decoys of two extracts.
func register(t *testing.T, key *keyedset.Key) *keyedset.Map {
	t.Helper()
	dir := t.TempDir()
	b := keyedset.NewBuilder(key, dir)
	add := func(token keyedset.Token, v keyedset.Value) {
		if err := b.Add(token, v); err != nil {
			t.Fatal(err)
		}
	}
	for i := range uint32(rows / 2) {
		n := uint64(2 * i)
		v := keyedset.Person(b.Ordinal(i, rows/2))
		add(b.Number((1000+n)*1e6+n*7), v)
		year := 1925 + 10 + int(n)%50
		name, ok := b.Name(fmt.Appendf(nil, "年金太郎%d", n), genbo.Date(year*10000+301))
		if !ok {
			t.Fatal("a name has no token")
		}
		add(name, v)
	}
	for _, n := range decoysOf4711 {
		add(b.Number(n), keyedset.Decoy(0))
	}
	add(b.Number(5000_000009), keyedset.Decoy(1))
	path := filepath.Join(dir, "filter")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	info := keyedset.Info{Register: "genbo.test", Made: time.Now(), Expires: later().Add(time.Hour), Persons: rows / 2,
		Lists: []keyedset.List{{ID: "4711", Decoys: len(decoysOf4711)}, {ID: "4712", Decoys: 1}}}
	if err := errors.Join(b.Write(t.Context(), f, info), b.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	m, err := keyedset.Open(path, key, later())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Close() })
	return m
}

// leak is a file of people of whom every second is in the register, with decoys among them.
func leak() []byte {
	text := table()
	for i, n := range decoysOf4711 {
		text += fmt.Sprintf("%04d-%06d,囮 太郎%d,昭和30年3月1日,東京都千代田区霞が関1-2-1\r\n", n/1e6, n%1e6, i)
	}
	return []byte(text)
}

// TestWhose: cases in every container are joined, a person counts once in however many files, and copies are named.
func TestWhose(t *testing.T) {
	m := register(t, keyedset.NewKey())
	dir := lay(t, map[string][]byte{"a.csv": []byte(table()), "b.zip": zipOf("b.csv", sjis(t, table())), "leak.xlsx": workbookOf(t, string(leak())),
		"perhaps.csv": []byte("基礎年金番号,氏名\n5000-000009,佐藤 一郎\n"), "nobody.txt": []byte("nothing")})
	r := run(t, Options{Roots: []string{dir}, Whose: m})
	want := &Register{Name: "genbo.test", Made: m.Made, Persons: rows / 2, Found: rows / 2, Mistaken: m.Chance(),
		Cases: Whose{Matched: 3 * rows / 2, Unmatched: 3 * rows / 2, Decoys: len(decoysOf4711) + 1}}
	if d := cmp.Diff(want, r.Register); d != "" {
		t.Errorf("the sums (-want +got):\n%s", d)
	}
	if r.WithPeople.Persons != rows || r.ByFields["NABD"].Matched != rows/2 || r.ByFields["NABD"].Persons != rows {
		t.Errorf("%d persons, %+v", r.WithPeople.Persons, r.ByFields)
	}
	for _, f := range r.List {
		var copies []string
		for _, c := range f.CopyOf {
			copies = append(copies, fmt.Sprintf("%s %d of %d %v", c.Extract, c.Decoys, c.Of, c.Doubt < Named))
		}
		want := map[string][]string{"leak.xlsx": {"4711 3 of 3 true"}, "perhaps.csv": {"4712 1 of 1 false"}}[filepath.Base(f.Path)]
		if d := cmp.Diff(want, copies); d != "" {
			t.Errorf("%s (-want +got):\n%s", f.Path, d)
		}
	}
}

// TestWhoseFromBefore: what a former scan joined holds as long as the filter is the same one.
func TestWhoseFromBefore(t *testing.T) {
	key := keyedset.NewKey()
	m := register(t, key)
	dir := lay(t, map[string][]byte{"a.csv": leak(), "b.csv": []byte("氏名,生年月日\n年金 太郎2,昭和12年3月1日\n誰 彼,昭和12年3月1日\n")})
	path := filepath.Join(t.TempDir(), "known")
	o := Options{Roots: []string{dir}, Whose: m}
	first := runKnown(t, openKnown(t, path), o)
	plain := run(t, o)
	ignore := cmp.Options{cmpopts.IgnoreFields(Report{}, "Begun", "Ended", "KnownAnew", "FromBefore"), cmpopts.IgnoreFields(File{}, "Before"),
		cmpopts.IgnoreUnexported(File{}), cmpopts.EquateApproxTime(0)}
	again := runKnown(t, openKnown(t, path), o)
	for name, r := range map[string]*Report{"kept": first, "from before": again} {
		if d := cmp.Diff(plain, r, ignore); d != "" {
			t.Errorf("%s (-plain +this):\n%s", name, d)
		}
	}
	if again.FromBefore != 2 || again.Register.Found != rows/2 {
		t.Errorf("%d from before, %d found", again.FromBefore, again.Register.Found)
	}
	for _, c := range []struct {
		name string
		m    *keyedset.Map
	}{{"without a filter", nil}, {"a new filter under the same key", register(t, key)}} {
		o.Whose = c.m
		if r := runKnown(t, openKnown(t, path), o); r.FromBefore != 0 || r.KnownAnew != "options" {
			t.Errorf("%s: %d from before, %q", c.name, r.FromBefore, r.KnownAnew)
		}
	}
}

// TestDoubt: one decoy of a long list in a big file is nothing, and each more makes chance less likely.
func TestDoubt(t *testing.T) {
	for _, c := range []struct {
		met, decoys, numbers, names, extracts int
		from, to                              float64
	}{
		{1, 200, 10_000_000, 0, 1, 1, 1},      // two are expected by chance
		{1, 1, 1, 0, 1, 1e-9, 1e-8},           // one number of a thousand million
		{2, 200, 1000, 0, 1, 1e-9, 1e-6},      // not yet
		{3, 200, 1000, 0, 1, 0, Named},        // named
		{3, 200, 1000, 0, 1_000_000, 1e-9, 1}, // by one of a million extracts
		{4, 6, 0, 300, 5, 0, Named},           // by names and dates of birth
	} {
		if got := doubt(c.met, c.decoys, c.numbers, c.names, c.extracts); got < c.from || got > c.to {
			t.Errorf("%+v: %g", c, got)
		}
	}
}

// registered is of how many people the measured map is, with three tokens each.
var registered = flag.Int("persons", 1_000_000, "people of the measured map")

// BenchmarkWhose measures a file full of people without a register and with one that knows half of them:
// go test ./internal/work/scan -run '^$' -bench Whose -persons 100000000
func BenchmarkWhose(b *testing.B) {
	const people = 500_000
	var text bytes.Buffer
	text.WriteString("基礎年金番号,氏名,生年月日,住所\r\n")
	key, dir := keyedset.NewKey(), b.TempDir()
	builder := keyedset.NewBuilder(key, dir)
	random := uint64(1)
	for i := range uint32(people) {
		random = random*6364136223846793005 + 1442695040888963407
		n := random >> 31 % 1e10
		fmt.Fprintf(&text, "%04d-%06d,年金 太郎,昭和%d年%d月%d日,東京都千代田区霞が関1-2-%d\r\n", n/1e6, n%1e6, 10+i%50, 1+i%12, 1+i%28, i+1)
		if i%2 == 0 {
			if err := builder.Add(builder.Number(n), keyedset.Person(builder.Ordinal(i, people))); err != nil {
				b.Fatal(err)
			}
		}
	}
	file := filepath.Join(dir, "people.csv")
	if err := os.WriteFile(file, text.Bytes(), 0o600); err != nil {
		b.Fatal(err)
	}
	f, err := os.Create(filepath.Join(dir, "filter"))
	if err != nil {
		b.Fatal(err)
	}
	info := keyedset.Info{Register: "genbo.test", Made: time.Now(), Expires: later(), Persons: uint32(max(people, *registered))}
	if err := errors.Join(builder.Pad(3*int64(*registered)-people/2), builder.Write(b.Context(), f, info), builder.Close(), f.Close()); err != nil {
		b.Fatal(err)
	}
	m, err := keyedset.Open(f.Name(), key, time.Now())
	if err != nil {
		b.Fatal(err)
	}
	defer m.Close()
	for _, c := range []struct {
		name string
		m    *keyedset.Map
	}{{"without", nil}, {"with", m}} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(text.Len()))
			for b.Loop() {
				r, err := Run(b.Context(), Options{Roots: []string{file}, Workers: 1, Whose: c.m, Now: time.Now})
				if err != nil || r.WithPeople.Cases < people*99/100 || c.m != nil && r.Register.Found < people/2*99/100 {
					b.Fatal(err, r.WithPeople.Cases, r.Register)
				}
			}
		})
	}
}

// TestReaderJoins: who reads single files joins them too, and tells the register's people by their ordinals.
func TestReaderJoins(t *testing.T) {
	m := register(t, keyedset.NewKey())
	reader, err := NewReader(Options{Whose: m, Now: later}, make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	dir := lay(t, map[string][]byte{"a.csv": leak()})
	for range 2 {
		r := reader.Read(t.Context(), filepath.Join(dir, "a.csv"))
		ordinals := 0
		for _, person := range r.Persons {
			if person>>16 < rows/2 {
				ordinals++
			}
		}
		if r.Whose == nil || *r.Whose != (Whose{Matched: rows / 2, Unmatched: rows / 2, Decoys: len(decoysOf4711)}) || len(r.CopyOf) != 1 || len(r.Persons) != rows || ordinals != rows/2 {
			t.Errorf("%+v, %d persons, %d of them the register's", r.Whose, len(r.Persons), ordinals)
		}
	}
}
