package keyedset

import (
	"bytes"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/dchest/siphash"

	"genbo"
	"genbo/internal/base/jtext"
)

// Token stands for a number or a name: two words of a pseudorandom function.
type Token struct {
	place uint64 // says in which bucket
	word  uint64 // what the value is laid over
}

// Key makes tokens. Its zero value is none.
type Key struct {
	secret               [secretBytes]byte
	number, name, shifts [2]uint64 // keys of SipHash, one for each use
	head, seal           []byte
}

const (
	secretBytes = 32
	keyMagic    = "GENBO-FILTER-KEY-1"
)

// NewKey makes a random key.
func NewKey() *Key {
	var secret [secretBytes]byte
	rand.Read(secret[:])
	return keyOf(secret)
}

// keyOf derives the keys of every use from the secret.
func keyOf(secret [secretBytes]byte) *Key {
	derive := func(use string, n int) []byte {
		b, err := hkdf.Key(sha256.New, secret[:], nil, "genbo filter 1 "+use, n)
		if err != nil {
			panic("keyedset: " + err.Error()) // only for lengths that are beyond HKDF's
		}
		return b
	}
	sip := func(use string) [2]uint64 {
		b := derive(use, 16)
		return [2]uint64{binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:])}
	}
	return &Key{secret: secret, number: sip("number"), name: sip("name and birth"), shifts: sip("order"), head: derive("head", 32), seal: derive("seal", 32)}
}

// ID names the key in files: a fingerprint that says nothing else of it.
func (k *Key) ID() string {
	sum := sha256.Sum256(append([]byte("genbo filter key id"), k.head...))
	return hex.EncodeToString(sum[:6])
}

// Number is the token of a number.
func (k *Key) Number(n uint64) Token {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], n)
	place, word := siphash.Hash128(k.number[0], k.number[1], b[:])
	return Token{place, word}
}

// Name is the token of a name, in whatever script and form, with a date of birth. A name without a letter has none.
func (k *Key) Name(name []byte, birth genbo.Date) (t Token, ok bool) {
	var room [128]byte
	text := jtext.AppendFoldedName(binary.LittleEndian.AppendUint32(room[:0], uint32(birth)), name)
	if len(text) == 4 || birth == 0 {
		return Token{}, false
	}
	t.place, t.word = siphash.Hash128(k.name[0], k.name[1], text)
	return t, true
}

// Hash is a part of a token, for tables that count different tokens.
func (t Token) Hash() uint64 { return t.place }

// rounds of the order's Feistel network. Four make a strong pseudorandom permutation of a large set; sets of people may
// be small.
const rounds = 8

// Ordinal is where the i-th of n people stands in the key's random order: a permutation of 0 … n−1.
func (k *Key) Ordinal(i, n uint32) uint32 {
	half := uint(1)
	for uint64(1)<<(2*half) < uint64(n) {
		half++
	}
	mask := uint32(1)<<half - 1
	for { // the network permutes a power of four: go on until the way leads back among the n
		left, right := i>>half, i&mask
		for round := range uint32(rounds) {
			var b [8]byte
			binary.LittleEndian.PutUint32(b[:], round)
			binary.LittleEndian.PutUint32(b[4:], right)
			left, right = right, (left^uint32(siphash.Hash(k.shifts[0], k.shifts[1], b[:])))&mask
		}
		if i = left<<half | right; i < n {
			return i
		}
	}
}

// Save writes the key to a new file that only its owner may read.
func (k *Key) Save(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("write the filter's key: %w", err)
	}
	_, err = fmt.Fprintf(f, "%s %s %x\n", keyMagic, k.ID(), k.secret)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write the filter's key: %w", err)
	}
	return nil
}

// maxKeyFile is more than a key file has, in bytes.
const maxKeyFile = 1 << 10

// ReadKey reads a file that [Key.Save] wrote, and refuses one that others may read.
func ReadKey(path string) (*Key, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the filter's key: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("read the filter's key: %w", err)
	}
	if err := ownerOnly(path, info); err != nil {
		return nil, err
	}
	b := make([]byte, maxKeyFile)
	n, err := f.Read(b)
	if n == 0 && err != nil {
		return nil, fmt.Errorf("read the filter's key: %w", err)
	}
	k, err := parseKey(b[:n])
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return k, nil
}

func parseKey(text []byte) (*Key, error) {
	parts := strings.Fields(string(text))
	no := fmt.Errorf("this is no key of a filter: %w", genbo.ErrInvalid)
	if len(parts) != 3 || parts[0] != keyMagic {
		return nil, no
	}
	b, err := hex.DecodeString(parts[2])
	if err != nil || len(b) != secretBytes || bytes.Count(b, []byte{0}) == secretBytes {
		return nil, no
	}
	k := keyOf([secretBytes]byte(b))
	if k.ID() != parts[1] {
		return nil, fmt.Errorf("the key is damaged: its fingerprint is another's: %w", genbo.ErrInvalid)
	}
	return k, nil
}
