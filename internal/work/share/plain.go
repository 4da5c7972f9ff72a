package share

import (
	"bufio"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"strings"
	"unicode"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode/utf32"
	"golang.org/x/text/transform"

	unicodes "golang.org/x/text/encoding/unicode"
)

// code is an encoding that texts lie about in.
type code struct {
	name   string
	of     encoding.Encoding // nil for UTF-8
	mark   string            // before the text
	legacy bool              // has no characters beyond those of the code pages
}

var codes = []code{
	{"UTF-8", nil, "", false}, {"UTF-8 with mark", nil, "\ufeff", false}, {"CP932", japanese.ShiftJIS, "", true}, {"EUC-JP", japanese.EUCJP, "", true},
	{"ISO-2022-JP", japanese.ISO2022JP, "", true}, {"UTF-16LE", unicodes.UTF16(unicodes.LittleEndian, unicodes.UseBOM), "", false},
	{"UTF-16BE", unicodes.UTF16(unicodes.BigEndian, unicodes.UseBOM), "", false}, {"UTF-16LE without mark", unicodes.UTF16(unicodes.LittleEndian, unicodes.IgnoreBOM), "", false},
	{"UTF-32LE", utf32.UTF32(utf32.LittleEndian, utf32.UseBOM), "", false}, {"UTF-32BE", utf32.UTF32(utf32.BigEndian, utf32.UseBOM), "", false},
}

// writer is a text on its way into its encoding. A character that the encoding lacks is a fault of the generator, and
// an error.
type writer struct {
	*bufio.Writer
	close func() error
}

func (c code) writer(out io.Writer) *writer {
	if c.of == nil {
		w := bufio.NewWriterSize(out, 64<<10)
		w.WriteString(c.mark)
		return &writer{w, w.Flush}
	}
	t := transform.NewWriter(out, c.of.NewEncoder())
	w := bufio.NewWriterSize(t, 64<<10)
	return &writer{w, func() error {
		if err := w.Flush(); err != nil {
			return err
		}
		return t.Close()
	}}
}

// separated is a table as text: CSV, TSV, and text with lines.
type separated struct {
	*writer
	comma  string
	end    string
	quoted bool // every cell
}

func (s *separated) table(string) {}

func (s *separated) line(text string) { s.WriteString(text + s.end) }

func (s *separated) row(cells []cell) {
	for i, c := range cells {
		if i > 0 {
			s.WriteString(s.comma)
		}
		if s.quoted && c.kind == 0 || strings.ContainsAny(c.text, s.comma+"\"\r\n") {
			s.WriteString(`"` + strings.ReplaceAll(c.text, `"`, `""`) + `"`)
			continue
		}
		s.WriteString(c.text)
	}
	s.WriteString(s.end)
}

func writeSeparated(comma string) func(out io.Writer, f *file) error {
	return func(out io.Writer, f *file) error {
		s := &separated{f.code.writer(out), comma, one(f.dice, "\r\n", "\r\n", "\n"), f.dice.chance(20) && comma == ","}
		f.fill(s)
		return s.close()
	}
}

// webPage is HTML.
type webPage struct {
	*writer
	open bool
}

func (p *webPage) table(name string) {
	p.end()
	p.WriteString("<h2>" + html.EscapeString(name) + "</h2>\n<table border=\"1\">\n")
	p.open = true
}

func (p *webPage) end() {
	if p.open {
		p.WriteString("</table>\n")
	}
	p.open = false
}

func (p *webPage) row(cells []cell) {
	p.WriteString("<tr>")
	for _, c := range cells {
		p.WriteString("<td>" + html.EscapeString(c.text) + "</td>")
	}
	p.WriteString("</tr>\n")
}

func (p *webPage) line(text string) {
	p.end()
	p.WriteString("<p>" + html.EscapeString(text) + "</p>\n")
}

// charsets are the names that web pages and mails give encodings.
var charsets = map[string]string{"UTF-8": "UTF-8", "UTF-8 with mark": "UTF-8", "CP932": "Shift_JIS", "EUC-JP": "EUC-JP", "ISO-2022-JP": "ISO-2022-JP"}

func writeHTML(out io.Writer, f *file) error {
	p := &webPage{writer: f.code.writer(out)}
	p.WriteString("<!DOCTYPE html>\n<html lang=\"ja\"><head>")
	if name := charsets[f.code.name]; name != "" {
		p.WriteString("<meta charset=\"" + name + "\">")
	}
	p.WriteString("<title>一覧</title><style>td{padding:2px}</style></head><body>\n")
	f.fill(p)
	p.end()
	p.WriteString("</body></html>\n")
	return p.close()
}

// keyed gives every row after a heading as values with the heading's words: XML and JSON.
type keyed struct {
	*writer
	keys []string
	one  func(k *keyed, cells []cell)
	rows int
}

func (k *keyed) table(string) { k.keys, k.rows = nil, 0 }
func (k *keyed) line(string)  {}

func (k *keyed) row(cells []cell) {
	if k.keys == nil {
		for i, c := range cells {
			key := strings.Map(func(r rune) rune {
				if unicode.IsLetter(r) || r == '々' {
					return r
				}
				return -1
			}, c.text)
			if key == "" {
				key = fmt.Sprintf("項目%d", i+1)
			}
			k.keys = append(k.keys, key)
		}
		return
	}
	k.one(k, cells)
	k.rows++
}

func writeXML(out io.Writer, f *file) error {
	k := &keyed{writer: f.code.writer(out), one: func(k *keyed, cells []cell) {
		k.WriteString("  <record>\n")
		for i, c := range cells {
			k.WriteString("    <" + k.keys[i] + ">" + html.EscapeString(c.text) + "</" + k.keys[i] + ">\n")
		}
		k.WriteString("  </record>\n")
	}}
	name := charsets[f.code.name]
	if name == "" {
		name = f.code.name[:6]
	}
	k.WriteString(`<?xml version="1.0" encoding="` + name + `"?>` + "\n<records>\n")
	f.fill(k)
	k.WriteString("</records>\n")
	return k.close()
}

func writeJSON(out io.Writer, f *file) error {
	indent := f.dice.chance(50)
	k := &keyed{writer: f.code.writer(out), one: func(k *keyed, cells []cell) {
		if k.rows > 0 {
			k.WriteString(",\n")
		}
		k.WriteString("{")
		for i, c := range cells {
			if i > 0 {
				k.WriteString(",")
			}
			if indent {
				k.WriteString("\n  ")
			}
			value := c.text
			if c.kind != number {
				b, _ := json.Marshal(c.text) // a string
				value = string(b)
			}
			k.WriteString(`"` + k.keys[i] + `": ` + value)
		}
		k.WriteString("}")
	}}
	k.WriteString("[")
	f.fill(k)
	k.WriteString("]\n")
	return k.close()
}
