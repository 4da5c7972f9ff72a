//go:build linux

package scan

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"genbo/internal/work/detect"
)

// later is a clock an hour ahead: files that were laid just now have settled.
func later() time.Time { return time.Now().Add(time.Hour) }

func openKnown(t *testing.T, path string) *Known {
	t.Helper()
	k, err := OpenKnown(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = k.Close() })
	return k
}

func runKnown(t *testing.T, k *Known, o Options) *Report {
	t.Helper()
	o.Known, o.Now = k, later
	r, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if err := k.Save(); err != nil {
		t.Fatal(err)
	}
	return r
}

// office is a share with people, nobody, a locked file and a damaged one.
func office(t *testing.T) string {
	return lay(t, map[string][]byte{
		"a.csv": []byte(table()), "b.csv": []byte(table()), "c.zip": zipOf("c.csv", []byte("氏名,生年月日\n佐藤 一郎,昭和23年5月3日\n鈴木 花子,昭和24年5月3日\n")),
		"nobody.txt": []byte("nothing\n"), "locked.age": []byte("age-encryption.org/v1\n-> X25519 a\n"), "cut.zip": []byte("PK\x03\x04 cut"),
	})
}

// TestKnown: a second scan says the same as the first, and reads what changed, what is locked, and what could not be read.
func TestKnown(t *testing.T) {
	dir, path := office(t), filepath.Join(t.TempDir(), "known")
	k := openKnown(t, path)
	first := runKnown(t, k, Options{Roots: []string{dir}})
	if k.Anew() != "" || first.KnownAnew != "first" || first.FromBefore != 0 {
		t.Errorf("the first scan: %q, %d from before", first.KnownAnew, first.FromBefore)
	}
	plain := run(t, Options{Roots: []string{dir}})
	same := cmpopts.IgnoreFields(Report{}, "Begun", "Ended", "KnownAnew", "FromBefore")
	ignore := cmp.Options{same, cmpopts.IgnoreFields(File{}, "Before"), cmpopts.IgnoreUnexported(File{}), cmpopts.EquateApproxTime(0)}
	if d := cmp.Diff(plain, first, ignore); d != "" {
		t.Errorf("a scan that keeps what it found finds other things (-without +with):\n%s", d)
	}
	reopened := openKnown(t, path)
	for name, k := range map[string]*Known{"the same": k, "opened again": reopened} {
		again := runKnown(t, k, Options{Roots: []string{dir}})
		if d := cmp.Diff(plain, again, ignore); d != "" || again.FromBefore != 4 {
			t.Errorf("%s: %d from before, want 4 (-read +known):\n%s", name, again.FromBefore, d)
		}
		k.Close()
	}

	k = openKnown(t, path)
	write(t, filepath.Join(dir, "b.csv"), strings.Replace(table(), "年金 太郎1,", "年金 太郎1 ,", 1)+"9999-000009,年金 花子,昭和30年3月1日,東京都千代田区霞が関1-2-1\r\n")
	changed := runKnown(t, k, Options{Roots: []string{dir}})
	if changed.FromBefore != 3 || changed.WithPeople.Persons != plain.WithPeople.Persons+1 {
		t.Errorf("after a change: %d from before, %d persons", changed.FromBefore, changed.WithPeople.Persons)
	}
	if err := os.Remove(filepath.Join(dir, "a.csv")); err != nil {
		t.Fatal(err)
	}
	if gone := runKnown(t, k, Options{Roots: []string{dir}}); gone.FromBefore != 3 || gone.WithPeople.Persons != changed.WithPeople.Persons {
		t.Errorf("after one was removed: %d from before, %d persons", gone.FromBefore, gone.WithPeople.Persons)
	}
	if len(k.index) != 3 {
		t.Errorf("%d files are known, want the 3 that are there", len(k.index))
	}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestKnownSameSize: a change that leaves size and time of the content as they were shows in the time of the entry.
func TestKnownSameSize(t *testing.T) {
	dir := lay(t, map[string][]byte{"a.txt": []byte("1234-567890")})
	path := filepath.Join(dir, "a.txt")
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	k := openKnown(t, filepath.Join(t.TempDir(), "known"))
	runKnown(t, k, Options{Roots: []string{dir}})
	time.Sleep(20 * time.Millisecond) // a tick of the file system's clock
	write(t, path, "no number..")
	if err := os.Chtimes(path, info.ModTime(), info.ModTime()); err != nil {
		t.Fatal(err)
	}
	if r := runKnown(t, k, Options{Roots: []string{dir}}); r.FromBefore != 0 || r.Possible != 0 {
		t.Errorf("%d from before, %d numbers", r.FromBefore, r.Possible)
	}
}

// TestKnownFresh: what was written a moment ago may be written again within the same tick, and is not kept.
func TestKnownFresh(t *testing.T) {
	dir := lay(t, map[string][]byte{"a.txt": []byte("nothing")})
	k := openKnown(t, filepath.Join(t.TempDir(), "known"))
	for range 2 {
		if r := run(t, Options{Roots: []string{dir}, Known: k}); r.FromBefore != 0 {
			t.Errorf("%d from before", r.FromBefore)
		}
	}
}

// TestKnownParts: scans of other folders, and interrupted ones, leave alone what they did not come to.
func TestKnownParts(t *testing.T) {
	one, two := office(t), office(t)
	k := openKnown(t, filepath.Join(t.TempDir(), "known"))
	runKnown(t, k, Options{Roots: []string{one}})
	runKnown(t, k, Options{Roots: []string{two}})
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if r, err := Run(ended, Options{Roots: []string{one, two}, Known: k, Now: later}); err != nil || !r.Interrupted {
		t.Fatalf("%v, %+v", err, r)
	}
	if r := runKnown(t, k, Options{Roots: []string{one, two}}); r.FromBefore != 8 {
		t.Errorf("%d from before, want 8", r.FromBefore)
	}
}

// TestKnownIsNotTrusted: another depth, a flipped bit and a cut begin anew, and say so.
func TestKnownIsNotTrusted(t *testing.T) {
	dir, path := office(t), filepath.Join(t.TempDir(), "known")
	runKnown(t, openKnown(t, path), Options{Roots: []string{dir}})
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	spoil := func(at int) []byte {
		b := bytes.Clone(good)
		b[at] ^= 1
		return b
	}
	for name, c := range map[string]struct {
		content []byte
		depth   int
		want    string
	}{
		"as it was":        {good, 8, ""},
		"another depth":    {good, 3, "options"},
		"the magic":        {spoil(0), 8, "damaged"},
		"the program":      {spoil(header - 1), 8, "damaged"},
		"a length":         {spoil(header), 8, "damaged"},
		"a path":           {spoil(header + 8), 8, "damaged"},
		"the end":          {spoil(len(good) - 1), 8, "damaged"},
		"cut":              {good[:len(good)-40], 8, "damaged"},
		"cut in the magic": {good[:5], 8, "damaged"},
		"more":             {append(bytes.Clone(good), 0), 8, "damaged"},
		"empty":            {nil, 8, "damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			write(t, path, string(c.content))
			k := openKnown(t, path)
			r, err := Run(t.Context(), Options{Roots: []string{dir}, Depth: c.depth, Known: k, Now: later})
			if err != nil || r.KnownAnew != c.want || (r.FromBefore > 0) != (c.want == "") || r.WithPeople.Persons != rows+2 {
				t.Errorf("%v: %q, %d from before, %d persons; want %q", err, r.KnownAnew, r.FromBefore, r.WithPeople.Persons, c.want)
			}
		})
	}
	write(t, path, string(good))
	if err := os.Remove(path + ".key"); err != nil {
		t.Fatal(err)
	}
	if k := openKnown(t, path); k.Anew() != "damaged" {
		t.Errorf("under another key: %q", k.Anew())
	}
}

