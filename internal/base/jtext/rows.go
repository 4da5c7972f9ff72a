package jtext

import (
	"encoding/csv"
	"errors"
	"io"

	"genbo"
)

// Rows reads the lines of a file as cells. Each line stands for itself: a quotation mark that is not closed
// spoils its own line only.
type Rows struct {
	*Reader
	csv  *csv.Reader
	line []byte // what is left of the line
}

// NewRows returns a reader of r's lines as cells.
func NewRows(r io.Reader) (*Rows, error) {
	text, err := NewReader(r)
	if err != nil {
		return nil, err
	}
	l := &Rows{Reader: text}
	l.csv = csv.NewReader(l)
	l.csv.FieldsPerRecord = -1
	return l, nil
}

// Read gives the CSV reader the one line and then its end.
func (l *Rows) Read(b []byte) (int, error) {
	if len(l.line) == 0 {
		return 0, io.EOF
	}
	n := copy(b, l.line)
	l.line = l.line[n:]
	return n, nil
}

// Next returns the cells of the next line that is not empty. Its faults are those of the text, and csv.quotes.
func (l *Rows) Next() ([]string, error) {
	for {
		raw, err := l.ReadLine()
		if err != nil {
			return nil, err
		}
		l.line = raw
		cells, err := l.csv.Read()
		switch {
		case errors.Is(err, io.EOF):
			continue // an empty line
		case err != nil:
			l.line = nil
			return nil, genbo.NewFault("", "csv.quotes")
		}
		return cells, nil
	}
}
