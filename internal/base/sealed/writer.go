package sealed

import (
	"encoding/hex"
	"errors"
	"fmt"
	"github.com/zeebo/blake3"
	"hash"
	"io"

	"filippo.io/age"
	"golang.org/x/mod/sumdb/note"

	"genbo"
)

// Writer writes a sealed file row by row.
type Writer struct {
	manifest Manifest
	signer   note.Signer
	age      io.WriteCloser
	sum      hash.Hash
	pipe     *pipe // into sum and age
	block    []byte
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
	line, err := sign(manifestMark, m, signer)
	if err != nil {
		return nil, err
	}
	w := &Writer{manifest: m, signer: signer, age: out, sum: blake3.New()}
	w.pipe = newPipe(w.sum, out)
	w.block = append(<-w.pipe.free, line...)
	return w, nil
}

// WriteRow adds a row. It has as many cells as the manifest has columns. That the file could not be written may be
// said rows later, and by Close at the latest.
func (w *Writer) WriteRow(cells []string) error {
	if len(cells) != len(w.manifest.Columns) || w.rows == w.manifest.Rows {
		return fmt.Errorf("seal row %d: it is not one of the manifest's rows: %w", w.rows+1, genbo.ErrInvalid)
	}
	w.rows++
	begin := len(w.block)
	w.block = appendRow(w.block, cells)
	if len(w.block)-begin > maxLine {
		return fmt.Errorf("seal row %d: it is longer than %d bytes: %w", w.rows, maxLine, genbo.ErrInvalid)
	}
	if len(w.block) < blockBytes-blockBytes/16 {
		return nil
	}
	if w.pipe.failed() {
		return w.flush()
	}
	w.block = w.pipe.send(w.block)
	return nil
}

// flush returns when everything so far was written.
func (w *Writer) flush() error {
	w.block = w.pipe.send(w.block)
	if err := w.pipe.wait(); err != nil {
		return fmt.Errorf("seal: %w", err)
	}
	return nil
}

// Close writes the trailer and ends the file. Without it the file does not open.
func (w *Writer) Close() error {
	if w.rows != w.manifest.Rows {
		return fmt.Errorf("seal: %d rows instead of %d: %w", w.rows, w.manifest.Rows, genbo.ErrConflict)
	}
	if err := w.flush(); err != nil {
		return err
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
