package handover

import (
	"errors"
	"hash/maphash"
	"io"
	"slices"
	"strings"

	"genbo"
	"genbo/internal/base/jtext"
	"genbo/internal/work/mark"
)

// returned reads the file that a contractor gave back: CSV with the columns of the list, or some of them, in any
// order, and others of his own.
type returned struct {
	rows    *jtext.Rows
	width   int   // cells of a line
	columns []int // where each of the list's columns stands, or -1
	key     int   // where the sheet key stands, or -1
}

// readReturned reads the heading. A file by which no row can be told is refused.
func readReturned(r io.Reader, columns []string) (*returned, error) {
	rows, err := jtext.NewRows(r)
	if err != nil {
		return nil, err
	}
	header, err := rows.Next()
	if errors.Is(err, io.EOF) || errors.Is(err, genbo.ErrInvalid) {
		return nil, genbo.NewFault("file", "return.heading")
	}
	if err != nil {
		return nil, err
	}
	in := &returned{rows: rows, width: len(header)}
	place := func(name string) int {
		return slices.IndexFunc(header, func(s string) bool { return strings.EqualFold(strings.TrimSpace(s), name) })
	}
	for _, name := range columns {
		in.columns = append(in.columns, place(name))
	}
	if in.key = place(sheetColumn); in.key < 0 && (columns[0] != "number" || in.columns[0] < 0) {
		return nil, genbo.NewFault("file", "return.columns", sheetColumn)
	}
	return in, nil
}

// sheet is what a row of the returned file says.
type sheet struct {
	key   string
	cells []uint64 // hashes of the list's columns, 0 for those that are not there
}

// next returns the next row and its line. A line that does not read is [genbo.ErrInvalid]; after any other error
// there is no more.
func (in *returned) next(hash func(string) uint64) (s sheet, line int64, err error) {
	cells, err := in.rows.Next()
	if err == nil && len(cells) != in.width {
		err = genbo.NewFault("", "csv.cells", in.width)
	}
	if err != nil {
		return s, in.rows.Line(), err
	}
	if in.key >= 0 {
		s.key = strings.ToUpper(strings.TrimSpace(cells[in.key]))
	}
	for _, at := range in.columns {
		if at < 0 {
			s.cells = append(s.cells, 0)
			continue
		}
		s.cells = append(s.cells, hash(cells[at]))
	}
	return s, in.rows.Line(), nil
}

// hasher hashes cells so that spelling does not count. Different cells meet once in 2^64.
func hasher() func(string) uint64 {
	seed := maphash.MakeSeed()
	return func(text string) uint64 {
		text = strings.ReplaceAll(mark.Plain(text), "-", "")
		return maphash.String(seed, text) | 1
	}
}
