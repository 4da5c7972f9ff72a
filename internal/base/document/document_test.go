package document

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"
)

// said is a sink that writes down what it is given.
type said struct{ strings.Builder }

func (s *said) Begin()        {}
func (s *said) Text(b []byte) { fmt.Fprintf(s, "%s\n", b) }
func (s *said) Row(cells [][]byte) {
	s.WriteString(string(bytes.Join(cells, []byte("|"))) + "\n")
}

func source(s string) Source {
	return io.NewSectionReader(strings.NewReader(s), 0, int64(len(s)))
}

func TestRead(t *testing.T) {
	for name, c := range map[string]struct {
		is         Type
		text, want string
	}{
		"json":               {JSON, `[{"氏名":"佐藤","年":1},{"氏名":"鈴木","年":2}]`, "氏名|年\n佐藤|1\n鈴木|2\n"},
		"json and then none": {JSON, "{\"氏名\":\"佐藤\"}\n// 氏名 鈴木\n{\"氏名\":\"高橋\"}\n", "氏名\n佐藤\n// 氏名 鈴木\n{\"氏名\":\"高橋\"}\n"},
		"xml":                {XML, `<?xml version="1.0"?><l><p><氏名>佐藤</氏名><住所>東&amp;京</住所></p></l>`, "氏名|住所\n佐藤|東&京\n"},
		"html": {HTML, `<html><body><p>一<br>二</p><table><tr><th>氏名<th>年<tr><td>佐藤</td><td>&#49;</td></tr></table><script>x</script></body></html>`,
			"一\n二\n氏名|年\n佐藤|1\n"},
		"rtf": {RTF, `{\rtf1\ansi\ansicpg932{\fonttbl{\f0 Name;}}\uc1 \u27663?\u21517? \'8d\'b2\'93\'a1\par 1234-{\b 567890}\par` +
			`\trowd\intbl a\cell b\cell\row\pard z}`, "氏名 佐藤\n1234-567890\na|b\nz\n"},
		"rtf cut": {RTF, `{\rtf1 abc\u27663`, "abc\n"},
	} {
		t.Run(name, func(t *testing.T) {
			src := source(c.text)
			if is, err := Sniff(src); is != c.is || err != nil {
				t.Fatalf("taken for %s: %v", is, err)
			}
			var got said
			if err := Read(src, c.is, &got); err != nil {
				t.Fatal(err)
			}
			if got.String() != c.want {
				t.Errorf("got\n%swant\n%s", got.String(), c.want)
			}
		})
	}
}

// TestSniff: what a file is does not hang on its name, only on its bytes.
func TestSniff(t *testing.T) {
	for text, want := range map[string]Type{
		"":                                       Empty,
		"氏名,住所\n":                                Text,
		"%PDF-1.7\n":                             PDF,
		"\x89PNG\r\n\x1a\n":                      Image,
		"\x1f\x8b\x08":                           Gzip,
		"\x00\x01\x02\x03\xff":                   Unknown,
		"age-encryption.org/v1\n-> X25519 a\n":   Age,
		"From: a@example.jp\nSubject: b\n\ntext": Mail,
		"From a@example.jp Mon\nFrom: a@example.jp\n\ntext":      Mbox,
		"SQLite format 3\x00....":                                SQLite,
		"To whom it may concern: nothing\nis said here, at all.": Text,
	} {
		if is, err := Sniff(source(text)); is != want || err != nil {
			t.Errorf("%q: taken for %s (%v), want %s", text, is, err, want)
		}
	}
}

// TestEntitiesAreNotFollowed: an entity that a document defines itself stays as it is written.
func TestEntitiesAreNotFollowed(t *testing.T) {
	bomb := `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><l><c>&b;</c></l>`
	var got said
	if err := Read(source(bomb), XML, &got); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(got.String(), "xx") {
		t.Errorf("resolved: %q", got.String())
	}
}

// TestSerial compares the days of spreadsheets with Go's calendar.
func TestSerial(t *testing.T) {
	for days := 61; days < 80_000; days++ {
		want := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, days).Format(time.DateOnly)
		if got := string(appendSerial(nil, []byte(strconv.Itoa(days)))); got != want {
			t.Fatalf("day %d: %s, want %s", days, got, want)
		}
	}
	for value, want := range map[string]string{"1": "1900-01-01", "59": "1900-02-28", "18323.75": "1950-03-01", "0": "0", "x": "x", "9999999": "9999999"} {
		if got := string(appendSerial(nil, []byte(value))); got != want {
			t.Errorf("%s: %s, want %s", value, got, want)
		}
	}
}

func FuzzRTF(f *testing.F) {
	f.Add(`{\rtf1\ansi{\fonttbl{\f0 Name;}}\uc1 \u27663?\'8d\'b2\par\cell\row}`)
	f.Fuzz(func(t *testing.T, text string) {
		var got said
		_ = Read(source(text), RTF, &got)
	})
}

func FuzzMarkup(f *testing.F) {
	f.Add(`<html><table><tr><td>a</td></tr></table>&amp;&#x41;<!-- x --><![CDATA[y]]>`)
	f.Fuzz(func(t *testing.T, text string) {
		for _, is := range []Type{HTML, XML, JSON} {
			var got said
			_ = Read(source(text), is, &got)
		}
	})
}

func BenchmarkSheet(b *testing.B) {
	var s strings.Builder
	s.WriteString(`<worksheet><sheetData>`)
	for i := range 20000 {
		fmt.Fprintf(&s, `<row r="%d"><c r="A%d" t="inlineStr"><is><t>1234-567890</t></is></c><c r="B%d" s="1"><v>18323</v></c><c r="C%d" t="s"><v>0</v></c></row>`, i+1, i+1, i+1, i+1)
	}
	s.WriteString(`</sheetData></worksheet>`)
	b.SetBytes(int64(s.Len()))
	for b.Loop() {
		w := workbook{out: &nobody{}, texts: []byte("年金 太郎"), ends: []uint32{13}, dates: []bool{false, true}}
		if err := w.readSheet(strings.NewReader(s.String())); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkBlocks(b *testing.B) {
	text := strings.Repeat(`<w:p w:rsidR="00A1"><w:pPr><w:jc w:val="left"/></w:pPr><w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t>基礎年金番号 1234-</w:t></w:r><w:r><w:rPr><w:rFonts w:hint="eastAsia"/><w:sz w:val="21"/></w:rPr><w:t>567890　年金 太郎 様</w:t></w:r></w:p>`, 5000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if err := readBlocks(strings.NewReader(text), wordVocabulary, nobody{}); err != nil {
			b.Fatal(err)
		}
	}
}

type nobody struct{}

func (nobody) Begin()       {}
func (nobody) Text([]byte)  {}
func (nobody) Row([][]byte) {}
