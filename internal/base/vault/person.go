package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"fmt"

	"genbo"
)

const personKeyBytes = 32

// PersonKey is the opened data key of one person.
type PersonKey struct {
	person genbo.PersonID
	aead   cipher.AEAD
}

// Wrapped is a data key as it is stored beside its person.
type Wrapped struct {
	Key   []byte
	Epoch int64 // which wrapping key; changes when keys are rotated
}

func newPersonKey(p genbo.PersonID, key []byte) (*PersonKey, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	gcm, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, err
	}
	return &PersonKey{p, gcm}, nil
}

func personContext(p genbo.PersonID) []byte {
	return binary.BigEndian.AppendUint32([]byte("person key "), uint32(p))
}

// NewPersonKey makes the data key of a new person.
func (v *Vault) NewPersonKey(p genbo.PersonID) (*PersonKey, Wrapped, error) {
	var key [personKeyBytes]byte
	rand.Read(key[:])
	defer clear(key[:])
	wrapped, err := v.wrap(p, key[:])
	if err != nil {
		return nil, Wrapped{}, err
	}
	opened, err := newPersonKey(p, key[:])
	return opened, wrapped, err
}

func (v *Vault) wrap(p genbo.PersonID, key []byte) (Wrapped, error) {
	k := v.current()
	sealed, err := k.person.Encrypt(key, personContext(p))
	if err != nil {
		return Wrapped{}, fmt.Errorf("wrap data key: %w", err)
	}
	return Wrapped{sealed, int64(k.personKeyID)}, nil
}

// PersonKey opens the data key stored beside a person.
func (v *Vault) PersonKey(p genbo.PersonID, wrapped []byte) (*PersonKey, error) {
	key, err := v.unwrap(p, wrapped)
	if err != nil {
		return nil, err
	}
	defer clear(key)
	return newPersonKey(p, key)
}

// Place is where a sealed value lies. A value opens only in the place that it was sealed for.
type Place struct {
	Table, Column string
	Kind          string // the kind of fact, or the proposal
	Seq           int
	Row           string // what else of the row the value may not be parted from
}

func (k *PersonKey) context(at Place) []byte {
	b := make([]byte, 0, 64)
	for _, s := range [...]string{at.Table, at.Column, at.Kind, at.Row} {
		b = append(append(b, s...), 0)
	}
	b = binary.BigEndian.AppendUint32(b, uint32(k.person))
	return binary.BigEndian.AppendUint32(b, uint32(at.Seq))
}

// Seal seals a value for its place.
func (k *PersonKey) Seal(plain []byte, at Place) []byte {
	return k.aead.Seal(nil, nil, plain, k.context(at))
}

// Open opens a sealed value in its place; [genbo.ErrTampered] if it was altered or comes from elsewhere.
func (k *PersonKey) Open(sealed []byte, at Place) ([]byte, error) {
	plain, err := k.aead.Open(nil, nil, sealed, k.context(at))
	if err != nil {
		return nil, fmt.Errorf("open %s.%s: altered, or moved from another row: %w", at.Table, at.Column, genbo.ErrTampered)
	}
	return plain, nil
}
