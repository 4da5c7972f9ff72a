package bytescan

import "errors"

// Block is how many bytes one word stands for.
const Block = 64

// Groups is how many groups of bytes a table has.
const Groups = 3

// Masks are the words of one block, one for each group.
type Masks [Groups]uint64

// Table knows up to three groups of bytes.
type Table struct {
	low, high [16]byte // bits by the lower and the upper half of a byte
	group     [Groups]byte
	bits      [256]uint32 // bit 8g: the byte is in group g
}

// errTooMany is a mistake in a table, not in a text.
var errTooMany = errors.New("bytescan: the groups need more than eight bits")

// New returns the table of the groups, each given as a set of bytes.
func New(groups ...func(b byte) bool) (*Table, error) {
	var t Table
	next := 0
	for g, in := range groups {
		rows := map[uint16][]int{} // which lower halves → for which upper halves
		for high := range 16 {
			var lows uint16
			for low := range 16 {
				b := byte(high<<4 | low)
				if in(b) {
					lows |= 1 << low
					t.bits[b] |= 1 << (8 * g)
				}
			}
			if lows != 0 {
				rows[lows] = append(rows[lows], high)
			}
		}
		for lows, highs := range rows {
			if next == 8 || g == Groups {
				return nil, errTooMany
			}
			bit := byte(1) << next
			next++
			t.group[g] |= bit
			for _, high := range highs {
				t.high[high] |= bit
			}
			for low := range 16 {
				if lows>>low&1 == 1 {
					t.low[low] |= bit
				}
			}
		}
	}
	return &t, nil
}

// Must returns the table that New made of groups known when the program was written.
func Must(t *Table, err error) *Table {
	if err != nil {
		panic(err)
	}
	return t
}

// Set is a group of the bytes of s.
func Set(s string) func(byte) bool {
	var in [256]bool
	for i := range len(s) {
		in[s[i]] = true
	}
	return func(b byte) bool { return in[b] }
}

// Digit is the group of the ASCII digits.
func Digit(b byte) bool { return b >= '0' && b <= '9' }

// High is the group of the bytes beyond ASCII.
func High(b byte) bool { return b >= 0x80 }

// Scan fills dst with the masks of src, one for each begun block, and returns what it filled. It makes a new
// dst where the given one is too short.
func (t *Table) Scan(dst []Masks, src []byte) []Masks {
	blocks := (len(src) + Block - 1) / Block
	if cap(dst) < blocks {
		dst = make([]Masks, blocks+blocks/4)
	}
	dst = dst[:blocks]
	whole := len(src) / Block
	if whole > 0 {
		t.scan(dst[:whole], src[:whole*Block])
	}
	if whole < blocks {
		t.portable(dst[whole:], src[whole*Block:])
	}
	return dst
}

// portable does the same on any machine: eight bytes gather a byte of each mask in one word.
func (t *Table) portable(dst []Masks, src []byte) {
	var last [Block]byte
	for i := range dst {
		block := src[i*Block:]
		if len(block) < Block {
			clear(last[copy(last[:], block):])
			block = last[:]
		}
		var m Masks
		for j := 0; j < Block; j += 8 {
			p := block[j : j+8 : j+8]
			v := t.bits[p[0]] | t.bits[p[1]]<<1 | t.bits[p[2]]<<2 | t.bits[p[3]]<<3 |
				t.bits[p[4]]<<4 | t.bits[p[5]]<<5 | t.bits[p[6]]<<6 | t.bits[p[7]]<<7
			m[0] |= uint64(v&0xff) << j
			m[1] |= uint64(v>>8&0xff) << j
			m[2] |= uint64(v>>16&0xff) << j
		}
		dst[i] = m
	}
	if n := len(src) - (len(dst)-1)*Block; len(dst) > 0 && n < Block {
		for g := range Groups {
			dst[len(dst)-1][g] &= 1<<n - 1
		}
	}
}
