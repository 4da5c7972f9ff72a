//go:build linux

package scan

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"maps"
	"slices"
	"testing"
	"unicode/utf16"

	"genbo/internal/base/compound/compoundtest"
	"genbo/internal/base/lock"
)

type tree = compoundtest.Tree

func wide(s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

// zipWith is a zip of several files.
func zipWith(files map[string][]byte) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, _ := z.Create(name)
		_, _ = f.Write(files[name])
	}
	_ = z.Close()
	return b.Bytes()
}

// native is a file as the Packager wraps it.
func native(name string, content []byte) []byte {
	b := append([]byte{2, 0}, name+"\x00"+name+"\x00\x00\x00\x03\x00\x01\x00\x00\x00\x00"...)
	b = append(binary.LittleEndian.AppendUint32(b, uint32(len(content))), content...)
	return append(binary.LittleEndian.AppendUint32(nil, uint32(len(b))), b...)
}

func mailOf(attachments map[string][]byte) []byte {
	m := tree{"__properties_version1.0": make([]byte, 32), "__substg1.0_0037001F": wide("名簿"), "__substg1.0_1000001F": wide("送ります。\r\n")}
	for i, name := range slices.Sorted(maps.Keys(attachments)) {
		m["__attach_version1.0_#0000000"+string(rune('0'+i))] = tree{"__substg1.0_3707001F": wide(name), "__substg1.0_37010102": attachments[name]}
	}
	return compoundtest.File(m)
}

// TestEmbedded: who stands in a file within a document or mail is found.
func TestEmbedded(t *testing.T) {
	list := sjis(t, table())
	document := []byte(`<?xml version="1.0"?><w:document><w:body><w:p><w:r><w:t>表のとおり</w:t></w:r></w:p></w:body></w:document>`)
	inner := tree{"Root": tree{"\x01Ole10Native": native("list.csv", list)}}
	for name, content := range map[string][]byte{
		"mail.msg":      mailOf(map[string][]byte{"list.csv": list}),
		"nested.msg":    mailOf(map[string][]byte{"list.zip": zipOf("list.csv", list)}),
		"sheet.docx":    zipWith(map[string][]byte{"word/document.xml": document, "word/embeddings/Sheet1.xlsx": workbookOf(t, table())}),
		"packager.docx": zipWith(map[string][]byte{"word/document.xml": document, "word/embeddings/oleObject1.bin": compoundtest.File(inner)}),
		"package.docx": zipWith(map[string][]byte{"word/document.xml": document, "word/embeddings/oleObject1.bin": compoundtest.File(
			tree{"\x01CompObj": []byte("x"), "Package": workbookOf(t, table())})}),
		"chunk.docx": zipWith(map[string][]byte{"word/document.xml": document, "word/afchunk.dat": list}),
		"object.odt": zipWith(map[string][]byte{"mimetype": []byte("application/vnd.oasis.opendocument.text"), "content.xml": []byte("<a/>"), "Object 1": compoundtest.File(inner)}),
		"pool.bin":   compoundtest.File(tree{"ObjectPool": tree{"_1": inner}}),
	} {
		t.Run(name, func(t *testing.T) {
			f := find(run(t, Options{Roots: []string{lay(t, map[string][]byte{name: content})}}), name)
			if f == nil || f.Cases["NABD"] != rows || f.Cases.Total() != rows || f.Lock != lock.Open || len(f.Missed) > 0 {
				t.Errorf("%+v", f)
			}
		})
	}
}

// TestEmbeddedLocks: a locked attachment makes a mail no less open, and one that cannot be read is told.
func TestEmbeddedLocks(t *testing.T) {
	locked := lockedBook(t, secretWord)
	r := run(t, Options{Roots: []string{lay(t, map[string][]byte{
		"locked.docx": zipWith(map[string][]byte{"word/document.xml": []byte("<w:p/>"), "word/embeddings/a.xlsx": locked}),
		"unknown.bin": compoundtest.File(tree{"something": []byte("x")}), "formula.bin": compoundtest.File(tree{"Equation Native": []byte("x")}),
	})}})
	if f := find(r, "unknown.bin"); f == nil || f.Lock != lock.Unreadable || len(f.Missed) != 1 {
		t.Errorf("%+v", f)
	}
	if f := find(r, "formula.bin"); f != nil {
		t.Errorf("%+v", f)
	}
	if f := find(r, "locked.docx"); f != nil {
		t.Errorf("%+v", f)
	}
}
