package compound

import (
	"encoding/binary"
	"fmt"
	"io"
)

const (
	magic      = 0xe11ab1a1e011cfd0
	headSize   = 512
	inHead     = 109 // places of the allocation table's sectors that stand in the head
	lastSector = 0xfffffffa
	endOfChain = 0xfffffffe
	smallest   = 4096 // streams below it lie in sectors of 64 bytes
	smallSize  = 64
)

// file is a file cut in sectors. Which sector follows which is told by the allocation table, which lies in sectors itself.
type file struct {
	src       *io.SectionReader
	sector    int64
	directory uint32
	fat       table // of sectors
	mini      table // of small ones
	small     []uint32
}

// table is an allocation table.
type table struct {
	in      *file
	sectors []uint32
	held    int // of sectors, which one is in memory; 0 for none, else one more
	entries []byte
}

// open reads the head and where the allocation tables are ([MS-CFB] 2.2, 2.5).
func open(src *io.SectionReader) (*file, error) {
	var h [headSize]byte
	if _, err := src.ReadAt(h[:], 0); err != nil {
		return nil, fmt.Errorf("%w: head: %w", ErrDamaged, err)
	}
	u32 := func(at int) uint32 { return binary.LittleEndian.Uint32(h[at:]) }
	shift := binary.LittleEndian.Uint16(h[30:])
	if binary.LittleEndian.Uint64(h[:]) != magic || shift != 9 && shift != 12 {
		return nil, fmt.Errorf("%w: no head of this format", ErrDamaged)
	}
	f := &file{src: src, sector: 1 << shift, directory: u32(48)}
	f.fat.in, f.mini.in = f, f
	count := int64(u32(44))
	if count > src.Size()/f.sector {
		return nil, fmt.Errorf("%w: an allocation table larger than the file", ErrDamaged)
	}
	for i := 0; i < inHead && int64(len(f.fat.sectors)) < count; i++ {
		f.fat.sectors = append(f.fat.sectors, u32(76+4*i))
	}
	list := make([]byte, f.sector)
	for at := u32(68); int64(len(f.fat.sectors)) < count; at = binary.LittleEndian.Uint32(list[len(list)-4:]) {
		if err := f.read(at, list); err != nil {
			return nil, err
		}
		for i := 0; i < len(list)-4 && int64(len(f.fat.sectors)) < count; i += 4 {
			f.fat.sectors = append(f.fat.sectors, binary.LittleEndian.Uint32(list[i:]))
		}
	}
	var err error
	f.mini.sectors, err = f.chained(u32(60), int64(u32(64))*f.sector)
	return f, err
}

// openSmall finds the sectors in which the small ones lie.
func (f *file) openSmall(first uint32, size int64) (err error) {
	if len(f.mini.sectors) > 0 {
		f.small, err = f.chained(first, size)
	}
	return err
}

// chained are the sectors of a chain of size bytes.
func (f *file) chained(at uint32, size int64) (list []uint32, err error) {
	if size > f.src.Size() {
		return nil, fmt.Errorf("%w: a chain longer than the file", ErrDamaged)
	}
	for ; size > 0 && at <= lastSector; size -= f.sector {
		list = append(list, at)
		if at, err = f.fat.next(at); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// read reads a sector, or as much of it as there is in the file: a last one may be cut off.
func (f *file) read(sector uint32, b []byte) error {
	n, err := f.src.ReadAt(b, (int64(sector)+1)*f.sector)
	clear(b[n:])
	if n == 0 {
		return fmt.Errorf("%w: sector %d: %w", ErrDamaged, sector, err)
	}
	return nil
}

// next is the sector that follows another.
func (t *table) next(sector uint32) (uint32, error) {
	each := uint32(t.in.sector / 4)
	i := int(sector / each)
	if i >= len(t.sectors) {
		return 0, fmt.Errorf("%w: sector %d is beyond the allocation table", ErrDamaged, sector)
	}
	if t.held != i+1 {
		if t.entries == nil {
			t.entries = make([]byte, t.in.sector)
		}
		t.held = 0
		if err := t.in.read(t.sectors[i], t.entries); err != nil {
			return 0, err
		}
		t.held = i + 1
	}
	return binary.LittleEndian.Uint32(t.entries[4*(sector%each):]), nil
}

// chain reads sectors one after the other, as far as left goes.
type chain struct {
	in     *file
	at     uint32
	offset int64 // in the sector
	left   int64
	small  bool
	err    error
}

func (c *chain) Read(p []byte) (int, error) {
	if c.err != nil || c.left <= 0 || len(p) == 0 {
		if c.err == nil && c.left <= 0 {
			return 0, io.EOF
		}
		return 0, c.err
	}
	if c.at > lastSector {
		c.err = fmt.Errorf("%w: a chain that ends too early: %w", ErrDamaged, io.ErrUnexpectedEOF)
		return 0, c.err
	}
	place, size, t := (int64(c.at)+1)*c.in.sector, c.in.sector, &c.in.fat
	if c.small {
		size, t = smallSize, &c.in.mini
		at := int64(c.at) * smallSize
		if at/c.in.sector >= int64(len(c.in.small)) {
			c.err = fmt.Errorf("%w: a small sector that is none", ErrDamaged)
			return 0, c.err
		}
		place = (int64(c.in.small[at/c.in.sector])+1)*c.in.sector + at%c.in.sector
	}
	n, err := c.in.src.ReadAt(p[:min(int64(len(p)), size-c.offset, c.left)], place+c.offset)
	c.offset, c.left = c.offset+int64(n), c.left-int64(n)
	switch {
	case n == 0:
		c.err = fmt.Errorf("%w: sector %d: %w", ErrDamaged, c.at, err)
	case c.offset == size && c.left > 0:
		c.offset = 0
		c.at, c.err = t.next(c.at)
	}
	return n, nil
}
