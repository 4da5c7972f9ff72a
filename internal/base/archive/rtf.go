package archive

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
)

var errRTF = errors.New("compressed RTF")

const (
	rtfPacked = 0x75465a4c // "LZFu"
	rtfPlain  = 0x414c454d // "MELA"
	rtfHead   = 16
	rtfWindow = 4096
)

// rtfBegun is what the window holds before the first byte ([MS-OXRTFCP] 2.1.2.1).
const rtfBegun = "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier" +
	"{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"

// unpackRTF decompresses the body of a mail ([MS-OXRTFCP] 2.2), up to limit bytes: runs of a byte of flags and eight items, each a
// byte, or a place in the window and a length.
func unpackRTF(b []byte, limit int) ([]byte, error) {
	if len(b) < rtfHead {
		return nil, fmt.Errorf("%w: too short", errRTF)
	}
	size, kind := int(binary.LittleEndian.Uint32(b[4:])), binary.LittleEndian.Uint32(b[8:])
	sum := binary.LittleEndian.Uint32(b[12:])
	in := b[rtfHead:]
	if n := int(binary.LittleEndian.Uint32(b)) - (rtfHead - 4); n >= 0 && n < len(in) {
		in = in[:n]
	}
	switch kind {
	case rtfPlain:
		return in[:min(size, len(in))], nil
	case rtfPacked:
	default:
		return nil, fmt.Errorf("%w: of no known kind", errRTF)
	}
	// The format's sum is CRC-32 that neither begins nor ends with its complement.
	if ^crc32.Update(^uint32(0), crc32.IEEETable, in) != sum {
		return nil, fmt.Errorf("%w: checksum", errRTF)
	}
	return unpackItems(in, min(size, limit))
}

func unpackItems(in []byte, size int) ([]byte, error) {
	var window [rtfWindow]byte
	at := copy(window[:], rtfBegun)
	var out []byte
	put := func(c byte) {
		out = append(out, c)
		window[at] = c
		at = (at + 1) % rtfWindow
	}
	for len(in) > 0 {
		flags := in[0]
		in = in[1:]
		for range 8 {
			if len(out) > size {
				return nil, fmt.Errorf("%w: longer than it says", errRTF)
			}
			if flags&1 == 0 {
				if len(in) < 1 {
					return out, nil
				}
				put(in[0])
				in = in[1:]
			} else {
				if len(in) < 2 {
					return nil, fmt.Errorf("%w: cut off", errRTF)
				}
				from, n := int(in[0])<<4|int(in[1])>>4, int(in[1]&15)+2
				in = in[2:]
				if from == at {
					return out, nil
				}
				for i := range n {
					put(window[(from+i)%rtfWindow])
				}
			}
			flags >>= 1
		}
	}
	return out, nil
}
