package mark

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/xuri/excelize/v2"

	"genbo"
	"genbo/internal/base/jtext"
)

// Copy is what was found outside: the cells of a file in its order.
type Copy struct {
	cells []cell
}

// Bounds of what is read of a copy. Whatever lies beyond adds nothing to the evidence.
const (
	maxFile  = 1 << 30
	maxCells = 20_000_000
	maxSheet = 2 << 30 // of a workbook as it is in memory: what is larger would be written to temporary files
)

// Read reads a copy: a workbook, a document of OpenDocument or Office Open XML, or text of any kind. An encrypted
// file, or one without a letter of text, is [genbo.ErrInvalid].
func Read(src io.ReaderAt, size int64) (*Copy, error) {
	if size > maxFile {
		return nil, fmt.Errorf("the file is larger than %d MB: %w", maxFile>>20, genbo.ErrInvalid)
	}
	head := make([]byte, 8)
	n, err := src.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	c := &Copy{}
	switch head = head[:n]; {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		err = c.archive(src, size)
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")):
		err = fmt.Errorf("this is an encrypted or an old Office file: open it and save it as text: %w", genbo.ErrInvalid)
	case bytes.HasPrefix(head, []byte("age-encr")), bytes.HasPrefix(head, []byte("%PDF")), bytes.HasPrefix(head, []byte("7z\xbc\xaf")):
		err = fmt.Errorf("this is an encrypted file, an archive or a PDF: take the text out of it first: %w", genbo.ErrInvalid)
	default:
		var text []byte
		if text, err = io.ReadAll(io.NewSectionReader(src, 0, size)); err == nil {
			err = c.text(text)
		}
	}
	if err == nil && len(c.cells) == 0 {
		err = fmt.Errorf("the file has no text: %w", genbo.ErrInvalid)
	}
	return c, err
}

// add takes one cell.
func (c *Copy) add(text string) error {
	if text = strings.TrimSpace(text); text == "" {
		return nil
	}
	if len(c.cells) == maxCells {
		return fmt.Errorf("the file has more than %d cells: %w", maxCells, genbo.ErrInvalid)
	}
	c.cells = append(c.cells, look(text))
	return nil
}

// separators end a cell in any kind of text: tables, JSON, XML, HTML.
func separator(r rune) bool { return strings.ContainsRune(",\t\r\n;|\"<>{}[]", r) }

func (c *Copy) text(b []byte) error {
	decoded := jtext.Decode(b)
	if strings.Count(decoded, "\ufffd") > len(decoded)/100 {
		return fmt.Errorf("this is no text in UTF-8, UTF-16 or CP932: %w", genbo.ErrInvalid)
	}
	for part := range strings.FieldsFuncSeq(decoded, separator) {
		if err := c.add(part); err != nil {
			return err
		}
	}
	return nil
}

// archive reads the text of an office document.
func (c *Copy) archive(src io.ReaderAt, size int64) error {
	z, err := zip.NewReader(src, size)
	if err != nil {
		return fmt.Errorf("the archive does not read: %w", genbo.ErrInvalid)
	}
	for _, f := range z.File {
		if f.Flags&1 != 0 {
			return fmt.Errorf("the archive is encrypted: take the files out of it first: %w", genbo.ErrInvalid)
		}
		if f.Name == "xl/workbook.xml" {
			return c.workbook(io.NewSectionReader(src, 0, size))
		}
	}
	for _, f := range z.File {
		var err error
		switch ext := path.Ext(f.Name); {
		case f.Name == "content.xml", f.Name == "word/document.xml":
			err = c.markup(f)
		case ext == ".csv", ext == ".tsv", ext == ".txt", ext == ".json":
			err = c.member(f)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *Copy) workbook(src io.Reader) error {
	book, err := excelize.OpenReader(src, excelize.Options{RawCellValue: true, UnzipSizeLimit: maxSheet, UnzipXMLSizeLimit: maxSheet})
	if err != nil {
		return fmt.Errorf("the workbook does not read: %w", genbo.ErrInvalid)
	}
	defer book.Close()
	for _, sheet := range book.GetSheetList() {
		rows, err := book.Rows(sheet)
		if err != nil {
			return fmt.Errorf("the workbook does not read: %w", genbo.ErrInvalid)
		}
		for rows.Next() {
			columns, err := rows.Columns()
			for n := 0; n < len(columns) && err == nil; n++ {
				err = c.add(columns[n])
			}
			if err != nil {
				return errors.Join(err, rows.Close())
			}
		}
		if err := rows.Close(); err != nil {
			return err
		}
	}
	return nil
}

// markup reads the text of a part in XML: each piece between two tags is a cell.
func (c *Copy) markup(f *zip.File) error {
	r, err := f.Open()
	if err != nil {
		return fmt.Errorf("the document does not read: %w", genbo.ErrInvalid)
	}
	defer r.Close()
	for d := xml.NewDecoder(io.LimitReader(r, maxFile)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("the document does not read: %w", genbo.ErrInvalid)
		}
		if text, ok := token.(xml.CharData); ok {
			if err := c.add(string(text)); err != nil {
				return err
			}
		}
	}
}

func (c *Copy) member(f *zip.File) error {
	r, err := f.Open()
	if err != nil {
		return fmt.Errorf("the archive does not read: %w", genbo.ErrInvalid)
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, maxFile))
	if err != nil {
		return fmt.Errorf("the archive does not read: %w", genbo.ErrInvalid)
	}
	return c.text(b)
}

// Numbers returns the different pension numbers of a copy in their order, at most limit.
func (c *Copy) Numbers(limit int) (numbers []genbo.Number) {
	seen := map[string]bool{}
	for _, one := range c.cells {
		if one.kind != Number || seen[one.text] || len(numbers) == limit {
			continue
		}
		seen[one.text] = true
		if n, err := genbo.ParseNumber(one.text); err == nil {
			numbers = append(numbers, n)
		}
	}
	return numbers
}
