package unlock

import (
	"encoding/binary"
	"math/bits"

	"genbo/internal/base/compound"
)

const (
	recordBOF        = 0x0809
	recordFilePass   = 0x002f
	recordBoundSheet = 0x0085
	recordUsrExcl    = 0x0194
	recordFileLock   = 0x0195
	recordInterface  = 0x00e1
	recordRRDInfo    = 0x0196
	recordRRDHead    = 0x0138
	workbookBlock    = 1024
)

// workbook opens a workbook ([MS-XLS] 2.2.10): the heads of its records lie open, and so do a few records.
func workbook(root *compound.Storage, limit int64, passwords []string) (map[string][]byte, int, error) {
	b, err := streamOf(root, limit, "Workbook", "Book")
	if err != nil {
		return nil, -1, err
	}
	l, err := filePass(b)
	if err != nil {
		return nil, -1, err
	}
	c, fits := fitting(l, passwords)
	if fits < 0 {
		return nil, -1, nil
	}
	_, exclusive := l.(*xorLock)
	for at := 0; at+4 <= len(b); {
		id, n := binary.LittleEndian.Uint16(b[at:]), int(binary.LittleEndian.Uint16(b[at+2:]))
		from, to := at+4, min(at+4+n, len(b))
		switch id {
		case recordBOF, recordFilePass, recordInterface, recordUsrExcl, recordFileLock, recordRRDInfo, recordRRDHead:
		default:
			place := int64(from)
			if exclusive { // its place in the key moves with the record's length
				place += int64(n)
			}
			open := 0
			if id == recordBoundSheet { // where a sheet begins lies open
				open = min(4, to-from)
			}
			c.decrypt(b[from+open:to], place+int64(open))
		}
		at = to
	}
	return map[string][]byte{"Workbook": b}, fits, nil
}

// filePass reads how a workbook is encrypted ([MS-XLS] 2.4.117).
func filePass(b []byte) (oldLock, error) {
	for at := 0; at+4 <= len(b); {
		id, n := binary.LittleEndian.Uint16(b[at:]), int(binary.LittleEndian.Uint16(b[at+2:]))
		if at += 4; at+n > len(b) {
			break
		}
		if body := b[at : at+n]; id == recordFilePass {
			switch {
			case n == 4: // before BIFF8
				return &xorLock{binary.LittleEndian.Uint16(body), binary.LittleEndian.Uint16(body[2:])}, nil
			case n >= 6 && binary.LittleEndian.Uint16(body) == 0:
				return &xorLock{binary.LittleEndian.Uint16(body[2:]), binary.LittleEndian.Uint16(body[4:])}, nil
			case n > 2:
				return rc4LockOf(body[2:], workbookBlock)
			}
			return nil, errDamaged
		}
		at += n
	}
	return nil, ErrUnknown
}

// xorLock is the obfuscation of Excel 95 ([MS-OFFCRYPTO] 2.3.7.2): sixteen bytes, made of the password and a key that is made of it too.
type xorLock struct{ key, verifier uint16 }

// xorFill stands after a password that is shorter than the key.
var xorFill = [15]byte{0xbb, 0xff, 0xff, 0xba, 0xff, 0xff, 0xb9, 0x80, 0x00, 0xbe, 0x0f, 0x00, 0xbf, 0x0f, 0x00}

const (
	mostXOR       = 15 // bytes of a password
	xorConstant   = 0xce4b
	xorPolynomial = 0x1021
)

func (l *xorLock) cipher(password string) cipherStream {
	p := inBytes(password)
	if len(p) == 0 || len(p) > mostXOR || xorVerifier(p) != l.verifier || xorKey(p) != l.key {
		return nil
	}
	var k xorCipher
	for i := range k {
		if i < len(p) {
			k[i] = p[i]
		} else if i-len(p) < len(xorFill) {
			k[i] = xorFill[i-len(p)]
		}
		k[i] = bits.RotateLeft8(k[i]^byte(l.key>>(8*(i%2))), 2)
	}
	return &k
}

// inBytes is a password as programs without Unicode take it: the lower bytes of its characters.
func inBytes(password string) (b []byte) {
	for _, r := range password {
		b = append(b, byte(r))
	}
	return b
}

func xorVerifier(p []byte) (v uint16) {
	for i := len(p) - 1; i >= 0; i-- {
		v = (v>>14&1 | v<<1&0x7fff) ^ uint16(p[i])
	}
	return (v>>14&1 | v<<1&0x7fff) ^ uint16(len(p)) ^ xorConstant
}

// xorKey is a sum of constants for the bits of a password. They are the states of a shift register, eight for each character.
func xorKey(p []byte) (key uint16) {
	step := func(v uint16) uint16 {
		if v&0x8000 != 0 {
			return v<<1 ^ xorPolynomial
		}
		return v << 1
	}
	base, end := uint16(0x8000), uint16(0xffff)
	for i := len(p) - 1; i >= 0; i-- {
		for bit := range 8 {
			base, end = step(base), step(end)
			if bit < 7 && p[i]>>bit&1 != 0 {
				key ^= base
			}
		}
	}
	return key ^ end
}

type xorCipher [16]byte

func (k *xorCipher) decrypt(b []byte, at int64) {
	for i, c := range b {
		b[i] = bits.RotateLeft8(c, 3) ^ k[(at+int64(i))%int64(len(k))]
	}
}
