package unlock

import (
	"archive/zip"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"

	"github.com/klauspost/compress/flate"
)

const (
	methodAES = 99
	extraAES  = 0x9901
	spinsAES  = 1000
	macAES    = 10
	headBytes = 12 // of ZipCrypto
	withDate  = 1 << 3
)

// errChecksum says that a password that seemed to fit did not.
var errChecksum = errors.New("checksum of the content")

// Zip opens a locked member of a zip and says which of the passwords fitted; -1 if none did. The content's checksum shows when it
// has been read to its end.
func Zip(f *zip.File, passwords []string) (content io.ReadCloser, fits int, err error) {
	if f.Method == methodAES {
		return zipAES(f, passwords)
	}
	return zipCrypto(f, passwords)
}

// zipCrypto tries the lock of PKZIP 2. Its own check is one byte, so what passes it is read to the end and its checksum compared.
func zipCrypto(f *zip.File, passwords []string) (io.ReadCloser, int, error) {
	check := byte(f.CRC32 >> 24)
	if f.Flags&withDate != 0 {
		check = byte(f.ModifiedTime >> 8) // the format checks the field as it is written
	}
	var head [headBytes]byte
	raw, err := f.OpenRaw()
	if err == nil {
		_, err = io.ReadFull(raw, head[:])
	}
	if err != nil {
		return nil, -1, fmt.Errorf("%w: %w", errDamaged, err)
	}
	for i, p := range passwords {
		k := keysOf(p)
		plain := head
		k.decrypt(plain[:])
		if plain[headBytes-1] != check {
			continue
		}
		whole, err := zipCryptoContent(f, p)
		if err != nil {
			continue
		}
		_, err = io.Copy(io.Discard, whole)
		whole.Close()
		if err != nil {
			continue
		}
		again, err := zipCryptoContent(f, p)
		return again, i, err
	}
	return nil, -1, nil
}

func zipCryptoContent(f *zip.File, password string) (io.ReadCloser, error) {
	raw, err := f.OpenRaw()
	if err != nil {
		return nil, err
	}
	k := keysOf(password)
	r := &keyReader{r: raw, keys: k}
	if _, err := io.CopyN(io.Discard, r, headBytes); err != nil {
		return nil, err
	}
	return unpack(f.Method, r, f.CRC32)
}

// unpack decompresses a member and checks its sum at the end.
func unpack(method uint16, r io.Reader, crc uint32) (io.ReadCloser, error) {
	switch method {
	case zip.Store:
		return &checked{r: io.NopCloser(r), want: crc}, nil
	case zip.Deflate:
		return &checked{r: flate.NewReader(r), want: crc}, nil
	}
	return nil, fmt.Errorf("%w: compression method %d", ErrUnknown, method)
}

type checked struct {
	r         io.ReadCloser
	sum, want uint32
}

func (c *checked) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.sum = crc32.Update(c.sum, crc32.IEEETable, p[:n])
	if errors.Is(err, io.EOF) && c.want != 0 && c.sum != c.want {
		return n, errChecksum
	}
	return n, err
}

func (c *checked) Close() error { return c.r.Close() }

// keys are the three keys of ZipCrypto (APPNOTE 6.1.5).
type keys [3]uint32

func keysOf(password string) keys {
	k := keys{0x12345678, 0x23456789, 0x34567890}
	for i := range len(password) {
		k.update(password[i])
	}
	return k
}

func (k *keys) update(b byte) {
	k[0] = crc32.IEEETable[byte(k[0])^b] ^ k[0]>>8
	k[1] = (k[1]+k[0]&0xff)*134775813 + 1
	k[2] = crc32.IEEETable[byte(k[2])^byte(k[1]>>24)] ^ k[2]>>8
}

func (k *keys) decrypt(b []byte) {
	for i, c := range b {
		t := k[2] | 2
		b[i] = c ^ byte(t*(t^1)>>8)
		k.update(b[i])
	}
}

type keyReader struct {
	r    io.Reader
	keys keys
}

func (r *keyReader) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	r.keys.decrypt(p[:n])
	return n, err
}

// zipAES tries the lock of WinZip (AE-1 and AE-2).
func zipAES(f *zip.File, passwords []string) (io.ReadCloser, int, error) {
	keyBytes, method, ok := aesExtra(f.Extra)
	if !ok {
		return nil, -1, errDamaged
	}
	salt := make([]byte, keyBytes/2+2)
	raw, err := f.OpenRaw()
	if err == nil {
		_, err = io.ReadFull(raw, salt)
	}
	body := int64(f.CompressedSize64) - int64(len(salt)) - macAES
	if err != nil || body < 0 {
		return nil, -1, fmt.Errorf("%w: too short", errDamaged)
	}
	salt, check := salt[:keyBytes/2], salt[keyBytes/2:]
	for i, p := range passwords {
		derived, err := pbkdf2.Key(sha1.New, p, salt, spinsAES, 2*keyBytes+2)
		if err != nil {
			return nil, -1, err
		}
		if subtle.ConstantTimeCompare(derived[2*keyBytes:], check) != 1 {
			continue
		}
		if sealed, err := f.OpenRaw(); err == nil && authentic(sealed, len(salt)+2, body, derived[keyBytes:2*keyBytes]) {
			r, err := aesContent(f, len(salt)+2, body, derived[:keyBytes], method)
			return r, i, err
		}
	}
	return nil, -1, nil
}

func aesExtra(b []byte) (keyBytes int, method uint16, ok bool) {
	for len(b) >= 4 {
		id, size := binary.LittleEndian.Uint16(b), int(binary.LittleEndian.Uint16(b[2:]))
		if len(b) < 4+size {
			break
		}
		if id == extraAES && size >= 7 {
			keyBytes = map[byte]int{1: 16, 2: 24, 3: 32}[b[8]]
			return keyBytes, binary.LittleEndian.Uint16(b[9:]), keyBytes != 0
		}
		b = b[4+size:]
	}
	return 0, 0, false
}

// authentic checks the code behind the content.
func authentic(r io.Reader, before int, body int64, key []byte) bool {
	var mac hash.Hash = hmac.New(sha1.New, key)
	if _, err := io.CopyN(io.Discard, r, int64(before)); err != nil {
		return false
	}
	if _, err := io.CopyN(mac, r, body); err != nil {
		return false
	}
	var code [macAES]byte
	_, err := io.ReadFull(r, code[:])
	return err == nil && hmac.Equal(mac.Sum(nil)[:macAES], code[:])
}

func aesContent(f *zip.File, before int, body int64, key []byte, method uint16) (io.ReadCloser, error) {
	raw, err := f.OpenRaw()
	if err == nil {
		_, err = io.CopyN(io.Discard, raw, int64(before))
	}
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return unpack(method, &counterReader{r: io.LimitReader(raw, body), block: block}, 0) // the code has been checked
}

// counterReader decrypts AES with a counter whose first byte is the lowest, as no library has it.
type counterReader struct {
	r       io.Reader
	block   cipher.Block
	counter uint64
	stream  [aes.BlockSize]byte
	used    int
}

func (c *counterReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	for i := range p[:n] {
		if c.used%aes.BlockSize == 0 {
			c.counter++
			var block [aes.BlockSize]byte
			binary.LittleEndian.PutUint64(block[:], c.counter)
			c.block.Encrypt(c.stream[:], block[:])
			c.used = 0
		}
		p[i] ^= c.stream[c.used]
		c.used++
	}
	return n, err
}
