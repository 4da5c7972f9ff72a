package document

import (
	"encoding/binary"
	"fmt"
)

// Kinds of pages.
const (
	pageIndexInner = 0x02
	pageTableInner = 0x05
	pageIndexLeaf  = 0x0a
	pageTableLeaf  = 0x0d
)

// deepestTree is how deep SQLite lets its trees become.
const deepestTree = 20

// pageSet are pages that were read. Each belongs to one place, so what comes up twice is a damage, and no file makes a reader work for more
// than its size.
type pageSet map[uint32]*[512]uint64

func (s pageSet) add(page uint32) (fresh bool) {
	block := s[page>>15]
	if block == nil {
		block = new([512]uint64)
		s[page>>15] = block
	}
	word, bit := &block[page>>6&511], uint64(1)<<(page&63)
	fresh = *word&bit == 0
	*word |= bit
	return fresh
}

// load reads a page that was not read before. The first page has the head of the file in front.
func (d *sqlite) load(number uint32) (b []byte, at int, err error) {
	if number == 0 || !d.seen.add(number) {
		return nil, 0, fmt.Errorf("%w: page %d comes up twice", errSQLite, number)
	}
	if n := len(d.spare); n > 0 {
		b, d.spare = d.spare[n-1], d.spare[:n-1]
	} else {
		b = make([]byte, d.page)
	}
	if _, err := d.src.ReadAt(b, int64(number-1)*int64(d.page)); err != nil {
		return nil, 0, fmt.Errorf("%w: page %d: %w", errSQLite, number, err)
	}
	if number == 1 {
		at = sqliteHead
	}
	return b, at, nil
}

// tree calls row for each row of a table, and with 0 for each of a table without row numbers. What a damaged page held is lost, the others are
// read; the first damage is returned.
func (d *sqlite) tree(root uint32, row func(id int64, payload []byte) error) error {
	return d.branch(root, 0, row)
}

func (d *sqlite) branch(number uint32, depth int, row func(int64, []byte) error) error {
	if depth > deepestTree {
		return fmt.Errorf("%w: a tree too deep", errSQLite)
	}
	b, at, err := d.load(number)
	if err != nil {
		return err
	}
	defer func() { d.spare = append(d.spare, b) }()
	kind, count := b[at], int(binary.BigEndian.Uint16(b[at+3:]))
	inner := kind == pageIndexInner || kind == pageTableInner
	if !inner && kind != pageIndexLeaf && kind != pageTableLeaf {
		return fmt.Errorf("%w: page %d is no part of a tree", errSQLite, number)
	}
	places := b[at+8:]
	if inner {
		places = b[at+12:]
	}
	if len(places) < 2*count {
		return fmt.Errorf("%w: page %d: cells", errSQLite, number)
	}
	var first error
	note := func(err error) {
		if first == nil {
			first = err
		}
	}
	used := 0
	for i := range count {
		n, err := d.cell(b[:d.usable], int(binary.BigEndian.Uint16(places[2*i:])), kind, depth, row)
		note(err)
		if used += n; used > d.page { // cells that lie over each other
			note(fmt.Errorf("%w: page %d: cells overlap", errSQLite, number))
			break
		}
	}
	if inner {
		note(d.branch(binary.BigEndian.Uint32(b[at+8:]), depth+1, row))
	}
	return first
}

// cell reads one cell: the branch before it, if the page is an inner one, then its row. It says how many bytes of the page it took.
func (d *sqlite) cell(b []byte, at int, kind byte, depth int, row func(int64, []byte) error) (int, error) {
	errCell := fmt.Errorf("%w: a cell", errSQLite)
	if at < 8 || at >= len(b) {
		return 0, errCell
	}
	c := b[at:]
	var first error
	if kind == pageIndexInner || kind == pageTableInner {
		if len(c) < 4 {
			return 0, errCell
		}
		first = d.branch(binary.BigEndian.Uint32(c), depth+1, row)
		if c = c[4:]; kind == pageTableInner {
			return 4, first
		}
	}
	size, n := varint(c)
	if n == 0 || size < 0 {
		return 0, errCell
	}
	c = c[n:]
	id := int64(0)
	if kind == pageTableLeaf {
		if id, n = varint(c); n == 0 {
			return 0, errCell
		}
		c = c[n:]
	}
	local := d.local(size, kind == pageTableLeaf)
	if int64(len(c)) < local {
		return 0, errCell
	}
	payload, err := d.overflow(c, local, size)
	if err == nil {
		err = row(id, payload)
	}
	if first == nil {
		first = err
	}
	return int(local) + 4, first
}

// local is how many bytes of a row lie in its page itself (fileformat2, 1.6).
func (d *sqlite) local(size int64, leaf bool) int64 {
	u := int64(d.usable)
	most, least := (u-12)*64/255-23, (u-12)*32/255-23
	if leaf {
		most = u - 35
	}
	if size <= most {
		return size
	}
	if k := least + (size-least)%(u-4); k <= most {
		return k
	}
	return least
}

// overflow gathers a row of which a part lies in pages of its own, up to the limit.
func (d *sqlite) overflow(c []byte, local, size int64) ([]byte, error) {
	if local == size {
		return c[:local], nil
	}
	if int64(len(c)) < local+4 {
		return nil, fmt.Errorf("%w: a cell", errSQLite)
	}
	if size > rowLimit {
		d.long, size = true, rowLimit
	}
	payload := append(d.payload[:0], c[:min(local, size)]...)
	defer func() { d.payload = payload }()
	for next := binary.BigEndian.Uint32(c[local:]); int64(len(payload)) < size; {
		b, _, err := d.load(next)
		if err != nil {
			return nil, err
		}
		next = binary.BigEndian.Uint32(b)
		payload = append(payload, b[4:min(int64(d.usable), 4+size-int64(len(payload)))]...)
		d.spare = append(d.spare, b)
	}
	return payload, nil
}

// varint reads an integer of one to nine bytes, and says how many; 0 if it is cut off.
func varint(b []byte) (v int64, n int) {
	for i := range min(len(b), 9) {
		if i == 8 {
			return v<<8 | int64(b[i]), 9
		}
		v = v<<7 | int64(b[i]&0x7f)
		if b[i] < 0x80 {
			return v, i + 1
		}
	}
	return 0, 0
}
