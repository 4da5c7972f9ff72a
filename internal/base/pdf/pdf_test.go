package pdf

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/japanese"

	"genbo/internal/base/document"
	"genbo/internal/base/lock"
)

// said is a sink that writes down what it is given.
type said struct{ strings.Builder }

func (s *said) Begin()        {}
func (s *said) Text(b []byte) { fmt.Fprintf(s, "%s\n", b) }
func (s *said) Row(cells [][]byte) {
	s.WriteString(string(bytes.Join(cells, []byte("|"))) + "\n")
}

var shared Reader

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "genbo-pdf")
	if err != nil {
		panic(err)
	}
	shared.Cache, shared.AtOnce = dir, 2
	code := m.Run()
	shared.Close()
	os.RemoveAll(dir)
	os.Exit(code)
}

func read(t testing.TB, data []byte, passwords ...string) (string, Result, error) {
	t.Helper()
	var out said
	src := io.NewSectionReader(bytes.NewReader(data), 0, int64(len(data)))
	result, err := shared.Read(context.Background(), src, func() []string { return passwords }, &out, nil)
	return out.String(), result, err
}

// handMade is a PDF of one page whose lines are set in a Japanese font that is not embedded, as old printing programs do.
func handMade(cmap string, encode func(string) string, lines ...string) []byte {
	var page strings.Builder
	page.WriteString("BT /F1 12 Tf 60 780 Td 20 TL\n")
	for _, l := range lines {
		fmt.Fprintf(&page, "<%s> Tj T*\n", encode(l))
	}
	page.WriteString("ET")
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", page.Len(), page.String()),
		"<< /Type /Font /Subtype /Type0 /BaseFont /MS-Mincho /Encoding /" + cmap + " /DescendantFonts [6 0 R] >>",
		"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /MS-Mincho /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 2 >> /DW 1000 /FontDescriptor 7 0 R >>",
		"<< /Type /FontDescriptor /FontName /MS-Mincho /Flags 6 /FontBBox [0 -136 1000 859] /ItalicAngle 0 /Ascent 859 /Descent -140 /CapHeight 709 /StemV 80 >>",
	}
	return putTogether(objects)
}

func putTogether(objects []string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, xref)
	return b.Bytes()
}

func inUTF16(s string) (out string) {
	for _, u := range utf16.Encode([]rune(s)) {
		out += fmt.Sprintf("%04X", u)
	}
	return out
}

func inCP932(s string) string {
	b, err := japanese.ShiftJIS.NewEncoder().Bytes([]byte(s))
	if err != nil {
		panic(err)
	}
	return fmt.Sprintf("%X", b)
}

func inEUC(s string) string {
	b, err := japanese.EUCJP.NewEncoder().Bytes([]byte(s))
	if err != nil {
		panic(err)
	}
	return fmt.Sprintf("%X", b)
}

func TestFontsThatAreNotEmbedded(t *testing.T) {
	lines := []string{"佐藤　一郎　様", "基礎年金番号　１２３４－５６７８９０", "昭和25年3月1日生"}
	for cmap, encode := range map[string]func(string) string{"UniJIS-UTF16-H": inUTF16, "UniJIS-UCS2-H": inUTF16, "90ms-RKSJ-H": inCP932, "EUC-H": inEUC} {
		got, result, err := read(t, handMade(cmap, encode, lines...))
		if err != nil || result.Lock.State != lock.Open || result.Lock.How != "" {
			t.Errorf("%s: %+v, %v", cmap, result, err)
		}
		for _, l := range lines {
			if !strings.Contains(strings.ReplaceAll(got, " ", ""), strings.ReplaceAll(l, " ", "")) {
				t.Errorf("%s: %q lacks %s", cmap, got, l)
			}
		}
	}
}

// need finds a program that the test drives.
func need(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil && os.Getenv("GENBO_TEST_ALL") == "" {
		t.Skipf("%s is not installed: ./check install", name)
	} else if err != nil {
		t.Fatal(err)
	}
	return path
}

