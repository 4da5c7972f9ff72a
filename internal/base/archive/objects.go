package archive

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"path"
	"strings"

	"genbo/internal/base/charset"
	"genbo/internal/base/compound"
	"genbo/internal/base/document"
)

// packageLimit bounds a packed object that must lie in memory, in bytes.
const packageLimit = 64 << 20

// Objects calls visit for each file that is embedded in a document of type t, like [Walk] for the members of an archive. What a document
// program draws of them itself (charts, formulas) is none.
func Objects(src document.Source, t document.Type, left *Limits, passwords func() []string, visit func(*Member) error) error {
	w := &walker{left: left, try: passwords, visit: visit}
	switch t {
	case document.CFB:
		root, err := compound.Open(src)
		if err != nil {
			return err
		}
		return w.objects(root, "", 0)
	case document.Docx, document.Xlsx, document.Xlsb, document.Pptx, document.Odt, document.Ods, document.Odp:
		return w.zipOf(src, func(f *zip.File) bool { return embedded(f.Name) })
	}
	return nil
}

// embedded reports whether a part of a document is a file of its own: those of Office lie in folders of that name, those of OpenDocument
// in its root. Texts of other formats that Word is to show lie beside its own.
func embedded(name string) bool {
	dir, base := path.Split(strings.ToLower(name))
	return base != "" && (strings.HasSuffix(dir, "/embeddings/") || dir == "" && strings.HasPrefix(base, "object ") || dir == "word/" && strings.HasPrefix(base, "afchunk"))
}

// objects hands out the files in a compound file's storages: what the Packager wrapped, and what programs keep as they would on
// disk. Documents that are storages themselves are read by package document.
func (w *walker) objects(s *compound.Storage, within string, depth int) error {
	if depth > mostParts {
		return fmt.Errorf("%w: objects lie too deep in each other", ErrLimit)
	}
	for _, one := range s.Streams {
		m := &Member{Name: path.Join(within, one.Name), Size: one.Size}
		switch one.Name {
		case "Ole10Native":
			m.Name, m.Data, m.Err = packaged(one, within)
		case "Package", "CONTENTS":
			m.Data = one.Open()
		default:
			continue
		}
		if err := w.member(m); err != nil {
			return err
		}
	}
	for _, inner := range s.Storages {
		if err := w.objects(inner, path.Join(within, inner.Name), depth+1); err != nil {
			return err
		}
	}
	return nil
}

// packaged is a file that the Packager wrapped: two names, ended by zeros, then a place and the file, each with its length before it
// ([MS-OLEDS] 2.3.6). What is not wrapped so is handed out as it is.
func packaged(one *compound.Stream, within string) (string, io.Reader, error) {
	name := path.Join(within, one.Name)
	b, err := one.All(packageLimit)
	if err != nil {
		return name, nil, err
	}
	if len(b) < 4 {
		return name, bytes.NewReader(nil), nil
	}
	b = b[4:]
	whole := b
	if len(b) < 2 || binary.LittleEndian.Uint16(b) != 2 {
		return name, bytes.NewReader(whole), nil
	}
	label, rest, ok := bytes.Cut(b[2:], []byte{0})
	_, rest, second := bytes.Cut(rest, []byte{0})
	_, rest, place := counted(rest[min(4, len(rest)):])
	content, _, fits := counted(rest)
	if !ok || !second || !place || !fits {
		return name, bytes.NewReader(whole), nil
	}
	text, _ := charset.All(label)
	return path.Join(within, path.Base(strings.ReplaceAll(text, "\\", "/"))), bytes.NewReader(content), nil
}

// counted reads bytes with their count before them.
func counted(b []byte) (content, rest []byte, ok bool) {
	if len(b) < 4 {
		return nil, nil, false
	}
	n := uint64(binary.LittleEndian.Uint32(b))
	if n > uint64(len(b)-4) {
		return nil, nil, false
	}
	return b[4 : 4+n], b[4+n:], true
}
