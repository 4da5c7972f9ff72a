package foreign

import (
	"archive/zip"
	"compress/flate"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha1"
	"encoding/binary"
	"fmt"
	"hash"
	"io"
)

// What WinZip's specification of AE-2 fixes: https://www.winzip.com/en/support/aes-encryption/
const (
	aesMethod     = 99
	aesExtra      = 0x9901
	aes256        = 3
	aesSalt       = 16
	aesVerifier   = 2
	aesTag        = 10
	aesIterations = 1000
	encryptedFlag = 0x1
	sizesFollow   = 0x8
	utf8Flag      = 0x800
)

// ZIP writes a list as an archive with one CSV file of a name, encrypted with a pass phrase.
func ZIP(w io.Writer, pass, name string, columns []string, rows Rows) error {
	if err := checkPass(pass); err != nil {
		return err
	}
	archive := zip.NewWriter(w)
	header := &zip.FileHeader{Name: name, Method: aesMethod, Flags: encryptedFlag | sizesFollow | utf8Flag, CreatorVersion: 51, ReaderVersion: 51,
		Extra: aesField()}
	raw, err := archive.CreateRaw(header)
	if err != nil {
		return fmt.Errorf("write archive: %w", err)
	}
	entry, err := newAESEntry(raw, pass)
	if err != nil {
		return fmt.Errorf("write archive: %w", err)
	}
	deflate, err := flate.NewWriter(entry, flate.DefaultCompression)
	if err != nil {
		return err
	}
	plain := &counter{w: deflate}
	if err := writeCSV(plain, columns, rows); err != nil {
		return fmt.Errorf("write archive: %w", err)
	}
	if err := deflate.Close(); err != nil {
		return fmt.Errorf("write archive: %w", err)
	}
	if err := entry.finish(); err != nil {
		return fmt.Errorf("write archive: %w", err)
	}
	header.CompressedSize64, header.UncompressedSize64 = uint64(entry.raw.n), uint64(plain.n)
	//lint:ignore SA1019 the package writes these two below 4 GiB, and CreateRaw has already run
	header.CompressedSize, header.UncompressedSize = short(entry.raw.n), short(plain.n)
	return archive.Close()
}

func short(n int64) uint32 { return uint32(min(n, 1<<32-1)) }

// aesField is the extra field that says how the entry is encrypted and what is in it.
func aesField() []byte {
	b := binary.LittleEndian.AppendUint16(nil, aesExtra)
	b = binary.LittleEndian.AppendUint16(b, 7)
	b = binary.LittleEndian.AppendUint16(b, 2) // AE-2: no check sum of the plain text
	b = append(b, "AE"...)
	b = append(b, aes256)
	return binary.LittleEndian.AppendUint16(b, zip.Deflate)
}

// counter counts what is written through it.
type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += int64(n)
	return n, err
}

// aesEntry encrypts one entry as AE-2 does: AES in counter mode with a counter that begins at 1, least byte first.
type aesEntry struct {
	raw   *counter
	block cipher.Block
	mac   hash.Hash
	count uint64
	pad   [aes.BlockSize]byte
	used  int
}

func newAESEntry(w io.Writer, pass string) (*aesEntry, error) {
	salt := make([]byte, aesSalt)
	rand.Read(salt)
	keys, err := pbkdf2.Key(sha1.New, pass, salt, aesIterations, 32+32+aesVerifier)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(keys[:32])
	if err != nil {
		return nil, err
	}
	e := &aesEntry{raw: &counter{w: w}, block: block, mac: hmac.New(sha1.New, keys[32:64]), used: aes.BlockSize}
	if _, err := e.raw.Write(salt); err != nil {
		return nil, err
	}
	_, err = e.raw.Write(keys[64:])
	return e, err
}

func (e *aesEntry) Write(plain []byte) (int, error) {
	sealed := make([]byte, len(plain))
	for n := range plain {
		if e.used == aes.BlockSize {
			e.count++
			var counter [aes.BlockSize]byte
			binary.LittleEndian.PutUint64(counter[:], e.count)
			e.block.Encrypt(e.pad[:], counter[:])
			e.used = 0
		}
		sealed[n] = plain[n] ^ e.pad[e.used]
		e.used++
	}
	e.mac.Write(sealed)
	return e.raw.Write(sealed)
}

// finish writes the code that authenticates the entry.
func (e *aesEntry) finish() error {
	_, err := e.raw.Write(e.mac.Sum(nil)[:aesTag])
	return err
}
