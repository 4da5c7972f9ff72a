package sealed

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"

	"filippo.io/age"
	"golang.org/x/mod/sumdb/note"

	"genbo"
)

// Reader reads a sealed file row by row.
type Reader struct {
	Manifest Manifest
	lines    *bufio.Reader
	sum      hash.Hash
	verifier note.Verifier
	rows     int
	done     bool
	offset   int64 // of the next line in the content
}

// Open opens a sealed file with its file key and checks its manifest: whose core signed it, and that it is the
// manifest of the file whose header was read.
func Open(src io.Reader, s Stanza, fileKey []byte, verifier note.Verifier) (*Reader, error) {
	content, err := age.Decrypt(src, age.NewInjectedFileKeyIdentity(fileKey))
	if err != nil {
		return nil, fmt.Errorf("the file was altered, or its key is another file's: %w", genbo.ErrTampered)
	}
	return newReader(content, s, verifier)
}

func newReader(content io.Reader, s Stanza, verifier note.Verifier) (*Reader, error) {
	r := &Reader{lines: bufio.NewReaderSize(content, 64<<10), sum: sha256.New(), verifier: verifier}
	line, err := r.line()
	if err != nil {
		return nil, err
	}
	if err := verified(line, manifestMark, verifier, &r.Manifest); err != nil {
		return nil, err
	}
	if r.Manifest.Extract != s.Extract || r.Manifest.Seal != s.Seal {
		return nil, fmt.Errorf("the content is another file's than the header: %w", genbo.ErrTampered)
	}
	r.sum.Write([]byte(line))
	return r, nil
}

// line reads the next line with its end.
func (r *Reader) line() (string, error) {
	var whole []byte
	for {
		part, err := r.lines.ReadSlice('\n')
		whole = append(whole, part...)
		switch {
		case err == nil:
			r.offset += int64(len(whole))
			return string(whole), nil
		case errors.Is(err, bufio.ErrBufferFull) && len(whole) <= maxLine:
			continue
		case errors.Is(err, io.EOF):
			return "", fmt.Errorf("the sealed file ends too early: part of it is missing: %w", genbo.ErrTampered)
		}
		return "", fmt.Errorf("the sealed file was altered: %w", genbo.ErrTampered)
	}
}

// Next returns the next row, or [io.EOF] once the trailer has shown that the file is complete.
func (r *Reader) Next() ([]string, error) {
	if r.done {
		return nil, io.EOF
	}
	line, err := r.line()
	if err != nil {
		return nil, err
	}
	if strings.HasPrefix(line, trailerMark) {
		return nil, r.finish(line)
	}
	r.sum.Write([]byte(line))
	r.rows++
	return parseRow(line, len(r.Manifest.Columns))
}

func parseRow(line string, columns int) ([]string, error) {
	if !strings.Contains(line, `"`) {
		if cells := strings.Split(strings.TrimSuffix(line, "\n"), ","); len(cells) == columns {
			return cells, nil
		}
	}
	c := csv.NewReader(strings.NewReader(line))
	c.FieldsPerRecord = columns
	cells, err := c.Read()
	if err != nil {
		return nil, fmt.Errorf("a row of the sealed file does not read: %w", genbo.ErrTampered)
	}
	return cells, nil
}

func (r *Reader) finish(line string) error {
	var t trailer
	if err := verified(line, trailerMark, r.verifier, &t); err != nil {
		return err
	}
	sum, err := hex.DecodeString(t.SHA256)
	if err != nil || !bytes.Equal(sum, r.sum.Sum(nil)) || t.Rows != r.rows || t.Rows != r.Manifest.Rows {
		return fmt.Errorf("the rows are not the ones that were sealed: %w", genbo.ErrTampered)
	}
	if _, err := r.lines.ReadByte(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("something stands behind the end of the sealed file: %w", genbo.ErrTampered)
	}
	r.done = true
	return io.EOF
}
