package mark_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/csv"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"genbo"
	"genbo/internal/work/mark"
	"genbo/internal/work/synth"
)

func secret(n int) []byte {
	sum := sha256.Sum256(binary.AppendUvarint([]byte("extract"), uint64(n)))
	return sum[:]
}

var boxes = []mark.Mailbox{{Postal: "100-0000", Address: "東京都見本区試験町1-1", Phone: "03-0000-0000"}}

// list is an extract of a test: some people of a population.
type list struct {
	mark.Listed
	rows   [][]string // number, kana, name, address
	people []genbo.PersonID
}

// people are the population that the tests' extracts are of.
var people = func() *synth.Population {
	p, err := synth.New(3, 200_000)
	if err != nil {
		panic(err)
	}
	return p
}()

// listOf makes the file of extract n with some people from the first on.
func listOf(t testing.TB, n, first, count int) list {
	t.Helper()
	l := list{Listed: mark.Listed{ID: string(rune('a'+n%26)) + "-extract", Secret: secret(n)}}
	var like []mark.Like
	for i := range count {
		l.people = append(l.people, genbo.PersonID(first+i+1))
	}
	for i := range mark.Wanted(count) {
		like = append(like, mark.Like{Number: people.Person(first + i).Number})
	}
	var err error
	if l.Decoys, err = mark.Decoys(like, boxes, func(genbo.Number) (bool, error) { return true, nil }); err != nil {
		t.Fatal(err)
	}
	l.Index = func(p genbo.PersonID) (int, bool) { return int(p) - first - 1, int(p) > first && int(p) <= first+count }
	key := mark.NewKey(l.Secret)
	for _, slot := range key.Arrange(l.people, l.Decoys) {
		var row []string
		if slot.Person == 0 {
			d := l.Decoys[slot.Decoy]
			row = []string{d.Number, d.Kana, d.Name, d.Address}
		} else {
			p := people.Person(int(slot.Person) - 1)
			row = []string{p.Number.Plain(), p.Kana, p.Name, p.Address}
		}
		for c := range row {
			row[c] = key.Spell(row[c])
		}
		l.rows = append(l.rows, row)
	}
	return l
}

// holders finds the people of numbers, as the register does.
func holders(numbers []genbo.Number, lists []list) (found []genbo.PersonID) {
	known := map[genbo.Number]genbo.PersonID{}
	for _, l := range lists {
		for _, id := range l.people {
			known[people.Person(int(id)-1).Number] = id
		}
	}
	for _, n := range numbers {
		if id, ok := known[n]; ok {
			found = append(found, id)
		}
	}
	return found
}

