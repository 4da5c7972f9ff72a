package document

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strconv"

	"genbo/internal/base/charset"
)

// Records of a workbook ([MS-XLS] 2.3).
const (
	xlsFormula   = 0x0006
	xlsEOF       = 0x000a
	xlsContinue  = 0x003c
	xlsCodepage  = 0x0042
	xlsMulRK     = 0x00bd
	xlsRString   = 0x00d6
	xlsXF        = 0x00e0
	xlsSST       = 0x00fc
	xlsLabelSST  = 0x00fd
	xlsTxO       = 0x01b6
	xlsNumber    = 0x0203
	xlsLabel     = 0x0204
	xlsString    = 0x0207
	xlsRK        = 0x027e
	xlsFormat    = 0x041e
	xlsBOF       = 0x0809
	xlsVersion8  = 0x0600
	xlsTypeSheet = 0x0010
)

// xls reads the records of a workbook one after the other. Its texts, styles and open row are those of [workbook].
type xls struct {
	workbook
	b       []byte
	at      int
	old     bool // BIFF5: texts are bytes in the code page
	formats map[int]bool
	row     int
	pending int // column of a formula whose text follows; -1 for none
	text    []byte
}

func readXLS(s *streams, out Sink) error {
	b, err := s.all("Workbook", "Book")
	if err != nil || b == nil {
		return errors.Join(err, fmt.Errorf("%w: no workbook in the file", ErrNotRead))
	}
	return readBIFF(b, out)
}

func readBIFF(b []byte, out Sink) error {
	x := &xls{workbook: workbook{out: out}, b: b, formats: map[int]bool{}, row: -1, pending: -1}
	for {
		id, body, ok := x.next()
		if !ok {
			break
		}
		if err := x.record(id, body); err != nil {
			x.flush()
			return fmt.Errorf("%w: xls: %w", ErrNotRead, err)
		}
	}
	x.flush()
	if x.at < len(b) && len(b)-x.at >= 4 {
		return fmt.Errorf("%w: xls: a record at byte %d goes beyond the end", ErrNotRead, x.at)
	}
	return nil
}

// next reads a record.
func (x *xls) next() (id int, body []byte, ok bool) {
	if len(x.b)-x.at < 4 {
		return 0, nil, false
	}
	id, n := int(binary.LittleEndian.Uint16(x.b[x.at:])), int(binary.LittleEndian.Uint16(x.b[x.at+2:]))
	if len(x.b)-x.at-4 < n {
		return 0, nil, false
	}
	body = x.b[x.at+4 : x.at+4+n]
	x.at += 4 + n
	return id, body, true
}

// peek is what kind of record comes next.
func (x *xls) peek() int {
	if len(x.b)-x.at < 4 {
		return -1
	}
	return int(binary.LittleEndian.Uint16(x.b[x.at:]))
}

func (x *xls) record(id int, b []byte) error {
	u16 := func(at int) int { return int(binary.LittleEndian.Uint16(b[at:])) }
	switch {
	case id == xlsBOF && len(b) >= 4:
		x.old = u16(0) != xlsVersion8
		x.flush()
		if u16(2) == xlsTypeSheet {
			x.out.Begin()
		}
	case id == xlsSST && len(b) >= 8:
		return x.texts8(b[8:], int(binary.LittleEndian.Uint32(b[4:])))
	case id == xlsFormat && len(b) >= 5:
		x.formats[u16(0)] = dateFormat(string(x.string8(b[2:], x.old)))
	case id == xlsXF && len(b) >= 4 && len(x.dates) < 1<<16:
		x.dates = append(x.dates, x.dateStyle(u16(2)))
	case id == xlsTxO:
		x.textBox()
	case id == xlsString && x.pending >= 0:
		x.cell(x.row, x.pending, x.string8(b, false))
		x.pending = -1
	case len(b) >= 6:
		x.value(id, b, u16(0), u16(2), u16(4))
	}
	return nil
}

// dateStyle reports whether a format shows a day: the built-in ones, or one of the file's own.
func (x *xls) dateStyle(format int) bool {
	return x.formats[format] || builtInDate(format)
}

// builtInDate reports whether a format that all workbooks have shows a day ([MS-XLS] 2.5.165, ECMA-376 part 1, 18.8.30).
func builtInDate(format int) bool {
	return format >= 14 && format <= 17 || format == 22 || format >= 27 && format <= 36 || format >= 50 && format <= 58
}

