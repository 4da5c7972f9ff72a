package sealed

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"github.com/zeebo/blake3"
	"hash"
	"io"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"genbo"
)

// block is a part of the content that is being read.
type block struct {
	bytes []byte
	err   error
	done  chan struct{} // closed when it was read
}

// ahead reads content from its start in blocks, several at a time: each of age's chunks decrypts by itself.
func ahead(content io.ReaderAt, size int64) func() ([]byte, error) {
	var queue []*block
	var spare [][]byte
	var offset int64
	var last []byte
	return func() ([]byte, error) {
		if last != nil {
			spare = append(spare, last)
		}
		for ; len(queue) < blocks && offset < size; offset += blockBytes {
			b := &block{done: make(chan struct{})}
			if n := len(spare); n > 0 {
				b.bytes, spare = spare[n-1], spare[:n-1]
			} else {
				b.bytes = make([]byte, blockBytes)
			}
			b.bytes = b.bytes[:min(blockBytes, size-offset)]
			queue = append(queue, b)
			go func(at int64) {
				_, b.err = io.ReadFull(io.NewSectionReader(content, at, int64(len(b.bytes))), b.bytes)
				close(b.done)
			}(offset)
		}
		if len(queue) == 0 {
			return nil, io.EOF
		}
		b := queue[0]
		queue = queue[1:]
		<-b.done
		last = b.bytes[:cap(b.bytes)]
		return b.bytes, b.err
	}
}

// verifier walks through the lines of a sealed file's content.
type verifier struct {
	key    note.Verifier
	stanza Stanza
	view   *View
	sum    hash.Hash
	offset int64  // of the line in the content
	line   int64  // the manifest is line 0
	rest   []byte // of a line whose end is in the next block
	ended  bool   // the trailer was read
}

// verify reads the whole content once: it is the file of its header, complete, and the one that the core signed.
// It fills in what the view remembers.
func (v *View) verify(s Stanza, key note.Verifier) error {
	w := &verifier{key: key, stanza: s, view: v, sum: blake3.New()}
	next := ahead(v.content, v.size)
	for {
		b, err := next()
		switch {
		case err == io.EOF && w.ended:
			return nil
		case err == io.EOF:
			return fmt.Errorf("the sealed file ends too early: part of it is missing: %w", genbo.ErrTampered)
		case err != nil:
			return fmt.Errorf("the sealed file was altered: %w", genbo.ErrTampered)
		}
		if err := w.block(b); err != nil {
			return err
		}
	}
}

// block takes the next part of the content. Rows are hashed in one go.
func (w *verifier) block(b []byte) error {
	if len(w.rest) > 0 {
		end := bytes.IndexByte(b, '\n') + 1
		if end == 0 {
			end = len(b)
		}
		w.rest = append(w.rest, b[:end]...)
		b = b[end:]
		if len(w.rest) > maxLine {
			return fmt.Errorf("a line of the sealed file is too long: %w", genbo.ErrTampered)
		}
		if w.rest[len(w.rest)-1] != '\n' {
			return nil
		}
		if err := w.lines(w.rest); err != nil {
			return err
		}
		w.rest = w.rest[:0]
	}
	whole := bytes.LastIndexByte(b, '\n') + 1
	w.rest = append(w.rest, b[whole:]...)
	return w.lines(b[:whole])
}

// lines takes whole lines.
func (w *verifier) lines(b []byte) error {
	hashed := 0
	for at := 0; at < len(b); w.line++ {
		if w.ended {
			return fmt.Errorf("something stands behind the end of the sealed file: %w", genbo.ErrTampered)
		}
		end := at + bytes.IndexByte(b[at:], '\n') + 1
		switch {
		case w.line == 0:
			if err := w.manifest(string(b[at:end])); err != nil {
				return err
			}
		case b[at] == '#':
			w.sum.Write(b[hashed:at])
			hashed = len(b)
			if err := w.trailer(string(b[at:end])); err != nil {
				return err
			}
		case (w.line-1)%every == 0:
			w.view.marks = append(w.view.marks, w.offset)
		}
		w.offset += int64(end - at)
		at = end
	}
	w.sum.Write(b[hashed:])
	return nil
}

func (w *verifier) manifest(line string) error {
	m := &w.view.Manifest
	if err := verified(line, manifestMark, w.key, m); err != nil {
		return err
	}
	if m.Extract != w.stanza.Extract || m.Seal != w.stanza.Seal {
		return fmt.Errorf("the content is another file's than the header: %w", genbo.ErrTampered)
	}
	return nil
}

func (w *verifier) trailer(line string) error {
	var t trailer
	if err := verified(line, trailerMark, w.key, &t); err != nil {
		return err
	}
	if !strings.EqualFold(t.BLAKE3, hex.EncodeToString(w.sum.Sum(nil))) || int64(t.Rows) != w.line-1 || t.Rows != w.view.Manifest.Rows {
		return fmt.Errorf("the rows are not the ones that were sealed: %w", genbo.ErrTampered)
	}
	w.ended = true
	return nil
}
