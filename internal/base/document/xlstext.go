package document

import (
	"encoding/binary"
	"errors"
)

var errTextsDamaged = errors.New("the shared texts are damaged")

// texts8 reads the shared texts, which go on from record to record ([MS-XLS] 2.5.293): where characters go on, a byte says anew
// whether they have two bytes.
func (x *xls) texts8(b []byte, count int) error {
	t := textReader{x: x, b: b}
	for range count {
		head, ok := t.take(3)
		if !ok {
			return errTextsDamaged
		}
		n, flags := int(binary.LittleEndian.Uint16(head)), head[2]
		runs, extra := 0, 0
		if flags&8 != 0 {
			h, ok := t.take(2)
			if !ok {
				return errTextsDamaged
			}
			runs = int(binary.LittleEndian.Uint16(h))
		}
		if flags&4 != 0 {
			h, ok := t.take(4)
			if !ok {
				return errTextsDamaged
			}
			extra = int(int32(binary.LittleEndian.Uint32(h)))
		}
		if !t.characters(n, flags&1 != 0) || extra < 0 || !t.skip(4*runs+extra) {
			return errTextsDamaged
		}
		if x.ends = append(x.ends, uint32(len(x.texts))); len(x.texts) > textsLimit {
			return errTexts
		}
	}
	return nil
}

// textReader reads bytes that lie in a record and those that continue it.
type textReader struct {
	x *xls
	b []byte
}

// more goes on to the next record.
func (t *textReader) more() bool {
	for len(t.b) == 0 {
		if t.x.peek() != xlsContinue {
			return false
		}
		_, b, ok := t.x.next()
		if !ok {
			return false
		}
		t.b = b
	}
	return true
}

// take reads n bytes, which lie in one record.
func (t *textReader) take(n int) ([]byte, bool) {
	if !t.more() {
		return nil, false
	}
	if len(t.b) < n { // others' writers cut them all the same
		joined := append([]byte(nil), t.b...)
		t.b = nil
		for len(joined) < n {
			if !t.more() {
				return nil, false
			}
			k := min(n-len(joined), len(t.b))
			joined, t.b = append(joined, t.b[:k]...), t.b[k:]
		}
		return joined, true
	}
	b := t.b[:n]
	t.b = t.b[n:]
	return b, true
}

func (t *textReader) skip(n int) bool {
	for n > 0 {
		if !t.more() {
			return false
		}
		k := min(n, len(t.b))
		n, t.b = n-k, t.b[k:]
	}
	return true
}

func (t *textReader) characters(n int, wide bool) bool {
	for n > 0 {
		if len(t.b) == 0 {
			if !t.more() {
				return false
			}
			wide, t.b = t.b[0]&1 != 0, t.b[1:]
			continue
		}
		size := 1
		if wide {
			size = 2
		}
		k := min(n, len(t.b)/size)
		if k == 0 {
			return false
		}
		t.x.texts = append(t.x.texts, characters(t.b[:k*size], k, wide)...)
		n, t.b = n-k, t.b[k*size:]
	}
	return true
}
