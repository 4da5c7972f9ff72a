package document

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"genbo/internal/base/charset"
)

// Places in the head of a Word document ([MS-DOC] 2.5).
const (
	fibMagic     = 0xa5ec
	fibFlags     = 0x0a
	fibSecond    = 0x0200 // the pieces are described in 1Table
	fibPapx      = 0x0102 // where the table of paragraphs' properties is: its place and length
	fibClx       = 0x01a2 // where the table of pieces is
	fibShortest  = 0x01aa
	firstUnicode = 0x00c1 // nFib of Word 97
)

// wordText is the text of a document, cut in pieces that lie anywhere in the file.
type wordText struct {
	main    []byte
	rowEnds map[uint32]bool // places in the file of the marks that end rows
	out     Sink

	line  []byte
	cells [][]byte
	flat  []byte
	ends  []int
	field int // depth in fields' instructions, which are no text
}

func readDoc(s *streams, out Sink) error {
	main, err := s.all("WordDocument")
	if err != nil || len(main) < 0x20 || binary.LittleEndian.Uint16(main) != fibMagic {
		return errors.Join(err, fmt.Errorf("%w: no Word document of 1997 or later", ErrNotRead))
	}
	if binary.LittleEndian.Uint16(main[2:]) < firstUnicode || len(main) < fibShortest {
		return readOldWord(main, out)
	}
	name := "0Table"
	if binary.LittleEndian.Uint16(main[fibFlags:])&fibSecond != 0 {
		name = "1Table"
	}
	table, err := s.all(name)
	if err != nil {
		return err
	}
	pieces := part(table, main, fibClx)
	w := &wordText{main: main, out: out, rowEnds: rowEnds(main, part(table, main, fibPapx))}
	if !w.pieces(pieces) {
		return fmt.Errorf("%w: doc: the table of pieces is damaged", ErrNotRead)
	}
	w.end()
	return nil
}

// part is what a place and length in the head point to.
func part(table, head []byte, at int) []byte {
	from, n := binary.LittleEndian.Uint32(head[at:]), binary.LittleEndian.Uint32(head[at+4:])
	if uint64(from)+uint64(n) > uint64(len(table)) {
		return nil
	}
	return table[from : from+n]
}

// pieces reads the text piece by piece ([MS-DOC] 2.9.38).
func (w *wordText) pieces(clx []byte) bool {
	for len(clx) > 3 && clx[0] == 1 { // properties that pieces refer to
		n := 3 + int(binary.LittleEndian.Uint16(clx[1:]))
		if n > len(clx) {
			return false
		}
		clx = clx[n:]
	}
	if len(clx) < 5 || clx[0] != 2 {
		return false
	}
	plc := clx[5:min(len(clx), 5+int(binary.LittleEndian.Uint32(clx[1:])))]
	n := (len(plc) - 4) / 12
	if n < 1 {
		return false
	}
	for i := range n {
		from, to := binary.LittleEndian.Uint32(plc[4*i:]), binary.LittleEndian.Uint32(plc[4*i+4:])
		place := binary.LittleEndian.Uint32(plc[4*(n+1)+8*i+2:])
		if to < from || !w.piece(place, int(to-from)) {
			return false
		}
	}
	return true
}

// piece reads n characters: of one byte if bit 30 of the place is set, of two if not.
func (w *wordText) piece(place uint32, n int) bool {
	at, size := uint64(place&0x3fffffff), 2
	if place&0x40000000 != 0 {
		at, size = at/2, 1
	}
	if at > uint64(len(w.main)) || n < 0 || n > len(w.main) {
		return false
	}
	b := w.main[at:min(uint64(len(w.main)), at+uint64(n*size))]
	for from := 0; from < len(b); {
		to := from
		for to+size <= len(b) && !markAt(b[to:], size) {
			to += size
		}
		w.take(characters(b[from:to], (to-from)/size, size == 2))
		if to+size <= len(b) {
			w.mark(b[to], uint32(at)+uint32(to))
		}
		from = to + size
	}
	return true
}

// markAt reports whether a control character stands there.
func markAt(b []byte, size int) bool { return b[0] < 0x20 && (size == 1 || b[1] == 0) }

func (w *wordText) take(text []byte) {
	if w.field > 0 {
		return
	}
	if len(w.line) > tokenLimit {
		w.out.Text(w.line)
		w.line = w.line[:0]
	}
	w.line = append(w.line, text...)
}

