package document

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// textsLimit bounds the shared texts of a workbook, in bytes: they lie in memory while its sheets are read.
const textsLimit = 96 << 20

// workbook is what the sheets refer to.
type workbook struct {
	texts []byte
	ends  []uint32
	dates []bool // by style: the number is a date
	out   Sink

	flat  []byte // the open row
	cells []cellRange
	row   [][]byte
}

type cellRange struct{ from, to, shared int }

func readWorkbook(src Source, out Sink) error {
	z, err := openZip(src)
	if err != nil {
		return err
	}
	w := workbook{out: out}
	var errs []error
	note := func(f *zip.File, err error) {
		if err != nil {
			errs = append(errs, fmt.Errorf("%w: %s: %w", ErrNotRead, f.Name, err))
		}
	}
	for _, f := range z.File {
		switch strings.ToLower(f.Name) {
		case "xl/sharedstrings.xml":
			note(f, readPart(f, w.readTexts))
		case "xl/styles.xml":
			note(f, readPart(f, w.readStyles))
		}
	}
	for _, f := range z.File {
		name := strings.ToLower(f.Name)
		switch {
		case strings.HasPrefix(name, "xl/worksheets/") && strings.HasSuffix(name, ".xml"):
			out.Begin()
			note(f, readPart(f, w.readSheet))
		case strings.HasPrefix(name, "xl/comments"), strings.HasPrefix(name, "xl/drawings/drawing") && strings.HasSuffix(name, ".xml"):
			out.Begin()
			note(f, readPart(f, func(r io.Reader) error {
				return readBlocks(r, vocabulary{"comment": paragraph, "t": onlyWithin, "a:p": paragraph, "a:t": onlyWithin, "xdr:sp": paragraph}, out)
			}))
		}
	}
	return errors.Join(errs...)
}

var errTexts = errors.New("the workbook has more text than the limit")

// readTexts reads the texts that cells refer to by number. The readings over kanji (rPh) are no part of them.
func (w *workbook) readTexts(r io.Reader) error {
	m := newMarkup(r)
	within, phonetic := false, false
	for {
		for w.quickText(m) {
		}
		kind, err := m.next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case len(w.texts) > textsLimit:
			return errTexts
		case kind == textMark:
			if within && !phonetic {
				w.texts = appendText(w.texts, m.Text)
			}
		case string(m.Name) == "t":
			within = kind == openMark
		case string(m.Name) == "rPh":
			phonetic = kind == openMark
		case string(m.Name) == "si" && kind != openMark:
			w.ends = append(w.ends, uint32(len(w.texts)))
		}
	}
}

// quickText reads a shared text without parts and readings, <si><t>…</t></si>, if one stands whole in the buffer.
func (w *workbook) quickText(m *markup) bool {
	const open, shut = "<si><t>", "</t></si>"
	b := m.buf[m.i:]
	if !bytes.HasPrefix(b, []byte(open)) || len(w.texts) > textsLimit {
		return false
	}
	n := bytes.IndexByte(b[len(open):], '<')
	if n < 0 || !bytes.HasPrefix(b[len(open)+n:], []byte(shut)) {
		return false
	}
	w.texts = appendText(w.texts, b[len(open):len(open)+n])
	w.ends = append(w.ends, uint32(len(w.texts)))
	m.i += len(open) + n + len(shut)
	return true
}

// shared is the text with a number.
func (w *workbook) shared(n int) []byte {
	if n < 0 || n >= len(w.ends) {
		return nil
	}
	from := uint32(0)
	if n > 0 {
		from = w.ends[n-1]
	}
	return w.texts[from:w.ends[n]:w.ends[n]]
}

// readStyles finds out which styles show a number as a date.
func (w *workbook) readStyles(r io.Reader) error {
	m := newMarkup(r)
	dates := map[int]bool{}
	within := false
	return m.each(func(kind mark) error {
		switch string(m.Name) {
		case "numFmt":
			if kind != textMark && kind != closeMark {
				id, _ := strconv.Atoi(string(m.attribute("numFmtId")))
				dates[id] = dateFormat(string(appendText(nil, m.attribute("formatCode"))))
			}
		case "cellXfs":
			if kind != textMark {
				within = kind == openMark
			}
		case "xf":
			if within && (kind == openMark || kind == emptyMark) && len(w.dates) < 1<<16 {
				id, _ := strconv.Atoi(string(m.attribute("numFmtId")))
				w.dates = append(w.dates, dates[id] || builtInDate(id))
			}
		}
		return nil
	})
}

// dateFormat reports whether a format shows a day: it has y, e, g or d outside quotes and brackets.
func dateFormat(code string) bool {
	quoted, bracket := false, false
	for i := range len(code) {
		switch c := code[i] | 0x20; {
		case code[i] == '"':
			quoted = !quoted
		case quoted:
		case code[i] == '[':
			bracket = true
		case code[i] == ']':
			bracket = false
		case !bracket && (c == 'y' || c == 'd' || c == 'e' && i+1 < len(code) && code[i+1] != '+'):
			return true
		}
	}
	return false
}
