package document

import (
	"errors"
	"fmt"
	"io"

	"github.com/richardlehane/mscfb"
)

// streamLimit bounds a stream of a compound file that must lie in memory, in bytes.
const streamLimit = 128 << 20

// ReadCompound hands out what a compound file says: a workbook, document or presentation of Office before 2007. is says which, as
// package lock found out.
func ReadCompound(src Source, is string, out Sink) error {
	read := map[string]func(*streams, Sink) error{"xls": readXLS, "doc": readDoc, "ppt": readPPT, "jtd": readIchitaro}[is]
	if read == nil {
		return errNoReader
	}
	s, err := streamsOf(src)
	if err != nil {
		return err
	}
	out.Begin()
	return read(s, out)
}

// streams are the streams in the root of a compound file.
type streams struct{ byName map[string]*mscfb.File }

func streamsOf(src io.ReaderAt) (*streams, error) {
	r, err := mscfb.New(src)
	if err != nil {
		return nil, fmt.Errorf("%w: compound file: %w", ErrNotRead, err)
	}
	s := &streams{map[string]*mscfb.File{}}
	for {
		e, err := r.Next()
		if errors.Is(err, io.EOF) {
			return s, nil
		} else if err != nil {
			return nil, fmt.Errorf("%w: compound file: %w", ErrNotRead, err)
		}
		if len(e.Path) == 0 {
			s.byName[e.Name] = e
		}
	}
}

// all reads a stream into memory; nil without an error if there is none of that name.
func (s *streams) all(names ...string) ([]byte, error) {
	for _, name := range names {
		e := s.byName[name]
		if e == nil {
			continue
		}
		if e.Size > streamLimit {
			return nil, fmt.Errorf("%w: a stream of more than %d MiB", ErrNotRead, streamLimit>>20)
		}
		b, err := io.ReadAll(io.LimitReader(e, streamLimit))
		if err != nil {
			return nil, fmt.Errorf("%w: stream %s: %w", ErrNotRead, name, err)
		}
		return b, nil
	}
	return nil, nil
}
