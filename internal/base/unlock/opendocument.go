package unlock

import (
	"archive/zip"
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/klauspost/compress/flate"
	"golang.org/x/crypto/argon2"

	"genbo/internal/base/lock"
)

// Bounds of the work for one password. LibreOffice asks for 64 MiB and three passes.
const (
	mostMemory = 256 << 10 // KiB
	mostPasses = 16
	mostLanes  = 16
	blockGCM   = 12 // bytes of its first value
	checkedODF = 1024
	mostParts  = 1000
)

// OpenDocument opens an encrypted OpenDocument file. It returns a document with the parts that hold text, and which of the passwords
// fitted; -1 if none did.
func OpenDocument(src *io.SectionReader, limit int64, passwords []string) (document []byte, fits int, err error) {
	d, err := lock.OfOpenDocument(src)
	if err != nil {
		return nil, -1, fmt.Errorf("%w: %w", errDamaged, err)
	}
	z, err := zip.NewReader(src, src.Size())
	if err != nil {
		return nil, -1, fmt.Errorf("%w: %w", errDamaged, err)
	}
	o := &openDocument{zip: z, left: limit, locks: map[string]*lock.OpenDocumentEncryption{}}
	for _, e := range d.Entries {
		if e.Encryption != nil {
			o.locks[e.Name] = e.Encryption
		}
	}
	first := "encrypted-package"
	if o.locks[first] == nil {
		first = "content.xml"
	}
	for i, p := range passwords {
		content, err := o.part(first, p)
		switch {
		case err != nil:
			return nil, -1, err
		case content == nil:
			continue
		case first != "content.xml":
			return content, i, nil
		}
		document, err = o.rest(content, p)
		return document, i, err
	}
	return nil, -1, nil
}

// openDocument is a document that is being opened.
type openDocument struct {
	zip   *zip.Reader
	locks map[string]*lock.OpenDocumentEncryption
	left  int64 // bytes that may still be unpacked
}

// rest puts the parts with text together to a document without encryption.
func (o *openDocument) rest(content []byte, password string) ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	put := func(name string, b []byte) error {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err == nil {
			_, err = w.Write(b)
		}
		return err
	}
	if err := put("content.xml", content); err != nil {
		return nil, err
	}
	parts := 0
	for _, f := range o.zip.File {
		dir, base := path.Split(f.Name)
		text := f.Name == "mimetype" || f.Name == "styles.xml" || base == "content.xml" && dir != "" || dir == "" && strings.HasPrefix(base, "Object ")
		if !text {
			continue
		}
		if parts++; parts > mostParts {
			return nil, ErrLimit
		}
		b, err := o.part(f.Name, password)
		if err == nil && b == nil {
			err = errDamaged
		}
		if err == nil {
			err = put(f.Name, b)
		}
		if err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return out.Bytes(), err
}

// part is the content of a part; nil if the password does not fit.
func (o *openDocument) part(name, password string) ([]byte, error) {
	raw, err := o.zip.Open(name)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errDamaged, err)
	}
	defer raw.Close()
	b, err := io.ReadAll(io.LimitReader(raw, o.left+1))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errDamaged, err)
	}
	if int64(len(b)) > o.left {
		return nil, ErrLimit
	}
	l := o.locks[name]
	if l == nil {
		return b, nil
	}
	packed, err := decryptODF(l, password, b)
	if packed == nil || err != nil {
		return nil, err
	}
	plain, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), o.left+1))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errDamaged, err)
	}
	if o.left -= int64(len(plain)); o.left < 0 {
		return nil, ErrLimit
	}
	return plain, nil
}

// decryptODF decrypts a part, which is compressed still; nil if the password does not fit.
func decryptODF(l *lock.OpenDocumentEncryption, password string, b []byte) ([]byte, error) {
	key, err := keyODF(l, password)
	if err != nil {
		return nil, err
	}
	iv, err := base64.StdEncoding.DecodeString(l.Algorithm.IV)
	if err != nil {
		return nil, errDamaged
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, errDamaged
	}
	switch algorithm := strings.ToLower(l.Algorithm.Name); {
	case strings.HasSuffix(algorithm, "-gcm"):
		return openGCM(block, iv, b)
	case strings.HasSuffix(algorithm, "-cbc"):
		return openCBC(block, iv, b, l)
	}
	return nil, ErrUnknown
}

// openGCM decrypts what checks itself. The first value stands before the content too.
func openGCM(block cipher.Block, iv, b []byte) ([]byte, error) {
	if len(iv) != blockGCM {
		return nil, errDamaged
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return nil, errDamaged
	}
	plain, err := gcm.Open(nil, iv, bytes.TrimPrefix(b, iv), nil)
	if err != nil {
		return nil, nil // the password does not fit
	}
	return plain, nil
}

// openCBC decrypts blocks, of which the last says how many of its bytes are none, and compares the checksum of the first kilobyte.
func openCBC(block cipher.Block, iv, b []byte, l *lock.OpenDocumentEncryption) ([]byte, error) {
	want, err := base64.StdEncoding.DecodeString(l.Checksum)
	if err != nil || len(iv) != aes.BlockSize || len(b) == 0 || len(b)%aes.BlockSize != 0 {
		return nil, errDamaged
	}
	plain := make([]byte, len(b))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(plain, b)
	pad := int(plain[len(plain)-1])
	if pad == 0 || pad > aes.BlockSize {
		return nil, nil
	}
	plain = plain[:len(plain)-pad]
	head := plain[:min(len(plain), checkedODF)]
	got := sum(sha256.New(), head)
	if len(want) == sha1.Size {
		got = sum(sha1.New(), head)
	}
	if !hmac.Equal(got, want) {
		return nil, nil
	}
	return plain, nil
}

func keyODF(l *lock.OpenDocumentEncryption, password string) ([]byte, error) {
	start := sum(sha1.New(), []byte(password))
	if strings.Contains(strings.ToLower(l.StartKey.Name), "sha256") {
		start = sum(sha256.New(), []byte(password))
	}
	k := &l.Key
	salt, err := base64.StdEncoding.DecodeString(k.Salt)
	if err != nil || len(salt) == 0 || k.Size != 16 && k.Size != 24 && k.Size != 32 {
		return nil, errDamaged
	}
	switch {
	case strings.HasSuffix(k.Name, "argon2id"):
		if k.Passes < 1 || k.Passes > mostPasses || k.Memory < 8 || k.Memory > mostMemory || k.Lanes < 1 || k.Lanes > mostLanes {
			return nil, ErrUnknown
		}
		return argon2.IDKey(start, salt, uint32(k.Passes), uint32(k.Memory), uint8(k.Lanes), uint32(k.Size)), nil
	case strings.HasSuffix(strings.ToUpper(k.Name), "PBKDF2"):
		if k.Iterations < 1 || k.Iterations > mostSpins {
			return nil, ErrUnknown
		}
		return pbkdf2.Key(sha1.New, string(start), salt, k.Iterations, k.Size)
	}
	return nil, ErrUnknown
}
