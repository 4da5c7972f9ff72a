package share

import (
	"bytes"
	"io"
	"strings"

	"golang.org/x/text/encoding"
)

// fixed is a file of records of one length: the columns are counted in bytes of the encoding, as host computers write them.
type fixed struct {
	code
	end  string
	rows [][][]byte
	err  error
}

func (x *fixed) table(string) {}
func (x *fixed) line(string)  {}

func (x *fixed) row(cells []cell) {
	list := make([][]byte, len(cells))
	for i, c := range cells {
		b, err := encoding.ReplaceUnsupported(x.of.NewEncoder()).Bytes([]byte(strings.ReplaceAll(c.text, "\n", " "))) // as host computers do
		if err != nil {
			x.err = err
		}
		list[i] = b
	}
	x.rows = append(x.rows, list)
}

// flush writes the records. The heading is no part of such files: a paper describes them.
func (x *fixed) flush(out io.Writer) error {
	var widths []int
	for _, row := range x.rows[min(1, len(x.rows)):] {
		for i, c := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], len(c))
		}
	}
	var b bytes.Buffer
	for _, row := range x.rows[min(1, len(x.rows)):] {
		for i, c := range row {
			b.Write(c)
			b.Write(bytes.Repeat([]byte(" "), widths[i]-len(c)))
		}
		b.WriteString(x.end)
	}
	if x.err != nil {
		return x.err
	}
	_, err := out.Write(b.Bytes())
	return err
}

func writeFixed(out io.Writer, f *file) error {
	x := &fixed{code: f.code, end: one(f.dice, "\r\n", "\r\n", "")}
	f.fill(x)
	return x.flush(out)
}
