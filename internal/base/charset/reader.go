package charset

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"
)

// piece is how much text a reader holds: it stays within the processor's second cache.
const piece = 256 << 10

// Reader hands out a text in UTF-8.
type Reader struct {
	Encoding Encoding
	Faults   int // characters that were none so far

	src  io.Reader
	conv converter
	raw  []byte // read and not converted yet; nil for UTF-8
	text []byte // converted and not handed out yet
	used int    // of text, handed out by the last Next
	end  bool
	err  error
}

// NewReader finds out the encoding of r.
func NewReader(r io.Reader) (*Reader, error) {
	head := make([]byte, Sample, piece)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	e, mark := Detect(head[:n])
	return newReader(r, e, head[mark:n], err != nil), nil
}

func newReader(r io.Reader, e Encoding, head []byte, end bool) *Reader {
	d := &Reader{Encoding: e, src: r, conv: e.converter(), end: end, text: make([]byte, 0, piece)}
	if d.conv == nil {
		d.text = append(d.text, head...)
	} else {
		d.raw = append(make([]byte, 0, piece), head...)
	}
	return d
}

// Next returns the next piece, which is valid until it is called again. A piece ends with a line feed, or with the text; but
// where a line is longer than a piece it is cut. After the last piece Next returns io.EOF.
func (d *Reader) Next() ([]byte, error) {
	d.text = d.text[:copy(d.text, d.text[d.used:])]
	d.used = 0
	for d.err == nil && len(d.text) < piece-piece/4 && !(d.end && len(d.raw) == 0) {
		if d.conv == nil {
			d.err = d.fill(&d.text)
		} else {
			d.err = d.convert()
		}
	}
	if d.err != nil && len(d.text) == 0 {
		return nil, d.err
	}
	if len(d.text) == 0 {
		return nil, io.EOF
	}
	d.used = len(d.text)
	if !d.end || len(d.raw) > 0 {
		if i := bytes.LastIndexByte(d.text, '\n'); i >= 0 {
			d.used = i + 1
		} else {
			d.used = wholeRunes(d.text)
		}
	}
	return d.text[:d.used], nil
}

// Back gives the last n bytes of the piece back: the next one begins with them. Who gives a whole piece back
// gets it again for ever.
func (d *Reader) Back(n int) { d.used -= n }

// Read makes a Reader one of Go's, for parsers that read a stream.
func (d *Reader) Read(p []byte) (int, error) {
	b, err := d.Next()
	if err != nil {
		return 0, err
	}
	n := copy(p, b)
	d.Back(len(b) - n)
	return n, nil
}

// wholeRunes is how much of b is left without the character that its end cuts.
func wholeRunes(b []byte) int {
	for i := len(b) - 1; i > 0 && i > len(b)-utf8.UTFMax; i-- {
		if utf8.RuneStart(b[i]) {
			if utf8.FullRune(b[i:]) {
				break
			}
			return i
		}
	}
	return len(b)
}

// fill reads into the room that b has.
func (d *Reader) fill(b *[]byte) error {
	n, err := d.src.Read((*b)[len(*b):cap(*b)])
	*b = (*b)[:len(*b)+n]
	if errors.Is(err, io.EOF) {
		d.end, err = true, nil
	}
	return err
}

func (d *Reader) convert() error {
	if !d.end && len(d.raw) < cap(d.raw)/2 {
		if err := d.fill(&d.raw); err != nil {
			return err
		}
	}
	written, read, faults := d.conv.convert(d.text[len(d.text):cap(d.text)], d.raw, d.end)
	d.text = d.text[:len(d.text)+written]
	d.raw = d.raw[:copy(d.raw, d.raw[read:])]
	d.Faults += faults
	return nil
}

// All reads a text that is in memory, as it is for a small file or a name in an archive.
func All(b []byte) (string, Encoding) {
	e, mark := Detect(b)
	return As(b[mark:], e), e
}

// As reads a text that is in memory and known to be in the encoding e.
func As(b []byte, e Encoding) string {
	conv := e.converter()
	if conv == nil {
		return string(bytes.ToValidUTF8(b, []byte("\uFFFD")))
	}
	dst := make([]byte, 4*len(b)+8)
	n, _, _ := conv.convert(dst, b, true)
	return string(dst[:n])
}
