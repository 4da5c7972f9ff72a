package document

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"
)

// tokenLimit is how long a mark or a text between marks may be; a longer text comes in parts, a longer mark is none.
const tokenLimit = 1 << 20

// errCellSize says that a cell was not read to its end.
var errCellSize = fmt.Errorf("a cell of more than %d MiB", tokenLimit>>20)

// markup cuts XML and HTML into marks and texts. It knows no rules of either: offices' files break them all.
type markup struct {
	r    io.Reader
	buf  []byte
	i    int // of buf, read
	end  bool
	cd   bool // within a CDATA section
	Name []byte
	Attr []byte // the attributes, as they stand there
	Text []byte // of a text; entities are still in it
}

// mark is what next found.
type mark uint8

const (
	textMark mark = iota
	openMark
	closeMark
	emptyMark // opened and closed at once
)

func newMarkup(r io.Reader) *markup { return &markup{r: r, buf: make([]byte, 0, 64<<10)} }

// fill reads more, and reports whether there was more.
func (m *markup) fill() (bool, error) {
	if m.end {
		return false, nil
	}
	if m.i > 0 {
		m.buf = m.buf[:copy(m.buf, m.buf[m.i:])]
		m.i = 0
	}
	if len(m.buf) == cap(m.buf) {
		m.buf = append(m.buf, make([]byte, len(m.buf))...)[:len(m.buf)]
	}
	for range 100 {
		n, err := m.r.Read(m.buf[len(m.buf):cap(m.buf)])
		m.buf = m.buf[:len(m.buf)+n]
		if errors.Is(err, io.EOF) {
			m.end = true
			return n > 0, nil
		}
		if err != nil || n > 0 {
			return n > 0, err
		}
	}
	return false, io.ErrNoProgress
}

// next finds the next mark or text; io.EOF after the last. What it found is valid until the next call.
func (m *markup) next() (mark, error) {
	for {
		rest := m.buf[m.i:]
		if m.cd {
			if n := bytes.Index(rest, []byte("]]>")); n >= 0 {
				m.Text, m.i, m.cd = rest[:n], m.i+n+3, false
				return textMark, nil
			}
		} else if n := bytes.IndexByte(rest, '<'); n > 0 {
			m.Text, m.i = rest[:n], m.i+n
			return textMark, nil
		} else if n == 0 {
			if kind, ok := m.mark(rest); ok {
				if kind == textMark { // a comment or the like
					continue
				}
				return kind, nil
			}
		}
		if len(rest) >= tokenLimit {
			m.Text, m.i = rest, len(m.buf)
			return textMark, nil
		}
		more, err := m.fill()
		if err != nil {
			return textMark, err
		}
		if !more {
			if rest = m.buf[m.i:]; len(rest) == 0 {
				return textMark, io.EOF
			}
			m.Text, m.i = rest, len(m.buf)
			return textMark, nil
		}
	}
}

// each calls fn for every mark and text, to the end.
func (m *markup) each(fn func(mark) error) error {
	for {
		kind, err := m.next()
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if err := fn(kind); err != nil {
			return err
		}
	}
}

// mark reads a mark at the beginning of b, if its end is there.
func (m *markup) mark(b []byte) (mark, bool) {
	if bytes.HasPrefix(b, []byte("<!--")) {
		n := bytes.Index(b, []byte("-->"))
		m.i += max(0, n+3)
		return textMark, n >= 0
	}
	if bytes.HasPrefix(b, []byte("<![CDATA[")) {
		m.i, m.cd = m.i+9, true
		return textMark, true
	}
	n := bytes.IndexByte(b, '>')
	if n < 0 {
		return textMark, false
	}
	// A > may stand in an attribute.
	for quoted(b[:n]) {
		more := bytes.IndexByte(b[n+1:], '>')
		if more < 0 {
			return textMark, false
		}
		n += 1 + more
	}
	m.i += n + 1
	inner := b[1:n]
	if len(inner) == 0 || inner[0] == '!' || inner[0] == '?' {
		return textMark, true
	}
	kind := openMark
	if inner[0] == '/' {
		kind, inner = closeMark, inner[1:]
	} else if inner[len(inner)-1] == '/' {
		kind, inner = emptyMark, inner[:len(inner)-1]
	}
	m.Name, m.Attr = inner, nil
	for i, c := range inner {
		if c <= ' ' {
			m.Name, m.Attr = inner[:i], inner[i:]
			break
		}
	}
	return kind, true
}

// quoted reports whether b ends within a quoted attribute.
func quoted(b []byte) bool {
	double := bytes.Count(b, []byte{'"'})
	if double > 0 && double%2 == 0 || len(b) > 4096 || double == 0 && bytes.IndexByte(b, '\'') < 0 {
		return false
	}
	var quote byte
	for _, c := range b {
		switch {
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case c == quote:
			quote = 0
		}
	}
	return quote != 0
}

// attribute is the value of an attribute of the last mark, as it stands there.
func (m *markup) attribute(name string) []byte {
	for b := m.Attr; ; {
		n := bytes.Index(b, []byte(name))
		if n < 0 {
			return nil
		}
		after := b[n+len(name):]
		if n > 0 && b[n-1] <= ' ' && len(after) >= 2 && after[0] == '=' && (after[1] == '"' || after[1] == '\'') {
			if end := bytes.IndexByte(after[2:], after[1]); end >= 0 {
				return after[2 : 2+end]
			}
		}
		b = after
	}
}

var entities = map[string]string{"amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "yen": "¥", "middot": "·", "copy": "©"}

// appendText appends a text with its entities replaced. An entity that is not known stays as it is written.
func appendText(dst, text []byte) []byte {
	for {
		n := bytes.IndexByte(text, '&')
		if n < 0 {
			return append(dst, text...)
		}
		dst, text = append(dst, text[:n]...), text[n:]
		end := bytes.IndexByte(text[:min(len(text), 12)], ';')
		if end < 2 {
			dst, text = append(dst, '&'), text[1:]
			continue
		}
		name := string(text[1:end])
		if s, ok := entities[name]; ok {
			dst = append(dst, s...)
		} else if r, ok := reference(name); ok {
			dst = utf8.AppendRune(dst, r)
		} else {
			dst = append(dst, text[:end+1]...)
		}
		text = text[end+1:]
	}
}

// reference reads #12354 and #x3042.
func reference(name string) (rune, bool) {
	if name[0] != '#' || len(name) < 2 {
		return 0, false
	}
	base, digits := 10, name[1:]
	if digits[0] == 'x' || digits[0] == 'X' {
		base, digits = 16, digits[1:]
	}
	n, err := strconv.ParseUint(digits, base, 21)
	return rune(n), err == nil && utf8.ValidRune(rune(n))
}