// TestCiphers: each cipher of the format is named, and its file is read with its password only.
func TestCiphers(t *testing.T) {
	qpdf := need(t, "qpdf")
	dir := t.TempDir()
	from := filepath.Join(dir, "open.pdf")
	if err := os.WriteFile(from, handMade("UniJIS-UTF16-H", inUTF16, "氏名　佐藤　一郎"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		args []string
		want lock.Finding
	}{
		"40":         {[]string{"--allow-weak-crypto", "--encrypt", "user1", "owner1", "40", "--"}, lock.Finding{State: lock.Weak, How: "RC4 40 bits"}},
		"128":        {[]string{"--allow-weak-crypto", "--encrypt", "user1", "owner1", "128", "--use-aes=n", "--"}, lock.Finding{State: lock.Weak, How: "RC4 128 bits"}},
		"AES-128":    {[]string{"--allow-weak-crypto", "--encrypt", "user1", "owner1", "128", "--use-aes=y", "--"}, lock.Finding{State: lock.Locked, How: "AES-128"}},
		"AES-256":    {[]string{"--encrypt", "user1", "owner1", "256", "--"}, lock.Finding{State: lock.Locked, How: "AES-256"}},
		"owner only": {[]string{"--encrypt", "", "owner1", "256", "--print=none", "--"}, lock.Finding{State: lock.Open, How: "owner's password only, AES-256"}},
	} {
		to := filepath.Join(dir, name+".pdf")
		if out, err := exec.Command(qpdf, append(c.args, from, to)...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		data, err := os.ReadFile(to)
		if err != nil {
			t.Fatal(err)
		}
		got, result, err := read(t, data, "wrong")
		if err != nil || result.Lock != c.want || strings.Contains(got, "佐藤") != (c.want.State == lock.Open) {
			t.Errorf("%s: %q, %+v, %v", name, got, result, err)
		}
		if c.want.State == lock.Open {
			continue
		}
		if got, result, err = read(t, data, "wrong", "user1"); err != nil || result.Opened != "user1" || !strings.Contains(got, "佐藤") || result.Lock != c.want {
			t.Errorf("%s with its password: %q, %+v, %v", name, got, result, err)
		}
	}
}

// TestLibreOffice: a table comes out as rows, whatever lock is on it, if it can be opened at all.
func TestLibreOffice(t *testing.T) {
	soffice := need(t, "soffice")
	var table strings.Builder
	table.WriteString("基礎年金番号,氏名,生年月日,住所\n")
	for i := range 120 {
		fmt.Fprintf(&table, "%04d-%06d,佐藤 %c郎,昭和%d年3月1日,東京都千代田区霞が関1-2-%d\n", 1000+i, i*7, []rune("一二三四五")[i%5], 10+i%50, i+1)
	}
	const secret = "geheim7"
	for name, c := range map[string]struct {
		options string
		lock    lock.State
		how     string
	}{
		"open":  {"", lock.Open, ""},
		"owner": {`:{"RestrictPermissions":{"type":"boolean","value":"true"},"PermissionPassword":{"type":"string","value":"geheim7"}}`, lock.Open, "owner's password only"},
		"user":  {`:{"EncryptFile":{"type":"boolean","value":"true"},"DocumentOpenPassword":{"type":"string","value":"geheim7"}}`, lock.Weak, "RC4 128 bits"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			from := filepath.Join(dir, "table.csv")
			if err := os.WriteFile(from, []byte(table.String()), 0o600); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(soffice, "-env:UserInstallation=file://"+dir+"/profile", "--headless", "--infilter=CSV:44,34,76", "--convert-to", "pdf:calc_pdf_Export"+c.options, "--outdir", dir, from)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			data, err := os.ReadFile(filepath.Join(dir, "table.pdf"))
			if err != nil {
				t.Fatal(err)
			}
			got, result, err := read(t, data)
			if err != nil || result.Lock.State != c.lock || !strings.Contains(result.Lock.How, c.how) {
				t.Fatalf("%+v, %v", result, err)
			}
			if c.lock != lock.Open {
				if got != "" {
					t.Errorf("read without the password: %.200s", got)
				}
				if got, result, err = read(t, data, "wrong", secret); err != nil || result.Opened != secret {
					t.Fatalf("with the password: %+v, %v", result, err)
				}
			}
			for i, want := range strings.Split(strings.TrimSpace(table.String()), "\n") {
				if !strings.Contains(got, strings.ReplaceAll(want, ",", "|")+"\n") {
					t.Errorf("row %d, %s, is missing in %.300s", i, want, got)
					break
				}
			}
		})
	}
}

// TestNothingQuiet: what cannot be read is an error of the family, and the next file is read all the same.
func TestNothingQuiet(t *testing.T) {
	good := handMade("UniJIS-UTF16-H", inUTF16, "氏名　佐藤　一郎")
	cycle := putTogether([]string{"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 1000000 >>"})
	picture := putTogether([]string{"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] /Contents 4 0 R >>", "<< /Length 19 >>\nstream\n0 0 50 50 re f     \nendstream"})
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"cut":     {good[:len(good)/3], "damaged"},
		"nothing": {[]byte("%PDF-1.7\n"), "damaged"},
		"picture": {picture, "pictures without text"},
		"cycle":   {cycle, ""},
	} {
		_, _, err := read(t, c.data)
		if c.want != "" && (!errors.Is(err, document.ErrNotRead) || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got, _, err := read(t, good); err != nil || !strings.Contains(got, "佐藤") {
		t.Errorf("after all of that: %q, %v", got, err)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	data := handMade("UniJIS-UTF16-H", inUTF16, "x")
	_, err := shared.Read(ctx, io.NewSectionReader(bytes.NewReader(data), 0, int64(len(data))), nil, &said{}, nil)
	if err == nil {
		t.Error("no error")
	}
}

func TestEncryption(t *testing.T) {
	for text, want := range map[string]lock.Finding{
		"":                                    {},
		"/Encrypt 5 0 R\n5 0 obj<</V 1/R 2>>": {State: lock.Weak, How: "RC4 40 bits"},
		"15 0 obj\n5 0 obj<</V 2/Length 128>> /Encrypt 5 0 R":        {State: lock.Weak, How: "RC4 128 bits"},
		"/Encrypt 5 0 R\n5 0 obj<</V 4/CF<</StdCF<</CFM/AESV2>>>>>>": {State: lock.Locked, How: "AES-128"},
		"/Encrypt<</V 5/R 6/CF<</StdCF<</CFM/AESV3>>>>>>":            {State: lock.Locked, How: "AES-256"},
	} {
		if got := encryption([]byte(text)); got != want {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
}

func FuzzPDF(f *testing.F) {
	f.Add(handMade("UniJIS-UTF16-H", inUTF16, "氏名　佐藤　一郎"))
	f.Add(handMade("90ms-RKSJ-H", inCP932, "1234-567890"))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, _, _ = read(t, data)
	})
}

func BenchmarkPage(b *testing.B) {
	data := handMade("90ms-RKSJ-H", inCP932, "佐藤　一郎　様", "基礎年金番号　１２３４－５６７８９０", "昭和25年3月1日生")
	for b.Loop() {
		if _, _, err := read(b, data); err != nil {
			b.Fatal(err)
		}
	}
}