// value takes a record that is a cell.
func (x *xls) value(id int, b []byte, row, column, style int) {
	switch {
	case id == xlsLabelSST && len(b) >= 10:
		x.cell(row, column, x.shared(int(binary.LittleEndian.Uint32(b[6:]))))
	case id == xlsLabel || id == xlsRString:
		x.cell(row, column, x.string8(b[6:], false))
	case id == xlsNumber && len(b) >= 14:
		x.number(row, column, style, math.Float64frombits(binary.LittleEndian.Uint64(b[6:])))
	case id == xlsRK && len(b) >= 10:
		x.number(row, column, style, rk(binary.LittleEndian.Uint32(b[6:])))
	case id == xlsMulRK:
		for at := 4; at+6 <= len(b)-2; at, column = at+6, column+1 {
			x.number(row, column, int(binary.LittleEndian.Uint16(b[at:])), rk(binary.LittleEndian.Uint32(b[at+2:])))
		}
	case id == xlsFormula && len(b) >= 14:
		if b[12] == 0xff && b[13] == 0xff {
			if x.pending = -1; b[6] == 0 {
				x.begin(row)
				x.pending = column
			}
			return
		}
		x.number(row, column, style, math.Float64frombits(binary.LittleEndian.Uint64(b[6:])))
	}
}

// rk is a number in four bytes: two bits say whether it is whole, and to be divided by 100.
func rk(v uint32) float64 {
	n := float64(int32(v) >> 2)
	if v&2 == 0 {
		n = math.Float64frombits(uint64(v&^3) << 32)
	}
	if v&1 != 0 {
		n /= 100
	}
	return n
}

func (x *xls) number(row, column, style int, v float64) {
	x.text = x.appendNumber(x.text[:0], style, v)
	x.cell(row, column, x.text)
}

// appendNumber writes a number as its style shows it: as a day, or whole where it is whole.
func (w *workbook) appendNumber(dst []byte, style int, v float64) []byte {
	switch {
	case style < len(w.dates) && w.dates[style] && v >= 1 && v < 300_000:
		return appendSerial(dst, strconv.AppendInt(nil, int64(v), 10))
	case v == math.Trunc(v) && math.Abs(v) < 1e15:
		return strconv.AppendInt(dst, int64(v), 10)
	}
	return strconv.AppendFloat(dst, v, 'g', -1, 64)
}

// begin ends the open row if another comes.
func (x *xls) begin(row int) {
	if row != x.row {
		x.flush()
		x.row = row
	}
}

func (x *xls) flush() {
	x.endRow()
	x.row, x.pending = -1, -1
}

func (x *xls) cell(row, column int, text []byte) {
	if column < 0 || column >= 16384 || len(text) == 0 {
		return
	}
	x.begin(row)
	x.put(column, nil, -1, text)
}

// string8 reads a text with its length before it: in BIFF8 a flag says whether characters have two bytes; before, they are
// bytes in the code page. short lengths have one byte.
func (x *xls) string8(b []byte, short bool) []byte {
	head := 2
	if short {
		head = 1
	}
	if len(b) <= head {
		return nil
	}
	n := int(b[0])
	if !short {
		n |= int(b[1]) << 8
	}
	if b = b[head:]; x.old {
		s, _ := charset.All(b[:min(n, len(b))])
		return []byte(s)
	}
	return characters(b[1:], n, b[0]&1 != 0)
}

// characters reads n characters of one or two bytes.
func characters(b []byte, n int, wide bool) []byte {
	if wide {
		return []byte(charset.As(b[:min(2*n, len(b)&^1)], charset.UTF16LE))
	}
	b = b[:min(n, len(b))]
	out := make([]byte, 0, len(b))
	for _, c := range b {
		if c < 0x80 {
			out = append(out, c)
		} else {
			out = append(out, 0xc0|c>>6, 0x80|c&0x3f)
		}
	}
	return out
}

// textBox reads the text of a box or note, which lies in the next record.
func (x *xls) textBox() {
	if x.peek() != xlsContinue {
		return
	}
	_, b, ok := x.next()
	if ok && len(b) > 1 {
		x.flush()
		x.out.Text(characters(b[1:], len(b), b[0]&1 != 0))
	}
}
