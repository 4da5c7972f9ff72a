package document

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"testing"
)

// dbaseOf is a table of two columns of text, a date and a number of four bytes.
func dbaseOf(rows ...string) []byte {
	b := []byte{3, 126, 11, 28}
	b = binary.LittleEndian.AppendUint32(b, uint32(len(rows)))
	b = binary.LittleEndian.AppendUint16(b, dbfHead+4*dbfColumn+1)
	b = binary.LittleEndian.AppendUint16(b, 1+10+8+4+4)
	b = append(b, make([]byte, 20)...)
	for _, c := range []struct {
		name string
		kind byte
		n    byte
	}{{"\x8e\x81\x96\xbc", 'C', 10}, {"BIRTH", 'D', 8}, {"NUMBER", 'N', 4}, {"ID", 'I', 4}} {
		column := make([]byte, dbfColumn)
		copy(column, c.name)
		column[11], column[16] = c.kind, c.n
		b = append(b, column...)
	}
	return append(append(b, dbfEnd), strings.Join(rows, "")...)
}

func TestDBF(t *testing.T) {
	rows := []string{" \x8d\xb2\x93\xa1      19500301  42\x01\x00\x00\x00", "*abc               7   \xff\xff\xff\xff"}
	src := source(string(dbaseOf(rows...)))
	if is, err := Sniff(src); is != DBF || err != nil {
		t.Fatalf("taken for %s: %v", is, err)
	}
	var got said
	if err := Read(src, DBF, &got); err != nil || got.String() != "氏名|BIRTH|NUMBER|ID\n佐藤|1950-03-01|42|1\nabc||7|-1\n" {
		t.Errorf("%v: %s", err, got.String())
	}
	cut := dbaseOf(rows...)
	got.Reset()
	if err := Read(source(string(cut[:len(cut)-5])), DBF, &got); err == nil || !strings.Contains(got.String(), "佐藤") {
		t.Errorf("cut: %v: %s", err, got.String())
	}
}

// TestFlatODF: a document in one file of XML is read as the same in a zip would be, and its pictures are no text.
func TestFlatODF(t *testing.T) {
	src := source(`<?xml version="1.0"?><office:document xmlns:office="x"><office:body><table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell>` +
		`<table:table-cell><text:p>b</text:p></table:table-cell></table:table-row></table:table><draw:image><office:binary-data>AAAA</office:binary-data></draw:image></office:body></office:document>`)
	is, err := Sniff(src)
	var got said
	if err == nil {
		err = Read(src, is, &got)
	}
	if err != nil || is != FlatODF || got.String() != "a|b\n" {
		t.Errorf("%s, %v: %q", is, err, got.String())
	}
}

// TestOfficeXML: documents of Office in one file of XML are tables and texts, not records.
func TestOfficeXML(t *testing.T) {
	for want, c := range map[string]struct {
		is   Type
		text string
	}{
		"a||1950-03-01\n": {SheetXML, `<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet><Table><Row><Cell><Data ss:Type="String">a</Data></Cell>` +
			`<Cell ss:Index="3"><Data ss:Type="DateTime">1950-03-01T00:00:00.000</Data></Cell></Row></Table></Worksheet></Workbook>`},
		"1234-567890\n": {WordXML, `<?xml version="1.0"?><w:wordDocument xmlns:w="x"><w:docData>AAAA</w:docData><w:body><w:p><w:r><w:t>1234-</w:t></w:r><w:r><w:t>567890</w:t></w:r></w:p></w:body></w:wordDocument>`},
	} {
		src := source(c.text)
		is, err := Sniff(src)
		var got said
		if err == nil {
			err = Read(src, is, &got)
		}
		if err != nil || is != c.is || got.String() != want {
			t.Errorf("%s, %v: %q, want %q", is, err, got.String(), want)
		}
	}
}

func FuzzDBF(f *testing.F) {
	f.Add(dbaseOf(" abc       19500301  42\x01\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		_ = readDBF(io.NewSectionReader(bytes.NewReader(b), 0, int64(len(b))), nobody{})
	})
}
