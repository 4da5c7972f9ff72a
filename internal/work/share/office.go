package share

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"io"
	"strconv"
	"strings"
	"time"

	"genbo"
)

// when is the time on everything in a share's archives: equal seeds give equal bytes.
var when = time.Date(2015, 5, 8, 12, 0, 0, 0, time.UTC)

// parts is a zip file that is written part after part.
type parts struct {
	zip *zip.Writer
	*bufio.Writer
	err error
}

func newParts(out io.Writer) *parts {
	z := zip.NewWriter(out)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	return &parts{zip: z, Writer: bufio.NewWriterSize(io.Discard, 64<<10)}
}

// part begins the next part, and writes its beginning.
func (p *parts) part(name, text string) {
	p.keep(p.Flush())
	h := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: when}
	if name == "mimetype" { // OpenDocument 1.2 part 3, 3.3: first and not compressed
		h.Method = zip.Store
	}
	w, err := p.zip.CreateHeader(h)
	p.keep(err)
	if err == nil {
		p.Reset(w)
	}
	p.WriteString(text)
}

func (p *parts) keep(err error) {
	if p.err == nil {
		p.err = err
	}
}

func (p *parts) close() error {
	p.keep(p.Flush())
	p.keep(p.zip.Close())
	return p.err
}

var escaped = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\f", "")

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

// book is a workbook of ECMA-376. Strings lie in the sheet or, as Excel has it, in a list of their own.
type book struct {
	*parts
	shared  map[string]int // nil where strings lie in the sheet
	strings []string
	sheets  []string
	rows    int
	guarded bool // sheets are protected against editing, which hides nothing
}

func (b *book) table(name string) {
	b.end()
	b.sheets, b.rows = append(b.sheets, name), 0
	b.part("xl/worksheets/sheet"+strconv.Itoa(len(b.sheets))+".xml", xmlHead+`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`)
}

func (b *book) end() {
	if len(b.sheets) > 0 {
		b.WriteString("</sheetData>")
		if b.guarded {
			b.WriteString(`<sheetProtection algorithmName="SHA-512" hashValue="AAAA" saltValue="AAAA" spinCount="100000" sheet="1" objects="1" scenarios="1"/>`)
		}
		b.WriteString("</worksheet>")
	}
}

func (b *book) line(text string) { b.row(texts(text)) }

func (b *book) row(cells []cell) {
	if len(b.sheets) == 0 {
		b.table("Sheet1")
	}
	b.rows++
	row := strconv.Itoa(b.rows)
	b.WriteString(`<row r="` + row + `">`)
	for i, c := range cells {
		if c.text == "" {
			continue
		}
		b.WriteString(`<c r="` + columnName(i) + row + `"`)
		switch {
		case c.kind == number:
			b.WriteString(`><v>` + c.text + `</v></c>`)
		case c.kind == day:
			b.WriteString(` s="1"><v>` + strconv.Itoa(serialDay(c.text)) + `</v></c>`)
		case b.shared != nil:
			b.WriteString(` t="s"><v>` + strconv.Itoa(b.index(c.text)) + `</v></c>`)
		default:
			b.WriteString(` t="inlineStr"><is><t xml:space="preserve">` + escaped.Replace(c.text) + `</t></is></c>`)
		}
	}
	b.WriteString("</row>")
}

func (b *book) index(s string) int {
	n, ok := b.shared[s]
	if !ok {
		n = len(b.strings)
		b.shared[s], b.strings = n, append(b.strings, s)
	}
	return n
}

// columnName is A for 0, AA for 26.
func columnName(i int) string {
	if i < 26 {
		return string(rune('A' + i))
	}
	return columnName(i/26-1) + columnName(i%26)
}

// serialDay counts a day written as 1950/3/1 as spreadsheets do: days since 30 December 1899.
func serialDay(text string) int {
	t, err := time.Parse("2006/1/2", text)
	if err != nil {
		panic(err) // cells of this kind are written by daySpellings alone
	}
	return int(t.Sub(genbo.Date(18991230).Time()).Hours() / 24)
}

const officeRels = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`

func writeXLSX(out io.Writer, f *file) error {
	b := &book{parts: newParts(out), guarded: f.guarded}
	if f.dice.chance(60) && f.rows <= 20_000 {
		b.shared = map[string]int{}
	}
	main := "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
	if f.format.name == "xlsm" {
		main = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
	}
	f.fill(b)
	if len(b.sheets) == 0 {
		b.table("Sheet1")
	}
	b.end()
	const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	types := xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="` + main + `"/>`
	book, rels := xmlHead+`<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="`+office+`"><sheets>`, xmlHead+officeRels
	for i, name := range b.sheets {
		n := strconv.Itoa(i + 1)
		types += `<Override PartName="/xl/worksheets/sheet` + n + `.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`
		book += `<sheet name="` + escaped.Replace(name) + n + `" sheetId="` + n + `" r:id="rId` + n + `"/>`
		rels += `<Relationship Id="rId` + n + `" Type="` + office + `/worksheet" Target="worksheets/sheet` + n + `.xml"/>`
	}
	rels += `<Relationship Id="rIdStyles" Type="` + office + `/styles" Target="styles.xml"/>`
	types += `<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>`
	if b.shared != nil {
		rels += `<Relationship Id="rIdStrings" Type="` + office + `/sharedStrings" Target="sharedStrings.xml"/>`
		types += `<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>`
		b.part("xl/sharedStrings.xml", xmlHead+`<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" uniqueCount="`+strconv.Itoa(len(b.strings))+`">`)
		for _, s := range b.strings {
			b.WriteString(`<si><t xml:space="preserve">` + escaped.Replace(s) + `</t></si>`)
		}
		b.WriteString("</sst>")
	}
	b.part("xl/styles.xml", xmlHead+`<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>`+
		`<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf xfId="0"/><xf xfId="0" numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>`)
	b.part("xl/workbook.xml", book+"</sheets></workbook>")
	b.part("xl/_rels/workbook.xml.rels", rels+"</Relationships>")
	b.part("_rels/.rels", xmlHead+officeRels+`<Relationship Id="rId1" Type="`+office+`/officeDocument" Target="xl/workbook.xml"/></Relationships>`)
	b.part("[Content_Types].xml", types+"</Types>")
	return b.close()
}
