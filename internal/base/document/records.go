package document

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"genbo/internal/base/charset"
)

// mostDepth is how deep objects and elements may lie in each other.
const mostDepth = 200

// record is one object of JSON or one element of XML with the values that lie directly in it: a row under a heading
// of its names.
type record struct {
	names  []string
	values [][]byte
}

// records hands out records as rows of tables. A heading comes before the first row, and whenever the names change.
type records struct {
	out   Sink
	last  []string
	bound *tokenBound // of JSON
}

// mostValues bounds how many values one record has; more are another record.
const mostValues = 4096

// jsonLimit bounds a value of JSON, which must lie in memory.
const jsonLimit = 16 << 20

// tokenBound ends with an error where one value is longer than the limit.
type tokenBound struct {
	r           io.Reader
	given, used int64
}

func (b *tokenBound) Read(p []byte) (int, error) {
	if b.given-b.used > jsonLimit {
		return 0, fmt.Errorf("a value of more than %d MiB", jsonLimit>>20)
	}
	n, err := b.r.Read(p)
	b.given += int64(n)
	return n, err
}

func (r *records) add(rec *record) {
	if len(rec.names) == 0 {
		return
	}
	if !slices.Equal(rec.names, r.last) {
		r.out.Begin()
		heading := make([][]byte, len(rec.names))
		for i, n := range rec.names {
			heading[i] = []byte(n)
		}
		r.out.Row(heading)
		r.last = slices.Clone(rec.names)
	}
	r.out.Row(rec.values)
}

// set adds a value. What is too much for one record is handed out as one before.
func (r *records) set(rec *record, name string, value []byte) {
	if len(rec.names) >= mostValues {
		r.add(rec)
		*rec = record{}
	}
	rec.names, rec.values = append(rec.names, name), append(rec.values, value)
}

// readJSON reads one JSON value after another. What is no JSON from some place on, as in a program or with remarks, is text from there on.
func readJSON(src Source, out Sink) error {
	text, err := charset.NewReader(src)
	if err != nil {
		return err
	}
	r := &records{out: out, bound: &tokenBound{r: text}}
	d := json.NewDecoder(r.bound)
	d.UseNumber()
	for {
		err := jsonValue(d, r, nil, "", 0)
		var syntax *json.SyntaxError
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.As(err, &syntax) && !errors.Is(err, io.ErrUnexpectedEOF):
			return readLines(io.MultiReader(d.Buffered(), text), out)
		case err != nil:
			return fmt.Errorf("%w: json at byte %d: %w", ErrNotRead, d.InputOffset(), err)
		}
	}
}

// readLines hands out running text, in pieces that end where a line ends.
func readLines(r io.Reader, out Sink) error {
	in := bufio.NewReaderSize(r, 64<<10)
	for {
		line, err := in.ReadSlice('\n')
		if len(line) > 0 {
			out.Text(bytes.TrimSuffix(line, []byte("\n")))
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil && !errors.Is(err, bufio.ErrBufferFull):
			return err
		}
	}
}

// jsonValue reads a value: a scalar goes into the record around it, an object is a record of its own.
func jsonValue(d *json.Decoder, r *records, in *record, name string, depth int) error {
	if depth > mostDepth {
		return errors.New("objects lie too deep in each other")
	}
	token, err := d.Token()
	if err != nil {
		return err
	}
	r.bound.used = d.InputOffset()
	switch token {
	case json.Delim('['):
		var list record
		for d.More() {
			if err := jsonValue(d, r, &list, name, depth+1); err != nil {
				return err
			}
			if len(list.values) == mostValues {
				r.out.Row(list.values)
				list = record{}
			}
		}
		if in != nil && len(list.values) == 1 {
			r.set(in, name, list.values[0])
		} else if len(list.values) > 0 {
			r.out.Row(list.values)
		}
		_, err = d.Token()
		return err
	case json.Delim('{'):
		var rec record
		for d.More() {
			key, err := d.Token()
			if err != nil {
				return err
			}
			if err := jsonValue(d, r, &rec, fmt.Sprint(key), depth+1); err != nil {
				return err
			}
		}
		r.add(&rec)
		_, err = d.Token()
		return err
	case nil:
		return nil
	}
	if in != nil {
		r.set(in, name, fmt.Append(nil, token))
	} else {
		r.out.Text(fmt.Append(nil, token))
	}
	return nil
}

// readXML reads elements as records: an element whose children hold text only, and its attributes.
func readXML(src Source, out Sink) error {
	text, err := charset.NewReader(src)
	if err != nil {
		return err
	}
	type element struct {
		name     string
		text     []byte
		children record
	}
	m, r := newMarkup(text), &records{out: out}
	var open []element
	for {
		kind, err := m.next()
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("%w: xml: %w", ErrNotRead, err)
		}
		switch kind {
		case textMark:
			if n := len(open); n > 0 {
				open[n-1].text = appendText(open[n-1].text, m.Text)
				if len(open[n-1].text) >= tokenLimit { // no value of a record
					out.Text(open[n-1].text)
					open[n-1].text = open[n-1].text[:0]
				}
			}
		case openMark, emptyMark:
			if len(open) >= mostDepth {
				return fmt.Errorf("%w: xml: elements lie too deep in each other", ErrNotRead)
			}
			e := element{name: string(m.Name)}
			r.attributes(m.Attr, &e.children)
			if kind == emptyMark {
				r.add(&e.children)
				continue
			}
			open = append(open, e)
		case closeMark:
			n := len(open)
			if n == 0 || open[n-1].name != string(m.Name) {
				continue
			}
			e := open[n-1]
			open = open[:n-1]
			if len(e.children.names) > 0 {
				r.add(&e.children)
			}
			if value := trimmed(e.text); n > 1 && len(value) > 0 {
				r.set(&open[n-2].children, e.name, value)
			} else if len(value) > 0 {
				out.Text(value)
			}
		}
	}
}

func trimmed(b []byte) []byte {
	for len(b) > 0 && b[0] <= ' ' {
		b = b[1:]
	}
	for len(b) > 0 && b[len(b)-1] <= ' ' {
		b = b[:len(b)-1]
	}
	return b
}

// attributes adds name="value" pairs to a record.
func (r *records) attributes(b []byte, rec *record) {
	for {
		b = trimmed(b)
		eq := slices.Index(b, '=')
		if eq < 1 || eq+2 >= len(b) || b[eq+1] != '"' && b[eq+1] != '\'' {
			return
		}
		end := slices.Index(b[eq+2:], b[eq+1])
		if end < 0 {
			return
		}
		if name := string(trimmed(b[:eq])); len(name) < 5 || name[:5] != "xmlns" {
			r.set(rec, name, appendText(nil, b[eq+2:eq+2+end]))
		}
		b = b[eq+3+end:]
	}
}
