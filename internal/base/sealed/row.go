package sealed

import (
	"encoding/binary"
	"encoding/csv"
	"fmt"
	"strings"

	"genbo"
)

// maxLine bounds a line of the content in bytes.
const maxLine = 1 << 20

// appendRow writes a row of CSV (RFC 4180). Line feeds are not kept: a row is a line.
func appendRow(b []byte, cells []string) []byte {
	for n, cell := range cells {
		if n > 0 {
			b = append(b, ',')
		}
		begin := len(b)
		b = append(b, cell...)
		if special(b[begin:]) {
			b = appendQuoted(b[:begin], cell)
		}
	}
	return append(b, '\n')
}

var inOneLine = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", `"`, `""`)

func appendQuoted(b []byte, cell string) []byte {
	b = append(b, '"')
	b = append(b, inOneLine.Replace(cell)...)
	return append(b, '"')
}

// mustQuote are the bytes that do not stand in a cell without quotation marks.
var mustQuote = [256]bool{',': true, '"': true, '\r': true, '\n': true, '#': true}

// special reports whether a cell has to be quoted. It passes over eight bytes at a time that all lie above every
// byte of mustQuote.
func special(cell []byte) bool {
	const each, high = 0x0101010101010101, 0x8080808080808080
	if len(cell) < 8 {
		return quotable(cell)
	}
	for at := 0; ; at += 8 {
		at = min(at, len(cell)-8) // the last eight may overlap
		x := binary.LittleEndian.Uint64(cell[at:])
		if (x-each*(','+1))&^x&high != 0 && quotable(cell[at:at+8]) {
			return true
		}
		if at == len(cell)-8 {
			return false
		}
	}
}

func quotable(b []byte) bool {
	for _, c := range b {
		if mustQuote[c] {
			return true
		}
	}
	return false
}

func parseRow(line string, columns int) ([]string, error) {
	if !strings.Contains(line, `"`) {
		if cells := strings.Split(strings.TrimSuffix(line, "\n"), ","); len(cells) == columns {
			return cells, nil
		}
	}
	c := csv.NewReader(strings.NewReader(line))
	c.FieldsPerRecord = columns
	cells, err := c.Read()
	if err != nil {
		return nil, fmt.Errorf("a row of the sealed file does not read: %w", genbo.ErrTampered)
	}
	return cells, nil
}
