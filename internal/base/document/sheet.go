package document

import (
	"bytes"
	"errors"
	"io"
	"strconv"
)

// readSheet hands out the rows of a sheet.
func (w *workbook) readSheet(r io.Reader) error {
	m := newMarkup(r)
	var kindOf, value []byte
	column, style, within, open, long := 0, 0, false, false, false
	for {
		if w.quickCell(m, &column) {
			continue
		}
		kind, err := m.next()
		if errors.Is(err, io.EOF) {
			if long {
				return errCellSize
			}
			return nil
		} else if err != nil {
			return err
		}
		if kind == textMark {
			if within && len(value) < tokenLimit {
				value = appendText(value, m.Text)
			} else {
				long = long || within
			}
			continue
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
				continue
			}
			if n := columnOf(m.attribute("r")); n > 0 {
				column = n
			} else {
				column++
			}
			kindOf, style, value = append(kindOf[:0], m.attribute("t")...), numberOf(m.attribute("s")), value[:0]
			open = kind == openMark
		case "v", "t":
			within = open && kind == openMark
		case "rPh":
			within = false
		}
	}
}

// quickCell reads a cell as all programs write them, <c r="A1" s="1" t="s"><v>0</v></c>, if one stands whole in the buffer.
// Whatever looks otherwise is left to the reader of marks.
func (w *workbook) quickCell(m *markup, column *int) bool {
	const longest = 512
	b := m.buf[m.i:]
	if len(b) < 64 || b[0] != '<' || b[1] != 'c' || b[2] != ' ' {
		return false
	}
	b = b[:min(len(b), longest)]
	var kind []byte
	at, style, i := *column+1, 0, 3
	for {
		if i+4 > len(b) || b[i+1] != '=' || b[i+2] != '"' {
			return false
		}
		end := bytes.IndexByte(b[i+3:], '"')
		if end < 0 || i+3+end+1 >= len(b) {
			return false
		}
		text := b[i+3 : i+3+end]
		switch b[i] {
		case 'r':
			if at = columnOf(text); at == 0 {
				return false
			}
		case 's':
			style = numberOf(text)
		case 't':
			kind = text
		}
		i += 3 + end + 1
		if b[i] != ' ' {
			break
		}
		i++
	}
	open, shut := "><v>", "</v></c>"
	if bytes.HasPrefix(b[i:], []byte("><is><t>")) {
		open, shut = "><is><t>", "</t></is></c>"
	}
	if !bytes.HasPrefix(b[i:], []byte(open)) {
		return false
	}
	value := b[i+len(open):]
	n := bytes.IndexByte(value, '<')
	if n < 0 || !bytes.HasPrefix(value[n:], []byte(shut)) || bytes.IndexByte(value[:n], '&') >= 0 {
		return false
	}
	w.put(at-1, kind, style, value[:n])
	*column = at
	m.i += i + len(open) + n + len(shut)
	return true
}

// numberOf reads a number without a sign, as styles and texts have them; -1 for none.
func numberOf(b []byte) (n int) {
	if len(b) == 0 || len(b) > 9 {
		return -1
	}
	for _, c := range b {
		if c < '0' || c > '9' {
			return -1
		}
		n = n*10 + int(c-'0')
	}
	return n
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
func (w *workbook) put(column int, kind []byte, style int, value []byte) {
	if column < 0 || len(value) == 0 {
		return
	}
	for len(w.cells) <= column {
		w.cells = append(w.cells, cellRange{shared: -1})
	}
	c := &w.cells[column]
	if len(kind) == 1 && kind[0] == 's' {
		c.shared = numberOf(value)
		return
	}
	c.from = len(w.flat)
	if (len(kind) == 0 || string(kind) == "n") && style >= 0 && style < len(w.dates) && w.dates[style] {
		w.flat = appendSerial(w.flat, value)
	} else {
		w.flat = append(w.flat, value...)
	}
	c.to = len(w.flat)
}

// appendSerial writes the day with a spreadsheet's number: days since 1899-12-30.
func appendSerial(dst, value []byte) []byte {
	days := numberOf(value)
	if days < 0 {
		whole, err := strconv.ParseFloat(string(value), 64)
		if err != nil || whole < 1 || whole > 300_000 {
			return append(dst, value...)
		}
		days = int(whole)
	}
	if days < 1 || days > 300_000 {
		return append(dst, value...)
	}
	if days < 60 { // they believe that 1900 had a 29th of February
		days++
	}
	// Years of 365.2425 days that begin in March, so that the leap day is the last.
	const before1899 = 693899 // days from 0000-03-01 to 1899-12-30
	n := days + before1899
	era := n / 146097
	ofEra := n % 146097
	year := (ofEra - ofEra/1460 + ofEra/36524 - ofEra/146096) / 365
	ofYear := ofEra - (365*year + year/4 - year/100)
	month := (5*ofYear + 2) / 153
	day := ofYear - (153*month+2)/5 + 1
	year += era * 400
	if month += 3; month > 12 {
		month, year = month-12, year+1
	}
	return append(dst, byte('0'+year/1000%10), byte('0'+year/100%10), byte('0'+year/10%10), byte('0'+year%10), '-',
		byte('0'+month/10), byte('0'+month%10), '-', byte('0'+day/10), byte('0'+day%10))
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
