package scan

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"math"
	"os"
	"sync"
	"time"
)

// stamp is what tells a file from what it was before: it has what the system gives of it, and 0 for what it does not.
type stamp struct {
	size, modified, changed int64 // bytes; nanoseconds since 1970: of the content, of the entry
	inode                   uint64
}

// settled is how long before it was read a file must have been changed last to be kept: clocks of file systems are coarse,
// and a second change within the same tick would not show.
const settled = 2 * time.Second

func (s stamp) settledAt(read time.Time) bool {
	return read.UnixNano()-max(s.modified, s.changed) >= int64(settled)
}

// encode makes the record of a file: its path, its stamp, its type and owner, what is remarkable of it as JSON, the
// persons' tokens with their fields.
func encode(f *File, s stamp, persons []uint64) ([]byte, error) {
	var detail []byte
	if f.remarkable() {
		bare := *f
		bare.Path, bare.Samples = "", nil
		var err error
		if detail, err = json.Marshal(bare); err != nil {
			return nil, err
		}
	}
	b := make([]byte, 0, len(f.Path)+len(f.Type)+len(f.Owner)+len(detail)+8*len(persons)+64)
	text := func(s string) { b = append(binary.AppendUvarint(b, uint64(len(s))), s...) }
	text(f.Path)
	for _, n := range []int64{s.size, s.modified, s.changed} {
		b = binary.AppendVarint(b, n)
	}
	b = binary.AppendUvarint(b, s.inode)
	text(f.Type)
	text(f.Owner)
	text(string(detail))
	for _, p := range persons {
		b = binary.LittleEndian.AppendUint64(b, p)
	}
	if len(b) > math.MaxInt32 {
		return nil, fmt.Errorf("a record of %d bytes", len(b))
	}
	return b, nil
}

// cutter takes a record apart.
type cutter struct {
	rest []byte
	bad  bool
}

func (c *cutter) number() (n int64)    { n, k := binary.Varint(c.rest); c.skip(k); return n }
func (c *cutter) unsigned() (n uint64) { n, k := binary.Uvarint(c.rest); c.skip(k); return n }

func (c *cutter) skip(n int) {
	if n <= 0 || n > len(c.rest) {
		c.bad, c.rest = true, nil
		return
	}
	c.rest = c.rest[n:]
}

func (c *cutter) text() []byte {
	n := c.unsigned()
	if n > uint64(len(c.rest)) {
		c.bad, c.rest = true, nil
		return nil
	}
	t := c.rest[:n]
	c.rest = c.rest[n:]
	return t
}

func decode(record []byte) (f *File, s stamp, persons []uint64, err error) {
	c := cutter{rest: record}
	f = &File{Path: string(c.text()), Cases: Counts{}}
	s = stamp{c.number(), c.number(), c.number(), c.unsigned()}
	kind, owner, detail := string(c.text()), string(c.text()), c.text()
	if c.bad || len(c.rest)%8 != 0 {
		return nil, s, nil, errDamaged
	}
	if len(detail) > 0 {
		path := f.Path
		if err := json.Unmarshal(detail, f); err != nil {
			return nil, s, nil, errDamaged
		}
		f.Path = path
	}
	f.Type, f.Owner, f.Size, f.Modified, f.Before = kind, owner, s.size, time.Unix(0, s.modified), true
	for ; len(c.rest) > 0; c.rest = c.rest[8:] {
		persons = append(persons, binary.LittleEndian.Uint64(c.rest))
	}
	return f, s, persons, nil
}

func pathOf(record []byte) ([]byte, error) {
	c := cutter{rest: record}
	if path := c.text(); !c.bad {
		return path, nil
	}
	return nil, errDamaged
}

// longest bounds a path, in bytes.
const longest = 1 << 16

// nextRecord reads a record's length and path, and passes over the rest. The record at the end has the length 0.
func nextRecord(r *bufio.Reader) (path []byte, size uint32, err error) {
	var length [4]byte
	if _, err := io.ReadFull(r, length[:]); err != nil {
		return nil, 0, err
	}
	size = binary.LittleEndian.Uint32(length[:])
	if size == 0 {
		return nil, 0, nil
	}
	head, err := r.Peek(int(min(size, longest+binary.MaxVarintLen32)))
	if err != nil {
		return nil, 0, err
	}
	if path, err = pathOf(head); err != nil {
		return nil, 0, err
	}
	path = append([]byte(nil), path...)
	_, err = r.Discard(int(size))
	return path, size, err
}

// growing is a file of records that is being written.
type growing struct {
	file *os.File
	out  *bufio.Writer
	sum  hash.Hash
	at   int64
}

func newGrowing(path string, head, key []byte) (*growing, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	g := &growing{file: file, sum: hmac.New(sha256.New, key)}
	g.out = bufio.NewWriterSize(io.MultiWriter(file, g.sum), 1<<18)
	g.at = int64(len(head))
	_, err = g.out.Write(head)
	return g, err
}

// append writes a record, and says where.
func (g *growing) append(record []byte) (at int64, err error) {
	at = g.at + 4
	g.at = at + int64(len(record))
	_, _ = g.out.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(record)))) // Write below repeats the error
	_, err = g.out.Write(record)
	return at, err
}

// seal writes the end, and brings all to the disk.
func (g *growing) seal() error {
	_, _ = g.out.Write(make([]byte, 4)) // Flush repeats the error
	if err := g.out.Flush(); err != nil {
		return err
	}
	if _, err := g.file.Write(g.sum.Sum(nil)); err != nil {
		return err
	}
	if err := g.file.Sync(); err != nil {
		return err
	}
	return g.file.Close()
}

// program is the hash of the program itself: another one may find more.
var program = sync.OnceValues(func() (sum [sha256.Size]byte, err error) {
	name, err := os.Executable()
	if err != nil {
		return sum, err
	}
	file, err := os.Open(name)
	if err != nil {
		return sum, err
	}
	defer file.Close()
	h := sha256.New()
	_, err = io.Copy(h, file)
	return [sha256.Size]byte(h.Sum(nil)), err
})

// programOf is the hash of the program and of the options that decide what it finds.
func programOf(o *Options) ([sha256.Size]byte, error) {
	p, err := program()
	whose := ""
	if o.Whose != nil {
		whose = o.Whose.ID
	}
	return sha256.Sum256(fmt.Appendf(nil, "%x depth %d members %d %d memory %d whose %s", p, o.Depth, o.Members.Members, o.Members.Bytes, o.Memory, whose)), err
}

// stampOfPath is the stamp of a regular file.
func stampOfPath(name string) (stamp, bool) {
	info, err := os.Lstat(name)
	if err != nil || !info.Mode().IsRegular() {
		return stamp{}, false
	}
	return stampOf(info), true
}
