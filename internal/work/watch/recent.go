package watch

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"os"
)

// recent is the file of what was put since the last commit. It is written after each file that was read, without waiting for the
// disk: so a kill costs only the file that is being read, and a power cut a moment's work.
//
// It begins with the number of the commit that it follows: after another one, what stands there is in the database. A record is its length in four bytes, the place, the length of the entry in one byte, the entry and what it holds, both with
// their checksums. What was removed stands not in it: the walk at the start removes it again.
type recent struct{ file *os.File }

const (
	placeSize  = 16
	mostRecord = 1 << 30 // bytes
)

func openRecent(path string) (*recent, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	return &recent{file}, err
}

func (r *recent) append(p place, e entry, h holding) error {
	key := p.key()
	is := e.encode(key)
	b := append(append(append(make([]byte, 4, 128), key...), byte(len(is))), is...)
	if e.people {
		b = append(b, h.encode(key[8:])...)
	}
	if len(b) > mostRecord { // too much to be read back; the commit has it
		return nil
	}
	binary.BigEndian.PutUint32(b, uint32(len(b)-4))
	_, err := r.file.Write(b)
	return err
}

// clear begins anew after a commit.
func (r *recent) clear(commit uint64) error {
	if err := r.file.Truncate(0); err != nil {
		return err
	}
	_, err := r.file.Write(binary.BigEndian.AppendUint64(nil, commit))
	return err
}

// replay hands out what was put since a commit, up to the first record that is not whole: the last was being written.
func (r *recent) replay(commit uint64, put func(place, entry, holding) error) error {
	info, err := r.file.Stat()
	if err != nil {
		return err
	}
	in := bufio.NewReader(io.NewSectionReader(r.file, 0, info.Size())) // what is put is appended again
	var head [8]byte
	if _, err := io.ReadFull(in, head[:]); err != nil || binary.BigEndian.Uint64(head[:]) != commit {
		return nil
	}
	for {
		p, e, h, err := readRecent(in)
		if errors.Is(err, errDamaged) {
			return nil
		}
		if err == nil {
			err = put(p, e, h)
		}
		if err != nil {
			return err
		}
	}
}

func readRecent(in *bufio.Reader) (p place, e entry, h holding, err error) {
	var head [4]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return p, e, h, errDamaged
	}
	size := int64(binary.BigEndian.Uint32(head[:]))
	if size > mostRecord {
		return p, e, h, errDamaged
	}
	b, err := io.ReadAll(io.LimitReader(in, size))
	if err != nil {
		return p, e, h, err
	}
	if int64(len(b)) != size || size <= placeSize || int(b[placeSize]) > len(b)-placeSize-1 {
		return p, e, h, errDamaged
	}
	key := b[:placeSize]
	is, held := b[placeSize+1:][:b[placeSize]], b[placeSize+1+int(b[placeSize]):]
	p = place{id(binary.BigEndian.Uint64(key)), id(binary.BigEndian.Uint64(key[8:]))}
	e, ok := decodeEntry(key, is)
	if ok && e.people {
		h, ok = decodeHolding(key[8:], held)
	}
	if !ok {
		return p, e, h, errDamaged
	}
	return p, e, h, nil
}
