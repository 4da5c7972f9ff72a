package charset

import "encoding/binary"

// jisConverter reads ISO-2022-JP: seven bits, with escape sequences that say what the bytes after them are. Every
// line begins in ASCII, whatever the one before ended in.
type jisConverter struct {
	pairs, third *pairs
	set          jisSet
}

type jisSet uint8

const (
	jisASCII jisSet = iota // JIS X 0201 Roman too: they differ in two signs
	jisKana
	jisX0208
	jisX0212
)

// escapeSets are the sequences after ESC.
var escapeSets = []struct {
	sequence string
	set      jisSet
}{
	{"(B", jisASCII}, {"(J", jisASCII}, {"(I", jisKana}, {"$B", jisX0208}, {"$@", jisX0208},
	{"$(B", jisX0208}, {"$(@", jisX0208}, {"$(D", jisX0212},
}

const longestEscape = 4

func (c *jisConverter) convert(dst, src []byte, last bool) (o, i, faults int) {
	for i < len(src) && o+8 <= len(dst) {
		b := src[i]
		if b == 0x1b {
			if len(src)-i < longestEscape && !last {
				return o, i, faults
			}
			n := c.escape(src[i+1:])
			if n == 0 {
				faults++
			}
			i += 1 + n
			continue
		}
		if c.set == jisASCII {
			if n := c.plain(dst[o:], src[i:]); n > 0 {
				o, i = o+n, i+n
				continue
			}
		}
		switch {
		case b == '\n' || b == '\r':
			c.set = jisASCII
			fallthrough
		case c.set == jisASCII && b < 0x80, b <= ' ':
			dst[o] = b
			o, i = o+1, i+1
		case c.set == jisKana && b >= 0x21 && b <= 0x5f:
			o, i = put(dst, o, glyphOf(rune(b)-0x21+0xff61)), i+1
		case c.set == jisX0208 || c.set == jisX0212:
			if i+1 == len(src) && !last {
				return o, i, faults
			}
			g := glyph(0)
			for t := c.table(); i+1 < len(src) && o+8 <= len(dst) && src[i] > ' '; i += 2 {
				if g = t[(int(src[i])<<8|int(src[i+1]))|0x8080]; g == 0 {
					break
				}
				o = put(dst, o, g)
			}
			if g == 0 {
				o, i, faults = put(dst, o, replacement), i+1, faults+1
			}
		default:
			o, i, faults = put(dst, o, replacement), i+1, faults+1
		}
	}
	return o, i, faults
}

// plain copies eight bytes at a time up to the next escape, and returns how many.
func (c *jisConverter) plain(dst, src []byte) (n int) {
	const ones, escapes = 0x0101010101010101, 0x1b1b1b1b1b1b1b1b
	for n+8 <= len(src) && n+8 <= len(dst) {
		w := binary.LittleEndian.Uint64(src[n:])
		if x := w ^ escapes; w&asciiMask != 0 || (x-ones)&^x&asciiMask != 0 {
			break
		}
		binary.LittleEndian.PutUint64(dst[n:], w)
		n += 8
	}
	return n
}

func (c *jisConverter) table() *pairs {
	if c.set == jisX0212 {
		return c.third
	}
	return c.pairs
}

// escape changes to the set that b names and returns how long the name is; 0 if it names none.
func (c *jisConverter) escape(b []byte) int {
	for _, e := range escapeSets {
		if len(b) >= len(e.sequence) && string(b[:len(e.sequence)]) == e.sequence {
			c.set = e.set
			return len(e.sequence)
		}
	}
	return 0
}
