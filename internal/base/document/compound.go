package document

import (
	"errors"
	"fmt"

	"genbo/internal/base/compound"
)

// streamLimit bounds a stream of a compound file that must lie in memory, in bytes.
const streamLimit = 128 << 20

// ReadCompound hands out what a compound file says: a workbook, document or presentation of Office before 2007. is says which, as
// package lock found out; it may be empty. Documents that are embedded in it as storages are read too.
func ReadCompound(src Source, is string, out Sink) error {
	root, err := openCompound(src)
	if err != nil {
		return err
	}
	read := compoundReaders[is]
	var errs []error
	if read != nil {
		out.Begin()
		errs = append(errs, read(&streams{in: root}, out))
	}
	embedded := 0
	for _, s := range root.Storages {
		n, err := readEmbedded(s, out)
		embedded += n
		errs = append(errs, err)
	}
	if read == nil && embedded == 0 && root.Stream(withoutText...) == nil {
		return errNoReader
	}
	return errors.Join(errs...)
}

var compoundReaders = map[string]func(*streams, Sink) error{"xls": readXLS, "doc": readDoc, "ppt": readPPT, "jtd": readIchitaro}

// withoutText are streams of embedded objects that hold no text of anybody: formulas.
var withoutText = []string{"Equation Native"}

// readEmbedded reads the documents in a storage and those in it, and says how many there were.
func readEmbedded(s *compound.Storage, out Sink) (n int, err error) {
	var errs []error
	for stream, is := range map[string]string{"Workbook": "xls", "Book": "xls", "WordDocument": "doc", "PowerPoint Document": "ppt", "DocumentText": "jtd"} {
		if s.Stream(stream) != nil {
			n++
			out.Begin()
			errs = append(errs, compoundReaders[is](&streams{in: s}, out))
		}
	}
	for _, inner := range s.Storages {
		more, err := readEmbedded(inner, out)
		n += more
		errs = append(errs, err)
	}
	return n, errors.Join(errs...)
}

func openCompound(src Source) (*compound.Storage, error) {
	root, err := compound.Open(src)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotRead, err)
	}
	return root, nil
}

// ReadOpened hands out what a workbook or document says whose streams were encrypted and lie in memory.
func ReadOpened(opened map[string][]byte, is string, out Sink) error {
	read := compoundReaders[is]
	if read == nil {
		return errNoReader
	}
	out.Begin()
	return read(&streams{opened: opened}, out)
}

// streams are those from which a document is read: of a storage, or opened ones.
type streams struct {
	in     *compound.Storage
	opened map[string][]byte
}

// all reads a stream into memory; nil without an error if there is none of that name.
func (s *streams) all(names ...string) ([]byte, error) {
	for _, name := range names {
		if b := s.opened[name]; b != nil {
			return b, nil
		}
	}
	if s.in == nil {
		return nil, nil
	}
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
