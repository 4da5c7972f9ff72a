package document

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"genbo/internal/base/charset"
)

// Atoms of a presentation that hold text ([MS-PPT] 2.9.42, 2.9.43, 2.4.17).
const (
	pptChars  = 0x0fa0
	pptBytes  = 0x0fa8
	pptString = 0x0fba
)

// readPPT reads the texts of a presentation: its records lie in each other, and the outer ones are looked into.
func readPPT(s *streams, out Sink) error {
	b, err := s.all("PowerPoint Document")
	if err != nil || b == nil {
		return errors.Join(err, fmt.Errorf("%w: no presentation in the file", ErrNotRead))
	}
	for len(b) >= 8 {
		version, kind, n := b[0]&0x0f, binary.LittleEndian.Uint16(b[2:]), binary.LittleEndian.Uint32(b[4:])
		b = b[8:]
		if version == 0x0f {
			continue
		}
		if uint64(n) > uint64(len(b)) {
			return fmt.Errorf("%w: ppt: a record goes beyond the end", ErrNotRead)
		}
		var text []byte
		switch kind {
		case pptChars, pptString:
			text = characters(b[:n], int(n)/2, true)
		case pptBytes:
			text = characters(b[:n], int(n), false)
		}
		for line := range bytes.FieldsFuncSeq(text, func(r rune) bool { return r == '\r' || r == 0x0b || r == '\n' }) {
			out.Text(line)
		}
		b = b[n:]
	}
	return nil
}

// readIchitaro reads the text of a document of Ichitaro: characters of two bytes, the higher first, with signs of its own
// between them.
func readIchitaro(s *streams, out Sink) error {
	b, err := s.all("DocumentText")
	if err != nil || b == nil {
		return errors.Join(err, fmt.Errorf("%w: no text in the file", ErrNotRead))
	}
	text := charset.As(b[:len(b)&^1], charset.UTF16BE)
	for line := range bytes.FieldsFuncSeq([]byte(text), func(r rune) bool { return r < ' ' || r == 0xfffd }) {
		out.Text(line)
	}
	return nil
}
