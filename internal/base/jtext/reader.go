package jtext

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"

	"genbo"
)

// Encoding is how a file's text is written.
type Encoding string

// The encodings that are found by content.
const (
	UTF8  Encoding = "UTF-8"
	UTF16 Encoding = "UTF-16"
	CP932 Encoding = "CP932" // Shift_JIS with the extensions of NEC and IBM
)

// MaxLine is the longest line that a [Reader] takes, in bytes.
const MaxLine = 64 << 10

// Reader reads lines of text in whatever encoding a file has, and stops at the first byte that does not fit.
type Reader struct {
	in       *bufio.Reader
	encoding Encoding
	decoder  *encoding.Decoder
	line     int64
	offset   int64
	buffer   []byte
}

// sniff is how much of a file's beginning decides on its encoding.
const sniff = 64 << 10

// NewReader returns a reader of r's lines, in the encoding that its beginning shows.
func NewReader(r io.Reader) (*Reader, error) {
	in := bufio.NewReaderSize(r, sniff)
	head, err := in.Peek(sniff)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read file: %w", err)
	}
	reader := &Reader{in: in, encoding: encodingOf(head)}
	switch reader.encoding {
	case UTF8:
		if bytes.HasPrefix(head, mark) {
			reader.offset = int64(len(mark))
			if _, err := in.Discard(len(mark)); err != nil {
				return nil, fmt.Errorf("read file: %w", err)
			}
		}
	case UTF16:
		reader.in = bufio.NewReaderSize(utf16.NewDecoder().Reader(in), sniff)
	case CP932:
		reader.decoder = japanese.ShiftJIS.NewDecoder()
	}
	return reader, nil
}

// Decode returns a whole text in whatever encoding its beginning shows. Bytes that do not fit become U+FFFD.
func Decode(b []byte) string {
	switch encodingOf(b[:min(len(b), sniff)]) {
	case UTF16:
		b, _ = utf16.NewDecoder().Bytes(b) // fails for lack of a mark only
	case CP932:
		b, _ = japanese.ShiftJIS.NewDecoder().Bytes(b) // never fails
	}
	return strings.ToValidUTF8(string(bytes.TrimPrefix(b, mark)), "\ufffd")
}

// mark begins a text in UTF-8 that says so.
var mark = []byte("\xef\xbb\xbf")

var utf16 = unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM)

// encodingOf tells the encoding of a text from its beginning.
func encodingOf(head []byte) Encoding {
	switch {
	case bytes.HasPrefix(head, mark):
		return UTF8
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return UTF16
	case !mostlyUTF8(head):
		return CP932
	}
	return UTF8
}

// mostlyUTF8 reports whether of the lines of b that have more than ASCII at least half are UTF-8. Text in
// CP932 hardly ever is, so a file in UTF-8 with some broken lines is still one. The last line may be cut.
func mostlyUTF8(b []byte) bool {
	valid, all := 0, 0
	for line := range bytes.Lines(b) {
		if i := invalidAt(line); i < 0 || line[len(line)-1] != '\n' && len(line)-i < utf8.UTFMax {
			if !ascii(line) {
				valid, all = valid+1, all+1
			}
			continue
		}
		all++
	}
	return 2*valid >= all
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// Encoding tells which encoding the file has.
func (r *Reader) Encoding() Encoding { return r.encoding }

// Line is the number of the line that was read last, from 1.
func (r *Reader) Line() int64 { return r.line }

// Offset is how many bytes of the file have been read as lines; in UTF-16, of the decoded text.
func (r *Reader) Offset() int64 { return r.offset }

// ReadLine returns the next line without its end, or io.EOF. The bytes are valid until the next call. Its
// faults are text.encoding, with line and byte; text.longline, with line and limit; and text.control for a
// NUL byte. After a fault the reader stands behind the line.
func (r *Reader) ReadLine() ([]byte, error) {
	r.line++
	raw, err := r.raw()
	if err != nil {
		return nil, err
	}
	if i := bytes.IndexByte(raw, 0); i >= 0 {
		return nil, genbo.NewFault("", "text.control", "U+0000")
	}
	if r.decoder == nil {
		if i := invalidAt(raw); i >= 0 {
			return nil, genbo.NewFault("", "text.encoding", r.line, i+1)
		}
		return raw, nil
	}
	text, err := r.decoder.Bytes(raw)
	if err != nil {
		return nil, genbo.NewFault("", "text.encoding", r.line, 1)
	}
	if i := bytes.IndexRune(text, utf8.RuneError); i >= 0 {
		return nil, genbo.NewFault("", "text.encoding", r.line, i+1)
	}
	return text, nil
}

// raw returns the bytes of the next line, and drops what is too long without keeping it.
func (r *Reader) raw() ([]byte, error) {
	r.buffer = r.buffer[:0]
	long := false
	for {
		part, err := r.in.ReadSlice('\n')
		r.offset += int64(len(part))
		if len(r.buffer)+len(part) > MaxLine {
			long = true
			r.buffer = r.buffer[:0]
		} else if !long {
			r.buffer = append(r.buffer, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(part) == 0 && len(r.buffer) == 0 && !long:
			return nil, io.EOF
		case err != nil && !errors.Is(err, io.EOF):
			return nil, fmt.Errorf("read file: %w", err)
		case long:
			return nil, genbo.NewFault("", "text.longline", r.line, MaxLine)
		}
		return bytes.TrimSuffix(bytes.TrimSuffix(r.buffer, []byte("\n")), []byte("\r")), nil
	}
}

func invalidAt(b []byte) int {
	if utf8.Valid(b) {
		return -1
	}
	for i := 0; i < len(b); {
		c, size := utf8.DecodeRune(b[i:])
		if c == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}
