package watch

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"genbo/internal/base/keyedset"
)

// TestCopies: with a register's filter it tells the core of which list a file is a copy, also after a restart, and no more when the
// file is gone.
func TestCopies(t *testing.T) {
	key, path := keyedset.NewKey(), filepath.Join(t.TempDir(), "filter")
	b := keyedset.NewBuilder(key, t.TempDir())
	defer b.Close()
	for i := range uint64(40) { // the numbers of table, every fifth of a decoy
		v := keyedset.Person(uint32(i))
		if i%5 == 0 {
			v = keyedset.Decoy(0)
		}
		if err := b.Add(b.Number((1000+i)*1_000_000+7*i), v); err != nil {
			t.Fatal(err)
		}
	}
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	err = b.Write(t.Context(), file, keyedset.Info{Register: "test", Made: time.Now(), Expires: time.Now().Add(time.Hour), Persons: 40, Lists: []keyedset.List{{ID: "4711", Decoys: 8}}})
	if err != nil {
		t.Fatal(err)
	}
	people, err := keyedset.Open(path, key, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	defer people.Close()
	root := t.TempDir()
	leaked := write(t, table(0, 40), root, "copy.csv")
	write(t, table(500, 40), root, "other.csv")
	age(t, leaked, filepath.Join(root, "other.csv"))
	o := Options{Roots: []string{root}, State: t.TempDir(), Whose: people, Now: time.Now, Log: slog.New(slog.DiscardHandler)}
	for range 2 {
		if d := cmp.Diff([]Copies{{"4711", 40}}, once(t, o).Copies); d != "" {
			t.Error(d)
		}
	}
	if err := os.Remove(leaked); err != nil {
		t.Fatal(err)
	}
	if f := once(t, o); len(f.Copies) != 0 || f.Unprotected() != 40 {
		t.Errorf("%+v", f)
	}
}
