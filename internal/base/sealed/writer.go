package sealed

import (
	"bufio"
	"bytes"
	"crypto/sha256"
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

// Writer writes a sealed file row by row.
type Writer struct {
	manifest Manifest
	signer   note.Signer
	age      io.WriteCloser
	plain    *bufio.Writer // into the hash and age
	sum      hash.Hash
	line     bytes.Buffer
	rows     int
}

// NewWriter begins a sealed file for whom its manifest names, with the share of its extract. The manifest says
// how many rows will come.
func NewWriter(dst io.Writer, share []byte, signer note.Signer, m Manifest) (*Writer, error) {
	if m.Rows < 1 || len(m.Columns) == 0 {
		return nil, fmt.Errorf("a sealed file without rows or columns: %w", genbo.ErrInvalid)
	}
	if !nameForm.MatchString(m.Extract) || !nameForm.MatchString(m.Seal) {
		return nil, fmt.Errorf("names of extracts and seals are small letters and digits: %w", genbo.ErrInvalid)
	}
	out, err := age.Encrypt(dst, recipient{share, m.binding()})
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	w := &Writer{manifest: m, signer: signer, age: out, sum: sha256.New()}
	w.plain = bufio.NewWriterSize(io.MultiWriter(w.sum, out), 64<<10)
	line, err := sign(manifestMark, m, signer)
	if err != nil {
		return nil, err
	}
	_, err = w.plain.WriteString(line)
	return w, err
}

// WriteRow adds a row. It has as many cells as the manifest has columns.
func (w *Writer) WriteRow(cells []string) error {
	if len(cells) != len(w.manifest.Columns) || w.rows == w.manifest.Rows {
		return fmt.Errorf("seal row %d: it is not one of the manifest's rows: %w", w.rows+1, genbo.ErrInvalid)
	}
	w.rows++
	w.line.Reset()
	for n, cell := range cells {
		if n > 0 {
			w.line.WriteByte(',')
		}
		quote(&w.line, cell)
	}
	w.line.WriteByte('\n')
	if w.line.Len() > maxLine {
		return fmt.Errorf("seal row %d: it is longer than %d bytes: %w", w.rows, maxLine, genbo.ErrInvalid)
	}
	_, err := w.plain.Write(w.line.Bytes())
	return err
}

// quote writes a cell of CSV (RFC 4180). Line feeds are not kept: a row is a line.
func quote(b *bytes.Buffer, cell string) {
	if !strings.ContainsAny(cell, ",\"\r\n#") {
		b.WriteString(cell)
		return
	}
	cell = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", `"`, `""`).Replace(cell)
	b.WriteByte('"')
	b.WriteString(cell)
	b.WriteByte('"')
}

// Close writes the trailer and ends the file. Without it the file does not open.
func (w *Writer) Close() error {
	if w.rows != w.manifest.Rows {
		return fmt.Errorf("seal: %d rows instead of %d: %w", w.rows, w.manifest.Rows, genbo.ErrConflict)
	}
	if err := w.plain.Flush(); err != nil {
		return fmt.Errorf("seal: %w", err)
	}
	line, err := sign(trailerMark, trailer{w.rows, hex.EncodeToString(w.sum.Sum(nil))}, w.signer)
	if err != nil {
		return err
	}
	_, err = io.WriteString(w.age, line)
	if err = errors.Join(err, w.age.Close()); err != nil {
		return fmt.Errorf("seal: %w", err)
	}
	return nil
}
