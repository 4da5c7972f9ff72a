package sealed_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"golang.org/x/mod/sumdb/note"
	"pgregory.net/rapid"

	"genbo"
	"genbo/internal/base/sealed"
)

var update = flag.Bool("update", false, "write the vectors in testdata anew")

var expires = time.Date(2026, 12, 31, 15, 0, 0, 0, time.UTC)

// signer is the core's signature of the tests.
func signer(t interface{ Fatal(...any) }) (note.Signer, note.Verifier) {
	secret, public, err := note.GenerateKey(bytes.NewReader(bytes.Repeat([]byte{7}, 64)), "genbo.test")
	if err != nil {
		t.Fatal(err)
	}
	s, err := note.NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	v, err := note.NewVerifier(public)
	if err != nil {
		t.Fatal(err)
	}
	return s, v
}

func manifest(rows int) sealed.Manifest {
	return sealed.Manifest{Extract: "extract1", Seal: "seal1", Purpose: "overdue-notice", Ja: "督励", En: "Overdue notice", Fields: "NAD",
		Columns: []string{"number", "name", "address"}, Rows: rows, Staff: "clerk1", Device: "pc-1", SealedAt: expires.AddDate(0, 0, -7), ExpiresAt: expires}
}

func binding() sealed.Binding { return sealed.Binding{"extract1", "seal1", "clerk1", "pc-1", expires} }

var share = bytes.Repeat([]byte{9}, sealed.ShareBytes)

func row(n int) []string {
	return []string{fmt.Sprintf("1100-%06d", n), "試験　アアアア", fmt.Sprintf("東京都千代田区霞が関一丁目%d番地", n)}
}

