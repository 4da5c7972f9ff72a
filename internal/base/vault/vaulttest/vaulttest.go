// Package vaulttest gives a test an opened vault with keys of its own. It is for tests only.
package vaulttest

import (
	"context"
	"path/filepath"
	"testing"

	"genbo/internal/base/vault"
)

// New makes a key file and a ring in a directory of the test and opens the vault.
func New(t testing.TB) *vault.Vault {
	t.Helper()
	return Open(t, Dir(t))
}

// Dir makes a key file and a ring and returns the directory that they lie in.
func Dir(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	if err := vault.CreateKeyFile(filepath.Join(dir, vault.RootKeyFile)); err != nil {
		t.Fatal(err)
	}
	if err := vault.Create(context.Background(), dir, "genbo.test", service(t, dir)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// Open opens the vault in a directory that [Dir] made.
func Open(t testing.TB, dir string) *vault.Vault {
	t.Helper()
	v, err := vault.Open(context.Background(), dir, service(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func service(t testing.TB, dir string) vault.KeyService {
	t.Helper()
	s, err := vault.FileKey(filepath.Join(dir, vault.RootKeyFile))
	if err != nil {
		t.Fatal(err)
	}
	return s
}
