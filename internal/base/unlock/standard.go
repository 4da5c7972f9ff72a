package unlock

import (
	"crypto/aes"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/binary"
)

// standard is the encryption of Office 2007 ([MS-OFFCRYPTO] 2.3.4.5 to 2.3.4.9): AES, block by block.
type standard struct {
	bits                  int
	salt, verifier, value []byte
}

const (
	aes128, aes192, aes256 = 0x660e, 0x660f, 0x6610
	standardSpins          = 50_000
)

func standardOf(b []byte) (*standard, error) {
	if len(b) < 4 {
		return nil, errDamaged
	}
	header := int(binary.LittleEndian.Uint32(b))
	if header < 32 || header > 1024 || len(b) < 4+header+72 {
		return nil, errDamaged
	}
	h, v := b[4:4+header], b[4+header:]
	s := &standard{bits: int(binary.LittleEndian.Uint32(h[16:]))}
	switch binary.LittleEndian.Uint32(h[8:]) {
	case aes128, aes192, aes256:
	default:
		return nil, ErrUnknown
	}
	if s.bits != 128 && s.bits != 192 && s.bits != 256 || binary.LittleEndian.Uint32(v) != 16 {
		return nil, errDamaged
	}
	s.salt, s.verifier, s.value = v[4:20], v[20:36], v[40:72]
	return s, nil
}

func (s *standard) key(password []byte) ([]byte, bool) {
	h := sha1.New()
	base := sum(h, spun(h, s.salt, password, standardSpins), make([]byte, 4))
	var derived []byte
	for _, pad := range []byte{0x36, 0x5c} {
		block := make([]byte, 64)
		for i := range block {
			block[i] = pad
			if i < len(base) {
				block[i] ^= base[i]
			}
		}
		derived = append(derived, sum(h, block)...)
	}
	key := derived[:s.bits/8]
	verifier, value := append([]byte{}, s.verifier...), append([]byte{}, s.value...)
	if s.decrypt(key, verifier, 0) != nil || s.decrypt(key, value, 0) != nil {
		return nil, false
	}
	return key, subtle.ConstantTimeCompare(sum(h, verifier), value[:sha1.Size]) == 1
}

func (s *standard) decrypt(key, piece []byte, _ uint32) error {
	block, err := aes.NewCipher(key)
	if err != nil {
		return errDamaged
	}
	for i := 0; i+aes.BlockSize <= len(piece); i += aes.BlockSize {
		block.Decrypt(piece[i:], piece[i:])
	}
	return nil
}
