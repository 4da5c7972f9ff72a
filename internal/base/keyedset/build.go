package keyedset

import (
	"bufio"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"

	"genbo"
)

const (
	slots     = 8 // of a bucket: a line of the processor's cache
	firstLoad = 6 // entries a bucket on average: one entry in twenty finds its bucket full
	laterLoad = 3
	turn      = 23 // how far a place is turned from level to level, so that who met before do not meet again
	maxLevels = 12

	// wentOn is set in the first entry of a bucket that was full for somebody: for others a question ends there.
	wentOn = 1 << 63
)

// Builder takes tokens with their values. It is for one goroutine.
type Builder struct {
	Tokens
	key   *Key
	salt  [saltBytes]byte
	dir   string
	first *sorter
	next  *sorter
}

// NewBuilder returns a builder that keeps what has no room in memory in a temporary file in dir.
func NewBuilder(key *Key, dir string) *Builder {
	b := &Builder{key: key, dir: dir, first: &sorter{dir: dir}}
	rand.Read(b.salt[:])
	b.Tokens = key.tokens(b.salt[:])
	return b
}

// Add puts a token in. One that is put in with different values becomes ambiguous.
func (b *Builder) Add(t Token, v Value) error {
	return b.first.add(entry{t.place, t.word ^ uint64(v)})
}

// Pad puts n tokens in that nobody can ask for, so that a map of any size can be measured.
func (b *Builder) Pad(n int64) error {
	source := bufio.NewReaderSize(rand.Reader, 1<<16)
	var e [entryBytes]byte
	for range n {
		if _, err := io.ReadFull(source, e[:]); err != nil {
			return err
		}
		if err := b.first.add(entry{binary.LittleEndian.Uint64(e[:]), binary.LittleEndian.Uint64(e[8:])}); err != nil {
			return err
		}
	}
	return nil
}

// Close removes the temporary files of a builder.
func (b *Builder) Close() error {
	var errs []error
	for _, s := range []*sorter{b.first, b.next} {
		if s != nil {
			errs = append(errs, s.close())
		}
	}
	return errors.Join(errs...)
}

// levels writes level after level and returns how many buckets each has, and how many tokens there are.
func (b *Builder) levels(out io.Writer) (sizes []int64, tokens int64, err error) {
	for load := int64(firstLoad); b.first.count > 0; load = laterLoad {
		if len(sizes) == maxLevels {
			return nil, 0, fmt.Errorf("the tokens are not spread as a key spreads them: %w", genbo.ErrInvalid)
		}
		l := &level{buckets: b.first.count/load + 1, out: out, random: bufio.NewReaderSize(rand.Reader, 1<<16)}
		b.next = &sorter{dir: b.dir}
		if err := l.fill(b.first, b.next); err != nil {
			return nil, 0, err
		}
		sizes, tokens = append(sizes, l.buckets), tokens+l.written
		if err := b.first.close(); err != nil {
			return nil, 0, err
		}
		b.first, b.next = b.next, nil
	}
	return sizes, tokens, nil
}

// level is a level being written, bucket after bucket.
type level struct {
	buckets int64
	out     io.Writer
	random  io.Reader
	at      int64 // the bucket being filled
	held    [slots]uint64
	used    int
	spilled bool // the bucket was full for somebody
	written int64
}

// fill writes the entries of a sorter; those whose bucket is full go on to the next. Entries of one token become one.
func (l *level) fill(from, next *sorter) error {
	var held entry
	pending, several := false, false
	done := func() error {
		if !pending {
			return nil
		}
		if several {
			held.word ^= uint64(ambiguous) // values are added without it
		}
		return l.put(held, next)
	}
	err := from.sorted(func(e entry) error {
		if pending && e.place == held.place && e.word>>valueBits == held.word>>valueBits {
			several = several || e.word != held.word
			return nil
		}
		if err := done(); err != nil {
			return err
		}
		held, pending, several = e, true, false
		return nil
	})
	if err == nil {
		err = done()
	}
	if err == nil {
		err = l.flush(l.buckets)
	}
	return err
}

func (l *level) put(e entry, next *sorter) error {
	if bucket := int64(bucketOf(e.place, uint64(l.buckets))); bucket > l.at {
		if err := l.flush(bucket); err != nil {
			return err
		}
	}
	if l.used == slots {
		l.spilled = true
		return next.add(entry{bits.RotateLeft64(e.place, turn), e.word})
	}
	l.held[l.used] = e.word
	l.used++
	l.written++
	return nil
}

// flush writes the bucket being filled and the empty ones up to another.
func (l *level) flush(bucket int64) error {
	var line [slots * 8]byte
	for ; l.at < bucket; l.at++ {
		if _, err := io.ReadFull(l.random, line[:]); err != nil {
			return err
		}
		for i, word := range l.held[:l.used] {
			binary.LittleEndian.PutUint64(line[8*i:], word)
		}
		first := binary.LittleEndian.Uint64(line[:]) &^ wentOn
		if l.spilled {
			first |= wentOn
		}
		binary.LittleEndian.PutUint64(line[:], first)
		l.used, l.spilled = 0, false
		if _, err := l.out.Write(line[:]); err != nil {
			return fmt.Errorf("write the filter: %w", err)
		}
	}
	return nil
}

// bucketOf is the bucket of a place: places in order lie in buckets in order.
func bucketOf(place, buckets uint64) uint64 {
	bucket, _ := bits.Mul64(place, buckets)
	return bucket
}
