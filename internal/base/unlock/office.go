package unlock

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"fmt"
	"hash"
	"io"
	"unicode/utf16"

	"genbo/internal/base/compound"
)

// Errors.
var (
	// ErrLimit says that the content is larger than the caller wants in memory.
	ErrLimit = errors.New("larger than the limit")
	// ErrUnknown says that the lock is none that this package opens.
	ErrUnknown = errors.New("no lock that is known")

	errDamaged = errors.New("damaged encryption")
)

// mostSpins bounds how often a password is hashed: Office writes 100,000.
const mostSpins = 2_000_000

// officeLock is an encryption of Office that passwords are tried on.
type officeLock interface {
	// key returns the key of the package if the password fits.
	key(password []byte) ([]byte, bool)
	// decrypt decrypts a piece of the package in place: segment counts pieces of 4,096 bytes.
	decrypt(key, piece []byte, segment uint32) error
}

// Office opens an encrypted document of Office 2007 or later, a compound file. It returns the document and which of the passwords
// fitted; -1 if none did.
func Office(src *io.SectionReader, limit int64, passwords []string) (document []byte, fits int, err error) {
	info, content, err := officeStreams(src, limit)
	if err != nil {
		return nil, -1, err
	}
	l, err := officeLockOf(info)
	if err != nil {
		return nil, -1, err
	}
	for i, p := range passwords {
		if key, ok := l.key(inUTF16(p)); ok {
			document, err = officePackage(l, key, content)
			return document, i, err
		}
	}
	return nil, -1, nil
}

func inUTF16(s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

// officeStreams reads the two streams of an encrypted document.
func officeStreams(src *io.SectionReader, limit int64) (info, content []byte, err error) {
	root, err := compound.Open(src)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", errDamaged, err)
	}
	for name, to := range map[string]*[]byte{"EncryptionInfo": &info, "EncryptedPackage": &content} {
		if *to, err = streamOf(root, limit, name); err != nil {
			return nil, nil, err
		}
	}
	if len(content) < 8 {
		return nil, nil, errDamaged
	}
	return info, content, nil
}

// streamOf reads a stream of a compound file; nil if there is none of the names.
func streamOf(s *compound.Storage, limit int64, names ...string) ([]byte, error) {
	one := s.Stream(names...)
	switch {
	case one == nil:
		return nil, nil
	case one.Size > limit:
		return nil, ErrLimit
	}
	b, err := one.All(limit)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errDamaged, err)
	}
	return b, nil
}

func officeLockOf(info []byte) (officeLock, error) {
	if len(info) < 8 {
		return nil, errDamaged
	}
	switch major, minor := binary.LittleEndian.Uint16(info), binary.LittleEndian.Uint16(info[2:]); {
	case major == 4 && minor == 4:
		return agileOf(info[8:])
	case minor == 2:
		return standardOf(info[8:])
	}
	return nil, ErrUnknown
}

// officePackage decrypts the package, whose first eight bytes are its length.
func officePackage(l officeLock, key, content []byte) ([]byte, error) {
	size := binary.LittleEndian.Uint64(content)
	body := content[8:]
	body = body[:len(body)&^(aes.BlockSize-1)]
	if size > uint64(len(body)) {
		return nil, errDamaged
	}
	const segment = 4096
	for i := uint32(0); int(i)*segment < len(body); i++ {
		if err := l.decrypt(key, body[int(i)*segment:min(len(body), (int(i)+1)*segment)], i); err != nil {
			return nil, err
		}
	}
	return body[:size], nil
}

// agile is the encryption of Office 2010 and later ([MS-OFFCRYPTO] 2.3.4.10).
type agile struct {
	Data agileKey `xml:"keyData"`
	Keys []struct {
		Password agilePassword `xml:"encryptedKey"`
	} `xml:"keyEncryptors>keyEncryptor"`
	password *agilePassword
}

type agileKey struct {
	BlockSize int    `xml:"blockSize,attr"`
	KeyBits   int    `xml:"keyBits,attr"`
	Cipher    string `xml:"cipherAlgorithm,attr"`
	Chaining  string `xml:"cipherChaining,attr"`
	Hash      string `xml:"hashAlgorithm,attr"`
	Salt      string `xml:"saltValue,attr"`
	salt      []byte
}

type agilePassword struct {
	agileKey
	Spins                   int    `xml:"spinCount,attr"`
	Input                   string `xml:"encryptedVerifierHashInput,attr"`
	Value                   string `xml:"encryptedVerifierHashValue,attr"`
	Key                     string `xml:"encryptedKeyValue,attr"`
	input, value, sealedKey []byte
}

