package document

import (
	"encoding/binary"
	"testing"

	"genbo/internal/base/compound/compoundtest"
)

// biff is a record of a workbook of before 2007.
func biff(id int, fields ...any) []byte {
	var b []byte
	for _, f := range fields {
		switch v := f.(type) {
		case int:
			b = binary.LittleEndian.AppendUint16(b, uint16(v))
		case string:
			b = append(b, v...)
		}
	}
	return append(binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(nil, uint16(id)), uint16(len(b))), b...)
}

// oldBook is a workbook with a cell of each kind; its shared texts go on in a second record.
func oldBook() []byte {
	return join(biff(xlsBOF, xlsVersion8, 5, 0, 0), biff(xlsFormat, 170, 8, "\x00yyyy/m/d"), biff(xlsXF, 0, 0), biff(xlsXF, 0, 170),
		biff(xlsSST, 2, 0, 2, 0, 2, "\x01\x0f\x6c\x0d\x54", 5, "\x00ab"), biff(xlsContinue, "\x00cde"), biff(xlsEOF),
		biff(xlsBOF, xlsVersion8, xlsTypeSheet, 0, 0),
		biff(xlsLabelSST, 0, 0, 0, 0, 0), biff(xlsLabelSST, 0, 1, 0, 1, 0),
		biff(xlsLabel, 1, 0, 0, 3, "\x00xyz"), biff(xlsRK, 1, 1, 1, "\x4e\x1e\x01\x00"), biff(xlsMulRK, 1, 2, 0, "\x06\x00\x00\x00", 0, "\x0b\x00\x00\x00", 3),
		biff(xlsFormula, 1, 4, 0, "\x00\x00\x00\x00\x00\x00\xff\xff"), biff(xlsString, 2, "\x00ok"), biff(xlsTxO), biff(xlsContinue, "\x00note"), biff(xlsEOF))
}

func TestOldBook(t *testing.T) {
	var got said
	want := "氏名|abcde\nxyz|1950-03-01|1|0.02|ok\nnote\n"
	src := source(string(compoundtest.File(compoundtest.Tree{"Workbook": oldBook()})))
	if err := ReadCompound(src, "xls", &got); err != nil || got.String() != want {
		t.Errorf("%v, got\n%swant\n%s", err, got.String(), want)
	}
}

// oldSlides are the records of a presentation: a container, and texts of both widths in it.
func oldSlides() []byte {
	b := []byte{0x0f, 0, 0xe8, 3, 40, 0, 0, 0}
	b = append(b, 0, 0, 0xa0, 0x0f, 4, 0, 0, 0, 0x0f, 0x6c, 0x0d, 0x54)
	return append(b, 0, 0, 0xa8, 0x0f, 5, 0, 0, 0, 'a', 'b', '\r', 'c', 'd')
}

// oldLetter are the two streams of a Word document with one piece of text.
func oldLetter() (main, table []byte) {
	const text = "name\x07age\x07\x07one\rtwo\r"
	main = make([]byte, 0x200, 0x300)
	binary.LittleEndian.PutUint16(main, fibMagic)
	binary.LittleEndian.PutUint16(main[2:], firstUnicode)
	table = []byte{2, 16, 0, 0, 0, 0, 0, 0, 0, byte(len(text)), 0, 0, 0, 0, 0}
	table = binary.LittleEndian.AppendUint32(table, 0x40000000|0x200*2)
	table = append(table, 0, 0)
	binary.LittleEndian.PutUint32(main[fibClx+4:], uint32(len(table)))
	return append(main, text...), table
}

func TestOldSlidesAndLetter(t *testing.T) {
	main, table := oldLetter()
	for is, c := range map[string]struct {
		tree compoundtest.Tree
		want string
	}{
		"ppt": {compoundtest.Tree{"PowerPoint Document": oldSlides()}, "氏名\nab\ncd\n"},
		"doc": {compoundtest.Tree{"WordDocument": main, "0Table": table}, "name|age\none\ntwo\n"},
		"jtd": {compoundtest.Tree{"DocumentText": []byte("\x6c\x0f\x54\x0d\x00\x1f\x00a")}, "氏名\na\n"},
	} {
		var got said
		if err := ReadCompound(source(string(compoundtest.File(c.tree))), is, &got); err != nil {
			t.Errorf("%s: %v", is, err)
		}
		if got.String() != c.want {
			t.Errorf("%s: %q", is, got.String())
		}
	}
}

func FuzzOldBook(f *testing.F) {
	f.Add(oldBook())
	f.Fuzz(func(t *testing.T, b []byte) { _ = readBIFF(b, nobody{}) })
}

func FuzzOldLetter(f *testing.F) {
	main, table := oldLetter()
	f.Add(main, table)
	f.Fuzz(func(t *testing.T, main, table []byte) {
		_ = ReadOpened(map[string][]byte{"WordDocument": main, "0Table": table, "1Table": table}, "doc", nobody{})
	})
}

func FuzzOldSlides(f *testing.F) {
	f.Add(oldSlides())
	f.Fuzz(func(t *testing.T, b []byte) {
		_ = ReadOpened(map[string][]byte{"PowerPoint Document": b, "DocumentText": b}, "ppt", nobody{})
		_ = ReadOpened(map[string][]byte{"DocumentText": b}, "jtd", nobody{})
	})
}
