package document

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
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
	return m.each(func(kind mark) error {
		switch {
		case kind == textMark:
			if within && !phonetic {
				w.texts = appendText(w.texts, m.Text)
			}
			if len(w.texts) > textsLimit {
				return errTexts
			}
		case string(m.Name) == "t":
			within = kind == openMark
		case string(m.Name) == "rPh":
			phonetic = kind == openMark
		case string(m.Name) == "si" && kind != openMark:
			w.ends = append(w.ends, uint32(len(w.texts)))
		}
		return nil
	})
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
				w.dates = append(w.dates, dates[id] || id >= 14 && id <= 17 || id == 22 || id >= 27 && id <= 36 || id >= 50 && id <= 58)
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

// readSheet hands out the rows of a sheet.
func (w *workbook) readSheet(r io.Reader) error {
	m := newMarkup(r)
	var kindOf, style, value []byte
	column, within, open := 0, false, false
	return m.each(func(kind mark) error {
		if kind == textMark {
			if within && len(value) < tokenLimit {
				value = appendText(value, m.Text)
			}
			return nil
		}
		switch string(m.Name) {
		case "row":
			if kind == closeMark || kind == emptyMark {
				w.endRow()
			}
			column = 0
		case "c":
			if kind == closeMark {
				w.put(column-1, kindOf, style, value)
				open = false
				return nil
			}
			if n := columnOf(m.attribute("r")); n > 0 {
				column = n
			} else {
				column++
			}
			kindOf, style, value = append(kindOf[:0], m.attribute("t")...), append(style[:0], m.attribute("s")...), value[:0]
			open = kind == openMark
		case "v", "t":
			within = open && kind == openMark
		case "rPh":
			within = false
		}
		return nil
	})
}

// columnOf reads the column of "AB12", 28; 0 for none.
func columnOf(ref []byte) (n int) {
	for _, c := range ref {
		if c < 'A' || c > 'Z' {
			break
		}
		if n = n*26 + int(c-'A') + 1; n > 16384 {
			return 0
		}
	}
	return n
}

// put puts a cell into the open row.
func (w *workbook) put(column int, kind, style, value []byte) {
	if column < 0 || len(value) == 0 {
		return
	}
	for len(w.cells) <= column {
		w.cells = append(w.cells, cellRange{shared: -1})
	}
	c := &w.cells[column]
	if string(kind) == "s" {
		if n, err := strconv.Atoi(string(value)); err == nil {
			c.shared = n
		}
		return
	}
	c.from = len(w.flat)
	if n, err := strconv.Atoi(string(style)); err == nil && len(kind) == 0 && n < len(w.dates) && w.dates[n] {
		w.flat = appendSerial(w.flat, value)
	} else {
		w.flat = append(w.flat, value...)
	}
	c.to = len(w.flat)
}

// appendSerial writes the day with a spreadsheet's number: days since 1899-12-30.
func appendSerial(dst, value []byte) []byte {
	days, err := strconv.ParseFloat(string(value), 64)
	if err != nil || days < 1 || days > 300_000 {
		return append(dst, value...)
	}
	if days < 60 { // they believe that 1900 had a 29th of February
		days++
	}
	return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(days)).AppendFormat(dst, "2006-01-02")
}

func (w *workbook) endRow() {
	if len(w.cells) == 0 {
		return
	}
	w.row = w.row[:0]
	for _, c := range w.cells {
		if c.shared >= 0 {
			w.row = append(w.row, w.shared(c.shared))
		} else {
			w.row = append(w.row, w.flat[c.from:c.to:c.to])
		}
	}
	w.out.Row(w.row)
	w.flat, w.cells = w.flat[:0], w.cells[:0]
}
