package document

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"

	"genbo/internal/base/charset"
)

// rtf reads rich text: control words, groups in braces, and text in bytes of the document's code page or by number. Source:
// Microsoft, Rich Text Format Specification 1.9.1.
type rtf struct {
	r      *bufio.Reader
	out    Sink
	bytes  []byte // of the code page, not decoded yet
	text   []byte
	groups []rtfGroup
	cells  [][]byte
	table  bool
}

// rtfGroup is what holds in a group, and ends with it.
type rtfGroup struct {
	skip    bool // what stands in it is no text of the document
	unicode int  // how many characters stand after each \u for those who cannot read it
}

// rtfSkipped are destinations whose text is none of the document's.
var rtfSkipped = map[string]bool{"fonttbl": true, "colortbl": true, "stylesheet": true, "info": true, "pict": true, "themedata": true, "colorschememapping": true,
	"datastore": true, "latentstyles": true, "listtable": true, "listoverridetable": true, "generator": true, "objdata": true, "fldinst": true, "xmlnstbl": true, "rsidtbl": true}

func readRTF(src Source, out Sink) error {
	d := rtf{r: bufio.NewReaderSize(src, 1<<16), out: out, groups: []rtfGroup{{unicode: 1}}}
	out.Begin()
	for {
		c, err := d.r.ReadByte()
		if errors.Is(err, io.EOF) {
			d.line()
			return nil
		} else if err != nil {
			return fmt.Errorf("%w: rtf: %w", ErrNotRead, err)
		}
		switch c {
		case '{':
			if len(d.groups) >= 10_000 {
				return fmt.Errorf("%w: rtf: groups lie too deep in each other", ErrNotRead)
			}
			d.groups = append(d.groups, d.groups[len(d.groups)-1])
		case '}':
			if len(d.groups) > 1 {
				d.groups = d.groups[:len(d.groups)-1]
			}
		case '\\':
			if err := d.control(); err != nil && !errors.Is(err, io.EOF) {
				return fmt.Errorf("%w: rtf: %w", ErrNotRead, err)
			}
		case '\r', '\n':
		default:
			d.add(c)
		}
	}
}

func (d *rtf) here() *rtfGroup { return &d.groups[len(d.groups)-1] }

func (d *rtf) add(c byte) {
	if d.here().skip {
		return
	}
	if d.bytes = append(d.bytes, c); len(d.bytes)+len(d.text) >= tokenLimit {
		d.line()
	}
}

// decode brings the bytes gathered so far to UTF-8. The code page is CP932, as everywhere in Japan; ASCII is the same in all.
func (d *rtf) decode() {
	if len(d.bytes) > 0 {
		d.text = append(d.text, charset.As(d.bytes, charset.CP932)...)
		d.bytes = d.bytes[:0]
	}
}

// control reads what follows a backslash.
func (d *rtf) control() error {
	c, err := d.r.ReadByte()
	if err != nil {
		return err
	}
	switch {
	case c == '\'':
		var hex [2]byte
		if _, err := io.ReadFull(d.r, hex[:]); err != nil {
			return err
		}
		if n, err := strconv.ParseUint(string(hex[:]), 16, 8); err == nil {
			d.add(byte(n))
		}
		return nil
	case c == '*':
		d.here().skip = true
		return nil
	case c == '~':
		c = ' '
	case c == '\r' || c == '\n':
		d.word("par", 0)
		return nil
	}
	if c|0x20 < 'a' || c|0x20 > 'z' {
		d.add(c)
		return nil
	}
	word, number, err := d.name(c)
	if err != nil {
		return err
	}
	return d.word(word, number)
}

// name reads a control word and its number.
func (d *rtf) name(c byte) (string, int, error) {
	word, digits := []byte{c}, []byte(nil)
	for {
		c, err := d.r.ReadByte()
		if err != nil {
			return "", 0, err
		}
		switch {
		case c|0x20 >= 'a' && c|0x20 <= 'z' && digits == nil && len(word) < 32:
			word = append(word, c)
			continue
		case (c == '-' && digits == nil || c >= '0' && c <= '9') && len(digits) < 11:
			digits = append(digits, c)
			continue
		case c != ' ':
			_ = d.r.UnreadByte()
		}
		n, _ := strconv.Atoi(string(digits))
		return string(word), n, nil
	}
}

func (d *rtf) word(word string, n int) error {
	if rtfSkipped[word] {
		d.here().skip = true
	}
	if d.here().skip {
		if word == "bin" && n > 0 {
			_, err := d.r.Discard(n)
			return err
		}
		return nil
	}
	switch word {
	case "u":
		d.decode()
		r := rune(uint16(n))
		if !utf8.ValidRune(r) {
			r = utf8.RuneError
		}
		d.text = utf8.AppendRune(d.text, r)
		return d.passOver(d.here().unicode)
	case "uc":
		d.here().unicode = min(max(n, 0), 8)
	case "par", "line", "sect", "page":
		if d.table {
			d.add(' ')
		} else {
			d.line()
		}
	case "intbl":
		d.table = true
	case "pard":
		d.table = false
	case "tab":
		d.add(' ')
	case "cell", "nestcell":
		d.decode()
		if len(d.cells) < 16384 {
			d.cells = append(d.cells, append([]byte(nil), trimmed(d.text)...))
		}
		d.text = d.text[:0]
	case "row", "nestrow":
		if len(d.cells) > 0 {
			d.out.Row(d.cells)
			d.cells = d.cells[:0]
		}
	case "bin":
		_, err := d.r.Discard(max(n, 0))
		return err
	}
	return nil
}

// passOver reads what stands after \u for those who cannot read it: n characters, of which some are written \'xx.
func (d *rtf) passOver(n int) error {
	for range n {
		next, err := d.r.Peek(2)
		if err != nil && len(next) == 0 {
			return nil
		}
		switch {
		case next[0] == '{' || next[0] == '}':
			return nil
		case len(next) == 2 && next[0] == '\\' && next[1] == '\'':
			_, err = d.r.Discard(4)
		case next[0] == '\\':
			return nil
		default:
			_, err = d.r.Discard(1)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// line hands out the line that is open.
func (d *rtf) line() {
	d.decode()
	if len(d.text) > 0 {
		d.out.Text(d.text)
		d.text = d.text[:0]
	}
}
