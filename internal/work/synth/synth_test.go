package synth

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"io"
	"os"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/encoding/japanese"

	"genbo"
	"genbo/internal/base/jtext"
)

var update = flag.Bool("update", false, "write the hash of the made people anew")

func population(t testing.TB, seed uint64, people int) *Population {
	t.Helper()
	p, err := New(seed, people)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func csv(t testing.TB, p *Population, form Form) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := p.WriteCSV(context.Background(), &b, form); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestSameSeedSamePeople(t *testing.T) {
	got := csv(t, population(t, 7, 10_000), Form{})
	if !bytes.Equal(got, csv(t, population(t, 7, 10_000), Form{})) {
		t.Error("the same seed made other people")
	}
	if bytes.Equal(got, csv(t, population(t, 8, 10_000), Form{})) {
		t.Error("another seed made the same people")
	}
	sum := sha256.Sum256(got)
	text := hex.EncodeToString(sum[:]) + "\n"
	const golden = "testdata/seed7.sha256"
	if *update {
		if err := os.WriteFile(golden, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(golden); err != nil || string(want) != text {
		t.Errorf("people of seed 7 have the hash %s, on record is %s (%v)", text, want, err)
	}
}

func TestAnyPersonAlone(t *testing.T) {
	p := population(t, 3, 9000)
	lines := strings.Split(string(csv(t, p, Form{})), "\n")
	for _, i := range []int{0, 1, 4095, 4096, 8999} {
		one := p.Person(i)
		if got := string(one.appendCSV(nil)); got != lines[i+1]+"\n" {
			t.Errorf("person %d alone is %q, in the file %q", i, got, lines[i+1])
		}
	}
}

func TestNumbersAreUnique(t *testing.T) {
	const people = 300_000
	p := population(t, 1, people)
	seen := make(map[genbo.Number]bool, 2*people)
	m := p.maker()
	for i := range people {
		one := m.person(i)
		for _, n := range []genbo.Number{one.Number, one.Handbook} {
			if n.IsZero() {
				continue
			}
			if seen[n] {
				t.Fatalf("person %d has a number that is there already", i)
			}
			if seen[n] = true; n.Plain()[0] == '8' {
				t.Fatalf("person %d has a number of the form that Genbo issues", i)
			}
		}
	}
}

func TestPermutationIsOne(t *testing.T) {
	const size = 12_345
	p, seen := newPermutation(size, 5), make([]bool, size)
	for i := range uint64(size) {
		at := p.at(i)
		if at >= size || seen[at] {
			t.Fatalf("%d goes to %d, outside or taken", i, at)
		}
		seen[at] = true
	}
}

func TestPeopleAreTrueToLife(t *testing.T) {
	const people = 100_000
	m := population(t, 1, people).maker()
	postal := map[string]bool{}
	for _, pref := range m.lists.prefectures {
		for _, town := range pref.towns {
			postal[town.postal[:3]+"-"+town.postal[3:]] = true
		}
	}
	counts := map[string]int{}
	for i := range people {
		p := m.person(i)
		count := func(what string, is bool) {
			if is {
				counts[what]++
			}
		}
		count("佐藤", strings.HasPrefix(p.Name, "佐藤　"))
		count("variant", strings.HasPrefix(p.Name, "渡邊　") || strings.HasPrefix(p.Name, "渡邉　"))
		count("female", p.Female)
		count("foreign", p.Latin != "")
		count("alias", p.Alias != "")
		count("dead", p.Death != 0)
		count("provisional", p.Provisional)
		count("handbook", !p.Handbook.IsZero())
		count("over 65", p.Death == 0 && p.Birth < 19610401)
		count("Tokyo", strings.HasPrefix(p.Address, "東京都"))
		check(t, i, p, postal)
	}
	for what, within := range map[string][2]float64{
		"佐藤": {1.3, 1.6}, "variant": {0.18, 0.32}, "female": {50.5, 53}, "foreign": {2.3, 2.7}, "alias": {0.1, 1}, "dead": {2.5, 3.8},
		"provisional": {0.4, 0.6}, "handbook": {8, 13}, "over 65": {28, 34}, "Tokyo": {10, 12.5},
	} {
		if got := float64(counts[what]) * 100 / people; got < within[0] || got > within[1] {
			t.Errorf("%s: %.2f in a hundred, want %v", what, got, within)
		}
	}
}

func check(t *testing.T, i int, p Person, postal map[string]bool) {
	t.Helper()
	if !postal[p.Postal] {
		t.Errorf("person %d lives in postal code %s, which does not exist", i, p.Postal)
	}
	if p.Birth >= today || p.Birth < 19000101 || p.Death != 0 && (p.Death < p.Birth || p.Death > today) || p.ValidFrom < p.Birth || p.ValidFrom > today {
		t.Errorf("person %d has impossible dates: %v %v %v", i, p.Birth, p.Death, p.ValidFrom)
	}
	for _, r := range p.Kana {
		if !unicode.Is(unicode.Katakana, r) && r != 'ー' && r != '　' && r != '・' {
			t.Errorf("person %d has %q in his reading", i, r)
		}
	}
	if kana, err := jtext.CleanKana(p.Kana); err != nil || kana != p.Kana {
		t.Errorf("person %d has a reading that is not clean: %v", i, err)
	}
	if p.Phone != "" {
		if phone, err := jtext.CleanPhone(p.Phone); err != nil || phone != p.Phone {
			t.Errorf("person %d has a telephone %s that is not clean: %v", i, p.Phone, err)
		}
	}
}

func TestForms(t *testing.T) {
	p := population(t, 2, 5000)
	got, err := japanese.ShiftJIS.NewDecoder().Bytes(csv(t, p, Form{Japanese: true, CP932: true}))
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Replace(string(csv(t, p, Form{})), headersEn, headersJa, 1)
	if string(got) != want {
		t.Error("in CP932 with Japanese headers the people are others")
	}
}

func TestStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := population(t, 1, 1_000_000).WriteCSV(ctx, io.Discard, Form{}); err == nil {
		t.Error("a cancelled file came to a good end")
	}
	if err := population(t, 1, 1_000_000).WriteCSV(context.Background(), &full{}, Form{}); err == nil {
		t.Error("a full disk went unnoticed")
	}
}

type full struct{ n int }

func (f *full) Write(b []byte) (int, error) {
	if f.n += len(b); f.n > 1<<20 {
		return 0, os.ErrClosed
	}
	return len(b), nil
}

func TestTooMany(t *testing.T) {
	for _, n := range []int{0, -1, MaxPeople + 1} {
		if _, err := New(1, n); err == nil {
			t.Errorf("%d people were made", n)
		}
	}
}

func BenchmarkWriteCSV(b *testing.B) {
	p := population(b, 1, 200_000)
	for b.Loop() {
		if err := p.WriteCSV(context.Background(), io.Discard, Form{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(200_000*b.N)/b.Elapsed().Seconds(), "people/s")
}
