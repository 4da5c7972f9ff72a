package unlock

import (
	"crypto/md5"
	"crypto/rc4"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/binary"
	"fmt"
	"io"

	"genbo/internal/base/compound"
)

// oldLock is an encryption of Office before 2007 that passwords are tried on.
type oldLock interface {
	// cipher is what decrypts if the password fits, nil if not.
	cipher(password string) cipherStream
}

// cipherStream decrypts in place what lies at a place of a stream.
type cipherStream interface {
	decrypt(b []byte, at int64)
}

// Old opens an encrypted workbook or document of Office before 2007. It returns the streams that make the document, and which of the
// passwords fitted; -1 if none did.
func Old(src *io.SectionReader, is string, limit int64, passwords []string) (streams map[string][]byte, fits int, err error) {
	root, err := compound.Open(src)
	if err != nil {
		return nil, -1, fmt.Errorf("%w: %w", errDamaged, err)
	}
	switch is {
	case "xls":
		return workbook(root, limit, passwords)
	case "doc":
		return word(root, limit, passwords)
	}
	return nil, -1, ErrUnknown
}

// fitting is the cipher of the first password that fits.
func fitting(l oldLock, passwords []string) (cipherStream, int) {
	for i, p := range passwords {
		if c := l.cipher(p); c != nil {
			return c, i
		}
	}
	return nil, -1
}

// rc4Lock is RC4 with keys of 40 bits ([MS-OFFCRYPTO] 2.3.6) or of CryptoAPI (2.3.5). Each block of a stream has a key of its own.
type rc4Lock struct {
	cryptoAPI       bool
	keyBytes        int // of CryptoAPI
	block           int64
	salt            []byte
	verifier, value []byte
}

const (
	saltBytes  = 16
	shortKey   = 5
	algRC4     = 0x6801
	headerRC4  = 32 // of CryptoAPI's header, without the provider's name
	leastRC4   = 40
	mostRC4    = 128
	sizesField = 4
)

// rc4LockOf reads a description that begins with its version. block is how many bytes of a stream have one key.
func rc4LockOf(b []byte, block int64) (*rc4Lock, error) {
	if len(b) < 4+3*saltBytes {
		return nil, errDamaged
	}
	major, minor := binary.LittleEndian.Uint16(b), binary.LittleEndian.Uint16(b[2:])
	if b = b[4:]; major == 1 && minor == 1 {
		return &rc4Lock{block: block, salt: b[:16], verifier: b[16:32], value: b[32:48]}, nil
	}
	if minor != 2 {
		return nil, ErrUnknown
	}
	header := int64(binary.LittleEndian.Uint32(b[4:]))
	if header < headerRC4 || header+8+sizesField+2*saltBytes+sizesField+sha1.Size > int64(len(b)) {
		return nil, errDamaged
	}
	h, v := b[8:8+header], b[8+header:]
	bits := binary.LittleEndian.Uint32(h[16:])
	if alg := binary.LittleEndian.Uint32(h[8:]); alg != algRC4 && alg != 0 {
		return nil, ErrUnknown
	}
	if bits == 0 {
		bits = leastRC4
	}
	if bits < leastRC4 || bits > mostRC4 || bits%8 != 0 || binary.LittleEndian.Uint32(v) != saltBytes {
		return nil, errDamaged
	}
	return &rc4Lock{cryptoAPI: true, keyBytes: int(bits / 8), block: block, salt: v[4:20], verifier: v[20:36], value: v[40:60]}, nil
}

func (l *rc4Lock) cipher(password string) cipherStream {
	k := &keystream{size: l.block, key: l.keys(inUTF16(password)), at: -1}
	both := append(append([]byte{}, l.verifier...), l.value...)
	k.decrypt(both, 0)
	hash := md5.Sum(both[:saltBytes])
	got := hash[:]
	if l.cryptoAPI {
		long := sha1.Sum(both[:saltBytes])
		got = long[:]
	}
	if subtle.ConstantTimeCompare(got, both[saltBytes:]) != 1 {
		return nil
	}
	return k
}

// keys makes the key of each block from the password.
func (l *rc4Lock) keys(password []byte) func(block uint32) []byte {
	if l.cryptoAPI {
		base := sum(sha1.New(), l.salt, password)
		return func(block uint32) []byte {
			key := sum(sha1.New(), base, binary.LittleEndian.AppendUint32(nil, block))[:l.keyBytes]
			if l.keyBytes == shortKey { // a key of 40 bits is one of 128, of which the rest is zero
				key = append(key, make([]byte, mostRC4/8-shortKey)...)
			}
			return key
		}
	}
	first := sum(md5.New(), password)[:shortKey]
	var repeated []byte
	for range 16 {
		repeated = append(append(repeated, first...), l.salt...)
	}
	base := sum(md5.New(), repeated)[:shortKey]
	return func(block uint32) []byte { return sum(md5.New(), base, binary.LittleEndian.AppendUint32(nil, block)) }
}

// keystream is the key stream of RC4, block by block.
type keystream struct {
	key   func(block uint32) []byte
	size  int64
	at    int64 // the block whose bytes are held
	bytes []byte
}

func (k *keystream) decrypt(b []byte, at int64) {
	for i := range b {
		if block := (at + int64(i)) / k.size; block != k.at {
			c, err := rc4.NewCipher(k.key(uint32(block)))
			if err != nil {
				return // keys have 5 to 16 bytes
			}
			k.at, k.bytes = block, make([]byte, k.size)
			c.XORKeyStream(k.bytes, k.bytes)
		}
		b[i] ^= k.bytes[(at+int64(i))%k.size]
	}
}
