//go:build linux

package scan

import (
	"bytes"
	"crypto/rc4"
	"crypto/sha1"
	"encoding/binary"
	"io"
	"math/bits"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"genbo/internal/base/compound"
	"genbo/internal/base/compound/compoundtest"
	"genbo/internal/base/lock"
)

// lockedOldBook puts a lock into a workbook: the record that tells of it after the first, and the content of all others encrypted. at is the
// place of a record's content in the stream, n its length.
func lockedOldBook(t *testing.T, book, filePass []byte, encrypt func(b []byte, at, n int)) []byte {
	t.Helper()
	root, err := compound.Open(io.NewSectionReader(bytes.NewReader(book), 0, int64(len(book))))
	if err != nil {
		t.Fatal(err)
	}
	b, err := root.Stream("Workbook").All(1 << 24)
	if err != nil {
		t.Fatal(err)
	}
	out := append([]byte(nil), b[:20]...) // the record BOF
	out = binary.LittleEndian.AppendUint16(out, 0x2f)
	out = append(binary.LittleEndian.AppendUint16(out, uint16(len(filePass))), filePass...)
	moved := len(out) - 20
	for at := 20; at+4 <= len(b); {
		id, n := binary.LittleEndian.Uint16(b[at:]), int(binary.LittleEndian.Uint16(b[at+2:]))
		out = append(out, b[at:at+4+n]...)
		content, open := out[len(out)-n:], 0
		switch id {
		case 0x809, 0xe1:
			open = n
		case 0x85:
			open = 4
			binary.LittleEndian.PutUint32(content, binary.LittleEndian.Uint32(content)+uint32(moved))
		}
		encrypt(content[open:], len(out)-n+open, n)
		at += 4 + n
	}
	return compoundtest.File(compoundtest.Tree{"Workbook": out})
}

// xorTables are those of [MS-OFFCRYPTO] 2.3.7.2.
var (
	initialCode = []uint16{0xe1f0, 0x1d0f, 0xcc9c, 0x84c0, 0x110c, 0x0e10, 0xf1ce, 0x313e, 0x1872, 0xe139, 0xd40f, 0x84f9, 0x280c, 0xa96a, 0x4ec3}
	xorMatrix   = []uint16{
		0xaefc, 0x4dd9, 0x9bb2, 0x2745, 0x4e8a, 0x9d14, 0x2a09, 0x7b61, 0xf6c2, 0xfda5, 0xeb6b, 0xc6f7, 0x9dcf, 0x2bbf, 0x4563, 0x8ac6, 0x05ad, 0x0b5a, 0x16b4, 0x2d68, 0x5ad0,
		0x0375, 0x06ea, 0x0dd4, 0x1ba8, 0x3750, 0x6ea0, 0xdd40, 0xd849, 0xa0b3, 0x5147, 0xa28e, 0x553d, 0xaa7a, 0x44d5, 0x6f45, 0xde8a, 0xad35, 0x4a4b, 0x9496, 0x390d, 0x721a,
		0xeb23, 0xc667, 0x9cef, 0x29ff, 0x53fe, 0xa7fc, 0x5fd9, 0x47d3, 0x8fa6, 0x0f6d, 0x1eda, 0x3db4, 0x7b68, 0xf6d0, 0xb861, 0x60e3, 0xc1c6, 0x93ad, 0x377b, 0x6ef6, 0xddec,
		0x45a0, 0x8b40, 0x06a1, 0x0d42, 0x1a84, 0x3508, 0x6a10, 0xaa51, 0x4483, 0x8906, 0x022d, 0x045a, 0x08b4, 0x1168, 0x76b4, 0xed68, 0xcaf1, 0x85c3, 0x1ba7, 0x374e, 0x6e9c,
		0x3730, 0x6e60, 0xdcc0, 0xa9a1, 0x4363, 0x86c6, 0x1dad, 0x3331, 0x6662, 0xccc4, 0x89a9, 0x0373, 0x06e6, 0x0dcc, 0x1021, 0x2042, 0x4084, 0x8108, 0x1231, 0x2462, 0x48c4}
	xorPad = []byte{0xbb, 0xff, 0xff, 0xba, 0xff, 0xff, 0xb9, 0x80, 0x00, 0xbe, 0x0f, 0x00, 0xbf, 0x0f, 0x00}
)