// file seals rows.
func file(t testing.TB, m sealed.Manifest, share []byte) []byte {
	t.Helper()
	s, _ := signer(t)
	var b bytes.Buffer
	w, err := sealed.NewWriter(&b, share, s, m)
	if err != nil {
		t.Fatal(err)
	}
	for n := range m.Rows {
		if err := w.WriteRow(row(n)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// read opens a file as core and agent do together, and returns its rows.
func read(t testing.TB, content []byte, share []byte, b sealed.Binding) (rows [][]string, err error) {
	t.Helper()
	_, verifier := signer(t)
	stanza, err := sealed.ReadStanza(bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	key, err := sealed.Unwrap(share, b, stanza)
	if err != nil {
		return nil, err
	}
	v, err := sealed.NewView(bytes.NewReader(content), int64(len(content)), stanza, key, verifier)
	if err != nil {
		return nil, err
	}
	err = v.Each(0, func(_ int, cells []string) bool {
		rows = append(rows, cells)
		return true
	})
	return rows, err
}

func TestSealAndOpen(t *testing.T) {
	content := file(t, manifest(1000), share)
	if bytes.Contains(content, []byte("1100-")) || bytes.Contains(content, []byte("督励")) || bytes.Contains(content, []byte("clerk1")) {
		t.Error("the file shows content, or for whom it is")
	}
	rows, err := read(t, content, share, binding())
	if err != nil || len(rows) != 1000 || strings.Join(rows[999], "|") != strings.Join(row(999), "|") {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
}

func TestCellsComeBack(t *testing.T) {
	s, _ := signer(t)
	cells := []string{`a "quoted", cell`, "#genbo-trailer 1 x", ""}
	var b bytes.Buffer
	w, err := sealed.NewWriter(&b, share, s, manifest(1))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.WriteRow(cells), w.Close()); err != nil {
		t.Fatal(err)
	}
	rows, err := read(t, b.Bytes(), share, binding())
	if err != nil || strings.Join(rows[0], "|") != strings.Join(cells, "|") {
		t.Fatalf("%q, %v", rows, err)
	}
}

// Nothing but share and binding together opens a file.
func TestOpensForNobodyElse(t *testing.T) {
	content := file(t, manifest(3), share)
	other := bytes.Repeat([]byte{8}, sealed.ShareBytes)
	for what, c := range map[string]struct {
		share  []byte
		change func(*sealed.Binding)
	}{
		"another extract's share": {other, func(*sealed.Binding) {}},
		"another member of staff": {share, func(b *sealed.Binding) { b.Staff = "clerk2" }},
		"another device":          {share, func(b *sealed.Binding) { b.Device = "pc-2" }},
		"another time":            {share, func(b *sealed.Binding) { b.Expires = b.Expires.Add(time.Second) }},
		"another extract":         {share, func(b *sealed.Binding) { b.Extract = "extract2" }},
		"another seal":            {share, func(b *sealed.Binding) { b.Seal = "seal2" }},
		"a share that was cut":    {share[:31], func(*sealed.Binding) {}},
	} {
		b := binding()
		c.change(&b)
		if rows, err := read(t, content, c.share, b); !errors.Is(err, genbo.ErrTampered) || len(rows) > 0 {
			t.Errorf("%s: %d rows, %v; want %v", what, len(rows), err, genbo.ErrTampered)
		}
	}
}

// Every bit of a file counts.
func TestAlteredFiles(t *testing.T) {
	content := file(t, manifest(40), share)
	for at := range content {
		bad := bytes.Clone(content)
		bad[at] ^= 0x10
		if _, err := read(t, bad, share, binding()); !errors.Is(err, genbo.ErrTampered) && !errors.Is(err, genbo.ErrInvalid) {
			t.Fatalf("a bit of byte %d flipped: %v", at, err)
		}
	}
	for _, size := range []int{0, 10, 100, 300, len(content) / 2, len(content) - 1} {
		if _, err := read(t, content[:size], share, binding()); !errors.Is(err, genbo.ErrTampered) && !errors.Is(err, genbo.ErrInvalid) {
			t.Errorf("cut to %d bytes: %v", size, err)
		}
	}
	if _, err := read(t, append(bytes.Clone(content), 0), share, binding()); !errors.Is(err, genbo.ErrTampered) {
		t.Errorf("a byte added: %v", err)
	}
}

// split parts a file into its header and the rest.
func split(t *testing.T, content []byte) (header, rest []byte) {
	t.Helper()
	header, err := age.ExtractHeader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	return content[:len(header)], content[len(header):]
}

func TestHeaderOfAnotherFile(t *testing.T) {
	one := manifest(40)
	two := manifest(40)
	two.Seal = "seal2"
	a, _ := split(t, file(t, one, share))
	_, b := split(t, file(t, two, share))
	if _, err := read(t, append(bytes.Clone(a), b...), share, binding()); !errors.Is(err, genbo.ErrTampered) {
		t.Errorf("the header of one file on the content of another: %v", err)
	}
}

// Who can open a file can write another with the same key, but not in the core's name.
func TestForgedByAnOpener(t *testing.T) {
	_, verifier := signer(t)
	secret, _, err := note.GenerateKey(nil, "genbo.test")
	if err != nil {
		t.Fatal(err)
	}
	forger, err := note.NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w, err := sealed.NewWriter(&b, share, forger, manifest(1))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.WriteRow(row(1)), w.Close()); err != nil {
		t.Fatal(err)
	}
	stanza, err := sealed.ReadStanza(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	key, err := sealed.Unwrap(share, binding(), stanza)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sealed.NewView(bytes.NewReader(b.Bytes()), int64(b.Len()), stanza, key, verifier); !errors.Is(err, genbo.ErrTampered) {
		t.Errorf("a file signed by somebody else opens: %v", err)
	}
}

// forged wraps the file key of a file that somebody who opened another makes in its name.
type forged struct{ key []byte }

func (f *forged) Wrap(key []byte) ([]*age.Stanza, error) {
	f.key = bytes.Clone(key)
	return []*age.Stanza{{Type: "genbo-extract", Args: []string{"1", "extract1", "seal1"}, Body: make([]byte, 32)}}, nil
}

// Nor can he change, drop, double or add a row of a file that the core signed.
func TestRowsChangedByAnOpener(t *testing.T) {
	content := file(t, manifest(3), share)
	stanza, err := sealed.ReadStanza(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	key, err := sealed.Unwrap(share, binding(), stanza)
	if err != nil {
		t.Fatal(err)
	}
	r, err := age.Decrypt(bytes.NewReader(content), age.NewInjectedFileKeyIdentity(key))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(plain), "\n")
	for what, l := range map[string][]string{
		"as it was":       lines,
		"a row changed":   {lines[0], strings.Replace(lines[1], "0", "1", 1), lines[2], lines[3], lines[4]},
		"a row dropped":   {lines[0], lines[1], lines[3], lines[4]},
		"a row doubled":   {lines[0], lines[1], lines[1], lines[2], lines[3], lines[4]},
		"rows swapped":    {lines[0], lines[2], lines[1], lines[3], lines[4]},
		"no trailer":      {lines[0], lines[1], lines[2], lines[3]},
		"two trailers":    {lines[0], lines[1], lines[2], lines[3], lines[4], lines[4]},
		"a row behind":    {lines[0], lines[1], lines[2], lines[3], lines[4], lines[1]},
		"half a line":     {lines[0], lines[1], lines[2], lines[3], strings.TrimSuffix(lines[4], "\n")},
		"no manifest":     {lines[1], lines[2], lines[3], lines[4]},
		"nothing":         {},
		"manifest twice":  {lines[0], lines[0], lines[1], lines[2], lines[3], lines[4]},
		"one endless row": {lines[0], strings.Repeat("x", 3<<20), lines[1], lines[2], lines[3], lines[4]},
	} {
		var b bytes.Buffer
		var f forged
		w, err := age.Encrypt(&b, &f)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, strings.Join(l, "")); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		_, verifier := signer(t)
		_, err = sealed.NewView(bytes.NewReader(b.Bytes()), int64(b.Len()), stanza, f.key, verifier)
		if what == "as it was" && err != nil {
			t.Errorf("%s: %v", what, err)
		}
		if what != "as it was" && !errors.Is(err, genbo.ErrTampered) {
			t.Errorf("%s: %v, want %v", what, err, genbo.ErrTampered)
		}
	}
}

// Rows of any length come back from files of many blocks.
func TestLongFiles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, verifier := signer(t)
		long := rapid.IntRange(0, 150_000).Draw(t, "longest cell") // three of them with every quotation mark doubled are a line
		cell := rapid.Custom(func(t *rapid.T) string {
			text := rapid.StringOf(rapid.RuneFrom([]rune("aあ,\"#\n -0"))).Draw(t, "text")
			return strings.Repeat(text, rapid.IntRange(0, long/(1+len(text))).Draw(t, "times"))
		})
		rows := rapid.SliceOfN(rapid.SliceOfN(cell, 3, 3), 1, 40).Draw(t, "rows")
		var b bytes.Buffer
		w, err := sealed.NewWriter(&b, share, s, manifest(len(rows)))
		for n := 0; n < len(rows) && err == nil; n++ {
			err = w.WriteRow(rows[n])
		}
		if err := errors.Join(err, w.Close()); err != nil {
			t.Fatal(err)
		}
		stanza, err := sealed.ReadStanza(bytes.NewReader(b.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		key, err := sealed.Unwrap(share, binding(), stanza)
		if err != nil {
			t.Fatal(err)
		}
		v, err := sealed.NewView(bytes.NewReader(b.Bytes()), int64(b.Len()), stanza, key, verifier)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		if err := v.Each(0, func(row int, cells []string) bool {
			for c := range cells {
				if want := strings.ReplaceAll(rows[row][c], "\n", " "); cells[c] != want {
					t.Fatalf("row %d cell %d is not what was written", row, c)
				}
			}
			n++
			return true
		}); err != nil || n != len(rows) {
			t.Fatalf("%d rows of %d: %v", n, len(rows), err)
		}
	})
}

func TestWriterRefuses(t *testing.T) {
	s, _ := signer(t)
	if _, err := sealed.NewWriter(io.Discard, share, s, manifest(0)); !errors.Is(err, genbo.ErrInvalid) {
		t.Errorf("no rows: %v", err)
	}
	w, err := sealed.NewWriter(io.Discard, share, s, manifest(2))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.WriteRow([]string{"one"}); !errors.Is(err, genbo.ErrInvalid) {
		t.Errorf("too few cells: %v", err)
	}
	if err := w.WriteRow(row(1)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); !errors.Is(err, genbo.ErrConflict) {
		t.Errorf("a row is missing: %v", err)
	}
}

func TestView(t *testing.T) {
	content := file(t, manifest(1000), share)
	_, verifier := signer(t)
	stanza, err := sealed.ReadStanza(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	key, err := sealed.Unwrap(share, binding(), stanza)
	if err != nil {
		t.Fatal(err)
	}
	v, err := sealed.NewView(bytes.NewReader(content), int64(len(content)), stanza, key, verifier)
	if err != nil {
		t.Fatal(err)
	}
	var got []int
	if err := v.Each(700, func(n int, cells []string) bool {
		if cells[0] != row(n)[0] {
			t.Errorf("row %d is %q", n, cells[0])
		}
		got = append(got, n)
		return len(got) < 3
	}); err != nil || fmt.Sprint(got) != "[700 701 702]" {
		t.Errorf("rows %v, %v", got, err)
	}
	hits, total, err := v.Search("00099", 5, 3)
	if err != nil || total != 11 || len(hits) != 3 || hits[0].Row != 994 {
		t.Errorf("%d hits of %d, %v: %+v", len(hits), total, err, hits)
	}
	cut := content[:len(content)-70_000]
	if _, err := sealed.NewView(bytes.NewReader(cut), int64(len(cut)), stanza, key, verifier); !errors.Is(err, genbo.ErrTampered) {
		t.Errorf("a file that was cut is shown: %v", err)
	}
}

// The age program reads the header and says that it has no key.
func TestAgeReadsTheHeader(t *testing.T) {
	path := filepath.Join(t.TempDir(), "list.genbo")
	if err := os.WriteFile(path, file(t, manifest(3), share), 0o600); err != nil {
		t.Fatal(err)
	}
	program, err := exec.LookPath("age")
	if err != nil {
		if os.Getenv("GENBO_TEST_ALL") != "" {
			t.Fatal("there is no age: ./check install")
		}
		t.Skip("left out: there is no age (./check install)")
	}
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	keys := filepath.Join(t.TempDir(), "key.txt")
	if err := os.WriteFile(keys, []byte(identity.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(program, "-d", "-i", keys, path).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "no identity matched") {
		t.Errorf("age says %q, %v", out, err)
	}
}

// vector is a file in testdata with what opens it.
type vector struct {
	Name    string         `json:"name"`
	Share   string         `json:"share"`
	Binding sealed.Binding `json:"binding"`
	Rows    int            `json:"rows"`
	Opens   bool           `json:"opens"`
}

// TestVectors reads files that an earlier version wrote: the format does not change unseen.
func TestVectors(t *testing.T) {
	if *update {
		writeVectors(t)
	}
	text, err := os.ReadFile(filepath.Join("testdata", "vectors.json"))
	if err != nil {
		t.Fatal(err)
	}
	var vectors []vector
	if err := json.Unmarshal(text, &vectors); err != nil || len(vectors) < 4 {
		t.Fatalf("%d vectors, %v", len(vectors), err)
	}
	for _, v := range vectors {
		content, err := os.ReadFile(filepath.Join("testdata", v.Name))
		if err != nil {
			t.Fatal(err)
		}
		share, err := hex.DecodeString(v.Share)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := read(t, content, share, v.Binding)
		if v.Opens != (err == nil) || v.Opens && len(rows) != v.Rows {
			t.Errorf("%s: %d rows, %v", v.Name, len(rows), err)
		}
	}
}

func writeVectors(t *testing.T) {
	t.Helper()
	good := file(t, manifest(3), share)
	flipped := bytes.Clone(good)
	flipped[len(flipped)-40] ^= 1
	second := manifest(3)
	second.Seal = "seal2"
	header, _ := split(t, good)
	_, rest := split(t, file(t, second, share))
	wrong := binding()
	wrong.Device = "pc-2"
	var list []vector
	for _, v := range []struct {
		name    string
		content []byte
		binding sealed.Binding
		opens   bool
	}{
		{"three-rows.genbo", good, binding(), true}, {"flipped.genbo", flipped, binding(), false}, {"truncated.genbo", good[:len(good)-30], binding(), false},
		{"swapped.genbo", append(bytes.Clone(header), rest...), binding(), false}, {"wrong-device.genbo", good, wrong, false},
	} {
		if err := os.WriteFile(filepath.Join("testdata", v.name), v.content, 0o644); err != nil {
			t.Fatal(err)
		}
		list = append(list, vector{v.name, hex.EncodeToString(share), v.binding, 3, v.opens})
	}
	text, err := json.MarshalIndent(list, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join("testdata", "vectors.json"), append(text, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}

func FuzzReadStanza(f *testing.F) {
	f.Add([]byte("age-encryption.org/v1\n-> genbo-extract 1 extract1 seal1\n"))
	f.Add(file(f, manifest(1), share))
	f.Fuzz(func(t *testing.T, content []byte) {
		stanza, err := sealed.ReadStanza(bytes.NewReader(content))
		if err != nil {
			return
		}
		if _, err := sealed.Unwrap(bytes.Repeat([]byte{1}, sealed.ShareBytes), binding(), stanza); err == nil {
			t.Error("a file opens with a share that it was not sealed with")
		}
	})
}

// Sealing takes the same memory for any number of rows.
func TestConstantMemory(t *testing.T) {
	s, _ := signer(t)
	cells := row(1)
	allocated := func(rows int) float64 {
		return testing.AllocsPerRun(1, func() {
			w, err := sealed.NewWriter(io.Discard, share, s, manifest(rows))
			if err != nil {
				t.Fatal(err)
			}
			for range rows {
				if err := w.WriteRow(cells); err != nil {
					t.Fatal(err)
				}
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
		})
	}
	if few, many := allocated(100), allocated(100_000); many > few+200 {
		t.Errorf("100 rows take %.0f allocations, 100,000 take %.0f", few, many)
	}
}

func BenchmarkSeal(b *testing.B) {
	s, _ := signer(b)
	cells := row(1)
	line := len(strings.Join(cells, ",")) + 1
	b.SetBytes(int64(line * 100_000))
	for b.Loop() {
		w, err := sealed.NewWriter(io.Discard, share, s, manifest(100_000))
		if err != nil {
			b.Fatal(err)
		}
		for range 100_000 {
			if err := w.WriteRow(cells); err != nil {
				b.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
