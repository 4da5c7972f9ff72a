package vault_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"genbo"
	"genbo/internal/base/vault"
)

// newVault makes a ring under a new key file and opens it.
func newVault(t testing.TB) (*vault.Vault, string) {
	t.Helper()
	dir := t.TempDir()
	if err := vault.CreateKeyFile(filepath.Join(dir, vault.RootKeyFile)); err != nil {
		t.Fatal(err)
	}
	if err := vault.Create(context.Background(), dir, "genbo.test", fileKey(t, dir)); err != nil {
		t.Fatal(err)
	}
	return open(t, dir), dir
}

func fileKey(t testing.TB, dir string) vault.KeyService {
	t.Helper()
	service, err := vault.FileKey(filepath.Join(dir, vault.RootKeyFile))
	if err != nil {
		t.Fatal(err)
	}
	return service
}

func open(t testing.TB, dir string) *vault.Vault {
	t.Helper()
	v, err := vault.Open(context.Background(), dir, fileKey(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestSealedValueOpensOnlyInItsPlace(t *testing.T) {
	v, _ := newVault(t)
	key, wrapped, err := v.NewPersonKey(7)
	if err != nil {
		t.Fatal(err)
	}
	at := vault.Place{Table: "person_fact", Column: "sealed", Kind: "name", Seq: 1}
	sealed := key.Seal([]byte("年金 花子"), at)
	if bytes.Contains(sealed, []byte("花子")) {
		t.Fatal("the sealed value shows the plain one")
	}
	again, err := v.PersonKey(7, wrapped.Key)
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := again.Open(sealed, at); err != nil || string(plain) != "年金 花子" {
		t.Fatalf("in its place: got %v", err)
	}
	for name, elsewhere := range map[string]vault.Place{
		"table":              {"person_number", "sealed", "name", 1, ""},
		"column":             {"person_fact", "other", "name", 1, ""},
		"kind":               {"person_fact", "sealed", "address", 1, ""},
		"row":                {"person_fact", "sealed", "name", 2, ""},
		"another row's rest": {"person_fact", "sealed", "name", 1, "x"},
	} {
		if _, err := key.Open(sealed, elsewhere); !errors.Is(err, genbo.ErrTampered) {
			t.Errorf("moved to another %s: got %v, want ErrTampered", name, err)
		}
	}
	other, _, err := v.NewPersonKey(8)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Open(sealed, at); !errors.Is(err, genbo.ErrTampered) {
		t.Errorf("moved to another person: got %v, want ErrTampered", err)
	}
	if _, err := v.PersonKey(8, wrapped.Key); !errors.Is(err, genbo.ErrTampered) {
		t.Errorf("data key moved to another person: got %v, want ErrTampered", err)
	}
	for i := range sealed {
		sealed[i] ^= 1
		if _, err := key.Open(sealed, at); !errors.Is(err, genbo.ErrTampered) {
			t.Fatalf("byte %d altered: got %v, want ErrTampered", i, err)
		}
		sealed[i] ^= 1
	}
}

func TestTokens(t *testing.T) {
	v, dir := newVault(t)
	token := func(v *vault.Vault, domain string, parts ...string) vault.Token {
		t.Helper()
		got, err := v.Token(domain, parts...)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	one := token(v, "kana", "ネンキンハナコ", "19500301")
	if one != token(open(t, dir), "kana", "ネンキンハナコ", "19500301") {
		t.Error("the same value has another token after the vault is opened again")
	}
	for name, other := range map[string]vault.Token{
		"domain":  token(v, "kanji", "ネンキンハナコ", "19500301"),
		"borders": token(v, "kana", "ネンキンハナコ1", "9500301"),
		"fewer":   token(v, "kana", "ネンキンハナコ19500301"),
	} {
		if one == other {
			t.Errorf("another %s gives the same token", name)
		}
	}
	stranger, _ := newVault(t)
	if one == token(stranger, "kana", "ネンキンハナコ", "19500301") {
		t.Error("another register's key gives the same token")
	}
}

func TestReferences(t *testing.T) {
	v, dir := newVault(t)
	ref, err := v.Ref(42)
	if err != nil {
		t.Fatal(err)
	}
	if p, err := open(t, dir).Person(ref); err != nil || p != 42 {
		t.Errorf("got %d, %v, want the person again", uint32(p), err)
	}
	next, err := v.Ref(43)
	if err != nil {
		t.Fatal(err)
	}
	stranger, _ := newVault(t)
	foreign, err := stranger.Ref(42)
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []genbo.PersonRef{"", "42", ref[:33], ref + "A", next[:20] + ref[20:], foreign, genbo.PersonRef(strings.Repeat("A", 34))} {
		if _, err := v.Person(bad); !errors.Is(err, genbo.ErrNotFound) {
			t.Errorf("reference %q: got %v, want ErrNotFound", bad, err)
		}
	}
}

func TestKeyFileOthersMayRead(t *testing.T) {
	_, dir := newVault(t)
	path := filepath.Join(dir, vault.RootKeyFile)
	for _, mode := range []os.FileMode{0o640, 0o604, 0o622, 0o644} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := vault.FileKey(path); !errors.Is(err, genbo.ErrForbidden) || !strings.Contains(err.Error(), "chmod 600") {
			t.Errorf("mode %o: got %v, want a refusal that says what to do", mode, err)
		}
	}
}

func TestMissingOrWrongKeys(t *testing.T) {
	ctx := context.Background()
	_, dir := newVault(t)
	_, other := newVault(t)
	if _, err := vault.Open(ctx, dir, fileKey(t, other)); !errors.Is(err, genbo.ErrTampered) {
		t.Errorf("another register's key file: got %v, want ErrTampered", err)
	}
	if err := vault.Create(ctx, dir, "genbo.test", fileKey(t, dir)); !errors.Is(err, genbo.ErrConflict) {
		t.Errorf("create over a ring: got %v, want ErrConflict", err)
	}
	if err := os.Remove(filepath.Join(dir, "ring.json")); err != nil {
		t.Fatal(err)
	}
	if _, err := vault.Open(ctx, dir, fileKey(t, dir)); !errors.Is(err, genbo.ErrUnavailable) || !strings.Contains(err.Error(), "ring.json") {
		t.Errorf("no ring: got %v, want a refusal that names the file", err)
	}
	if err := os.Remove(filepath.Join(dir, vault.RootKeyFile)); err != nil {
		t.Fatal(err)
	}
	if _, err := vault.FileKey(filepath.Join(dir, vault.RootKeyFile)); !errors.Is(err, genbo.ErrUnavailable) {
		t.Errorf("no key file: got %v, want ErrUnavailable", err)
	}
}

func TestPassphrase(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	secret := func(text string) string {
		path := filepath.Join(t.TempDir(), "passphrase")
		if err := os.WriteFile(path, []byte(text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	if _, err := vault.Passphrase(secret("too short")); !errors.Is(err, genbo.ErrInvalid) {
		t.Errorf("a short passphrase: got %v, want ErrInvalid", err)
	}
	service, err := vault.Passphrase(secret("eight old pens wrote this"))
	if err != nil {
		t.Fatal(err)
	}
	if err := vault.Create(ctx, dir, "genbo.test", service); err != nil {
		t.Fatal(err)
	}
	if _, err := vault.Open(ctx, dir, service); err != nil {
		t.Error(err)
	}
	wrong, err := vault.Passphrase(secret("eight new pens wrote this"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := vault.Open(ctx, dir, wrong); !errors.Is(err, genbo.ErrTampered) {
		t.Errorf("a wrong passphrase: got %v, want ErrTampered", err)
	}
}

func TestRotation(t *testing.T) {
	ctx := context.Background()
	v, dir := newVault(t)
	running := open(t, dir) // another process that goes on while keys are rotated
	at := vault.Place{Table: "person_fact", Column: "sealed", Kind: "name", Seq: 1}
	key, wrapped, err := v.NewPersonKey(1)
	if err != nil {
		t.Fatal(err)
	}
	sealed := key.Seal([]byte("x"), at)
	if err := v.RotatePersonKeys(ctx); err != nil {
		t.Fatal(err)
	}
	if v.Epoch() == wrapped.Epoch {
		t.Error("the epoch did not change")
	}
	if _, err := v.PersonKey(1, wrapped.Key); err != nil {
		t.Errorf("a key under the old wrapping key does not open during rotation: %v", err)
	}
	moved, err := v.Rewrap(1, wrapped.Key)
	if err != nil {
		t.Fatal(err)
	}
	again, err := running.PersonKey(1, moved.Key)
	if err != nil {
		t.Fatalf("a running process does not find the new wrapping key: %v", err)
	}
	if _, err := again.Open(sealed, at); err != nil {
		t.Errorf("what was sealed before the rotation does not open: %v", err)
	}
	if err := v.RetireKeys(ctx); err != nil {
		t.Fatal(err)
	}
	if n, err := v.PersonKeys(ctx); err != nil || n != 1 {
		t.Errorf("the ring holds %d wrapping keys, %v; want 1", n, err)
	}
	if _, err := v.PersonKey(1, wrapped.Key); !errors.Is(err, genbo.ErrTampered) {
		t.Errorf("under a destroyed wrapping key: got %v, want ErrTampered", err)
	}
}

func TestTextIsBoundToItsRecord(t *testing.T) {
	v, _ := newVault(t)
	sealed, err := v.SealText("call from Hanako", "entry-1")
	if err != nil {
		t.Fatal(err)
	}
	if text, err := v.OpenText(sealed, "entry-1"); err != nil || text != "call from Hanako" {
		t.Errorf("got %v", err)
	}
	if _, err := v.OpenText(sealed, "entry-2"); !errors.Is(err, genbo.ErrTampered) {
		t.Errorf("moved to another record: got %v, want ErrTampered", err)
	}
}

func BenchmarkNewPersonKey(b *testing.B) {
	v, _ := newVault(b)
	for b.Loop() {
		if _, _, err := v.NewPersonKey(1); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSeal(b *testing.B) {
	v, _ := newVault(b)
	key, _, err := v.NewPersonKey(1)
	if err != nil {
		b.Fatal(err)
	}
	value := []byte("東京都千代田区霞が関一丁目二番三号")
	for b.Loop() {
		key.Seal(value, vault.Place{Table: "person_fact", Column: "sealed", Kind: "address", Seq: 1})
	}
}

func BenchmarkToken(b *testing.B) {
	v, _ := newVault(b)
	for b.Loop() {
		if _, err := v.Token("kana", "ネンキンハナコ", "19500301"); err != nil {
			b.Fatal(err)
		}
	}
}
