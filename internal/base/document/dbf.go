package document

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"

	"genbo/internal/base/charset"
)

// The head of a table of dBASE and those who took its format over (dBASE III to V, FoxPro): 32 bytes, then 32 for each column, then 0x0d.
const (
	dbfHead     = 32
	dbfColumn   = 32
	dbfEnd      = 0x0d
	mostDBF     = 2048 // columns
	dbfVersions = "\x02\x03\x30\x31\x32\x43\x63\x83\x8b\xcb\xf5\xfb"
	dbfTypes    = "BCDFGILMNOPTVWY@+Q0"
)

// dbfField is a column: what its values are, and how many bytes each has.
type dbfField struct {
	name  []byte
	kind  byte
	bytes int
}

// dbfOf reads the head of a table, of which b is the beginning. The format has no mark of its own: a table is what has a head without
// contradictions.
func dbfOf(b []byte) (fields []dbfField, head, row int, ok bool) {
	if len(b) < dbfHead+dbfColumn+1 || bytes.IndexByte([]byte(dbfVersions), b[0]) < 0 || b[2] < 1 || b[2] > 12 || b[3] < 1 || b[3] > 31 {
		return nil, 0, 0, false
	}
	head, row = int(binary.LittleEndian.Uint16(b[8:])), int(binary.LittleEndian.Uint16(b[10:]))
	sum := 1 // the sign of a deleted row
	for at := dbfHead; ; at += dbfColumn {
		if at >= len(b) || at >= head {
			return nil, 0, 0, false
		}
		if b[at] == dbfEnd {
			break
		}
		if len(b) < at+dbfColumn || len(fields) == mostDBF || bytes.IndexByte([]byte(dbfTypes), b[at+11]) < 0 {
			return nil, 0, 0, false
		}
		name, _, _ := bytes.Cut(b[at:at+11], []byte{0})
		f := dbfField{name: legacyText(name), kind: b[at+11], bytes: int(b[at+16])}
		if f.kind == 'C' { // long texts have the upper half of their length where numbers have their decimals
			f.bytes |= int(b[at+17]) << 8
		}
		fields, sum = append(fields, f), sum+f.bytes
	}
	return fields, head, row, len(fields) > 0 && sum == row
}

// readDBF reads the rows of a table, those that are deleted too: they stay in the file until it is packed, and whoever has it has them.
func readDBF(src Source, out Sink) error {
	b := make([]byte, min(src.Size(), dbfHead+mostDBF*dbfColumn+1))
	if _, err := src.ReadAt(b, 0); err != nil && err != io.EOF {
		return fmt.Errorf("%w: dbf: %w", ErrNotRead, err)
	}
	fields, head, size, ok := dbfOf(b)
	if !ok {
		return fmt.Errorf("%w: dbf: its head is damaged", ErrNotRead)
	}
	out.Begin()
	cells := make([][]byte, len(fields))
	for i, f := range fields {
		cells[i] = f.name
	}
	out.Row(cells)
	r := bufio.NewReaderSize(io.NewSectionReader(src, int64(head), src.Size()-int64(head)), 1<<16)
	row := make([]byte, size)
	for n := binary.LittleEndian.Uint32(b[4:]); n > 0; n-- {
		if _, err := io.ReadFull(r, row); err != nil {
			return fmt.Errorf("%w: dbf: %d rows are missing at its end", ErrNotRead, n)
		}
		rest := row[1:]
		for i, f := range fields {
			cells[i] = f.value(rest[:f.bytes])
			rest = rest[f.bytes:]
		}
		out.Row(cells)
	}
	return nil
}

// value is a value as text. What lies in a file of its own (memos, pictures) is a number here.
func (f *dbfField) value(b []byte) []byte {
	switch {
	case f.kind == 'D' && len(b) == 8 && b[0] != ' ':
		return fmt.Appendf(nil, "%s-%s-%s", b[:4], b[4:6], b[6:])
	case (f.kind == 'I' || f.kind == '+') && len(b) == 4:
		return strconv.AppendInt(nil, int64(int32(binary.LittleEndian.Uint32(b))), 10)
	case f.kind == 'T' && len(b) == 8:
		const before1899 = 2415018 // the Julian day of 1899-12-30
		return appendSerial(nil, strconv.AppendInt(nil, int64(binary.LittleEndian.Uint32(b))-before1899, 10))
	case f.kind == 'C', f.kind == 'N', f.kind == 'F', f.kind == 'L', f.kind == 'V':
		return legacyText(b)
	}
	return nil
}

// legacyText is a text of a program that knows no Unicode, or, as some write them today, of one that does.
func legacyText(b []byte) []byte {
	b = bytes.Trim(b, " \x00")
	if utf8.Valid(b) {
		return bytes.Clone(b)
	}
	return bytes.TrimRight([]byte(charset.As(b, charset.CP932)), "\u3000 ")
}
