package keyedset

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// entry is a token on its way into a level: where it belongs, and its word with the value laid over.
type entry struct{ place, word uint64 }

const (
	entryBytes = 16
	parts      = 256  // by the first byte of the place
	partRoom   = 8192 // entries of a part in memory: 32 MiB for all
)

// compare puts entries in the order of their places, and those of one place in that of their words. Most of a build is spent
// here.
func (e entry) compare(o entry) int {
	switch {
	case e.place < o.place:
		return -1
	case e.place > o.place:
		return 1
	}
	return cmp.Compare(e.word, o.word)
}

// sorter brings any number of entries into the order of their places, in memory of a fixed size: what has no room waits
// in a file. That file says as little as the map: it has no token's second word without a value over it.
type sorter struct {
	dir    string
	rooms  [parts][]entry
	chunks [parts][]int64 // where in the file the part's full rooms lie
	file   *os.File
	end    int64
	count  int64
	bytes  []byte
}

func (s *sorter) add(e entry) error {
	s.count++
	p := e.place >> 56
	if len(s.rooms[p]) == partRoom {
		if err := s.spill(p); err != nil {
			return fmt.Errorf("sort the filter: %w", err)
		}
	}
	s.rooms[p] = append(s.rooms[p], e)
	return nil
}

func (s *sorter) spill(p uint64) (err error) {
	if s.file == nil {
		if s.file, err = TemporaryFile(s.dir); err != nil {
			return err
		}
	}
	s.bytes = s.bytes[:0]
	for _, e := range s.rooms[p] {
		s.bytes = binary.LittleEndian.AppendUint64(s.bytes, e.place)
		s.bytes = binary.LittleEndian.AppendUint64(s.bytes, e.word)
	}
	if _, err := s.file.WriteAt(s.bytes, s.end); err != nil {
		return err
	}
	s.chunks[p] = append(s.chunks[p], s.end)
	s.end += int64(len(s.bytes))
	s.rooms[p] = s.rooms[p][:0]
	return nil
}

// sorted hands on the entries in the order of their places, each place with its words together.
func (s *sorter) sorted(fn func(entry) error) error {
	var all []entry
	buffer := make([]byte, partRoom*entryBytes)
	for p := range s.rooms {
		all = append(all[:0], s.rooms[p]...)
		for _, at := range s.chunks[p] {
			if _, err := io.ReadFull(io.NewSectionReader(s.file, at, int64(len(buffer))), buffer); err != nil {
				return fmt.Errorf("sort the filter: %w", err)
			}
			for b := buffer; len(b) > 0; b = b[entryBytes:] {
				all = append(all, entry{binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:])})
			}
		}
		slices.SortFunc(all, entry.compare)
		for _, e := range all {
			if err := fn(e); err != nil {
				return err
			}
		}
		s.rooms[p] = nil
	}
	return nil
}

func (s *sorter) close() error {
	if s.file == nil {
		return nil
	}
	return RemoveFile(s.file)
}

// TemporaryFile makes a file that only this account may read, and which has no name any more where the system allows that:
// so nothing is left however the program ends. An empty dir is the system's folder for such files.
func TemporaryFile(dir string) (*os.File, error) {
	f, err := os.CreateTemp(dir, ".genbo-filter-*") // mode 0600
	if err != nil {
		return nil, err
	}
	_ = os.Remove(f.Name()) // Windows refuses while it is open: RemoveFile does it then
	return f, nil
}

// RemoveFile closes a temporary file, and removes it where it still has a name.
func RemoveFile(f *os.File) error {
	err := f.Close()
	if gone := os.Remove(f.Name()); gone != nil && !errors.Is(gone, os.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	return err
}