func (w *wordText) mark(c byte, place uint32) {
	switch c {
	case 0x13:
		w.field++
	case 0x14:
		w.field = max(0, w.field-1)
	case 0x15: // a field without a result ends in its instructions
	case 0x07:
		// Where nothing is known of the rows, two marks beside each other end one.
		if w.rowEnds[place] || len(w.rowEnds) == 0 && len(w.ends) > 0 && len(w.line) == 0 {
			w.row()
		} else {
			w.flat = append(w.flat, w.line...)
			w.ends, w.line = append(w.ends, len(w.flat)), w.line[:0]
		}
	case 0x0d:
		if len(w.ends) > 0 { // a further paragraph in a cell
			w.line = append(w.line, '\n')
		} else {
			w.paragraph()
		}
	case 0x0b, 0x0c, 0x0e:
		w.paragraph()
	case 0x09:
		w.take([]byte("  "))
	case 0x1e:
		w.take([]byte("-"))
	}
	if len(w.flat) > 4*tokenLimit {
		w.row()
	}
}

func (w *wordText) paragraph() {
	if len(w.ends) > 0 && len(w.line) == 0 {
		w.row()
	}
	if len(w.line) > 0 {
		w.out.Text(w.line)
	}
	w.line = w.line[:0]
}

// end hands out what is open at the end of the text.
func (w *wordText) end() {
	if len(w.ends) > 0 && len(w.line) > 0 {
		w.flat = append(w.flat, w.line...)
		w.ends, w.line = append(w.ends, len(w.flat)), w.line[:0]
	}
	w.paragraph()
}

func (w *wordText) row() {
	w.cells = w.cells[:0]
	from := 0
	for _, to := range w.ends {
		w.cells = append(w.cells, bytes.TrimRight(w.flat[from:to:to], "\n"))
		from = to
	}
	if len(w.cells) > 0 {
		w.out.Row(w.cells)
	}
	w.flat, w.ends, w.line = w.flat[:0], w.ends[:0], w.line[:0]
}

const sprmRowEnd = 0x2417

// rowEnds are the places of the paragraph marks that end rows of tables: their properties say so, in pages of 512 bytes
// ([MS-DOC] 2.9.174).
func rowEnds(main, plc []byte) map[uint32]bool {
	ends := map[uint32]bool{}
	n := (len(plc) - 4) / 8
	for i := range max(n, 0) {
		at := uint64(binary.LittleEndian.Uint32(plc[4*(n+1)+4*i:])&0x3fffff) * 512
		if at+512 > uint64(len(main)) {
			continue
		}
		page := main[at : at+512]
		runs := int(page[511])
		if 4*(runs+1)+13*runs > 511 {
			continue
		}
		for k := range runs {
			if hasRowEnd(page, int(page[4*(runs+1)+13*k])*2) {
				end := binary.LittleEndian.Uint32(page[4*(k+1):])
				ends[end-1], ends[end-2] = true, true // the mark has one byte or two
			}
		}
	}
	return ends
}

// hasRowEnd looks for the property in the list at a place of a page.
func hasRowEnd(page []byte, at int) bool {
	if at == 0 || at+3 > 511 {
		return false
	}
	n := int(page[at])*2 - 1
	if at++; page[at-1] == 0 {
		n = int(page[at]) * 2
		at++
	}
	list := page[min(at+2, 511):min(max(at+n, at), 511)]
	return bytes.Contains(list, []byte{sprmRowEnd & 0xff, sprmRowEnd >> 8, 1})
}

// readOldWord reads documents of Word 6 and 95: bytes in the code page, from one place to another.
func readOldWord(main []byte, out Sink) error {
	from, to := binary.LittleEndian.Uint32(main[0x18:]), binary.LittleEndian.Uint32(main[0x1c:])
	if from >= to || uint64(to) > uint64(len(main)) {
		return fmt.Errorf("%w: doc: no text where its head says", ErrNotRead)
	}
	text, _ := charset.All(main[from:to])
	for line := range bytes.FieldsFuncSeq([]byte(text), func(r rune) bool { return r == '\r' || r == 7 || r == 0x0b || r == 0x0c }) {
		out.Text(line)
	}
	return nil
}
