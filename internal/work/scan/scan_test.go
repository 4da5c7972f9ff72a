//go:build linux

package scan

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/japanese"

	"genbo/internal/base/lock"
)

const rows = 300

// table is a mailing list of 300 people.
func table() string {
	var b strings.Builder
	b.WriteString("基礎年金番号,氏名,生年月日,住所\r\n")
	for i := range rows {
		fmt.Fprintf(&b, "%04d-%06d,年金 太郎%d,昭和%d年3月1日,東京都千代田区霞が関1-2-%d\r\n", 1000+i, i*7, i, 10+i%50, i+1)
	}
	return b.String()
}

func zipOf(name string, content []byte) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	f, _ := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, NonUTF8: true})
	_, _ = f.Write(content)
	_ = z.Close()
	return b.Bytes()
}

func gzipOf(content []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(content)
	_ = z.Close()
	return b.Bytes()
}

func tarOf(name string, content []byte) []byte {
	var b bytes.Buffer
	t := tar.NewWriter(&b)
	_ = t.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(content))})
	_, _ = t.Write(content)
	_ = t.Close()
	return b.Bytes()
}

func workbookOf(t *testing.T, text string) []byte {
	t.Helper()
	f := excelize.NewFile()
	for i, line := range strings.Split(strings.TrimSpace(text), "\r\n") {
		cells := strings.Split(line, ",")
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &cells); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func docxOf(body string) []byte {
	return zipOf("word/document.xml", []byte(`<?xml version="1.0"?><w:document><w:body>`+body+`</w:body></w:document>`))
}

func sjis(t *testing.T, s string) []byte {
	t.Helper()
	b, err := japanese.ShiftJIS.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// lay writes the files into a new folder.
func lay(t *testing.T, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func run(t *testing.T, o Options) *Report {
	t.Helper()
	o.Now = time.Now
	r, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestFormats: the same people are found in every container, and are the same persons.
func TestFormats(t *testing.T) {
	text := table()
	files := map[string][]byte{
		"utf8.csv":    []byte(text),
		"cp932.dat":   sjis(t, text),
		"list.zip":    zipOf("名簿.csv", []byte(text)),
		"nested.bin":  zipOf("inner.tar.gz", gzipOf(tarOf("list.csv", sjis(t, text)))),
		"book.xlsx":   workbookOf(t, text),
		"in-zip":      zipOf("book.xlsx", workbookOf(t, text)),
		"mail.eml":    []byte("From: a@example.jp\r\nTo: b@example.jp\r\nSubject: list\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nsee attachment\r\n--x\r\nContent-Type: text/csv; name=list.csv\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64(sjis(t, text)) + "\r\n--x--\r\n"),
		"nobody.log":  []byte(strings.Repeat("2026-11-24 12:00:00 INFO request 12 done\n", 100)),
		"picture.csv": []byte("\x89PNG\r\n\x1a\n........"),
		"empty.csv":   nil,
	}
	r := run(t, Options{Roots: []string{lay(t, files)}})
	if want := 7 * rows; r.WithPeople.Cases != want || r.WithPeople.Persons != rows || r.WithPeople.Files != 7 {
		t.Errorf("got %+v, want %d cases of %d persons in 7 files", r.WithPeople, want, rows)
		for _, f := range r.List {
			t.Logf("%s %s %v %v", filepath.Base(f.Path), f.Type, f.Cases, f.Missed)
		}
	}
	if !r.Complete() || r.Files != len(files) {
		t.Errorf("of %d files %d were not read", r.Files, r.Unread)
	}
	if got := r.ByFields["NABD"]; got.Unprotected != 7*rows || got.Persons != rows {
		t.Errorf("field sets: %+v", r.ByFields)
	}
}

func b64(b []byte) string {
	var out strings.Builder
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	for i := 0; i < len(b); i += 3 {
		var v uint
		for j := range 3 {
			v <<= 8
			if i+j < len(b) {
				v |= uint(b[i+j])
			}
		}
		for j := range 4 {
			if i+j > len(b) {
				out.WriteByte('=')
			} else {
				out.WriteByte(letters[v>>(18-6*j)&63])
			}
		}
		if i%57 == 54 {
			out.WriteString("\r\n")
		}
	}
	return out.String()
}

// TestRunsOfText: a number that a word processor cut in two is found.
func TestRunsOfText(t *testing.T) {
	doc := docxOf(`<w:p><w:r><w:t>基礎年金番号 1234-</w:t></w:r><w:r><w:t>567890</w:t></w:r></w:p><w:p><w:r><w:t>氏名 佐藤 一郎</w:t></w:r></w:p>`)
	r := run(t, Options{Roots: []string{lay(t, map[string][]byte{"a.docx": doc})}})
	if r.ByFields["NA"].Unprotected != 1 {
		t.Errorf("got %+v", r.ByFields)
	}
}

// TestNothingQuiet: what is not read is in the report with a reason, and nothing hangs or breaks.
func TestNothingQuiet(t *testing.T) {
	bomb := zipOf("zeros", bytes.Repeat([]byte("0"), 3<<20))
	cut := zipOf("list.csv", []byte(table()))
	deep := []byte(table())
	for range 5 {
		deep = zipOf("x.zip", deep)
	}
	dir := lay(t, map[string][]byte{
		"bomb.zip": bomb, "cut.zip": cut[:len(cut)/2], "deep.zip": deep, "unknown.bin": bytes.Repeat([]byte{0, 1, 2, 3, 250, 251}, 500),
		"new\nline.csv": []byte(table()), "bad\xff.csv": []byte("氏名\n佐藤 一郎\n"),
	})
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(dir, filepath.Join(dir, "loop")); err != nil {
		t.Fatal(err)
	}
	o := Options{Roots: []string{dir}, Depth: 3}
	o.Members.Bytes, o.Members.Members = 1<<20, 10
	r := run(t, o)
	for name, want := range map[string]string{"bomb.zip": "too many bytes", "cut.zip": "damaged", "deep.zip": "deep in each other", "unknown.bin": "unknown content"} {
		f := find(r, name)
		if f == nil || len(f.Missed) == 0 || !strings.Contains(f.Missed[0].Why, want) || f.Lock != lock.Unreadable {
			t.Errorf("%s: got %+v, want the reason %q", name, f, want)
		}
	}
	if r.Complete() || r.Unread != 4 || r.Skipped["pipe"] != 1 || r.Skipped["link"] != 1 {
		t.Errorf("not read %d, skipped %v", r.Unread, r.Skipped)
	}
	if f := find(r, "new\nline.csv"); f == nil || f.Cases.Total() != rows {
		t.Errorf("a name with a line feed: %+v", f)
	}
}

func find(r *Report, name string) *File {
	for _, f := range r.List {
		if filepath.Base(f.Path) == name {
			return f
		}
	}
	return nil
}

// TestWeakIsNotRead: what a weak lock hides is not counted, and the report says so.
func TestWeakIsNotRead(t *testing.T) {
	weak := zipOf("list.csv", []byte(table()))
	weak[6] |= 1 // the flag of the local header
	weak[bytes.Index(weak, []byte("PK\x01\x02"))+8] |= 1
	r := run(t, Options{Roots: []string{lay(t, map[string][]byte{"weak.zip": weak})}})
	f := find(r, "weak.zip")
	if f == nil || f.Lock != lock.Weak || f.How != "ZipCrypto" || len(f.Missed) != 1 || r.Complete() {
		t.Errorf("got %+v, complete %v", f, r.Complete())
	}
}

// TestPossible: numbers with nothing beside them are no cases, and are told apart.
func TestPossible(t *testing.T) {
	r := run(t, Options{Roots: []string{lay(t, map[string][]byte{"a.csv": []byte("1234-567890,1\n2234-567890,2\n3234-567890,3\n")})}})
	if r.Possible != 3 || r.WithPeople.Cases != 0 {
		t.Errorf("possible %d, cases %d", r.Possible, r.WithPeople.Cases)
	}
}

// TestLeavesNoTrace: neither content nor times of a file change, and nothing is written beside it.
func TestLeavesNoTrace(t *testing.T) {
	dir := lay(t, map[string][]byte{"a.csv": []byte(table())})
	old := time.Now().Add(-100 * time.Hour).Truncate(time.Second)
	name := filepath.Join(dir, "a.csv")
	if err := os.Chtimes(name, old, old); err != nil {
		t.Fatal(err)
	}
	run(t, Options{Roots: []string{dir}})
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	if !info.ModTime().Equal(old) || accessed(info) != old.Unix() {
		t.Error("the file's times were changed")
	}
	if list, _ := os.ReadDir(dir); len(list) != 1 {
		t.Errorf("%d files in the folder", len(list))
	}
}

func accessed(info os.FileInfo) int64 { return info.Sys().(*syscall.Stat_t).Atim.Sec }

// TestInterrupted: a scan that is ended reports what it did, and says that it is not all.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r, err := Run(ctx, Options{Roots: []string{t.TempDir()}, Now: time.Now})
	if err != nil || !r.Interrupted || r.Complete() {
		t.Errorf("got %+v, %v", r, err)
	}
}

// TestReportHoldsNobody: no name, number or address gets into the report.
func TestReportHoldsNobody(t *testing.T) {
	r := run(t, Options{Roots: []string{lay(t, map[string][]byte{"a.csv": []byte(table())})}})
	for _, f := range r.List {
		if s := fmt.Sprintf("%+v", *f); strings.Contains(s, "太郎") || strings.Contains(s, "000007") {
			t.Errorf("the report holds a person: %s", s)
		}
	}
}

func FuzzContent(f *testing.F) {
	f.Add([]byte(table()[:200]))
	f.Add(zipOf("a.csv", []byte("氏名\n佐藤 一郎\n")))
	f.Add(docxOf("<w:tbl><w:tr><w:tc><w:p><w:r><w:t>氏名</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"))
	f.Add([]byte(`[{"氏名":"佐藤 一郎"}]`))
	f.Add([]byte("<?xml version=\"1.0\"?><a><b c=\"d\">e</b></a>"))
	f.Fuzz(func(t *testing.T, content []byte) {
		s := &scan{Options: Options{Now: time.Now}, persons: newPeople(), ctx: t.Context()}
		s.defaults()
		s.Memory, s.Members.Bytes = 1<<20, 4<<20
		w := newWorker(s)
		w.current, w.unpack, w.solid = &File{Cases: Counts{}}, s.Members, int64(len(content))
		w.content(io.NewSectionReader(bytes.NewReader(content), 0, int64(len(content))), "x")
		for _, m := range w.current.Missed {
			if strings.Contains(m.Why, "reader broke") {
				t.Error(m.Why)
			}
		}
	})
}
