package scan

import (
	"context"
	"crypto/aes"
	"encoding/binary"
	"fmt"
	"io"
	"io/fs"
	"os"

	"genbo/internal/base/lock"
)

// Reader reads single files for whoever walks the folders himself and keeps what he is told, as package watch does. One
// goroutine at a time may use it.
type Reader struct {
	w       *worker
	program [32]byte
}

// Reading is what was found out about a file.
type Reading struct {
	*File
	Stamp   Stamp
	Lasting bool     // as long as the stamp is the same, there is no need to read it again
	Persons []uint64 // each person's token, of 48 bits, and below it the fields that he was found with, of 16
}

// Stamp tells a file from what it was before: its size, its times and its inode.
type Stamp [32]byte

// StampOf returns the stamp of a file.
func StampOf(info fs.FileInfo) (b Stamp) {
	s := stampOf(info)
	binary.BigEndian.PutUint64(b[:], uint64(s.size))
	binary.BigEndian.PutUint64(b[8:], uint64(s.modified))
	binary.BigEndian.PutUint64(b[16:], uint64(s.changed))
	binary.BigEndian.PutUint64(b[24:], s.inode)
	return b
}

// NewReader returns a reader that tells persons by tokens under a key: the same person has the same token in all files, as
// long as the key is the same, and without the key a token says nothing.
func NewReader(o Options, key []byte) (*Reader, error) {
	o.defaults()
	o.Known = nil
	program, err := programOf(&o)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(derive(key, "persons"))
	if err != nil {
		return nil, fmt.Errorf("the key of the persons' tokens: %w", err)
	}
	s := &scan{Options: o}
	for _, p := range o.Passwords {
		s.given = append(s.given, secret{word: p, where: fromFile})
	}
	s.pdfs.Cache, s.pdfs.AtOnce = o.Cache, 1
	w := newWorker(s)
	w.tokens = &tokens{block: block}
	return &Reader{w, program}, nil
}

// Close gives back what reading took.
func (r *Reader) Close() { r.w.pdfs.Close() }

// Program stands for the program and those options that decide what it finds: under another one, what was read is to be read
// again.
func (r *Reader) Program() [32]byte { return r.program }

// Read reads a file. What could not be read is in its Missed, also where ctx ended the reading.
func (r *Reader) Read(ctx context.Context, name string) Reading {
	begun := r.w.Now()
	before, there := stampOfPath(name)
	r.w.ctx, r.w.persons, r.w.met = ctx, newPeople(), shard{}
	r.w.folders.Clear() // passwords beside a file come and go
	f := r.w.file(name)
	reading := Reading{File: f}
	if info, err := os.Lstat(name); err == nil {
		reading.Stamp = StampOf(info)
		reading.Lasting = there && before == stampOf(info) && before.settledAt(begun) && f.lasts()
	}
	for _, person := range r.w.met.slots {
		if person != 0 {
			reading.Persons = append(reading.Persons, person)
		}
	}
	return reading
}

// lasts reports whether what was found out holds as long as the file is the same: it was read to the end, and nothing in it is locked.
// A locked file's state hangs on what lies beside it.
func (f *File) lasts() bool {
	return f.Lock == lock.Open && f.How == "" && f.Locked == 0 && len(f.Missed) == 0
}

// paced calls Pace after each piece that is read.
func (w *worker) paced(src io.ReaderAt) io.ReaderAt {
	if w.Pace == nil {
		return src
	}
	return pacedReader{src, w.Pace}
}

type pacedReader struct {
	io.ReaderAt
	pace func(bytes int) error
}

func (p pacedReader) ReadAt(b []byte, at int64) (int, error) {
	n, err := p.ReaderAt.ReadAt(b, at)
	if stop := p.pace(n); stop != nil {
		return 0, stop
	}
	return n, err
}
