package foreign

import (
	"encoding/binary"
	"io"
	"unicode/utf16"
)

// stream is a named content of a compound file.
type stream struct {
	name    string
	content []byte
}

// Numbers of [MS-CFB], version 3: sectors of 512 bytes.
const (
	sectorBytes   = 512
	perSector     = sectorBytes / 4
	headerSectors = 109 // places in the header for sectors of the table
	freeSector    = 0xFFFFFFFF
	endOfChain    = 0xFFFFFFFE
	tableSector   = 0xFFFFFFFD
	moreSector    = 0xFFFFFFFC
	noEntry       = 0xFFFFFFFF
	smallStream   = 4096 // shorter streams would lie in the small-stream table: they are filled up to this
)

// writeCompound writes a compound file with a few streams in its root, in the order of their names: shorter
// names come first. A stream shorter than smallStream is filled up with blanks, which the XML in it allows.
func writeCompound(w io.Writer, streams []stream) error {
	var table []uint32
	chain := func(size int) (first uint32) {
		first = uint32(len(table))
		sectors := (size + sectorBytes - 1) / sectorBytes
		for n := range sectors {
			next := first + uint32(n) + 1
			if n == sectors-1 {
				next = endOfChain
			}
			table = append(table, next)
		}
		return first
	}
	directory := entry("Root Entry", 5, 1, endOfChain, 0)
	var body []byte
	for n, s := range streams {
		for len(s.content) < smallStream {
			s.content = append(s.content, ' ')
		}
		// The entries form a tree of names; two streams are one with a right neighbour.
		e := entry(s.name, 2, noEntry, chain(len(s.content)), uint64(len(s.content)))
		if n+1 < len(streams) {
			binary.LittleEndian.PutUint32(e[72:], uint32(n+2))
		}
		directory = append(directory, e...)
		body = append(body, pad(s.content)...)
	}
	for len(directory)%sectorBytes != 0 {
		directory = append(directory, entry("", 0, noEntry, 0, 0)...)
	}
	first := chain(len(directory))
	body = append(body, directory...)
	tables, more := tableSectors(len(table))
	firstTable := len(table)
	for range tables {
		table = append(table, tableSector)
	}
	for range more {
		table = append(table, moreSector)
	}
	for len(table)%perSector != 0 {
		table = append(table, freeSector)
	}
	for _, next := range table {
		body = binary.LittleEndian.AppendUint32(body, next)
	}
	head, chained := header(first, firstTable, tables, more)
	for _, part := range [][]byte{head, body, chained} {
		if _, err := w.Write(part); err != nil {
			return err
		}
	}
	return nil
}

// tableSectors is how many sectors the table takes that lists n sectors and itself, and how many more list
// those that the header has no place for.
func tableSectors(n int) (tables, more int) {
	for {
		needed := (n + tables + more + perSector - 1) / perSector
		beyond := max(0, needed-headerSectors)
		extra := (beyond + perSector - 2) / (perSector - 1)
		if needed == tables && extra == more {
			return tables, more
		}
		tables, more = needed, extra
	}
}

// header is the first sector, and the sectors that go on with its list of the table's sectors.
func header(directory uint32, firstTable, tables, more int) (head, chained []byte) {
	b := make([]byte, sectorBytes)
	copy(b, []byte{0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1})
	for at, v := range map[int]uint16{24: 0x3E, 26: 3, 28: 0xFFFE, 30: 9, 32: 6} {
		binary.LittleEndian.PutUint16(b[at:], v)
	}
	firstMore := uint32(endOfChain)
	if more > 0 {
		firstMore = uint32(firstTable + tables)
	}
	for at, v := range map[int]uint32{44: uint32(tables), 48: directory, 56: smallStream, 60: endOfChain, 64: 0, 68: firstMore, 72: uint32(more)} {
		binary.LittleEndian.PutUint32(b[at:], v)
	}
	for n := range headerSectors {
		binary.LittleEndian.PutUint32(b[76+4*n:], place(n, firstTable, tables))
	}
	for m := range more {
		for n := range perSector - 1 {
			chained = binary.LittleEndian.AppendUint32(chained, place(headerSectors+m*(perSector-1)+n, firstTable, tables))
		}
		next := uint32(endOfChain)
		if m+1 < more {
			next = firstMore + uint32(m) + 1
		}
		chained = binary.LittleEndian.AppendUint32(chained, next)
	}
	return b, chained
}

// place is where the n-th sector of the table lies.
func place(n, firstTable, tables int) uint32 {
	if n >= tables {
		return freeSector
	}
	return uint32(firstTable + n)
}

// entry is one entry of the directory.
func entry(name string, kind byte, child, start uint32, size uint64) []byte {
	b := make([]byte, 128)
	units := utf16.Encode([]rune(name))
	for n, unit := range units {
		binary.LittleEndian.PutUint16(b[2*n:], unit)
	}
	if name != "" {
		binary.LittleEndian.PutUint16(b[64:], uint16(2*len(units)+2))
	}
	b[66], b[67] = kind, 1
	binary.LittleEndian.PutUint32(b[68:], noEntry)
	binary.LittleEndian.PutUint32(b[72:], noEntry)
	binary.LittleEndian.PutUint32(b[76:], child)
	binary.LittleEndian.PutUint32(b[116:], start)
	binary.LittleEndian.PutUint64(b[120:], size)
	return b
}

// pad fills up to whole sectors.
func pad(b []byte) []byte {
	return append(b, make([]byte, (sectorBytes-len(b)%sectorBytes)%sectorBytes)...)
}