func agileOf(description []byte) (*agile, error) {
	var a agile
	if err := xml.Unmarshal(description, &a); err != nil {
		return nil, fmt.Errorf("%w: %w", errDamaged, err)
	}
	for i := range a.Keys {
		if p := &a.Keys[i].Password; p.Input != "" {
			a.password = p
		}
	}
	if a.password == nil {
		return nil, ErrUnknown
	}
	p := a.password
	ok := a.Data.check() && p.check() && p.Spins >= 0 && p.Spins <= mostSpins
	for text, to := range map[string]*[]byte{p.Input: &p.input, p.Value: &p.value, p.Key: &p.sealedKey} {
		b, err := base64.StdEncoding.DecodeString(text)
		*to = b
		ok = ok && err == nil && len(b) > 0 && len(b)%aes.BlockSize == 0 && len(b) <= 1024
	}
	if !ok {
		return nil, errDamaged
	}
	return &a, nil
}

func (k *agileKey) check() bool {
	salt, err := base64.StdEncoding.DecodeString(k.Salt)
	k.salt = salt
	bits := k.KeyBits == 128 || k.KeyBits == 192 || k.KeyBits == 256
	return err == nil && len(salt) > 0 && len(salt) <= 1024 && bits && k.BlockSize == aes.BlockSize && k.Cipher == "AES" && k.Chaining == "ChainingModeCBC" && k.newHash() != nil
}

func (k *agileKey) newHash() hash.Hash {
	switch k.Hash {
	case "SHA1", "SHA-1":
		return sha1.New()
	case "SHA256", "SHA-256":
		return sha256.New()
	case "SHA384", "SHA-384":
		return sha512.New384()
	case "SHA512", "SHA-512":
		return sha512.New()
	}
	return nil
}

// sum is the hash of its arguments one after the other.
func sum(h hash.Hash, parts ...[]byte) []byte {
	h.Reset()
	for _, p := range parts {
		h.Write(p)
	}
	return h.Sum(nil)
}

// fitted brings a hash to a length, with 0x36 where it is too short.
func fitted(b []byte, n int) []byte {
	for len(b) < n {
		b = append(b, 0x36)
	}
	return b[:n]
}

// The keys by which the parts of the description are told apart.
var (
	blockInput = []byte{0xfe, 0xa7, 0xd2, 0x76, 0x3b, 0x4b, 0x9e, 0x79}
	blockValue = []byte{0xd7, 0xaa, 0x0f, 0x6d, 0x30, 0x61, 0x34, 0x4e}
	blockKey   = []byte{0x14, 0x6e, 0x0b, 0xe7, 0xab, 0xac, 0xd0, 0xd6}
)

// spun hashes a password many times over, with the count before it.
func spun(h hash.Hash, salt, password []byte, spins int) []byte {
	sealed := sum(h, salt, password)
	var count [4]byte
	for i := range spins {
		binary.LittleEndian.PutUint32(count[:], uint32(i))
		h.Reset()
		h.Write(count[:])
		h.Write(sealed)
		sealed = h.Sum(sealed[:0])
	}
	return sealed
}

func (a *agile) key(password []byte) ([]byte, bool) {
	p := a.password
	h := p.newHash()
	base := spun(h, p.salt, password, p.Spins)
	open := func(block, sealed []byte) []byte {
		out := bytes.Clone(sealed)
		if err := cbc(fitted(sum(h, base, block), p.KeyBits/8), fitted(bytes.Clone(p.salt), aes.BlockSize), out); err != nil {
			return nil
		}
		return out
	}
	want := open(blockValue, p.value)
	got := sum(h, open(blockInput, p.input))
	if len(want) < len(got) || subtle.ConstantTimeCompare(want[:len(got)], got) != 1 {
		return nil, false
	}
	key := open(blockKey, p.sealedKey)
	if len(key) < a.Data.KeyBits/8 {
		return nil, false
	}
	return key[:a.Data.KeyBits/8], true
}

func (a *agile) decrypt(key, piece []byte, segment uint32) error {
	iv := fitted(sum(a.Data.newHash(), a.Data.salt, binary.LittleEndian.AppendUint32(nil, segment)), aes.BlockSize)
	return cbc(key, iv, piece)
}

func cbc(key, iv, b []byte) error {
	block, err := aes.NewCipher(key)
	if err != nil {
		return errDamaged
	}
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(b, b)
	return nil
}
