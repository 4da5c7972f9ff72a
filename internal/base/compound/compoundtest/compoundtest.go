// Package compoundtest writes compound files for tests ([MS-CFB]): Outlook's mails and locked workbooks are made of them, and no
// program on a test's machine writes those.
//
// # What always holds
//
//   - Files are of version 3, with sectors of 512 bytes; small streams lie in the stream of small ones, as the format wants it.
//   - The same tree gives the same bytes.
package compoundtest

import (
	"bytes"
	"encoding/binary"
	"maps"
	"slices"
	"unicode/utf16"
)

// Tree is what is in a storage: []byte is a stream, Tree a storage.
type Tree map[string]any

const (
	sector     = 512
	small      = 64
	cutoff     = 4096
	free       = 0xffffffff
	endOfChain = 0xfffffffe
	fatSector  = 0xfffffffd
)

type entry struct {
	name               string
	kind               byte
	right, child, from uint32
	size               int
}

type writer struct {
	entries []entry
	data    bytes.Buffer // sectors of large streams
	fat     []uint32
	mini    bytes.Buffer
	miniFAT []uint32
}

// File is a compound file with a tree in it.
func File(t Tree) []byte {
	w := &writer{entries: []entry{{name: "Root Entry", kind: 5, right: free}}}
	w.entries[0].child = w.tree(t)
	w.entries[0].from, w.entries[0].size = w.chain(w.mini.Bytes()), w.mini.Len()
	var miniFAT, directory bytes.Buffer
	_ = binary.Write(&miniFAT, binary.LittleEndian, w.miniFAT)
	for miniFAT.Len()%sector != 0 {
		miniFAT.WriteByte(0xff)
	}
	for _, e := range w.entries {
		directory.Write(e.bytes())
	}
	miniAt, miniSectors := w.chain(miniFAT.Bytes()), miniFAT.Len()/sector
	directoryAt := w.chain(directory.Bytes())
	return w.file(miniAt, miniSectors, directoryAt)
}

func (w *writer) tree(t Tree) uint32 {
	first := uint32(free)
	for _, name := range slices.Backward(slices.Sorted(maps.Keys(t))) {
		at := len(w.entries)
		w.entries = append(w.entries, entry{name: name, right: first, child: free})
		first = uint32(at)
		switch v := t[name].(type) {
		case []byte:
			w.entries[at].kind, w.entries[at].size = 2, len(v)
			if len(v) >= cutoff {
				w.entries[at].from = w.chain(v)
			} else {
				w.entries[at].from = w.miniChain(v)
			}
		case Tree:
			child := w.tree(v)
			w.entries[at].kind, w.entries[at].child = 1, child
		}
	}
	return first
}

func chained(fat []uint32, n int) (uint32, []uint32) {
	if n == 0 {
		return endOfChain, fat
	}
	first := uint32(len(fat))
	for i := range n {
		next := first + uint32(i) + 1
		if i == n-1 {
			next = endOfChain
		}
		fat = append(fat, next)
	}
	return first, fat
}

func (w *writer) chain(b []byte) (first uint32) {
	n := (len(b) + sector - 1) / sector
	first, w.fat = chained(w.fat, n)
	w.data.Write(b)
	w.data.Write(make([]byte, n*sector-len(b)))
	return first
}

func (w *writer) miniChain(b []byte) (first uint32) {
	n := (len(b) + small - 1) / small
	first, w.miniFAT = chained(w.miniFAT, n)
	w.mini.Write(b)
	w.mini.Write(make([]byte, n*small-len(b)))
	return first
}

func (e *entry) bytes() []byte {
	var b [128]byte
	name := utf16.Encode([]rune(e.name))
	for i, c := range name {
		binary.LittleEndian.PutUint16(b[2*i:], c)
	}
	binary.LittleEndian.PutUint16(b[64:], uint16(2*len(name)+2))
	b[66], b[67] = e.kind, 1
	binary.LittleEndian.PutUint32(b[68:], free)
	binary.LittleEndian.PutUint32(b[72:], e.right)
	binary.LittleEndian.PutUint32(b[76:], e.child)
	binary.LittleEndian.PutUint32(b[116:], e.from)
	binary.LittleEndian.PutUint32(b[120:], uint32(e.size))
	return b[:]
}

func (w *writer) file(miniAt uint32, miniSectors int, directoryAt uint32) []byte {
	used := len(w.fat)
	sectors := 1
	for (used + sectors) > sectors*sector/4 {
		sectors++
	}
	for range sectors {
		w.fat = append(w.fat, fatSector)
	}
	for len(w.fat)%(sector/4) != 0 {
		w.fat = append(w.fat, free)
	}
	head := make([]byte, sector)
	copy(head, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	for at, v := range map[int]uint16{24: 0x3e, 26: 3, 28: 0xfffe, 30: 9, 32: 6} {
		binary.LittleEndian.PutUint16(head[at:], v)
	}
	for at, v := range map[int]uint32{44: uint32(sectors), 48: directoryAt, 56: cutoff, 60: miniAt, 64: uint32(miniSectors), 68: endOfChain} {
		binary.LittleEndian.PutUint32(head[at:], v)
	}
	for i := range 109 {
		v := uint32(free)
		if i < sectors {
			v = uint32(used + i)
		}
		binary.LittleEndian.PutUint32(head[76+4*i:], v)
	}
	out := bytes.NewBuffer(head)
	out.Write(w.data.Bytes())
	_ = binary.Write(out, binary.LittleEndian, w.fat)
	return out.Bytes()
}
