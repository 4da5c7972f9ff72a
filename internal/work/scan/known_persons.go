package scan

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"slices"

	"genbo/internal/base/jtext"
	"genbo/internal/work/detect"
)

// tokens makes the persons' tokens: 48 bits of AES-CBC-MAC, the same for the same person as long as the key is the same. Of two
// among a million persons the tokens are equal once in 560 such scans.
type tokens struct {
	block cipher.Block
	state [aes.BlockSize]byte
	text  []byte
}

func (k *Known) newTokens() *tokens { return &tokens{block: k.persons} }

// of is the token of a case's person, who is known by the same as in [people.key].
func (t *tokens) of(c *detect.Case) uint64 {
	if c.Number != 0 {
		t.text = binary.LittleEndian.AppendUint64(t.text[:0], c.Number)
		return t.mac('N')
	}
	t.text = binary.LittleEndian.AppendUint32(t.text[:0], uint32(c.Birth))
	t.text = append(t.text, jtext.FoldKanji(string(c.Name))...)
	return t.mac('A')
}

// mac begins with the length, so that no text is the beginning of another: what makes CBC-MAC safe for texts of any length.
func (t *tokens) mac(kind byte) uint64 {
	s := t.state[:]
	clear(s)
	s[0] = kind
	binary.LittleEndian.PutUint32(s[4:], uint32(len(t.text)))
	t.block.Encrypt(s, s)
	for rest := t.text; len(rest) > 0; {
		n := min(len(rest), len(s))
		for i, b := range rest[:n] {
			s[i] ^= b
		}
		rest = rest[n:]
		t.block.Encrypt(s, s)
	}
	return binary.LittleEndian.Uint64(s) >> (64 - keyBits)
}

// meet notes a person of the file that is read.
func (w *worker) meet(entry uint64) {
	if w.tokens != nil {
		w.met.add(entry, mixed(entry>>16))
	}
}

// key is what a case's person is known by in this scan.
func (w *worker) key(c *detect.Case) uint64 {
	if w.tokens != nil {
		return w.tokens.of(c)
	}
	return w.persons.key(c)
}

// before returns what is known of a file that is what it was, and notes its persons; nil if it is to be read.
func (w *worker) before(name string) *File {
	if w.Known == nil {
		return nil
	}
	is, ok := stampOfPath(name)
	if !ok {
		return nil
	}
	f, persons, ok := w.Known.find(name, is)
	if !ok {
		return nil
	}
	for _, p := range persons {
		w.count(p)
	}
	w.note()
	return f
}

// keep has the file that was read taken for known, if it is worth it.
func (w *worker) keep(f *File, is stamp, lasting bool) {
	if w.Known == nil {
		return
	}
	if lasting {
		w.Known.keep(f, is, slices.DeleteFunc(w.met.slots, func(e uint64) bool { return e == 0 }))
	}
	w.met = shard{}
}