// xorBook is a workbook as Excel 95 to 2003 lock it with the weakest of their locks.
func xorBook(t *testing.T, book []byte, word string) []byte {
	key, element, verifier := initialCode[len(word)-1], len(xorMatrix)-1, uint16(0)
	for i := len(word) - 1; i >= 0; i-- {
		for c, bit := word[i], 0; bit < 7; bit++ {
			if c&0x40 != 0 {
				key ^= xorMatrix[element]
			}
			c, element = c<<1, element-1
		}
		verifier = (verifier>>14&1 | verifier<<1&0x7fff) ^ uint16(word[i])
	}
	verifier = (verifier>>14&1 | verifier<<1&0x7fff) ^ uint16(len(word)) ^ 0xce4b
	var array [16]byte
	for i, c := range append([]byte(word), xorPad[:16-len(word)]...) {
		array[i] = bits.RotateLeft8(c^byte(key>>(8*(i%2))), -1)
	}
	filePass := []byte{0, 0}
	filePass = binary.LittleEndian.AppendUint16(filePass, key)
	filePass = binary.LittleEndian.AppendUint16(filePass, verifier)
	return lockedOldBook(t, book, filePass, func(b []byte, at, n int) {
		for i := range b {
			b[i] = bits.RotateLeft8(b[i], 5) ^ array[(at+i+n)%16]
		}
	})
}

// cryptoBook is a workbook as Excel 2002 and 2003 lock it.
func cryptoBook(t *testing.T, book []byte, word string, keyBits int) []byte {
	salt := []byte("sixteen bytes...")
	hash := func(parts ...[]byte) []byte { s := sha1.Sum(bytes.Join(parts, nil)); return s[:] }
	base := hash(salt, wide(word))
	stream := func(block int) *rc4.Cipher {
		key := hash(base, binary.LittleEndian.AppendUint32(nil, uint32(block)))[:keyBits/8]
		if keyBits == 40 {
			key = append(key, make([]byte, 11)...)
		}
		c, err := rc4.NewCipher(key)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	u32 := func(b []byte, values ...uint32) []byte {
		for _, v := range values {
			b = binary.LittleEndian.AppendUint32(b, v)
		}
		return b
	}
	provider := wide("Microsoft Enhanced Cryptographic Provider v1.0\x00")
	verifier := []byte("a random number!")
	checked := append(append([]byte(nil), verifier...), hash(verifier)...)
	stream(0).XORKeyStream(checked, checked)
	b := u32([]byte{1, 0, 4, 0, 2, 0}, 4, uint32(32+len(provider)), 4, 0, 0x6801, 0x8004, uint32(keyBits), 1, 0, 0)
	b = append(b, provider...)
	b = append(u32(append(u32(b, 16), salt...)), checked[:16]...)
	b = append(u32(b, 20), checked[16:]...)
	return lockedOldBook(t, book, b, func(b []byte, at, _ int) {
		for i := range b {
			c := stream((at + i) / 1024)
			skip := make([]byte, (at+i)%1024+1)
			c.XORKeyStream(skip, skip)
			b[i] ^= skip[len(skip)-1]
		}
	})
}

// TestOldLocks: the locks of Excel that no free program writes. LibreOffice opens what the test locked, so the locks are real.
func TestOldLocks(t *testing.T) {
	save := lockingOffice(t)
	text := strings.Join(strings.SplitAfterN(table(), "\r\n", 42)[:41], "")
	dir := lay(t, map[string][]byte{"table.csv": []byte(text)})
	book := save(t, filepath.Join(dir, "table.csv"), filepath.Join(dir, "open.xls"), "MS Excel 97", "")
	for name, c := range map[string]struct {
		content []byte
		how     string
		alone   lock.State
	}{
		"xor.xls":     {xorBook(t, book, "kakusu-2026"), "XOR", lock.Weak},
		"even.xls":    {xorBook(t, book, "kakusu2026"), "XOR", lock.Weak},
		"crypto.xls":  {cryptoBook(t, book, "kakusu-2026", 128), "RC4 CryptoAPI", lock.Weak},
		"short.xls":   {cryptoBook(t, book, "kakusu-2026", 40), "RC4 CryptoAPI", lock.Weak},
		"default.xls": {xorBook(t, book, "VelvetSweatshop"), "XOR, but its password stands well known", lock.Open},
	} {
		t.Run(name, func(t *testing.T) {
			word := map[string]string{"even.xls": "kakusu2026", "default.xls": "VelvetSweatshop"}[name]
			if word == "" {
				word = "kakusu-2026"
			}
			path := filepath.Join(dir, name)
			if err := os.WriteFile(path, c.content, 0o600); err != nil {
				t.Fatal(err)
			}
			files := map[string][]byte{name: c.content}
			f := find(run(t, Options{Roots: []string{lay(t, files)}}), name)
			if f == nil || f.Lock != c.alone || f.How != c.how {
				t.Errorf("alone: %+v", f)
			}
			f = find(run(t, Options{Roots: []string{lay(t, files)}, Passwords: []string{word}}), name)
			if f.Cases["NABD"] != 40 || len(f.Missed) > 0 {
				t.Errorf("with the password file: %+v", f)
			}
			if name == "short.xls" { // LibreOffice knows keys of 128 bits only
				return
			}
			if seen := save(t, path, path+".csv", "Text - txt - csv (StarCalc)", word); !strings.Contains(string(seen), "1039-000273") {
				t.Errorf("LibreOffice does not open it: %d bytes", len(seen))
			}
		})
	}
}
