package keyedset

import (
	"encoding/binary"

	"github.com/dchest/siphash"

	"genbo"
	"genbo/internal/base/jtext"
)

// Token stands for a number or a name: two words of a pseudorandom function.
type Token struct {
	place uint64 // says in which bucket
	word  uint64 // what the value is laid over
}

// Hash is a part of a token, for tables that count different tokens.
func (t Token) Hash() uint64 { return t.place }

// Tokens makes the tokens of one map. Those of another are different under the same key too: who holds last month's file
// and today's learns from them no more than from one.
type Tokens struct {
	number, name, order [2]uint64 // keys of SipHash, one for each use
}

const saltBytes = 16

// tokens are those of the map with a salt.
func (k *Key) tokens(salt []byte) Tokens {
	sip := func(use string) [2]uint64 {
		b := k.derive(use, salt, 16)
		return [2]uint64{binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:])}
	}
	return Tokens{sip("number"), sip("name and birth"), sip("order")}
}

// Number is the token of a number.
func (t *Tokens) Number(n uint64) Token {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], n)
	place, word := siphash.Hash128(t.number[0], t.number[1], b[:])
	return Token{place, word}
}

// Name is the token of a name, in whatever script and form, with a date of birth. A name without a letter has none.
func (t *Tokens) Name(name []byte, birth genbo.Date) (token Token, ok bool) {
	var room [128]byte
	text := jtext.AppendFoldedName(binary.LittleEndian.AppendUint32(room[:0], uint32(birth)), name)
	if len(text) == 4 || birth == 0 {
		return Token{}, false
	}
	token.place, token.word = siphash.Hash128(t.name[0], t.name[1], text)
	return token, true
}

// rounds of the order's Feistel network. Four make a strong pseudorandom permutation of a large set; sets of people may
// be small.
const rounds = 8

// Ordinal is where the i-th of n people stands in the map's random order: a permutation of 0 … n−1.
func (t *Tokens) Ordinal(i, n uint32) uint32 {
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
			left, right = right, (left^uint32(siphash.Hash(t.order[0], t.order[1], b[:])))&mask
		}
		if i = left<<half | right; i < n {
			return i
		}
	}
}
