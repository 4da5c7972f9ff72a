package unlock

import (
	"archive/zip"
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/klauspost/compress/flate"
	"golang.org/x/crypto/argon2"

	"genbo/internal/base/compound/compoundtest"
)

func source(b []byte) *io.SectionReader {
	return io.NewSectionReader(bytes.NewReader(b), 0, int64(len(b)))
}

// TestXOR compares with the values that [MS-OFFCRYPTO] 2.3.7.2 lists, and with the verifier that is the example of OpenOffice's paper on the format.
func TestXOR(t *testing.T) {
	if v := xorVerifier([]byte("abcdefghij")); v != 0xfef1 {
		t.Errorf("verifier %#x", v)
	}
	for p, want := range map[string]uint16{"\x00": 0xe1f0, strings.Repeat("\x00", 15): 0x4ec3, "\x01": 0xe1f0 ^ 0x1021, "\x40": 0xe1f0 ^ 0x48c4,
		"\x01" + strings.Repeat("\x00", 14): 0x4ec3 ^ 0xaefc, "\x40" + strings.Repeat("\x00", 14): 0x4ec3 ^ 0x2a09} {
		if got := xorKey([]byte(p)); got != want {
			t.Errorf("%q: key %#x, want %#x", p, got, want)
		}
	}
}

// wholeODF is a document as LibreOffice 24.8 and later encrypt it: as a whole, which an older one on a test's machine cannot write.
func wholeODF(t testing.TB, password string, memory int) []byte {
	t.Helper()
	salt, iv := []byte("sixteen bytes..."), []byte("twelve bytes")
	start := sha256.Sum256([]byte(password))
	block, err := aes.NewCipher(argon2.IDKey(start[:], salt, 3, 64, 4, 32))
	if err != nil {
		t.Fatal(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	w, _ := flate.NewWriter(&packed, 6)
	_, _ = w.Write([]byte("PK inner document"))
	_ = w.Close()
	b64 := base64.StdEncoding.EncodeToString
	manifest := fmt.Sprintf(`<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" xmlns:loext="urn:x"><manifest:file-entry manifest:full-path="encrypted-package">
<manifest:encryption-data><manifest:algorithm manifest:algorithm-name="http://www.w3.org/2009/xmlenc11#aes256-gcm" manifest:initialisation-vector="%s"/>
<manifest:start-key-generation manifest:start-key-generation-name="http://www.w3.org/2001/04/xmlenc#sha256" manifest:key-size="32"/>
<manifest:key-derivation manifest:key-derivation-name="urn:org:documentfoundation:names:experimental:office:manifest:argon2id" manifest:key-size="32" loext:argon2-iterations="3" loext:argon2-memory="%d" loext:argon2-lanes="4" manifest:salt="%s"/>
</manifest:encryption-data></manifest:file-entry></manifest:manifest>`, b64(iv), memory, b64(salt))
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range map[string][]byte{"META-INF/manifest.xml": []byte(manifest), "encrypted-package": gcm.Seal(bytes.Clone(iv), iv, packed.Bytes(), nil)} {
		f, _ := z.Create(name)
		_, _ = f.Write(content)
	}
	_ = z.Close()
	return b.Bytes()
}

func TestOpenDocument(t *testing.T) {
	b := wholeODF(t, "kakusu", 64)
	content, fits, err := OpenDocument(source(b), 1<<20, []string{"wrong", "kakusu"})
	if err != nil || fits != 1 || string(content) != "PK inner document" {
		t.Errorf("%q, %d, %v", content, fits, err)
	}
	if _, fits, err = OpenDocument(source(b), 1<<20, []string{"wrong"}); err != nil || fits != -1 {
		t.Errorf("wrong: %d, %v", fits, err)
	}
	if _, _, err = OpenDocument(source(b), 10, []string{"kakusu"}); !errors.Is(err, ErrLimit) {
		t.Errorf("beyond the limit: %v", err)
	}
	begun := time.Now()
	if _, _, err = OpenDocument(source(wholeODF(t, "kakusu", 1<<30)), 1<<20, []string{"kakusu"}); !errors.Is(err, ErrUnknown) || time.Since(begun) > 10*time.Second {
		t.Errorf("a terabyte of memory: %v", err)
	}
}

func TestAgeLimits(t *testing.T) {
	r, err := age.NewScryptRecipient("kakusu")
	if err != nil {
		t.Fatal(err)
	}
	r.SetWorkFactor(8)
	var b bytes.Buffer
	w, err := age.Encrypt(&b, r)
	if err == nil {
		_, err = w.Write(make([]byte, 5000))
	}
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	if content, fits, err := Age(bytes.NewReader(b.Bytes()), 10_000, []string{"", "wrong", "kakusu"}); err != nil || fits != 2 || len(content) != 5000 {
		t.Errorf("%d bytes, %d, %v", len(content), fits, err)
	}
	if _, _, err := Age(bytes.NewReader(b.Bytes()), 1000, []string{"kakusu"}); !errors.Is(err, ErrLimit) {
		t.Errorf("beyond the limit: %v", err)
	}
	heavy := bytes.Replace(b.Bytes(), []byte(" 8\n"), []byte(" 30\n"), 1)
	if _, fits, _ := Age(bytes.NewReader(heavy), 10_000, []string{"kakusu"}); fits != -1 {
		t.Error("a passphrase that takes hours was tried")
	}
}

func FuzzOld(f *testing.F) {
	f.Add(append([]byte{9, 8, 2, 0, 0, 6, 0x2f, 0, 54, 0, 1, 0, 1, 0, 1, 0}, make([]byte, 60)...), true)
	f.Add(append([]byte{9, 8, 2, 0, 0, 6, 0x2f, 0, 6, 0, 0, 0, 1, 2, 3, 4}, make([]byte, 60)...), true)
	f.Add(append([]byte{4, 0, 2, 0, 4, 0, 0, 0, 32, 0, 0, 0, 4, 0, 0, 0}, make([]byte, 160)...), false)
	f.Fuzz(func(t *testing.T, b []byte, book bool) {
		tree, is := compoundtest.Tree{"Workbook": b}, "xls"
		if !book {
			tree, is = compoundtest.Tree{"WordDocument": make([]byte, 100), "0Table": b}, "doc"
		}
		_, _, _ = Old(source(compoundtest.File(tree)), is, 1<<20, []string{"a", "VelvetSweatshop"})
		if l, err := rc4LockOf(b, 512); err == nil {
			l.keys(nil)(0)
		}
	})
}

func FuzzOffice(f *testing.F) {
	f.Add([]byte{4, 0, 4, 0, 0x40, 0, 0, 0, '<', 'e', '/', '>'})
	f.Add(append([]byte{3, 0, 2, 0, 0x24, 0, 0, 0, 32, 0, 0, 0}, make([]byte, 120)...))
	f.Fuzz(func(t *testing.T, info []byte) {
		if l, err := officeLockOf(info); err == nil {
			if a, ok := l.(*agile); ok && a.password.Spins > 1000 {
				return
			}
			_, _ = l.key([]byte("a"))
			_, _ = officePackage(l, make([]byte, 16), make([]byte, 64))
		}
	})
}

func FuzzOpenDocument(f *testing.F) {
	f.Add(wholeODF(f, "a", 64))
	f.Fuzz(func(t *testing.T, b []byte) {
		_, _, _ = OpenDocument(source(b), 1<<20, []string{"a"})
	})
}
