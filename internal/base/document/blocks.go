package document

import (
	"bytes"
	"errors"
	"io"
	"strconv"
)

// Sink takes what a document says.
type Sink interface {
	// Begin begins a new place in the document: a sheet, a table, the text after it.
	Begin()
	// Row takes a row of a table. The cells are valid during the call only.
	Row(cells [][]byte)
	// Text takes lines of running text, valid during the call only.
	Text(b []byte)
}

// sense is what a mark means in a format.
type sense uint8

const (
	nothing   sense = iota
	paragraph       // its end is the end of a line
	row
	cellMark
	table
	breakMark  // the end of a line
	blankMark  // blanks, tabs
	skipped    // what stands in it is no text
	onlyWithin // text counts within these only, where a format has any
)

// vocabulary is what the marks of a format mean.
type vocabulary map[string]sense

var (
	wordVocabulary  = vocabulary{"w:p": paragraph, "w:tr": row, "w:tc": cellMark, "w:tbl": table, "w:br": breakMark, "w:cr": breakMark, "w:tab": blankMark, "w:t": onlyWithin, "w:delText": skipped}
	slideVocabulary = vocabulary{"a:p": paragraph, "a:tr": row, "a:tc": cellMark, "a:tbl": table, "a:br": breakMark, "a:t": onlyWithin}
	odfVocabulary   = vocabulary{"text:p": paragraph, "text:h": paragraph, "table:table-row": row, "table:table-cell": cellMark, "table:table": table,
		"text:line-break": breakMark, "text:tab": blankMark, "text:s": blankMark, "style:style": skipped, "office:automatic-styles": skipped, "office:binary-data": skipped}
	sheetVocabulary = vocabulary{"Row": row, "Cell": cellMark, "Table": table, "Data": onlyWithin, "ss:Data": onlyWithin}
	htmlVocabulary  = vocabulary{"p": paragraph, "div": paragraph, "li": paragraph, "h1": paragraph, "h2": paragraph, "h3": paragraph, "h4": paragraph, "dt": paragraph, "dd": paragraph,
		"pre": paragraph, "option": paragraph, "title": paragraph, "tr": row, "td": cellMark, "th": cellMark, "table": table, "br": breakMark, "hr": breakMark, "script": skipped, "style": skipped}
)

// mostRepeats bounds how often a cell of an OpenDocument table is repeated: a sheet's last one may claim a million.
const mostRepeats = 256

// blocks turns marks into rows and lines.
type blocks struct {
	out     Sink
	words   vocabulary
	lower   bool      // HTML: marks in any case
	within  int       // in marks that text counts within
	only    bool      // the format has such marks
	known   [256]bool // by nameHash: a mark of the vocabulary may have this name
	skip    int
	rows    int // rows open: only the outermost is a row, tables in cells are text
	text    []byte
	flat    []byte // cells of the open row
	ends    []int
	inCell  bool
	repeats int
	cells   [][]byte
	long    bool // a cell was cut
}

// readBlocks reads a part of a document.
func readBlocks(r io.Reader, words vocabulary, out Sink) error {
	b := blocks{out: out, words: words, lower: words["td"] != nothing}
	for name, s := range words {
		b.only = b.only || s == onlyWithin
		b.known[nameHash([]byte(name))] = true
	}
	m := newMarkup(r)
	for {
		kind, err := m.next()
		if errors.Is(err, io.EOF) {
			b.flush()
			if b.long {
				return errCellSize
			}
			return nil
		} else if err != nil {
			b.flush()
			return err
		}
		if kind == textMark {
			b.take(m.Text)
			continue
		}
		name := m.Name
		if b.lower {
			name = bytes.ToLower(name)
		}
		if !b.known[nameHash(name)] {
			continue
		}
		s := b.words[string(name)]
		if s == nothing {
			continue
		}
		if s == cellMark && kind != closeMark {
			n, err := strconv.Atoi(string(m.attribute("table:number-columns-repeated")))
			if err != nil {
				n = 1
			}
			b.repeats = min(max(n, 1), mostRepeats)
			b.skipTo(numberOf(m.attribute("ss:Index")) - 1)
		}
		if kind != closeMark {
			b.open(s)
		}
		if kind != openMark || b.lower && s == breakMark {
			b.close(s)
		}
	}
}