// TestKnownHoldsNoPerson: neither names nor numbers stand in the file, and only its owner may read it and its key.
func TestKnownHoldsNoPerson(t *testing.T) {
	dir, path := office(t), filepath.Join(t.TempDir(), "known")
	runKnown(t, openKnown(t, path), Options{Roots: []string{dir}, Samples: 3, Show: true})
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	number := binary.LittleEndian.AppendUint64(nil, 1007_000049)[:5] // as a word is written
	for _, never := range [][]byte{[]byte("年金"), []byte("佐藤"), []byte("000049"), number} {
		if bytes.Contains(b, never) {
			t.Errorf("%q stands in it", never)
		}
	}
	for _, name := range []string{path, path + ".key"} {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
	if left, _ := filepath.Glob(path + ".new*"); left != nil {
		t.Errorf("left over: %v", left)
	}
}

// TestKnownOptions: whoever adds an option says here whether what was found without it still holds.
func TestKnownOptions(t *testing.T) {
	decides := []string{"Depth", "Members", "Memory", "Whose"}                                                               // programOf has these
	not := []string{"Roots", "Workers", "Samples", "Show", "Known", "Now", "Progress", "Pace", "Cache", "Passwords", "Case"} // locked files are never taken from Known
	var got []string
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Options]()) {
		got = append(got, f.Name)
	}
	sorted := cmpopts.SortSlices(strings.Compare)
	if d := cmp.Diff(append(decides, not...), got, sorted); d != "" {
		t.Errorf("options of a scan, by whether programOf has them (-here +Options):\n%s", d)
	}
}

