package share

import (
	"io"
	"strings"
	"unicode/utf8"
)

// markup is a document of paragraphs and tables in XML: how each begins and ends.
type markup struct {
	*parts
	*dice
	paragraph, table1, row1, cell1 [2]string
	cut                            string // between two runs of a paragraph; empty for one run
	open                           bool
}

func (m *markup) table(string) {
	m.end()
	m.WriteString(m.table1[0])
	m.open = true
}

func (m *markup) end() {
	if m.open {
		m.WriteString(m.table1[1])
	}
	m.open = false
}

func (m *markup) row(cells []cell) {
	m.WriteString(m.row1[0])
	for _, c := range cells {
		m.WriteString(m.cell1[0])
		m.text(c.text)
		m.WriteString(m.cell1[1])
	}
	m.WriteString(m.row1[1])
}

func (m *markup) line(text string) {
	m.end()
	m.text(text)
}

// text writes a paragraph. Word processors cut one into runs anywhere, also within a number.
func (m *markup) text(s string) {
	m.WriteString(m.paragraph[0])
	if m.cut != "" && len(s) > 3 && m.chance(20) {
		at := m.below(len(s))
		for !utf8.RuneStart(s[at]) {
			at--
		}
		m.WriteString(escaped.Replace(s[:at]) + m.cut)
		s = s[at:]
	}
	m.WriteString(strings.ReplaceAll(escaped.Replace(s), "\t", "　") + m.paragraph[1])
}

const wordSpace = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`

func writeDOCX(out io.Writer, f *file) error {
	m := &markup{parts: newParts(out), dice: f.dice, paragraph: [2]string{`<w:p><w:r><w:t xml:space="preserve">`, `</w:t></w:r></w:p>`},
		table1: [2]string{`<w:tbl>`, `</w:tbl>`}, row1: [2]string{`<w:tr>`, `</w:tr>`}, cell1: [2]string{`<w:tc>`, `</w:tc>`},
		cut: `</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">`}
	m.part("[Content_Types].xml", xmlHead+`<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>`+
		`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`)
	m.part("_rels/.rels", xmlHead+officeRels+`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`)
	m.part("word/document.xml", xmlHead+`<w:document `+wordSpace+`><w:body>`)
	f.fill(m)
	m.end()
	m.WriteString(`<w:sectPr/></w:body></w:document>`)
	return m.close()
}

func writePPTX(out io.Writer, f *file) error {
	const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	m := &markup{parts: newParts(out), dice: f.dice, paragraph: [2]string{`<a:p><a:r><a:t>`, `</a:t></a:r></a:p>`},
		table1: [2]string{`<p:graphicFrame><a:graphic><a:graphicData><a:tbl>`, `</a:tbl></a:graphicData></a:graphic></p:graphicFrame>`},
		row1:   [2]string{`<a:tr>`, `</a:tr>`}, cell1: [2]string{`<a:tc><a:txBody>`, `</a:txBody></a:tc>`}}
	m.part("[Content_Types].xml", xmlHead+`<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>`+
		`<Override PartName="/ppt/presentation.xml" ContentType="application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"/>`+
		`<Override PartName="/ppt/slides/slide1.xml" ContentType="application/vnd.openxmlformats-officedocument.presentationml.slide+xml"/></Types>`)
	m.part("_rels/.rels", xmlHead+officeRels+`<Relationship Id="rId1" Type="`+office+`/officeDocument" Target="ppt/presentation.xml"/></Relationships>`)
	m.part("ppt/presentation.xml", xmlHead+`<p:presentation xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:r="`+office+`"><p:sldIdLst><p:sldId id="256" r:id="rId1"/></p:sldIdLst></p:presentation>`)
	m.part("ppt/_rels/presentation.xml.rels", xmlHead+officeRels+`<Relationship Id="rId1" Type="`+office+`/slide" Target="slides/slide1.xml"/></Relationships>`)
	m.part("ppt/slides/slide1.xml", xmlHead+`<p:sld xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><p:cSld><p:spTree>`)
	f.fill(&slide{markup: m})
	return m.close()
}

// slide wraps paragraphs into one shape for each run of them.
type slide struct {
	*markup
	shape bool
}

func (s *slide) table(name string) { s.closeShape(); s.markup.table(name) }

func (s *slide) line(text string) {
	s.end()
	if !s.shape {
		s.WriteString(`<p:sp><p:txBody>`)
	}
	s.shape = true
	s.text(text)
}

func (s *slide) closeShape() {
	if s.shape {
		s.WriteString(`</p:txBody></p:sp>`)
	}
	s.shape = false
}

func writeOpenDocument(kind string) func(out io.Writer, f *file) error {
	return func(out io.Writer, f *file) error {
		m := &markup{parts: newParts(out), dice: f.dice, paragraph: [2]string{`<text:p>`, `</text:p>`}, table1: [2]string{`<table:table table:name="一覧">`, `</table:table>`},
			row1: [2]string{`<table:table-row>`, `</table:table-row>`}, cell1: [2]string{`<table:table-cell office:value-type="string">`, `</table:table-cell>`}}
		m.part("mimetype", "application/vnd.oasis.opendocument."+kind)
		m.part("META-INF/manifest.xml", xmlHead+`<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.`+
			kind+`"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>`)
		m.part("content.xml", xmlHead+`<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" `+
			`xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body><office:`+kind+`>`)
		f.fill(m)
		m.end()
		m.WriteString(`</office:` + kind + `></office:body></office:document-content>`)
		return m.close()
	}
}
