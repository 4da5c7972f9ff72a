package keyedset

import (
	"bufio"
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/zeebo/blake3"

	"genbo"
)

// List is a list with decoys.
type List struct {
	ID     string `json:"id"`
	Decoys int    `json:"decoys"`
}

// Info is what is known of a map besides its tokens.
type Info struct {
	Register string // whose people they are
	Made     time.Time
	Expires  time.Time
	Persons  uint32 // ordinals are below it
	Lists    []List // in the order of the decoys' values
}

// Errors of opening, each a kind of genbo's.
var (
	ErrDamaged = fmt.Errorf("the filter is damaged: %w", genbo.ErrTampered)
	ErrKey     = fmt.Errorf("the filter was made with another key: %w", genbo.ErrForbidden)
	ErrExpired = fmt.Errorf("the filter has expired: fetch a new one: %w", genbo.ErrForbidden)
)

const (
	magic     = "GENBO FILTER 1\n\x00"
	headBytes = 4096 // the head has a page, so that buckets lie on lines
	macBytes  = sha256.Size
	maxBytes  = 1 << 40
	maxSealed = 1 << 28
)

// head is the first page of a file: magic, length of the JSON, JSON, zeros, and over all of it a HMAC-SHA256.
type head struct {
	Key      string    `json:"kid"`
	Salt     []byte    `json:"salt"` // of the tokens
	Register string    `json:"register"`
	Made     time.Time `json:"made"`
	Expires  time.Time `json:"expires"`
	Persons  uint32    `json:"persons"`
	Tokens   int64     `json:"tokens"`
	Levels   []int64   `json:"levels"` // buckets of 64 bytes
	Sealed   int64     `json:"sealed"` // bytes behind the levels: the lists, AES-256-GCM
	BLAKE3   string    `json:"blake3"` // of all behind the head
}

// Write writes the map to an empty file, which is whole only when it returns nil. It stops when ctx ends.
func (b *Builder) Write(ctx context.Context, f *os.File, info Info) error {
	if _, err := f.Seek(headBytes, io.SeekStart); err != nil {
		return fmt.Errorf("write the filter: %w", err)
	}
	sum := blake3.New()
	out := bufio.NewWriterSize(io.MultiWriter(until{ctx}, f, sum), 1<<20)
	sizes, tokens, err := b.levels(out)
	if err != nil {
		return err
	}
	lists, err := json.Marshal(info.Lists)
	if err != nil {
		return err
	}
	sealed := b.key.sealLists(lists)
	_, err = out.Write(sealed)
	if err = errors.Join(err, out.Flush()); err != nil {
		return fmt.Errorf("write the filter: %w", err)
	}
	h := head{b.key.ID(), b.salt[:], info.Register, info.Made.UTC(), info.Expires.UTC(), info.Persons, tokens, sizes, int64(len(sealed)), hex.EncodeToString(sum.Sum(nil))}
	page, err := h.encode(b.key)
	if err != nil {
		return err
	}
	_, err = f.WriteAt(page, 0)
	if err = errors.Join(err, f.Sync()); err != nil {
		return fmt.Errorf("write the filter: %w", err)
	}
	return nil
}

// until takes what is written until its context ends.
type until struct{ ctx context.Context }

func (u until) Write(b []byte) (int, error) { return len(b), u.ctx.Err() }

func (h *head) encode(k *Key) ([]byte, error) {
	text, err := json.Marshal(h)
	if err != nil {
		return nil, err
	}
	if len(magic)+4+len(text)+macBytes > headBytes {
		return nil, fmt.Errorf("the name of the register is too long for a filter: %w", genbo.ErrInvalid)
	}
	page := make([]byte, headBytes)
	n := copy(page, magic)
	binary.LittleEndian.PutUint32(page[n:], uint32(len(text)))
	copy(page[n+4:], text)
	copy(page[headBytes-macBytes:], k.mac(page))
	return page, nil
}

func (k *Key) mac(page []byte) []byte {
	m := hmac.New(sha256.New, k.head)
	m.Write(page[:headBytes-macBytes])
	return m.Sum(nil)
}

func readHead(r io.Reader, k *Key) (*head, error) {
	page := make([]byte, headBytes)
	if _, err := io.ReadFull(r, page); err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fmt.Errorf("read the filter: %w", err)
	}
	text, found := bytes.CutPrefix(page, []byte(magic))
	if !found {
		return nil, fmt.Errorf("this is no filter of a register: %w", genbo.ErrInvalid)
	}
	n := binary.LittleEndian.Uint32(text)
	if text = text[4:]; int64(n) > int64(len(text)-macBytes) {
		return nil, ErrDamaged
	}
	h := &head{}
	if err := json.Unmarshal(text[:n], h); err != nil {
		return nil, ErrDamaged
	}
	if h.Key != k.ID() {
		return nil, fmt.Errorf("%w (it needs %.12q, this is %s)", ErrKey, h.Key, k.ID())
	}
	if !hmac.Equal(page[headBytes-macBytes:], k.mac(page)) {
		return nil, ErrDamaged
	}
	if len(h.Levels) > maxLevels || h.Sealed < 0 || h.Sealed > maxSealed || len(h.Salt) != saltBytes {
		return nil, ErrDamaged
	}
	for _, n := range h.Levels {
		if n <= 0 || n > maxBytes/(slots*8) {
			return nil, ErrDamaged
		}
	}
	return h, nil
}

func (k *Key) aead() cipher.AEAD {
	block, err := aes.NewCipher(k.seal)
	if err == nil {
		var g cipher.AEAD
		if g, err = cipher.NewGCMWithRandomNonce(block); err == nil {
			return g
		}
	}
	panic("keyedset: " + err.Error()) // only for keys of another length
}

func (k *Key) sealLists(text []byte) []byte { return k.aead().Seal(nil, nil, text, []byte("lists")) }

func (k *Key) openLists(sealed []byte) (lists []List, err error) {
	text, err := k.aead().Open(nil, nil, sealed, []byte("lists"))
	if err == nil {
		err = json.Unmarshal(text, &lists)
	}
	if err != nil {
		return nil, ErrDamaged
	}
	return lists, nil
}
