package db

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"genbo"
)

var updateSums = flag.Bool("update", false, "write testdata/migrations.sha256 anew")

// A migration that has been released is never edited: databases have applied it.
func TestMigrationsAreUnchanged(t *testing.T) {
	var got []string
	for _, e := range []Engine{SQLite, Postgres} {
		list, err := migrationsFor(e)
		if err != nil {
			t.Fatal(err)
		}
		for i, m := range list {
			if m.version != int64(i+1) {
				t.Errorf("%s/%s: want number %04d, without gaps", e, m.name, i+1)
			}
			got = append(got, fmt.Sprintf("%s  %s/%s", m.sum, e, m.name))
		}
	}
	file := filepath.Join("testdata", "migrations.sha256")
	if *updateSums {
		if err := os.WriteFile(file, []byte(strings.Join(got, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(strings.TrimSpace(string(text)), "\n"), got); diff != "" {
		t.Errorf("a migration was edited, or a new one is not in %s (add it with -update):\n%s", file, diff)
	}
}

// Both engines have the same migrations, and these the same tables with the same columns.
func TestEnginesHaveTheSameSchema(t *testing.T) {
	lite, err := migrationsFor(SQLite)
	if err != nil {
		t.Fatal(err)
	}
	pg, err := migrationsFor(Postgres)
	if err != nil {
		t.Fatal(err)
	}
	names := func(list []migration) (n []string) {
		for _, m := range list {
			n = append(n, m.name)
		}
		return n
	}
	if diff := cmp.Diff(names(lite), names(pg)); diff != "" {
		t.Fatalf("the engines differ in migrations (-sqlite +postgres):\n%s", diff)
	}
	for _, m := range lite {
		l, p := columnsIn(t, SQLite, m.name), columnsIn(t, Postgres, m.name)
		if diff := cmp.Diff(l, p); diff != "" {
			t.Errorf("%s: tables differ (-sqlite +postgres):\n%s", m.name, diff)
		}
	}
}

// columnsIn reads the tables and columns off a migration's text, one a line as our migrations are written.
func columnsIn(t *testing.T, e Engine, name string) []string {
	t.Helper()
	text, err := migrations.ReadFile("migrations/" + string(e) + "/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	table := ""
	lines := bufio.NewScanner(strings.NewReader(string(text)))
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		switch {
		case len(words) > 2 && words[0] == "CREATE" && words[1] == "TABLE":
			table = words[2]
		case strings.HasPrefix(lines.Text(), ")"):
			table = ""
		case table != "" && len(words) > 1 && strings.HasPrefix(lines.Text(), "  "):
			column := table + "." + words[0]
			if slices.Contains(words, "NOT") {
				column += " NOT NULL"
			}
			found = append(found, column)
		}
	}
	if len(found) == 0 && strings.Contains(string(text), "CREATE TABLE") {
		t.Fatalf("%s: no columns found", name)
	}
	return found
}

func TestDatabaseOfANewerProgram(t *testing.T) {
	ctx := context.Background()
	d, err := Open(ctx, filepath.Join(t.TempDir(), "genbo.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.CheckSchema(ctx); !errors.Is(err, genbo.ErrConflict) || !strings.Contains(err.Error(), "genbo migrate") {
		t.Errorf("an empty database: got %v, want advice to migrate", err)
	}
	if err := d.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	if err := d.CheckSchema(ctx); err != nil {
		t.Errorf("just migrated: %v", err)
	}
	err = d.Update(ctx, func(tx *Tx) error {
		_, err := tx.Home().Exec("INSERT INTO schema_checksum (version, name, sha256) VALUES (?, ?, ?)", 9999, "9999_future.sql", "00")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, check := range map[string]func(context.Context) error{"check": d.CheckSchema, "migrate": d.Migrate} {
		if err := check(ctx); !errors.Is(err, genbo.ErrConflict) || !strings.Contains(err.Error(), "9999") {
			t.Errorf("%s: got %v, want a refusal that names schema 9999", name, err)
		}
	}
}

func TestEditedMigrationIsRefused(t *testing.T) {
	ctx := context.Background()
	d, err := Open(ctx, filepath.Join(t.TempDir(), "genbo.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	err = d.Update(ctx, func(tx *Tx) error {
		_, err := tx.Home().Exec("UPDATE schema_checksum SET sha256 = ? WHERE version = ?", "0f", 2)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.CheckSchema(ctx); !errors.Is(err, genbo.ErrConflict) {
		t.Errorf("got %v, want a refusal", err)
	}
}
