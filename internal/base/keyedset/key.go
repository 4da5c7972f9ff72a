package keyedset

import (
	"bytes"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"

	"genbo"
)

// Key opens the files that were made with it, and makes their tokens. Its zero value is none.
type Key struct {
	secret     [secretBytes]byte
	head, seal []byte
}

const (
	secretBytes = 32
	keyMagic    = "GENBO-FILTER-KEY-1"
)

// NewKey makes a random key.
func NewKey() *Key {
	var secret [secretBytes]byte
	rand.Read(secret[:])
	return keyOf(secret)
}

func keyOf(secret [secretBytes]byte) *Key {
	k := &Key{secret: secret}
	k.head, k.seal = k.derive("head", nil, 32), k.derive("seal", nil, 32)
	return k
}

// derive makes a key for one use.
func (k *Key) derive(use string, salt []byte, n int) []byte {
	b, err := hkdf.Key(sha256.New, k.secret[:], salt, "genbo filter 1 "+use, n)
	if err != nil {
		panic("keyedset: " + err.Error()) // only for lengths that are beyond HKDF's
	}
	return b
}

// ID names the key in files: a fingerprint that says nothing else of it.
func (k *Key) ID() string {
	sum := sha256.Sum256(append([]byte("genbo filter key id"), k.head...))
	return hex.EncodeToString(sum[:6])
}

// Save writes the key to a new file that only its owner may read.
func (k *Key) Save(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("write the filter's key: %w", err)
	}
	_, err = fmt.Fprintf(f, "%s %s %x\n", keyMagic, k.ID(), k.secret)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write the filter's key: %w", err)
	}
	return nil
}

// maxKeyFile is more than a key file has, in bytes.
const maxKeyFile = 1 << 10

// ReadKey reads a file that [Key.Save] wrote, and refuses one that others may read.
func ReadKey(path string) (*Key, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the filter's key: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("read the filter's key: %w", err)
	}
	if err := ownerOnly(path, info); err != nil {
		return nil, err
	}
	b := make([]byte, maxKeyFile)
	n, err := f.Read(b)
	if n == 0 && err != nil {
		return nil, fmt.Errorf("read the filter's key: %w", err)
	}
	k, err := parseKey(b[:n])
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return k, nil
}

func parseKey(text []byte) (*Key, error) {
	parts := strings.Fields(string(text))
	no := fmt.Errorf("this is no key of a filter: %w", genbo.ErrInvalid)
	if len(parts) != 3 || parts[0] != keyMagic {
		return nil, no
	}
	b, err := hex.DecodeString(parts[2])
	if err != nil || len(b) != secretBytes || bytes.Count(b, []byte{0}) == secretBytes {
		return nil, no
	}
	k := keyOf([secretBytes]byte(b))
	if k.ID() != parts[1] {
		return nil, fmt.Errorf("the key is damaged: its fingerprint is another's: %w", genbo.ErrInvalid)
	}
	return k, nil
}
