package vault

import (
	"context"
	"encoding/binary"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"

	"genbo"
)

// tinkPrefix is the length of what Tink writes before a ciphertext: one byte and the key's id.
const tinkPrefix = 5

// unwrap opens a wrapped data key. A wrapping key that this vault has not seen yet was added by another
// process since it was opened, so the ring is read again once.
func (v *Vault) unwrap(p genbo.PersonID, wrapped []byte) ([]byte, error) {
	v.mu.RLock()
	now, previous := v.keys, v.previous
	v.mu.RUnlock()
	key, err := now.person.Decrypt(wrapped, personContext(p))
	if err != nil && previous != nil {
		key, err = previous.Decrypt(wrapped, personContext(p))
	}
	if err == nil {
		return key, nil
	}
	if len(wrapped) > tinkPrefix && binary.BigEndian.Uint32(wrapped[1:tinkPrefix]) != now.personKeyID {
		if err := v.load(context.Background()); err != nil {
			return nil, err
		}
		if key, err = v.current().person.Decrypt(wrapped, personContext(p)); err == nil {
			return key, nil
		}
	}
	return nil, fmt.Errorf("open data key: altered, moved from another person, or of another key ring: %w", genbo.ErrTampered)
}

// RotatePersonKeys adds a new wrapping key to the ring and makes it the one in use. Data keys under older
// ones still open, until [Vault.RetireKeys].
func (v *Vault) RotatePersonKeys(ctx context.Context) error {
	return v.changePersonKeys(ctx, func(m *keyset.Manager, _ *keyset.Handle) error {
		id, err := m.Add(aead.AES256GCMKeyTemplate())
		if err != nil {
			return err
		}
		return m.SetPrimary(id)
	})
}

// Reload reads the key ring again, in case another process has changed it.
func (v *Vault) Reload(ctx context.Context) error { return v.load(ctx) }

// RetireKeys destroys every wrapping key but the one in use. The caller has rewrapped every data key.
func (v *Vault) RetireKeys(ctx context.Context) error {
	err := v.changePersonKeys(ctx, func(m *keyset.Manager, h *keyset.Handle) error {
		info := h.KeysetInfo()
		for _, k := range info.GetKeyInfo() {
			if k.GetKeyId() == info.GetPrimaryKeyId() {
				continue
			}
			if err := m.Delete(k.GetKeyId()); err != nil {
				return err
			}
		}
		return nil
	})
	v.mu.Lock()
	v.previous = nil
	v.mu.Unlock()
	return err
}

func (v *Vault) changePersonKeys(ctx context.Context, change func(*keyset.Manager, *keyset.Handle) error) error {
	r, err := loadRing(ctx, v.dir, v.service)
	if err != nil {
		return fmt.Errorf("rotate keys: %w", err)
	}
	handle, err := r.Person.handle()
	if err != nil {
		return fmt.Errorf("rotate keys: %w", err)
	}
	manager := keyset.NewManagerFromHandle(handle)
	if err := change(manager, handle); err != nil {
		return fmt.Errorf("rotate keys: %w", err)
	}
	if handle, err = manager.Handle(); err != nil {
		return fmt.Errorf("rotate keys: %w", err)
	}
	if r.Person, err = marshalKeyset(handle); err != nil {
		return fmt.Errorf("rotate keys: %w", err)
	}
	if err := r.save(ctx, v.dir, v.service); err != nil {
		return err
	}
	return v.load(ctx)
}

// PersonKeys is how many wrapping keys the ring holds; more than one while a rotation is under way.
func (v *Vault) PersonKeys(ctx context.Context) (int, error) {
	r, err := loadRing(ctx, v.dir, v.service)
	if err != nil {
		return 0, err
	}
	handle, err := r.Person.handle()
	if err != nil {
		return 0, err
	}
	return handle.Len(), nil
}

// Epoch is the wrapping key in use, as [Wrapped.Epoch] has it.
func (v *Vault) Epoch() int64 { return int64(v.current().personKeyID) }

// Rewrap puts a data key under the wrapping key in use. The data key stays the same, so nothing that it
// seals is touched.
func (v *Vault) Rewrap(p genbo.PersonID, wrapped []byte) (Wrapped, error) {
	key, err := v.unwrap(p, wrapped)
	if err != nil {
		return Wrapped{}, err
	}
	defer clear(key)
	return v.wrap(p, key)
}
