package document

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"
)

// recordOf is a record of a binary workbook. Numbers are 4 bytes, texts have their length before them.
func recordOf(id int, fields ...any) []byte {
	var b []byte
	for _, f := range fields {
		switch v := f.(type) {
		case byte:
			b = append(b, v)
		case uint16:
			b = binary.LittleEndian.AppendUint16(b, v)
		case int:
			b = binary.LittleEndian.AppendUint32(b, uint32(v))
		case float64:
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
		case string:
			units := wideOf(v)
			b = append(binary.LittleEndian.AppendUint32(b, uint32(len(units)/2)), units...)
		case []byte:
			b = append(b, v...)
		}
	}
	var head []byte
	for _, n := range []int{id, len(b)} {
		for ; n >= 0x80; n >>= 7 {
			head = append(head, byte(n)|0x80)
		}
		head = append(head, byte(n))
	}
	return append(head, b...)
}

func wideOf(s string) (b []byte) {
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

func join(records ...[]byte) []byte { return bytes.Join(records, nil) }

// binaryBook is a workbook of one sheet, as the specification lays it out; no free program writes one.
func binaryBook(sheet []byte) []byte {
	const (
		beginBook, endBook, beginSheets, endSheets, sheetOf = 131, 132, 143, 144, 156
		beginTexts, endTexts                                = 159, 160
		beginStyles, endStyles, beginFormats, endFormats    = 278, 279, 615, 616
	)
	relations := func(kinds ...string) []byte {
		s := `<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
		for i := 0; i < len(kinds); i += 2 {
			s += `<Relationship Id="rId` + string(rune('1'+i/2)) + `" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/` + kinds[i] + `" Target="` + kinds[i+1] + `"/>`
		}
		return []byte(s + `</Relationships>`)
	}
	kind := func(part, name string) string {
		return `<Override PartName="/xl/` + part + `" ContentType="application/vnd.ms-excel.` + name + `"/>`
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range []struct {
		name    string
		content []byte
	}{
		{"[Content_Types].xml", []byte(`<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
			`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` + kind("workbook.bin", "sheet.binary.macroEnabled.main") +
			kind("worksheets/sheet1.bin", "worksheet") + kind("sharedStrings.bin", "sharedStrings") + kind("styles.bin", "styles") + `</Types>`)},
		{"_rels/.rels", relations("officeDocument", "xl/workbook.bin")},
		{"xl/_rels/workbook.bin.rels", relations("worksheet", "worksheets/sheet1.bin", "sharedStrings", "sharedStrings.bin", "styles", "styles.bin")},
		{"xl/workbook.bin", join(recordOf(beginBook), recordOf(beginSheets), recordOf(sheetOf, 0, 1, "rId1", "表"), recordOf(endSheets), recordOf(endBook))},
		{"xl/worksheets/sheet1.bin", sheet},
		{"xl/sharedStrings.bin", join(recordOf(beginTexts, 2, 2), recordOf(xlsbSharedItem, byte(0), "氏名"), recordOf(xlsbSharedItem, byte(0), "佐藤 一郎"), recordOf(endTexts))},
		{"xl/styles.bin", join(recordOf(beginStyles), recordOf(beginFormats, 1), recordOf(xlsbFormat, uint16(170), "yyyy/m/d"), recordOf(endFormats),
			recordOf(xlsbStyles, 2), recordOf(xlsbStyle, uint16(0), uint16(0), make([]byte, 12)), recordOf(xlsbStyle, uint16(0), uint16(170), make([]byte, 10), uint16(0x3f)), recordOf(xlsbStylesEnd), recordOf(endStyles))},
	} {
		f, _ := z.Create(p.name)
		_, _ = f.Write(p.content)
	}
	_ = z.Close()
	return b.Bytes()
}

// binarySheet has a cell of each kind. A row is followed by where its cells are.
func binarySheet() []byte {
	const beginSheet, endSheet, beginData, endData, dimension = 129, 130, 145, 146, 148
	row := func(n int) []byte {
		return recordOf(xlsbRow, n, 0, uint16(300), byte(0), byte(0), byte(0), 1, 0, 6)
	}
	return join(recordOf(beginSheet), recordOf(dimension, 0, 1, 0, 6), recordOf(beginData),
		row(0), recordOf(xlsbShared, 0, 0, 0), recordOf(xlsbText, 1, 0, "番号"), recordOf(xlsbText, 2, 0, "生年月日"),
		row(1), recordOf(xlsbShared, 0, 0, 1), recordOf(xlsbRK, 1, 0, 1234567890>>10<<2|2), recordOf(xlsbReal, 2, 1, 18323.0), recordOf(xlsbFormulaText, 3, 0, "結果", uint16(0), 7, byte(0x17), uint16(2), wideOf("結果"), 0),
		recordOf(xlsbFormulaReal, 4, 0, 1.5, uint16(0), 9, byte(0x1f), 1.5, 0), recordOf(xlsbRK, 6, 0, 12345<<2|3),
		recordOf(endData), recordOf(endSheet))
}

const binaryWant = "氏名|番号|生年月日\n佐藤 一郎|1205632|1950-03-01|結果|1.5||123.45\n"

func TestXlsb(t *testing.T) {
	src := source(string(binaryBook(binarySheet())))
	if is, err := Sniff(src); is != Xlsb || err != nil {
		t.Fatalf("taken for %s: %v", is, err)
	}
	var got said
	if err := Read(src, Xlsb, &got); err != nil || got.String() != binaryWant {
		t.Errorf("%v, got\n%swant\n%s", err, got.String(), binaryWant)
	}
	short := join(recordOf(xlsbRow, 0), recordOf(xlsbShortShared, 0, 1), recordOf(xlsbShortRK, 1, 18323<<2|2), recordOf(xlsbShortText, 0, "x"), recordOf(xlsbShortReal, 0, 2.5))
	got.Reset()
	if err := Read(source(string(binaryBook(short))), Xlsb, &got); err != nil || got.String() != "佐藤 一郎|1950-03-01|x|2.5\n" {
		t.Errorf("short cells: %v, %s", err, got.String())
	}
}

// TestXlsbIsReal: LibreOffice sees the same in the test's workbook.
func TestXlsbIsReal(t *testing.T) {
	office, err := exec.LookPath("soffice")
	if err != nil {
		if os.Getenv("GENBO_TEST_ALL") != "" {
			t.Fatal("soffice is not installed")
		}
		t.Skip("soffice is not installed: ./check install")
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "a.xlsb")
	if err := os.WriteFile(path, binaryBook(binarySheet()), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(office, "-env:UserInstallation=file://"+dir+"/profile", "--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):124,34,76", "--outdir", dir, path)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	b, err := os.ReadFile(filepath.Join(dir, "a.csv"))
	if got := strings.ReplaceAll(string(b), "1950/3/1", "1950-03-01"); err != nil || strings.ReplaceAll(got, "||||\n", "\n") != binaryWant {
		t.Errorf("%v, LibreOffice reads\n%swant\n%s", err, got, binaryWant)
	}
}

// TestXlsbLimits: a cell longer than any program makes one is an error, and so is a record that is cut off.
func TestXlsbLimits(t *testing.T) {
	for name, sheet := range map[string][]byte{
		"long": join(recordOf(xlsbRow, 0), recordOf(xlsbText, 0, 0, strings.Repeat("x", tokenLimit))),
		"cut":  binarySheet()[:60],
	} {
		var got said
		if err := Read(source(string(binaryBook(sheet))), Xlsb, &got); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func FuzzXlsb(f *testing.F) {
	f.Add(binarySheet())
	f.Fuzz(func(t *testing.T, sheet []byte) {
		x := &xlsb{workbook: workbook{out: nobody{}}, formats: map[int]bool{}}
		for _, take := range []func(int, []byte) error{x.sharedText, x.style, x.comment, x.sheet} {
			_ = eachRecord(bytes.NewReader(sheet), take)
		}
		x.endRow()
	})
}
