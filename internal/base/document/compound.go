package document

import (
	"fmt"
	"io"

	"genbo/internal/base/compound"
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
	root, err := openCompound(src)
	if err != nil {
		return err
	}
	out.Begin()
	return read(&streams{root}, out)
}

func openCompound(src io.ReaderAt) (*compound.Storage, error) {
	root, err := compound.Open(src)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotRead, err)
	}
	return root, nil
}

// streams are those of one storage, from which a document is read.
type streams struct{ in *compound.Storage }

// all reads a stream into memory; nil without an error if there is none of that name.
func (s *streams) all(names ...string) ([]byte, error) {
	one := s.in.Stream(names...)
	if one == nil {
		return nil, nil
	}
	b, err := one.All(streamLimit)
	if err != nil {
		return nil, fmt.Errorf("%w: stream %s: %w", ErrNotRead, one.Name, err)
	}
	return b, nil
}