func FuzzRecord(f *testing.F) {
	record, err := encode(&File{Path: "/a", Type: "text", Cases: Counts{"NA": 2}}, stamp{1, 2, 3, 4}, []uint64{1, 2})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(record)
	f.Fuzz(func(t *testing.T, record []byte) {
		file, s, persons, err := decode(record)
		if err != nil {
			return
		}
		again, err := encode(file, s, persons)
		if err != nil {
			t.Fatal(err)
		}
		if f2, s2, p2, err := decode(again); err != nil || f2.Path != file.Path || s2 != s || !cmp.Equal(p2, persons) {
			t.Fatalf("%v: %+v became %+v", err, file, f2)
		}
	})
}

// BenchmarkKnown opens, looks up and saves a million files, one of a hundred with people.
func BenchmarkKnown(b *testing.B) {
	const files = 1_000_000
	path := filepath.Join(b.TempDir(), "known")
	k, err := OpenKnown(path)
	if err != nil {
		b.Fatal(err)
	}
	o := Options{Roots: []string{"/srv"}, Known: k, Now: later}
	o.defaults()
	name := func(i int) string {
		return fmt.Sprintf("/srv/share/department %d/folder %d/document %d.xlsx", i%395, i%1999, i)
	}
	if err := k.begin(&o); err != nil {
		b.Fatal(err)
	}
	persons := make([]uint64, 1300)
	for i := range files {
		f, p := &File{Path: name(i), Type: "xlsx", Owner: "clerk", Cases: Counts{}}, []uint64(nil)
		if i%100 == 0 {
			f.Cases["NAB"], p = 1300, persons
		}
		k.keep(f, stamp{int64(i), 1, 1, uint64(i)}, p)
	}
	if err := k.Save(); err != nil {
		b.Fatal(err)
	}
	info, _ := os.Stat(path)
	for b.Loop() {
		begun := time.Now()
		if k, err = OpenKnown(path); err != nil {
			b.Fatal(err)
		}
		opened := time.Now()
		if err := k.begin(&o); err != nil {
			b.Fatal(err)
		}
		for i := range files {
			if _, _, ok := k.find(name(i), stamp{int64(i), 1, 1, uint64(i)}); !ok {
				b.Fatal(name(i))
			}
		}
		found := time.Now()
		k.end([]string{"/srv"}, false)
		if err := k.Save(); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(opened.Sub(begun).Seconds(), "s/open")
		b.ReportMetric(found.Sub(opened).Seconds(), "s/find")
		b.ReportMetric(time.Since(found).Seconds(), "s/save")
	}
	b.ReportMetric(float64(info.Size())/1e6, "MB")
}

func BenchmarkToken(b *testing.B) {
	k, err := OpenKnown(filepath.Join(b.TempDir(), "known"))
	if err != nil {
		b.Fatal(err)
	}
	tokens, c := k.newTokens(), &detect.Case{Number: 1234567890}
	for b.Loop() {
		tokens.of(c)
	}
}

func TestReportReads(t *testing.T) {
	r := run(t, Options{Roots: []string{office(t)}})
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := ReadReport(bytes.NewReader(text)); err != nil || again.Compare(r).Worse() || r.Compare(again).Worse() {
		t.Errorf("%v", err)
	}
	for _, bad := range []string{"", "{", `{"version": 99}`, `{"version": 1, "list": [null]}`} {
		if _, err := ReadReport(strings.NewReader(bad)); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}
