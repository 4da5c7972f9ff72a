package charset

import (
	"encoding/binary"
	"sync"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
)

// A glyph is a character in UTF-8 as it is written in one go: up to three bytes, the length in the fourth. Zero
// stands for what is no character.
type glyph = uint32

const replacement glyph = 0x03_bd_bf_ef

func glyphOf(r rune) glyph {
	var b [4]byte
	n := utf8.EncodeRune(b[:], r)
	b[3] = byte(n)
	return binary.LittleEndian.Uint32(b[:])
}

// pairs is a table of all characters of two bytes, by the two bytes; an entry of one byte is at that byte, shifted.
type pairs [1 << 16]glyph

// tableOf asks the decoder for every pair of bytes.
func tableOf(e encoding.Encoding, lead, trail func(byte) bool) *pairs {
	var t pairs
	d := e.NewDecoder()
	for hi := range 256 {
		for lo := range 256 {
			if !lead(byte(hi)) || !trail(byte(lo)) {
				continue
			}
			out, err := d.Bytes([]byte{byte(hi), byte(lo)})
			if r, n := utf8.DecodeRune(out); err == nil && n == len(out) && r != utf8.RuneError && n <= 3 {
				t[hi<<8|lo] = glyphOf(r)
			}
		}
	}
	return &t
}

// sjisTable has the characters of CP932. Those that users define themselves (F040 to F9FC) are in the private area from
// U+E000 on, as Windows has them.
var sjisTable = sync.OnceValue(func() *pairs {
	lead := func(b byte) bool { return b >= 0x81 && b <= 0x9f || b >= 0xe0 && b <= 0xfc }
	trail := func(b byte) bool { return b >= 0x40 && b <= 0xfc && b != 0x7f }
	t := tableOf(japanese.ShiftJIS, lead, trail)
	for hi := 0xf0; hi <= 0xf9; hi++ {
		n := 0
		for lo := 0x40; lo <= 0xfc; lo++ {
			if lo != 0x7f {
				t[hi<<8|lo] = glyphOf(rune(0xe000 + (hi-0xf0)*188 + n))
				n++
			}
		}
	}
	return t
})

var eucTable = sync.OnceValue(func() *pairs {
	high := func(b byte) bool { return b >= 0xa1 && b <= 0xfe }
	return tableOf(japanese.EUCJP, high, high)
})

// eucThird has the characters of JIS X 0212, which EUC-JP writes with 8F before them.
var eucThird = sync.OnceValue(func() *pairs {
	var t pairs
	d := japanese.EUCJP.NewDecoder()
	for hi := 0xa1; hi <= 0xfe; hi++ {
		for lo := 0xa1; lo <= 0xfe; lo++ {
			out, err := d.Bytes([]byte{0x8f, byte(hi), byte(lo)})
			if r, n := utf8.DecodeRune(out); err == nil && n == len(out) && r != utf8.RuneError && n <= 3 {
				t[hi<<8|lo] = glyphOf(r)
			}
		}
	}
	return &t
})

const asciiMask = 0x8080808080808080

// converter brings bytes of one encoding to UTF-8. It writes at most four bytes for each byte it reads, and
// leaves a character that the end of src cuts, unless last is set.
type converter interface {
	convert(dst, src []byte, last bool) (written, read, faults int)
}

func (e Encoding) converter() converter {
	switch e {
	case UTF16LE, UTF16BE:
		return utf16Converter{big: e == UTF16BE}
	case UTF32LE, UTF32BE:
		return utf32Converter{big: e == UTF32BE}
	case CP932:
		return sjisConverter{sjisTable()}
	case EUCJP:
		return eucConverter{eucTable(), eucThird()}
	case ISO2022JP:
		return &jisConverter{pairs: eucTable(), third: eucThird()}
	}
	return nil
}

// copyASCII copies eight bytes at a time as long as they are ASCII.
func copyASCII(dst, src []byte, o, i int) (int, int) {
	for i+8 <= len(src) && o+8 <= len(dst) {
		w := binary.LittleEndian.Uint64(src[i:])
		if w&asciiMask != 0 {
			break
		}
		binary.LittleEndian.PutUint64(dst[o:], w)
		i, o = i+8, o+8
	}
	return o, i
}

func put(dst []byte, o int, g glyph) int {
	binary.LittleEndian.PutUint32(dst[o:], g)
	return o + int(g>>24)
}

type sjisConverter struct{ *pairs }

func (c sjisConverter) convert(dst, src []byte, last bool) (o, i, faults int) {
	for i < len(src) && o+8 <= len(dst) {
		b := src[i]
		switch {
		case b < 0x80:
			if o, i = copyASCII(dst, src, o, i); i < len(src) && src[i] < 0x80 && o < len(dst) {
				dst[o] = src[i]
				o, i = o+1, i+1
			}
		case b >= 0xa1 && b <= 0xdf:
			r := rune(b) - 0xa1 + 0xff61
			dst[o], dst[o+1], dst[o+2] = 0xef, byte(0x80|r>>6&0x3f), byte(0x80|r&0x3f)
			o, i = o+3, i+1
		default:
			if i+1 == len(src) {
				if !last {
					return o, i, faults
				}
				return put(dst, o, replacement), i + 1, faults + 1
			}
			if g := c.pairs[int(b)<<8|int(src[i+1])]; g != 0 {
				o, i = put(dst, o, g), i+2
			} else {
				o, i, faults = put(dst, o, replacement), i+1, faults+1
			}
		}
	}
	return o, i, faults
}

