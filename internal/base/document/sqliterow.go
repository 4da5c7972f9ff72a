package document

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strconv"
	"unicode/utf8"

	"genbo/internal/base/charset"
)

// mostColumns is how many columns SQLite can be built for.
const mostColumns = 32767

// sqliteValue is a value as it is stored: its kind says what its bytes are (fileformat2, 2.1).
type sqliteValue struct {
	kind int64
	b    []byte
}

// values reads a row: first the kinds, then the values. Those that a cut row lost are missing.
func (d *sqlite) values(row []byte, values []sqliteValue) ([]sqliteValue, error) {
	head, n := varint(row)
	if n == 0 || head < int64(n) || head > int64(len(row)) {
		return nil, fmt.Errorf("%w: a row", errSQLite)
	}
	kinds, body := row[n:head], row[head:]
	for len(kinds) > 0 {
		kind, n := varint(kinds)
		if n == 0 || kind < 0 || len(values) >= mostColumns {
			return nil, fmt.Errorf("%w: a row", errSQLite)
		}
		kinds = kinds[n:]
		size := min(sizeOf(kind), int64(len(body)))
		if size < sizeOf(kind) && kind < 12 {
			return values, nil
		}
		values = append(values, sqliteValue{kind, body[:size:size]})
		body = body[size:]
	}
	return values, nil
}

func sizeOf(kind int64) int64 {
	if kind >= 12 {
		return (kind - 12) / 2
	}
	return [...]int64{0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0}[kind]
}

// number is a value of a whole number; 0 for all others.
func (v sqliteValue) number() (n int64) {
	switch v.kind {
	case 9:
		return 1
	case 1, 2, 3, 4, 5, 6:
		n = int64(int8(v.b[0]))
		for _, c := range v.b[1:] {
			n = n<<8 | int64(c)
		}
	}
	return n
}

// text is a value as a text in UTF-8. Programs that know no Unicode write texts in CP932 all the same, and texts as bytes: both are known by
// their bytes. Bytes that are a file are counted.
func (d *sqlite) text(v sqliteValue) []byte {
	switch {
	case v.kind == 0:
		return nil
	case v.kind == 7:
		return strconv.AppendFloat(nil, math.Float64frombits(binary.BigEndian.Uint64(v.b)), 'g', -1, 64)
	case v.kind < 12:
		return strconv.AppendInt(nil, v.number(), 10)
	case v.kind%2 == 1 && d.encoding != charset.UTF8:
		return []byte(charset.As(v.b[:len(v.b)&^1], d.encoding))
	case v.kind%2 == 1 && utf8.Valid(v.b):
		return v.b
	}
	if e, _ := charset.Detect(v.b[:min(len(v.b), charset.Sample)]); v.kind%2 == 1 || e != charset.Binary {
		text, _ := charset.All(v.b)
		return []byte(text)
	}
	switch t, _ := Sniff(io.NewSectionReader(bytes.NewReader(v.b), 0, int64(len(v.b)))); t {
	case Unknown, Image, Empty:
	default:
		d.files++
	}
	return nil
}
