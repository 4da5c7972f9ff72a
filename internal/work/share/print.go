package share

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
)

// printed is a PDF as old printing programs make it: pages of lines in a font that is not embedded, in CP932.
type printed struct {
	pages [][]string
}

const linesOfPage = 40

func (p *printed) table(string)     {}
func (p *printed) row(cells []cell) { p.line(joined(cells)) }

func (p *printed) line(text string) {
	if len(p.pages) == 0 || len(p.pages[len(p.pages)-1]) >= linesOfPage || text == "\f" {
		p.pages = append(p.pages, nil)
	}
	last := &p.pages[len(p.pages)-1]
	*last = append(*last, strings.TrimSuffix(text, "\f"))
}

func joined(cells []cell) string {
	list := make([]string, len(cells))
	for i, c := range cells {
		list[i] = c.text
	}
	return strings.Join(list, "　")
}

func writePDF(out io.Writer, f *file) error {
	p := &printed{}
	f.fill(p)
	if len(p.pages) == 0 {
		p.pages = [][]string{nil}
	}
	objects := []string{"<< /Type /Catalog /Pages 2 0 R >>", "",
		"<< /Type /Font /Subtype /Type0 /BaseFont /MS-Mincho /Encoding /90ms-RKSJ-H /DescendantFonts [4 0 R] >>",
		"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /MS-Mincho /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 2 >> /DW 1000 /W [1 632 500] /FontDescriptor 5 0 R >>",
		"<< /Type /FontDescriptor /FontName /MS-Mincho /Flags 6 /FontBBox [0 -136 1000 859] /ItalicAngle 0 /Ascent 859 /Descent -140 /CapHeight 709 /StemV 80 >>"}
	kids := ""
	for _, lines := range p.pages {
		var text strings.Builder
		text.WriteString("BT /F1 9 Tf 40 800 Td 18 TL\n")
		for _, l := range lines {
			raw, err := encoding.ReplaceUnsupported(japanese.ShiftJIS.NewEncoder()).Bytes([]byte(l)) // printers write 〓 or ? all the same
			if err != nil {
				return err
			}
			fmt.Fprintf(&text, "<%x> Tj T*\n", raw)
		}
		text.WriteString("ET")
		n := len(objects) + 1
		kids += fmt.Sprintf("%d 0 R ", n)
		objects = append(objects, fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 842 842] /Contents %d 0 R /Resources << /Font << /F1 3 0 R >> >> >>", n+1),
			fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", text.Len(), text.String()))
	}
	objects[1] = fmt.Sprintf("<< /Type /Pages /Kids [%s] /Count %d >>", kids, len(p.pages))
	_, err := out.Write(pdfOf(objects))
	return err
}

// pdfOf puts the objects of a PDF together (ISO 32000-2, 7.5).
func pdfOf(objects []string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	at := make([]int, len(objects))
	for i, o := range objects {
		at[i] = b.Len()
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

// rich is a document in rich text, its Japanese as bytes of CP932.
type rich struct{ strings.Builder }

func (r *rich) table(string) {}

func (r *rich) row(cells []cell) {
	r.WriteString(`\trowd\intbl `)
	for _, c := range cells {
		r.text(c.text)
		r.WriteString(`\cell `)
	}
	r.WriteString("\\row\\pard\n")
}

func (r *rich) line(text string) {
	r.text(text)
	r.WriteString("\\par\n")
}

func (r *rich) text(s string) {
	for _, c := range s {
		switch {
		case c == '\\' || c == '{' || c == '}':
			r.WriteString(`\` + string(c))
		case c == '\t':
			r.WriteString(`\tab `)
		case c < 0x80:
			r.WriteRune(c)
		default:
			raw, err := japanese.ShiftJIS.NewEncoder().Bytes([]byte(string(c)))
			if err != nil {
				fmt.Fprintf(r, `\u%d?`, int16(c))
				continue
			}
			for _, b := range raw {
				fmt.Fprintf(r, `\'%02x`, b)
			}
		}
	}
}

func writeRTF(out io.Writer, f *file) error {
	r := &rich{}
	r.WriteString(`{\rtf1\ansi\ansicpg932\deff0{\fonttbl{\f0\fnil\fcharset128 MS Mincho;}}\uc1\f0 `)
	f.fill(r)
	r.WriteString("}")
	_, err := io.WriteString(out, r.String())
	return err
}