type eucConverter struct{ two, three *pairs }

func (c eucConverter) convert(dst, src []byte, last bool) (o, i, faults int) {
	for i < len(src) && o+8 <= len(dst) {
		b := src[i]
		if b < 0x80 {
			if o, i = copyASCII(dst, src, o, i); i < len(src) && src[i] < 0x80 && o < len(dst) {
				dst[o] = src[i]
				o, i = o+1, i+1
			}
			continue
		}
		if left := len(src) - i; left < 2 || b == 0x8f && left < 3 {
			if !last {
				return o, i, faults
			}
			o, i, faults = put(dst, o, replacement), i+1, faults+1
			continue
		}
		var g glyph
		n := 2
		switch d := src[i+1]; {
		case b == 0x8e && d >= 0xa1 && d <= 0xdf:
			g = glyphOf(rune(d) - 0xa1 + 0xff61)
		case b == 0x8f:
			g, n = c.three[int(d)<<8|int(src[i+2])], 3
		default:
			g = c.two[int(b)<<8|int(d)]
		}
		if g == 0 {
			g, n, faults = replacement, 1, faults+1
		}
		o, i = put(dst, o, g), i+n
	}
	return o, i, faults
}

type utf16Converter struct{ big bool }

// lanes are the low bytes of four units.
const lanes = 0x00ff00ff00ff00ff

// units reads four units at once, each in the order of this machine.
func (c utf16Converter) units(b []byte) uint64 {
	w := binary.LittleEndian.Uint64(b)
	if c.big {
		w = w&lanes<<8 | w>>8&lanes
	}
	return w
}

func (c utf16Converter) unit(b []byte) rune {
	if c.big {
		return rune(binary.BigEndian.Uint16(b))
	}
	return rune(binary.LittleEndian.Uint16(b))
}

func (c utf16Converter) convert(dst, src []byte, last bool) (o, i, faults int) {
	for i+1 < len(src) && o+8 <= len(dst) {
		if i+8 <= len(src) && o+16 <= len(dst) {
			if w := c.units(src[i:]); w&0xff80ff80ff80ff80 == 0 {
				w = (w | w>>8) & 0x0000ffff0000ffff
				binary.LittleEndian.PutUint32(dst[o:], uint32(w|w>>16))
				o, i = o+4, i+8
				continue
			}
		}
		u := c.unit(src[i:])
		switch {
		case u < 0x80:
			dst[o] = byte(u)
			o++
		case u < 0x800:
			dst[o], dst[o+1] = byte(0xc0|u>>6), byte(0x80|u&0x3f)
			o += 2
		case !utf16.IsSurrogate(u):
			binary.LittleEndian.PutUint32(dst[o:], uint32(0x8080e0|u>>12|u<<2&0x3f00|u<<16&0x3f0000))
			o += 3
		default:
			if i+3 >= len(src) && !last {
				return o, i, faults
			}
			pair := rune(utf8.RuneError)
			if i+3 < len(src) {
				pair = utf16.DecodeRune(u, c.unit(src[i+2:]))
			}
			if pair == utf8.RuneError {
				o, faults = put(dst, o, replacement), faults+1
			} else {
				o += utf8.EncodeRune(dst[o:], pair)
				i += 2
			}
		}
		i += 2
	}
	if last && i+1 == len(src) && o+8 <= len(dst) {
		o, i, faults = put(dst, o, replacement), i+1, faults+1
	}
	return o, i, faults
}

type utf32Converter struct{ big bool }

func (c utf32Converter) convert(dst, src []byte, last bool) (o, i, faults int) {
	for i+3 < len(src) && o+8 <= len(dst) {
		u := binary.LittleEndian.Uint32(src[i:])
		if c.big {
			u = binary.BigEndian.Uint32(src[i:])
		}
		if u < 0x80 {
			dst[o] = byte(u)
			o++
		} else if u >= 0x800 && u < 0xd800 {
			binary.LittleEndian.PutUint32(dst[o:], 0x8080e0|u>>12|u<<2&0x3f00|u<<16&0x3f0000)
			o += 3
		} else if r := rune(u); u <= utf8.MaxRune && utf8.ValidRune(r) {
			o += utf8.EncodeRune(dst[o:], r)
		} else {
			o, faults = put(dst, o, replacement), faults+1
		}
		i += 4
	}
	if last && i < len(src) && i+3 >= len(src) && o+8 <= len(dst) {
		o, i, faults = put(dst, o, replacement), len(src), faults+1
	}
	return o, i, faults
}