// nameHash tells most names apart: of a document's marks few are in the vocabulary.
func nameHash(name []byte) byte {
	n := len(name)
	if n == 0 {
		return 0
	}
	return byte(n)*37 ^ name[n-1]*5 ^ name[n/2]
}

func (b *blocks) take(text []byte) {
	if b.skip > 0 || b.only && b.within == 0 {
		return
	}
	if b.rows == 0 && len(b.text) > tokenLimit {
		b.flush()
	}
	if b.lower { // blanks and line ends of the source mean nothing
		if text = bytes.TrimRight(text, "\r\n\t"); len(bytes.TrimSpace(text)) == 0 {
			return
		}
	}
	if len(b.text) < 4*tokenLimit {
		b.text = appendText(b.text, text)
	} else {
		b.long = true
	}
}

func (b *blocks) open(s sense) {
	switch s {
	case skipped:
		b.skip++
	case onlyWithin:
		b.within++
	case row:
		if b.lower && b.rows == 1 { // HTML need not close its rows, and puts tables into cells to lay pages out
			b.close(row)
		}
		if b.rows++; b.rows == 1 {
			b.flush()
			b.flat, b.ends = b.flat[:0], b.ends[:0]
		}
	case cellMark:
		if b.lower && b.inCell {
			b.cell()
		}
		b.inCell = true
	case table:
		if b.rows == 0 {
			b.flush()
			b.out.Begin()
		}
	}
}

func (b *blocks) close(s sense) {
	switch s {
	case skipped:
		b.skip = max(0, b.skip-1)
	case onlyWithin:
		b.within = max(0, b.within-1)
	case paragraph, breakMark:
		if b.rows == 0 {
			b.flush()
		} else if len(b.text) > 0 && b.text[len(b.text)-1] != '\n' {
			b.text = append(b.text, '\n')
		}
	case blankMark:
		b.text = append(b.text, ' ')
	case cellMark:
		switch {
		case b.lower && !b.inCell: // closed already by the next one's beginning
		case b.rows <= 1:
			b.cell()
		default:
			b.text = append(b.text, ' ')
		}
	case row:
		if b.rows == 1 {
			b.endRow()
		}
		b.rows = max(0, b.rows-1)
	case table:
		if b.lower && b.rows == 1 {
			b.close(row)
		}
		if b.rows == 0 {
			b.out.Begin()
		}
	}
}

// skipTo leaves cells empty, as far as the one that says its column.
func (b *blocks) skipTo(column int) {
	for b.rows == 1 && !b.inCell && len(b.ends) < min(column, 16384) {
		b.ends = append(b.ends, len(b.flat))
	}
}

// midnight is what stands behind a day in a cell of Excel's XML.
const midnight = "T00:00:00.000"

func (b *blocks) cell() {
	text := bytes.TrimSuffix(bytes.TrimRight(b.text, "\n"), []byte(midnight))
	for range max(1, b.repeats) {
		if len(b.ends) >= 16384 {
			break
		}
		b.flat = append(b.flat, text...)
		b.ends = append(b.ends, len(b.flat))
	}
	b.text, b.repeats, b.inCell = b.text[:0], 1, false
}

func (b *blocks) endRow() {
	if b.inCell || len(bytes.TrimSpace(b.text)) > 0 {
		b.cell()
	}
	b.cells = b.cells[:0]
	from := 0
	for _, to := range b.ends {
		b.cells = append(b.cells, b.flat[from:to:to])
		from = to
	}
	b.out.Row(b.cells)
	b.flat, b.ends = b.flat[:0], b.ends[:0]
}

// flush hands out the line that is open.
func (b *blocks) flush() {
	if len(b.text) > 0 {
		b.out.Text(b.text)
		b.text = b.text[:0]
	}
}
