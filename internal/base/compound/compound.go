package compound

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"unicode"
	"unicode/utf16"
)

// ErrDamaged is the family of errors about files that are none of this format, or damaged.
var ErrDamaged = errors.New("compound file")

// Bounds of a directory.
const (
	mostEntries = 1 << 17
	mostFolders = 64 // in each other
)

// Storage is a folder.
type Storage struct {
	Name     string
	Streams  []*Stream
	Storages []*Storage
}

// Stream is a file.
type Stream struct {
	Name  string
	Size  int64 // bytes, as the directory claims
	in    *file
	first uint32 // its first sector
}

const (
	entrySize  = 128
	noEntry    = 0xffffffff
	isStorage  = 1
	isStream   = 2
	isRoot     = 5
	nameLength = 64 // where the length of an entry's name stands; before it is the name ([MS-CFB] 2.6.1)
)

// Open reads the directory of a file, and returns the storage that holds all others.
func Open(src *io.SectionReader) (*Storage, error) {
	f, err := open(src)
	if err != nil {
		return nil, err
	}
	d := &directory{in: f}
	for r := (&chain{in: f, at: f.directory, left: mostEntries * entrySize}); ; {
		var e [entrySize]byte
		if _, err := io.ReadFull(r, e[:]); err != nil {
			if r.at == endOfChain && len(d.entries) > 0 {
				break
			}
			return nil, fmt.Errorf("%w: directory", ErrDamaged)
		}
		d.entries = append(d.entries, e)
	}
	root := &d.entries[0]
	if err := f.openSmall(binary.LittleEndian.Uint32(root[116:]), d.size(root)); err != nil {
		return nil, err
	}
	d.seen = make([]bool, len(d.entries))
	s := &Storage{}
	return s, d.read(s, binary.LittleEndian.Uint32(root[76:]), 0)
}

// directory is the list of all storages and streams, which refer to each other by their places in it.
type directory struct {
	in      *file
	entries [][entrySize]byte
	seen    []bool
}

// read reads what is in a storage: a tree of entries, whose order means nothing here.
func (d *directory) read(to *Storage, first uint32, depth int) error {
	if depth > mostFolders {
		return fmt.Errorf("%w: storages lie too deep in each other", ErrDamaged)
	}
	for open := []uint32{first}; len(open) > 0; {
		at := open[len(open)-1]
		open = open[:len(open)-1]
		if at == noEntry {
			continue
		}
		if uint64(at) >= uint64(len(d.entries)) || d.seen[at] {
			return fmt.Errorf("%w: the directory refers to no entry, or to one twice", ErrDamaged)
		}
		d.seen[at] = true
		e := &d.entries[at]
		open = append(open, binary.LittleEndian.Uint32(e[72:]), binary.LittleEndian.Uint32(e[68:]))
		switch e[66] {
		case isStorage:
			inner := &Storage{Name: name(e)}
			to.Storages = append(to.Storages, inner)
			if err := d.read(inner, binary.LittleEndian.Uint32(e[76:]), depth+1); err != nil {
				return err
			}
		case isStream:
			to.Streams = append(to.Streams, &Stream{Name: name(e), Size: d.size(e), in: d.in, first: binary.LittleEndian.Uint32(e[116:])})
		}
	}
	return nil
}

func name(e *[entrySize]byte) string {
	n := min(int(binary.LittleEndian.Uint16(e[nameLength:])), nameLength)/2 - 1
	units := make([]uint16, max(0, n))
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(e[2*i:])
	}
	if len(units) > 0 && unicode.IsControl(rune(units[0])) {
		units = units[1:]
	}
	return string(utf16.Decode(units))
}

// size is the size of a stream: in files of version 3 the upper half may be anything.
func (d *directory) size(e *[entrySize]byte) int64 {
	if d.in.sector == 512 {
		return int64(binary.LittleEndian.Uint32(e[120:]))
	}
	return int64(binary.LittleEndian.Uint64(e[120:]) & (1<<63 - 1))
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

// Open reads the stream from its beginning.
func (s *Stream) Open() io.Reader {
	c := &chain{in: s.in, at: s.first, left: s.Size, small: s.Size < smallest}
	if s.Size > s.in.src.Size() {
		c.err = fmt.Errorf("%w: stream %s is larger than the file", ErrDamaged, s.Name)
	}
	return c
}

// All reads the stream into memory. A stream of more than limit bytes is an error.
func (s *Stream) All(limit int64) ([]byte, error) {
	if s.Size > limit {
		return nil, fmt.Errorf("%w: a stream of more than %d MiB", ErrDamaged, limit>>20)
	}
	return io.ReadAll(s.Open())
}
