package vault

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/daead"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"
	"github.com/tink-crypto/tink-go/v2/tink"
	"golang.org/x/mod/sumdb/note"

	"genbo"
)

// Vault is an opened key ring. It is safe for concurrent use.
type Vault struct {
	dir     string
	service KeyService

	mu       sync.RWMutex
	keys     keys
	previous tink.AEAD // the wrapping keys before the ring was read again, for what was wrapped meanwhile
}

// keys are the primitives made from a ring.
type keys struct {
	id           string
	person, text tink.AEAD
	personKeyID  uint32 // of the wrapping key in use
	blind        *prf.Set
	ref          tink.DeterministicAEAD
	signer       note.Signer
	verifierKey  string
}

// Open opens the ring in dir with the key service that it is wrapped under.
func Open(ctx context.Context, dir string, service KeyService) (*Vault, error) {
	v := &Vault{dir: dir, service: service}
	if err := v.load(ctx); err != nil {
		return nil, fmt.Errorf("open vault: %w", err)
	}
	return v, nil
}

func (v *Vault) load(ctx context.Context) error {
	r, err := loadRing(ctx, v.dir, v.service)
	if err != nil {
		return err
	}
	k, err := r.keys()
	if err != nil {
		return fmt.Errorf("the key ring does not read: %w: %w", genbo.ErrTampered, err)
	}
	v.mu.Lock()
	v.keys, v.previous = k, v.keys.person
	v.mu.Unlock()
	return nil
}

func (r *ring) keys() (k keys, err error) {
	k.id, k.verifierKey = r.ID, r.Verifier
	var handles [4]*keyset.Handle
	for i, text := range []keysetJSON{r.Person, r.Blind, r.Text, r.Ref} {
		h, e := text.handle()
		if e != nil {
			return keys{}, e
		}
		handles[i] = h
	}
	var errs [5]error
	k.person, errs[0] = aead.New(handles[0])
	k.blind, errs[1] = prf.NewPRFSet(handles[1])
	k.text, errs[2] = aead.New(handles[2])
	k.ref, errs[3] = daead.New(handles[3])
	k.signer, errs[4] = note.NewSigner(r.Signer)
	k.personKeyID = handles[0].KeysetInfo().GetPrimaryKeyId()
	return k, errors.Join(errs[:]...)
}

func (v *Vault) current() keys {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return v.keys
}

// RingID names the ring, so that a register can tell its own from another's.
func (v *Vault) RingID() string { return v.current().id }

// Signer signs the journal's checkpoints.
func (v *Vault) Signer() note.Signer { return v.current().signer }

// VerifierKey is the public key of [Vault.Signer], in the form of package note, to be handed to witnesses.
func (v *Vault) VerifierKey() string { return v.current().verifierKey }

// SealText seals free text that people write, bound to the identifier of its record.
func (v *Vault) SealText(text, record string) ([]byte, error) {
	sealed, err := v.current().text.Encrypt([]byte(text), []byte("text "+record))
	if err != nil {
		return nil, fmt.Errorf("seal text: %w", err)
	}
	return sealed, nil
}

// OpenText opens what [Vault.SealText] sealed for the same record.
func (v *Vault) OpenText(sealed []byte, record string) (string, error) {
	plain, err := v.current().text.Decrypt(sealed, []byte("text "+record))
	if err != nil {
		return "", fmt.Errorf("open text: it was altered or belongs to another record: %w", genbo.ErrTampered)
	}
	return string(plain), nil
}

// Ref is the reference by which people outside the core name a person.
func (v *Vault) Ref(p genbo.PersonID) (genbo.PersonRef, error) {
	sealed, err := v.current().ref.EncryptDeterministically(binary.BigEndian.AppendUint32(nil, uint32(p)), []byte("ref"))
	if err != nil {
		return "", fmt.Errorf("make reference: %w", err)
	}
	return genbo.PersonRef(base64.RawURLEncoding.EncodeToString(sealed)), nil
}

// refChars is the length of a reference: Tink's prefix, the synthetic IV and the integer, in base64.
const refChars = 34

// Person reads a reference. Anything but a reference that this register made is [genbo.ErrNotFound].
func (v *Vault) Person(ref genbo.PersonRef) (genbo.PersonID, error) {
	if len(ref) != refChars {
		return 0, fmt.Errorf("reference of a person: %w", genbo.ErrNotFound)
	}
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(string(ref))
	if err != nil {
		return 0, fmt.Errorf("reference of a person: %w", genbo.ErrNotFound)
	}
	plain, err := v.current().ref.DecryptDeterministically(sealed, []byte("ref"))
	if err != nil || len(plain) != 4 {
		return 0, fmt.Errorf("reference of a person: %w", genbo.ErrNotFound)
	}
	return genbo.PersonID(binary.BigEndian.Uint32(plain)), nil
}
