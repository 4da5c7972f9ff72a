package foreign

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"

	"genbo"
)

// MaxSheetRows is how many rows below its heading a sheet of a workbook holds.
const MaxSheetRows = 1<<20 - 1

// XLSX writes a list of count rows as a workbook with one sheet, encrypted with a pass phrase.
func XLSX(w io.Writer, pass string, columns []string, count int, rows Rows) error {
	if err := checkPass(pass); err != nil {
		return err
	}
	if count > MaxSheetRows {
		return fmt.Errorf("a workbook holds %d rows, not %d: choose an archive: %w", MaxSheetRows, count, genbo.ErrInvalid)
	}
	var plain bytes.Buffer
	if err := writeWorkbook(&plain, columns, rows); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	defer clear(plain.Bytes())
	if err := encryptAgile(w, pass, plain.Bytes()); err != nil {
		return fmt.Errorf("encrypt workbook: %w", err)
	}
	return nil
}

// The parts of the smallest workbook that spreadsheets open (ECMA-376 part 1).
const (
	xmlHead      = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	contentTypes = xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
		`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`
	packageRels = xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" ` +
		`Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	workbook = xmlHead + `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" ` +
		`xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Genbo" sheetId="1" r:id="rId1"/></sheets></workbook>`
	workbookRels = xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" ` +
		`Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`
	sheetHead = xmlHead + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`
	sheetTail = `</sheetData></worksheet>`
)

func writeWorkbook(w io.Writer, columns []string, rows Rows) error {
	archive := zip.NewWriter(w)
	for _, part := range []struct{ name, text string }{
		{"[Content_Types].xml", contentTypes}, {"_rels/.rels", packageRels}, {"xl/workbook.xml", workbook}, {"xl/_rels/workbook.xml.rels", workbookRels},
	} {
		f, err := archive.Create(part.name)
		if err == nil {
			_, err = io.WriteString(f, part.text)
		}
		if err != nil {
			return err
		}
	}
	sheet, err := archive.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		return err
	}
	if err := writeSheet(sheet, columns, rows); err != nil {
		return err
	}
	return archive.Close()
}

// writeSheet writes every cell as text within its row.
func writeSheet(w io.Writer, columns []string, rows Rows) error {
	var b bytes.Buffer
	line := func(cells []string) error {
		b.WriteString("<row>")
		for _, cell := range cells {
			b.WriteString(`<c t="inlineStr"><is><t xml:space="preserve">`)
			if err := xml.EscapeText(&b, []byte(cell)); err != nil {
				return err
			}
			b.WriteString("</t></is></c>")
		}
		b.WriteString("</row>")
		_, err := w.Write(b.Bytes())
		b.Reset()
		return err
	}
	b.WriteString(sheetHead)
	if err := line(columns); err != nil {
		return err
	}
	written := 0
	for row, err := range rows {
		if err != nil {
			return err
		}
		if written++; len(row) != len(columns) || written > MaxSheetRows {
			return fmt.Errorf("row %d does not fit the sheet: %w", written, genbo.ErrInvalid)
		}
		if err := line(row); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, sheetTail)
	return err
}
