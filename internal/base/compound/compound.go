package compound

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/richardlehane/mscfb"
)

// ErrDamaged is the family of errors about files that are none of this format, or damaged.
var ErrDamaged = errors.New("compound file")

// directoryLimit bounds what is read to find out what is in a file, in bytes: some 100,000 streams.
const directoryLimit = 16 << 20

// Storage is a folder.
type Storage struct {
	Name     string
	Streams  []*Stream
	Storages []*Storage
}

// Stream is a file.
type Stream struct {
	Name string
	Size int64 // bytes, as the directory claims
	file *mscfb.File
}

// Open reads the directory of a file, and returns the storage that holds all others.
func Open(src io.ReaderAt) (*Storage, error) {
	b := &budget{src: src, left: directoryLimit}
	r, err := mscfb.New(b)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	b.left = -1
	root := &Storage{}
	known := map[string]*Storage{"": root}
	for _, e := range r.File[1:] {
		in := folder(known, e.Path)
		if e.FileInfo().IsDir() {
			folder(known, append(e.Path[:len(e.Path):len(e.Path)], e.Name))
		} else {
			in.Streams = append(in.Streams, &Stream{Name: e.Name, Size: e.Size, file: e})
		}
	}
	return root, nil
}

// folder is the storage of a path, made with those it lies in where there is none yet.
func folder(known map[string]*Storage, path []string) *Storage {
	name := strings.Join(path, "\x00")
	if len(path) == 0 {
		name = ""
	}
	s := known[name]
	if s == nil {
		s = &Storage{Name: path[len(path)-1]}
		in := folder(known, path[:len(path)-1])
		in.Storages, known[name] = append(in.Storages, s), s
	}
	return s
}

// budget hands out so many bytes, and then an error; any number while left is negative.
type budget struct {
	src  io.ReaderAt
	left int64
}

func (b *budget) ReadAt(p []byte, at int64) (int, error) {
	if b.left >= 0 {
		if b.left -= int64(len(p)); b.left < 0 {
			b.left = 0
			return 0, fmt.Errorf("a directory of more than %d MiB", directoryLimit>>20)
		}
	}
	return b.src.ReadAt(p, at)
}

// Stream is the first stream of one of the names; nil if there is none.
func (s *Storage) Stream(names ...string) *Stream {
	for _, name := range names {
		for _, one := range s.Streams {
			if one.Name == name {
				return one
			}
		}
	}
	return nil
}

// Storage is the storage of a name in s; nil if there is none.
func (s *Storage) Storage(name string) *Storage {
	for _, one := range s.Storages {
		if one.Name == name {
			return one
		}
	}
	return nil
}

// Open reads the stream from its beginning. A stream is read by one reader at a time.
func (s *Stream) Open() io.Reader {
	if s.Size > 0 {
		if _, err := s.file.Seek(0, io.SeekStart); err != nil {
			return failing{fmt.Errorf("%w: %w", ErrDamaged, err)}
		}
	}
	return &pieces{s.file}
}

type failing struct{ error }

func (f failing) Read([]byte) (int, error) { return 0, f.error }

// pieces reads a little at a time: the library's work for one reading grows with the square of its length.
type pieces struct{ file *mscfb.File }

func (p *pieces) Read(b []byte) (int, error) {
	n, err := p.file.Read(b[:min(len(b), 32<<10)])
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return n, err
}

// All reads the stream into memory. A stream of more than limit bytes is an error.
func (s *Stream) All(limit int64) ([]byte, error) {
	if s.Size > limit {
		return nil, fmt.Errorf("%w: a stream of more than %d MiB", ErrDamaged, limit>>20)
	}
	return io.ReadAll(io.LimitReader(s.Open(), limit))
}
