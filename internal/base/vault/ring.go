package vault

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/daead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"
	tinkpb "github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"
	"golang.org/x/mod/sumdb/note"

	"genbo"
)

// Names of files in the directory of keys.
const (
	RootKeyFile = "root.key"
	ringFile    = "ring.json"
)

// ring is the keysets of one register. It is serialised only to be wrapped at once.
type ring struct {
	ID     string // random; the register remembers it, so that a wrong ring is noticed at once
	Person keysetJSON
	Blind  keysetJSON
	Text   keysetJSON
	Ref    keysetJSON
	// The keys of package note for checkpoints: the private one and the public one.
	Signer, Verifier string
}

// keysetJSON is a Tink keyset in Tink's JSON form.
type keysetJSON json.RawMessage

func (k keysetJSON) MarshalJSON() ([]byte, error) { return json.RawMessage(k).MarshalJSON() }
func (k *keysetJSON) UnmarshalJSON(b []byte) error {
	return (*json.RawMessage)(k).UnmarshalJSON(b)
}

// ringOnDisk is ring.json.
type ringOnDisk struct {
	Format  int    `json:"format"`
	ID      string `json:"id"`
	Service string `json:"service"`
	Wrapped []byte `json:"wrapped"`
}

const ringFormat = 1

// Create makes a new ring for a register called name (in the checkpoints of its journal) in dir, wrapped by
// the key service. It refuses to replace a ring that is there.
func Create(ctx context.Context, dir, name string, service KeyService) error {
	path := filepath.Join(dir, ringFile)
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is a key ring at %s already: %w", path, genbo.ErrConflict)
	}
	signer, verifier, err := note.GenerateKey(rand.Reader, name)
	if err != nil {
		return fmt.Errorf("create key ring: %w", err)
	}
	r := ring{ID: rand.Text(), Signer: signer, Verifier: verifier}
	for _, k := range []struct {
		into     *keysetJSON
		template *tinkpb.KeyTemplate
	}{
		{&r.Person, aead.AES256GCMKeyTemplate()},
		{&r.Blind, prf.HMACSHA256PRFKeyTemplate()},
		{&r.Text, aead.AES256GCMKeyTemplate()},
		{&r.Ref, daead.AESSIVKeyTemplate()},
	} {
		handle, err := keyset.NewHandle(k.template)
		if err != nil {
			return fmt.Errorf("create key ring: %w", err)
		}
		if *k.into, err = marshalKeyset(handle); err != nil {
			return fmt.Errorf("create key ring: %w", err)
		}
	}
	return r.save(ctx, dir, service)
}

func marshalKeyset(h *keyset.Handle) (keysetJSON, error) {
	var b bytes.Buffer
	err := insecurecleartextkeyset.Write(h, keyset.NewJSONWriter(&b))
	return b.Bytes(), err
}

func (k keysetJSON) handle() (*keyset.Handle, error) {
	return insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(k)))
}

// save wraps the ring and replaces ring.json in one step.
func (r *ring) save(ctx context.Context, dir string, service KeyService) error {
	plain, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("save key ring: %w", err)
	}
	wrapped, err := service.Wrap(ctx, plain, []byte("genbo ring "+r.ID))
	clear(plain)
	if err != nil {
		return fmt.Errorf("save key ring: %w", err)
	}
	text, err := json.MarshalIndent(ringOnDisk{ringFormat, r.ID, service.Name(), wrapped}, "", "  ")
	if err != nil {
		return fmt.Errorf("save key ring: %w", err)
	}
	return replaceFile(filepath.Join(dir, ringFile), append(text, '\n'))
}

// replaceFile writes a file so that after a crash either the old or the new content is there, whole.
func replaceFile(path string, content []byte) error {
	file, err := os.CreateTemp(filepath.Dir(path), ".ring-*") // CreateTemp makes it 0600
	if err != nil {
		return fmt.Errorf("write key ring: %w", err)
	}
	_, err = file.Write(content)
	if err = errors.Join(err, file.Sync(), file.Close()); err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write key ring: %w", err), os.Remove(file.Name()))
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("write key ring: %w", err)
	}
	return errors.Join(dir.Sync(), dir.Close())
}

func loadRing(ctx context.Context, dir string, service KeyService) (*ring, error) {
	path := filepath.Join(dir, ringFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no key ring at %s: restore it from its backup, or name its place with --keys: %w", path, genbo.ErrUnavailable)
	}
	if err != nil {
		return nil, fmt.Errorf("read key ring: %w", err)
	}
	var disk ringOnDisk
	if err := json.Unmarshal(text, &disk); err != nil || disk.Format != ringFormat {
		return nil, fmt.Errorf("%s is no key ring of format %d: %w", path, ringFormat, genbo.ErrTampered)
	}
	if disk.Service != service.Name() {
		return nil, fmt.Errorf("the key ring is kept by the key service %q, not %q: %w", disk.Service, service.Name(), genbo.ErrInvalid)
	}
	plain, err := service.Unwrap(ctx, disk.Wrapped, []byte("genbo ring "+disk.ID))
	if err != nil {
		return nil, err
	}
	defer clear(plain)
	var r ring
	if err := json.Unmarshal(plain, &r); err != nil || r.ID != disk.ID {
		return nil, fmt.Errorf("the key ring does not read: %w", genbo.ErrTampered)
	}
	return &r, nil
}
