package keyedset

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"math/bits"
	"os"
	"time"

	"github.com/zeebo/blake3"
)

// Map leads from tokens to values. It is safe for concurrent use until it is closed.
type Map struct {
	Info
	Tokens
	ID     string // names this map: no other has it, unless it is the same file
	Size   int64  // tokens that were put in
	levels []probed
	memory []uint64
}

// probed is a level in memory.
type probed struct {
	buckets uint64
	words   []uint64
}

// Open reads a file with its key into memory and checks every byte of it. It refuses one whose time is over.
func Open(path string, k *Key, now time.Time) (*Map, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the filter: %w", err)
	}
	defer f.Close()
	return OpenFile(f, k, now)
}

// OpenFile is [Open] of an opened file.
func OpenFile(f *os.File, k *Key, now time.Time) (*Map, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("read the filter: %w", err)
	}
	return read(io.NewSectionReader(f, 0, info.Size()), k, now)
}

func read(r *io.SectionReader, k *Key, now time.Time) (*Map, error) {
	h, err := readHead(r, k)
	if err != nil {
		return nil, err
	}
	if !now.Before(h.Expires) {
		return nil, fmt.Errorf("%w (it was good until %s)", ErrExpired, h.Expires.Format(time.RFC3339))
	}
	words := int64(0)
	for _, n := range h.Levels {
		words += n * slots
	}
	if r.Size() != headBytes+8*words+h.Sealed { // before memory is taken for it
		return nil, fmt.Errorf("%w: it has %d bytes and should have %d", ErrDamaged, r.Size(), headBytes+8*words+h.Sealed)
	}
	m := &Map{Info: Info{Register: h.Register, Made: h.Made, Expires: h.Expires, Persons: h.Persons}, ID: h.Key + " " + h.BLAKE3, Tokens: k.tokens(h.Salt), Size: h.Tokens}
	if m.memory, err = reserve(words, true); err != nil {
		return nil, fmt.Errorf("read the filter: %w", err)
	}
	if err := m.load(r, h, k); err != nil {
		return nil, errors.Join(err, m.Close())
	}
	rest := m.memory
	for _, n := range h.Levels {
		m.levels = append(m.levels, probed{uint64(n), rest[:n*slots]})
		rest = rest[n*slots:]
	}
	return m, nil
}

// load reads all behind the head.
func (m *Map) load(r io.Reader, h *head, k *Key) error {
	sum := blake3.New()
	buffer := make([]byte, 1<<20)
	for words := m.memory; len(words) > 0; {
		b := buffer[:min(len(buffer), 8*len(words))]
		if _, err := io.ReadFull(r, b); err != nil {
			return fmt.Errorf("read the filter: %w", err)
		}
		_, _ = sum.Write(b) // a sum takes everything
		for i := range len(b) / 8 {
			words[i] = binary.LittleEndian.Uint64(b[8*i:])
		}
		words = words[len(b)/8:]
	}
	sealed := make([]byte, h.Sealed)
	if _, err := io.ReadFull(r, sealed); err != nil {
		return fmt.Errorf("read the filter: %w", err)
	}
	_, _ = sum.Write(sealed)
	if hex.EncodeToString(sum.Sum(nil)) != h.BLAKE3 {
		return ErrDamaged
	}
	var err error
	m.Lists, err = k.openLists(sealed)
	return err
}

// Close gives the memory back.
func (m *Map) Close() error {
	err := release(m.memory)
	m.memory, m.levels = nil, nil
	return err
}

// Bytes is the memory that the map takes.
func (m *Map) Bytes() int64 { return 8 * int64(len(m.memory)) }

// Chance bounds the probability that a token which was not put in is found: it is compared with eight entries a level, agrees
// with a random one in 30 bits (with the first in 29), and is then either a person's or a decoy's, whose 32 bits must be below
// their number.
func (m *Map) Chance() float64 {
	valid := math.Ldexp(float64(m.Persons)+float64(len(m.Lists)), -ordinalBits-1)
	return (slots + 1) * float64(len(m.levels)) * math.Ldexp(valid, -spare)
}

// together is how many tokens are asked for at once: as many lines of memory are on their way as a processor allows.
const together = 32

// Find asks for tokens and writes the value of each.
func (m *Map) Find(tokens []Token, values []Value) {
	for len(tokens) > 0 {
		n := min(len(tokens), together)
		m.find(tokens[:n], values[:n])
		tokens, values = tokens[n:], values[n:]
	}
}

func (m *Map) find(tokens []Token, values []Value) {
	var at [together]uint8 // which tokens are still to be found
	open := at[:len(tokens)]
	for i := range open {
		open[i], values[i] = uint8(i), Nobody
	}
	var lines [together]*[slots]uint64
	var first [together]uint64
	for n := range m.levels {
		for i, of := range open { // nothing here waits for what another loads
			lines[i] = m.levels[n].line(bits.RotateLeft64(tokens[of].place, turn*n))
			first[i] = lines[i][0]
		}
		left := open[:0]
		for i, of := range open {
			word := tokens[of].word
			if values[of] = m.check(min((first[i]^word)&^wentOn, nearest(lines[i], word))); values[of] == Nobody && first[i]&wentOn != 0 {
				left = append(left, of)
			}
		}
		if open = left; len(open) == 0 {
			return
		}
	}
}

func (l *probed) line(place uint64) *[slots]uint64 {
	return (*[slots]uint64)(l.words[bucketOf(place, l.buckets)*slots:])
}

// nearest uncovers the entries behind the first with a token's word; the token's own has no bits but the value's.
func nearest(line *[slots]uint64, word uint64) uint64 {
	return min(min(line[1]^word, line[2]^word), min(line[3]^word, line[4]^word), min(line[5]^word, line[6]^word), line[7]^word)
}

// check says what an uncovered entry is worth.
func (m *Map) check(uncovered uint64) Value {
	v := Value(uncovered)
	switch {
	case uncovered>>valueBits != 0:
		return Nobody
	case v&decoy == 0 && uint32(v) < m.Persons, v&decoy != 0 && int(uint32(v)) < len(m.Lists):
		return v
	}
	return Nobody
}
