//go:build linux

package scan

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"genbo/internal/base/lock"
)

// repeated is so many bytes of a pattern, as a stream.
func repeated(pattern string, n int64) io.Reader {
	return io.LimitReader(&pieces{[]byte(strings.Repeat(pattern, 1+1<<16/len(pattern)))}, n)
}

type pieces struct{ b []byte }

func (p *pieces) Read(b []byte) (int, error) { return copy(b, p.b[:len(p.b)&^1]), nil }

// zipStream is a zip of one member that is made as it is written.
func zipStream(t *testing.T, name string, content ...io.Reader) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	f, err := z.Create(name)
	if err == nil {
		_, err = io.Copy(f, io.MultiReader(content...))
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// overlapping is a zip whose directory names its one member many times.
func overlapping(name string, content []byte, times int) []byte {
	b := zipOf(name, content)
	from := bytes.Index(b, []byte("PK\x01\x02"))
	end := bytes.Index(b, []byte("PK\x05\x06"))
	out := append(bytes.Clone(b[:from]), bytes.Repeat(b[from:end], times)...)
	tail := bytes.Clone(b[end:])
	binary.LittleEndian.PutUint16(tail[8:], uint16(times))
	binary.LittleEndian.PutUint16(tail[10:], uint16(times))
	binary.LittleEndian.PutUint32(tail[12:], uint32(times*(end-from)))
	return append(out, tail...)
}

// bomb is zips in zips, sixteen in each, with zeros at the bottom: 400 GB in 20 kB.
func bomb(t *testing.T) []byte {
	b := zipStream(t, "zeros", repeated("\x00\x00", 20<<20))
	for range 3 {
		many := map[string][]byte{}
		for i := range 16 {
			many[fmt.Sprintf("%d.zip", i)] = b
		}
		b = zipWith(many)
	}
	return b
}

// TestBombs: what would unpack to more than a disk holds is left with a reason.
func TestBombs(t *testing.T) {
	content := bytes.Repeat([]byte("0123456789"), 10_000)
	for name, c := range map[string]struct {
		content []byte
		why     string
	}{
		"nested.zip":       {bomb(t), "too many bytes"},
		"overlapping.zip":  {overlapping("list.csv", content, 60_000), "lie over each other"},
		"overlapping.docx": {overlapping("word/document.xml", content, 60_000), "lie over each other"},
		"many.zip":         {bytes.Clone(manyMembers(t, 200)), "too many members"},
	} {
		t.Run(name, func(t *testing.T) {
			o := Options{Roots: []string{lay(t, map[string][]byte{name: c.content})}}
			switch name {
			case "nested.zip":
				o.Members.Bytes = 64 << 20
			case "many.zip":
				o.Members.Members = 100
			}
			f := find(run(t, o), name)
			if f == nil || f.Lock != lock.Unreadable || !hasReason(f, c.why) {
				t.Errorf("%+v", f)
			}
		})
	}
}

func manyMembers(t *testing.T, n int) []byte {
	t.Helper()
	files := map[string][]byte{}
	for i := range n {
		files[fmt.Sprintf("%d.txt", i)] = []byte("x")
	}
	return zipWith(files)
}

func hasReason(f *File, why string) bool {
	for _, m := range f.Missed {
		if strings.Contains(m.Why, why) {
			return true
		}
	}
	return false
}

// TestSparse: ten gigabytes of nothing end at once, with people in front of it or not.
func TestSparse(t *testing.T) {
	dir := lay(t, map[string][]byte{"zeros.bin": nil, "list.csv": []byte(strings.Repeat(table(), 40)), "base.db": []byte("SQLite format 3\x00\x10\x00"), "list.tar": tarOf("list.csv", []byte(table()))})
	for _, name := range []string{"zeros.bin", "list.csv", "base.db", "list.tar"} {
		if err := os.Truncate(filepath.Join(dir, name), 10<<30); err != nil {
			t.Fatal(err)
		}
	}
	r := run(t, Options{Roots: []string{dir}})
	for name, cases := range map[string]int{"zeros.bin": 0, "list.csv": 40 * rows, "base.db": 0, "list.tar": rows} {
		if f := find(r, name); f == nil || f.Cases.Total() != cases || cases == 0 && f.Lock != lock.Unreadable {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

// TestLongCells: a cell of any length is read in pieces or told as not read, and takes no more memory than the limits.
func TestLongCells(t *testing.T) {
	const long, most = 40 << 20, 200 << 20
	text := func(before, after string) []io.Reader {
		return []io.Reader{strings.NewReader(before), repeated("ab", long), strings.NewReader(after)}
	}
	const sheet, shut = `<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>`, `</t></is></c><c r="B1" t="inlineStr"><is><t>x</t></is></c></row></sheetData></worksheet>`
	book := zipStream(t, "xl/worksheets/sheet1.xml", text(sheet, shut)...)
	for name, c := range map[string]struct {
		content []byte
		why     string
	}{
		"list.csv.zip":  {zipStream(t, "list.csv", text("a,\"", "\",c\n")...), ""},
		"list.json":     {all(t, text(`{"a":"`, `"}`)...), "a value of more than"},
		"list.docx":     {zipStream(t, "word/document.xml", strings.NewReader("<w:p><w:r><w:t>"), repeated("ab", long/32), strings.NewReader("</w:t></w:r></w:p>")), ""},
		"cell.docx":     {zipStream(t, "word/document.xml", text("<w:tbl><w:tr><w:tc><w:p><w:r><w:t>", "</w:t></w:r></w:p></w:tc></w:tr></w:tbl>")...), "a cell of more than"},
		"list.xlsx":     {withPart(t, book, "xl/workbook.xml"), "a cell of more than"},
		"list.eml":      {[]byte("From: a@example.jp\nTo: b@example.jp\n\n" + strings.Repeat("ab", 8<<20)), ""},
		"unfinished.7z": {[]byte("7z\xbc\xaf\x27\x1c\x00\x04"), "7z"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := lay(t, map[string][]byte{name: c.content})
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			f := find(run(t, Options{Roots: []string{dir}, Workers: 1}), name)
			runtime.ReadMemStats(&after)
			if used := after.TotalAlloc - before.TotalAlloc; used > most {
				t.Errorf("%d MiB of memory", used>>20)
			}
			if told := f != nil && hasReason(f, c.why); told != (c.why != "") {
				t.Errorf("%+v", f)
			}
		})
	}
}

// withPart adds an empty part to a zip.
func withPart(t *testing.T, b []byte, name string) []byte {
	t.Helper()
	old, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range old.File {
		if err := z.Copy(f); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := z.Create(name); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func all(t *testing.T, content ...io.Reader) []byte {
	t.Helper()
	b, err := io.ReadAll(io.MultiReader(content...))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestVanished: a file that is gone, or is no file any more, when it is to be read is told as such.
func TestVanished(t *testing.T) {
	dir := t.TempDir()
	link := filepath.Join(dir, "link")
	if err := os.Symlink(filepath.Join(dir, "a"), link); err != nil {
		t.Fatal(err)
	}
	s := &scan{Options: Options{Now: time.Now}, persons: newPeople(), ctx: t.Context()}
	s.defaults()
	for name, want := range map[string]string{filepath.Join(dir, "gone"): "vanished", link: "", dir: "no regular file"} {
		f := newWorker(s).file(name)
		if f.Lock != lock.Unreadable || len(f.Missed) != 1 || !strings.Contains(f.Missed[0].Why, want) {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

// TestNoReader: databases that cannot be read are failures with a reason, never open and empty.
func TestNoReader(t *testing.T) {
	r := run(t, Options{Roots: []string{lay(t, map[string][]byte{
		"a.mdb": append([]byte("\x00\x01\x00\x00Standard Jet DB\x00"), make([]byte, 4096)...), "b.accdb": append([]byte("\x00\x01\x00\x00Standard ACE DB\x00"), make([]byte, 4096)...),
		"c.db-wal": append([]byte("\x37\x7f\x06\x82\x00\x2d\xe2\x18"), make([]byte, 4096)...),
	})}})
	for name, why := range map[string]string{"a.mdb": "Access", "b.accdb": "Access", "c.db-wal": "a database beside it"} {
		if f := find(r, name); f == nil || f.Lock != lock.Unreadable || !hasReason(f, why) {
			t.Errorf("%s: %+v", name, f)
		}
	}
}
