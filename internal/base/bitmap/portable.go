package bitmap

import "encoding/binary"

// The portable form: https://github.com/RoaringBitmap/RoaringFormatSpec
const (
	cookieNoRuns = 12346
	cookieRuns   = 12347
	noOffsets    = 4    // below so many chunks a form with runs has no offsets
	maxArray     = 4096 // more members make a chunk of bits
	wordsBytes   = chunkSize / 8
)

// cursor reads little-endian integers and remembers whether they ran out.
type cursor struct {
	b   []byte
	bad bool
}

func (c *cursor) take(n int) []byte {
	if n > len(c.b) {
		c.bad = true
		return make([]byte, min(n, wordsBytes))
	}
	taken := c.b[:n]
	c.b = c.b[n:]
	return taken
}

func (c *cursor) short() uint16 { return binary.LittleEndian.Uint16(c.take(2)) }
func (c *cursor) long() uint32  { return binary.LittleEndian.Uint32(c.take(4)) }

func (s *Set) parseRoaring(b []byte) error {
	c := &cursor{b: b}
	cookie := c.long()
	var chunks int
	var isRun []byte
	switch {
	case cookie&0xFFFF == cookieRuns:
		chunks = int(cookie>>16) + 1
		isRun = c.take((chunks + 7) / 8)
	case cookie == cookieNoRuns:
		chunks = int(c.long())
	default:
		return broken("unknown cookie")
	}
	if c.bad || chunks > 1<<16 || 4*chunks > len(c.b) {
		return broken("cut off")
	}
	s.chunks = make([]chunk, chunks)
	for i := range s.chunks {
		s.chunks[i].key, s.chunks[i].count = c.short(), int(c.short())+1
		if i > 0 && s.chunks[i].key <= s.chunks[i-1].key {
			return broken("chunks out of order")
		}
	}
	if isRun == nil || chunks >= noOffsets {
		c.take(4 * chunks)
	}
	for i := range s.chunks {
		if err := s.chunks[i].parse(c, isRun != nil && isRun[i/8]>>(i%8)&1 == 1); err != nil {
			return err
		}
	}
	if c.bad || len(c.b) > 0 {
		return broken("cut off, or something stands behind its end")
	}
	return nil
}

func (k *chunk) parse(c *cursor, runs bool) error {
	switch {
	case runs:
		n, total, next := int(c.short()), 0, 0
		k.runs = make([]uint16, 0, min(2*n, len(c.b)/2))
		for range n {
			first, length := c.short(), c.short()
			if c.bad || int(first) < next || int(first)+int(length) >= chunkSize {
				return broken("a run")
			}
			k.runs = append(k.runs, first, length)
			next = int(first) + int(length) + 1
			total += int(length) + 1
		}
		if total != k.count {
			return broken("count of a chunk")
		}
	case k.count > maxArray:
		words := c.take(wordsBytes)
		k.words = make([]uint64, len(words)/8)
		total := 0
		for i := range k.words {
			k.words[i] = binary.LittleEndian.Uint64(words[8*i:])
			total += ones(k.words[i])
		}
		if c.bad || total != k.count {
			return broken("count of a chunk")
		}
	default:
		values := c.take(2 * k.count)
		k.array = make([]uint16, k.count)
		for i := range k.array {
			k.array[i] = binary.LittleEndian.Uint16(values[2*i:])
			if c.bad || i > 0 && k.array[i] <= k.array[i-1] {
				return broken("members out of order")
			}
		}
	}
	return nil
}