func asCSV(t testing.TB, rows [][]string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// trace tries a copy against all lists.
func trace(t testing.TB, content []byte, lists []list) []mark.Suspect {
	t.Helper()
	c, err := mark.Read(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	trial := c.Try(holders(c.Numbers(5000), lists))
	var suspects []mark.Suspect
	for _, l := range lists {
		suspects = append(suspects, trial.Against(l.Listed, 1000))
	}
	mark.Rank(suspects)
	return suspects
}

func sample(rows [][]string, share float64) (kept [][]string) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, row := range rows {
		if r.Float64() < share {
			kept = append(kept, row)
		}
	}
	return kept
}

func shuffled(rows [][]string) [][]string {
	rows = append([][]string(nil), rows...)
	rand.New(rand.NewPCG(7, 8)).Shuffle(len(rows), func(a, b int) { rows[a], rows[b] = rows[b], rows[a] })
	return rows
}

func each(rows [][]string, change func(string) string) (changed [][]string) {
	for _, row := range rows {
		var r []string
		for _, cell := range row {
			r = append(r, change(cell))
		}
		changed = append(changed, r)
	}
	return changed
}

func columns(rows [][]string, wanted ...int) (cut [][]string) {
	for _, row := range rows {
		var r []string
		for _, c := range wanted {
			r = append(r, row[c])
		}
		cut = append(cut, r)
	}
	return cut
}

func workbook(t testing.TB, rows [][]string) []byte {
	t.Helper()
	f := excelize.NewFile()
	for n, row := range rows {
		for c, text := range row {
			cell, err := excelize.CoordinatesToCellName(c+1, n+1)
			if err == nil {
				err = f.SetCellStr("Sheet1", cell, text)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A leaked copy names its extract among others of the very same people, whatever was done to it.
func TestTrace(t *testing.T) {
	lists := []list{listOf(t, 0, 0, 3000), listOf(t, 1, 0, 3000), listOf(t, 2, 1500, 3000), listOf(t, 3, 90_000, 3000)}
	rows := lists[1].rows
	cp932, err := japanese.ShiftJIS.NewEncoder().Bytes(asCSV(t, rows[:1000]))
	if err != nil {
		t.Fatal(err)
	}
	twentieth := sample(rows, 0.05)
	for what, content := range map[string][]byte{
		"the whole file":                      asCSV(t, rows),
		"a twentieth":                         asCSV(t, twentieth),
		"a twentieth, sorted anew":            asCSV(t, shuffled(twentieth)),
		"a twentieth, as a workbook":          workbook(t, shuffled(twentieth)),
		"a part in CP932":                     cp932,
		"a twentieth as HTML":                 []byte("<table><tr><td>" + strings.ReplaceAll(strings.ReplaceAll(string(asCSV(t, twentieth)), ",", "</td><td>"), "\n", "</td></tr>\n<tr><td>") + "</td></tr></table>"),
		"normalised, in its order":            asCSV(t, each(rows, norm.NFKC.String)),
		"normalised and sorted, by decoys":    asCSV(t, shuffled(each(rows, norm.NFKC.String))),
		"addresses alone of a twentieth":      asCSV(t, shuffled(columns(twentieth, 3))),
		"names alone of a twentieth":          asCSV(t, shuffled(columns(twentieth, 1, 2))),
		"numbers alone, in their order":       asCSV(t, columns(rows, 0)),
		"numbers alone of a twentieth":        asCSV(t, columns(sample(rows, 0.05), 0)),
		"names normalised, addresses left":    asCSV(t, shuffled(each(columns(rows, 1, 2, 3), func(s string) string { return strings.ReplaceAll(s, "\u3000", " ") }))),
		"the same among as many other people": append(asCSV(t, twentieth), asCSV(t, columns(lists[3].rows[:len(twentieth)], 2))...),
	} {
		s := trace(t, content, lists)
		if s[0].Extract != "b-extract" || s[0].Doubt > mark.Accused || s[1].Doubt < mark.Accused && what != "the same among as many other people" {
			t.Errorf("%s: %+v, then %+v", what, s[0], s[1])
		}
	}
	for _, s := range trace(t, asCSV(t, each(columns(rows, 1, 2), norm.NFKC.String)), lists) {
		if s.Doubt < mark.Accused {
			t.Errorf("names without any mark accuse %+v", s)
		}
	}
}

// Doubt is what it says: of copies that came from elsewhere, not more than a share p has a doubt below p. It is
// bounded for all extracts together; here for each alone, so that there is something to count.
func TestDoubtIsHonest(t *testing.T) {
	var below [4]int
	const copies, extracts = 100, 150
	for c := range copies {
		rows := listOf(t, 10_000+c, c*500, 60+c).rows
		content := asCSV(t, rows)
		read, err := mark.Read(bytes.NewReader(content), int64(len(content)))
		if err != nil {
			t.Fatal(err)
		}
		var everybody []genbo.PersonID
		for i := range rows {
			everybody = append(everybody, genbo.PersonID(1+(i*7919)%len(rows)))
		}
		trial := read.Try(everybody)
		index := func(p genbo.PersonID) (int, bool) { return int(p), true }
		for e := range extracts {
			doubt := trial.Against(mark.Listed{Secret: secret(e), Index: index}, 1).Doubt
			for n, limit := range []float64{1e-1, 1e-2, 1e-3, 1e-4} {
				if doubt < limit {
					below[n]++
				}
			}
		}
	}
	t.Logf("of %d trials, doubt is below 0.1: %d, 0.01: %d, 0.001: %d, 0.0001: %d", copies*extracts, below[0], below[1], below[2], below[3])
	for n, limit := range []float64{1e-1, 1e-2, 1e-3} {
		if share := float64(below[n]) / (copies * extracts); share > limit {
			t.Errorf("doubt below %v in %v of wrong trials", limit, share)
		}
	}
}

// Marks change no content, and a spelling can be spelled anew.
func TestSpellKeepsContent(t *testing.T) {
	one, two := mark.NewKey(secret(1)), mark.NewKey(secret(2))
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("山田ヤマだー 　0１-－番ab"))).Draw(t, "text")
		spelled := one.Spell(text)
		if mark.Plain(spelled) != mark.Plain(text) {
			t.Fatalf("%q became %q", text, spelled)
		}
		if again := one.Spell(two.Spell(text)); again != spelled {
			t.Fatalf("%q, spelled by another first, is %q", spelled, again)
		}
	})
}

func TestArrangeKeepsEverybody(t *testing.T) {
	l := listOf(t, 5, 100, 2345)
	seen := map[genbo.PersonID]int{}
	decoys, last := 0, mark.Place{}
	for _, s := range mark.NewKey(l.Secret).Arrange(l.people, l.Decoys) {
		if s.Person == 0 {
			decoys++
		} else {
			seen[s.Person]++
		}
		if s.Run < last.Run || s.Run == last.Run && s.Rank < last.Rank {
			t.Errorf("%+v stands behind %+v", s, last)
		}
		last = s.Place
	}
	if len(seen) != 2345 || decoys != len(l.Decoys) || decoys != 46 {
		t.Errorf("%d people, %d decoys", len(seen), decoys)
	}
}

// A decoy looks like the people beside it, and is nobody.
func TestDecoys(t *testing.T) {
	old, err := genbo.ParseNumber("1234-567890")
	if err != nil {
		t.Fatal(err)
	}
	issued, err := genbo.IssuedNumber(7)
	if err != nil {
		t.Fatal(err)
	}
	tries := 0
	decoys, err := mark.Decoys([]mark.Like{{Number: old, Office: "1101"}, {Number: issued}}, boxes, func(genbo.Number) (bool, error) {
		tries++
		return tries%3 == 0, nil
	})
	if err != nil || len(decoys) != 2 || tries != 6 {
		t.Fatalf("%+v, %d tries, %v", decoys, tries, err)
	}
	d := decoys[0]
	if !strings.HasPrefix(d.Number, "1234-") || d.Office != "1101" || !strings.HasPrefix(d.Address, boxes[0].Address+"-") || d.Name == "" || d.Kana == "" || d.Birth == "" {
		t.Errorf("%+v", d)
	}
	if n, err := genbo.ParseNumber(decoys[1].Number); err != nil || !n.Issued() {
		t.Errorf("%s: %v", decoys[1].Number, err)
	}
}

func TestReadRefuses(t *testing.T) {
	for what, content := range map[string]string{
		"nothing": "", "no text": " \n\t", "a PDF": "%PDF-1.7", "an encrypted workbook": "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
		"an age file": "age-encryption.org/v1\n", "a broken archive": "PK\x03\x04....", "bytes": string(bytes.Repeat([]byte{0xff, 0x00, 0x81}, 500)),
	} {
		if _, err := mark.Read(strings.NewReader(content), int64(len(content))); err == nil {
			t.Errorf("%s is read", what)
		}
	}
}

// A large workbook is read in memory: nothing of it gets into a temporary file.
func TestWorkbookStaysInMemory(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	row := `<row><c t="inlineStr"><is><t>1234-567890</t></is></c></row>`
	for name, text := range map[string]string{
		"[Content_Types].xml":        `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
		"_rels/.rels":                `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` + strings.Repeat(row, 20<<20/len(row)) + `</sheetData></worksheet>`,
	} {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	done, seen := make(chan struct{}), make(chan int)
	go func() {
		most := 0
		for {
			files, _ := os.ReadDir(dir)
			most = max(most, len(files))
			select {
			case <-done:
				seen <- most
				return
			case <-time.After(time.Millisecond):
			}
		}
	}()
	c, err := mark.Read(bytes.NewReader(b.Bytes()), int64(b.Len()))
	close(done)
	if most := <-seen; most > 0 {
		t.Errorf("%d temporary files while it was read", most)
	}
	if err != nil || len(c.Numbers(10)) != 1 {
		t.Fatalf("%d numbers, %v", len(c.Numbers(10)), err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("1234-567890,ヤマダ　タロウ,山田 太郎\n"))
	f.Add([]byte("\xff\xfea\x00"))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, content []byte) {
		c, err := mark.Read(bytes.NewReader(content), int64(len(content)))
		if err != nil {
			return
		}
		if s := c.Try(nil).Against(mark.Listed{Secret: secret(1)}, 1); s.Doubt < 0 || s.Doubt > 1 {
			t.Errorf("doubt is %v", s.Doubt)
		}
	})
}

func BenchmarkSpell(b *testing.B) {
	key := mark.NewKey(secret(1))
	for b.Loop() {
		for _, cell := range [...]string{"1234-567890", "ヤマダ　タロウ", "山田　太郎", "東京都千代田区霞が関1丁目2番3号"} {
			key.Spell(cell)
		}
	}
}

func BenchmarkAgainst(b *testing.B) {
	l := listOf(b, 1, 0, 5000)
	content := asCSV(b, l.rows)
	c, err := mark.Read(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		b.Fatal(err)
	}
	trial := c.Try(l.people)
	for b.Loop() {
		trial.Against(l.Listed, 1000)
	}
}
