package vault

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"filippo.io/age"

	"genbo"
)

// KeyService wraps and unwraps the key ring under a root key that never leaves it. Context is bound to the
// wrapped bytes: unwrapping under another context is [genbo.ErrTampered].
type KeyService interface {
	// Name says which kind of service it is; it is written beside the ring, so that a wrong one is noticed.
	Name() string
	Wrap(ctx context.Context, plain, context []byte) ([]byte, error)
	Unwrap(ctx context.Context, wrapped, context []byte) ([]byte, error)
}

const rootKeyBytes = 32

// CreateKeyFile writes a new random root key to path, which must not exist, readable by its owner only.
func CreateKeyFile(path string) error {
	key := make([]byte, rootKeyBytes)
	rand.Read(key)
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("create key file: %w", err)
	}
	_, err = fmt.Fprintln(file, hex.EncodeToString(key))
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("create key file: %w", err)
	}
	return nil
}

// FileKey is the key service of a root key in a file, as [CreateKeyFile] writes it. It refuses a file that
// anyone but its owner may read.
func FileKey(path string) (KeyService, error) {
	text, err := readSecret(path, "root key")
	if err != nil {
		return nil, err
	}
	key, err := hex.DecodeString(text)
	if err != nil || len(key) != rootKeyBytes {
		return nil, fmt.Errorf("key file %s: want %d bytes in hexadecimal; restore it from its backup: %w", path, rootKeyBytes, genbo.ErrTampered)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, err
	}
	return fileKey{aead}, nil
}

// readSecret reads a file that only its owner may read, without blanks around.
func readSecret(path, what string) (string, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("there is no %s at %s: without it nothing can be read; restore it from its backup, or name its place with --keys: %w", what, path, genbo.ErrUnavailable)
	}
	if err != nil {
		return "", fmt.Errorf("read %s: %w", what, err)
	}
	if err := ownerOnly(path, info); err != nil {
		return "", err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("read %s: %w", what, err)
	}
	return strings.TrimSpace(string(text)), nil
}

type fileKey struct{ aead cipher.AEAD }

func (fileKey) Name() string { return "file" }

func (k fileKey) Wrap(_ context.Context, plain, context []byte) ([]byte, error) {
	return k.aead.Seal(nil, nil, plain, context), nil
}

func (k fileKey) Unwrap(_ context.Context, wrapped, context []byte) ([]byte, error) {
	plain, err := k.aead.Open(nil, nil, wrapped, context)
	if err != nil {
		return nil, fmt.Errorf("the key file does not open the key ring: it is another register's, or one of the two was altered: %w", genbo.ErrTampered)
	}
	return plain, nil
}

// passphraseMin is the least length of a passphrase in characters.
const passphraseMin = 16

// Passphrase is the key service of a passphrase in a file that only its owner may read, such as a systemd
// credential: the disk that holds the ring then holds no key at all. The ring is sealed by age (scrypt).
func Passphrase(path string) (KeyService, error) {
	text, err := readSecret(path, "passphrase")
	if err != nil {
		return nil, err
	}
	if len([]rune(text)) < passphraseMin {
		return nil, fmt.Errorf("the passphrase in %s is shorter than %d characters: %w", path, passphraseMin, genbo.ErrInvalid)
	}
	return passphrase(text), nil
}

type passphrase string

func (passphrase) Name() string { return "passphrase" }

func (p passphrase) Wrap(_ context.Context, plain, context []byte) ([]byte, error) {
	recipient, err := age.NewScryptRecipient(string(p))
	if err != nil {
		return nil, err
	}
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, recipient)
	if err != nil {
		return nil, err
	}
	// age binds no context of its own, so it travels inside the seal.
	_, err = w.Write(append(append(context[:len(context):len(context)], 0), plain...))
	if err = errors.Join(err, w.Close()); err != nil {
		return nil, err
	}
	return sealed.Bytes(), nil
}

func (p passphrase) Unwrap(_ context.Context, wrapped, context []byte) ([]byte, error) {
	refused := fmt.Errorf("the passphrase does not open the key ring: it is another one, or the ring was altered: %w", genbo.ErrTampered)
	identity, err := age.NewScryptIdentity(string(p))
	if err != nil {
		return nil, err
	}
	r, err := age.Decrypt(bytes.NewReader(wrapped), identity)
	if err != nil {
		return nil, refused
	}
	all, err := io.ReadAll(r)
	if err != nil {
		return nil, refused
	}
	plain, found := bytes.CutPrefix(all, append(context[:len(context):len(context)], 0))
	if !found {
		return nil, refused
	}
	return plain, nil
}
