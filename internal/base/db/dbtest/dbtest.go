package dbtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"genbo/internal/base/db"
)

// Each runs fn once for each engine, on an empty migrated register.
func Each(t *testing.T, fn func(t *testing.T, d *db.DB)) {
	t.Helper()
	EachAddress(t, func(t *testing.T, address string) {
		fn(t, open(t, address))
	})
}

// EachAddress is [Each] for tests that open the register themselves.
func EachAddress(t *testing.T, fn func(t *testing.T, address string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { fn(t, SQLite(t)) })
	servers := Servers(t)
	if len(servers) == 0 {
		return
	}
	t.Run("postgres", func(t *testing.T) { fn(t, Postgres(t, servers[:1])) })
	if len(servers) > 1 {
		t.Run("spread", func(t *testing.T) { fn(t, Postgres(t, servers)) })
	}
}

// New returns an empty migrated register on SQLite, for tests in which the engine does not matter.
func New(t testing.TB) *db.DB {
	t.Helper()
	return open(t, SQLite(t))
}

func open(t testing.TB, address string) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return d
}

// SQLite returns the path of an empty migrated register.
func SQLite(t testing.TB) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "genbo.db")
	migrate(t, file)
	return file
}

func migrate(t testing.TB, address string) {
	t.Helper()
	d, err := db.Open(context.Background(), address)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
}

// Servers returns the addresses of the run's PostgreSQL servers, none on a plain `go test`.
func Servers(t testing.TB) []string {
	t.Helper()
	list := os.Getenv("GENBO_TEST_PG")
	if list == "" {
		if os.Getenv("GENBO_TEST_ALL") == "1" {
			t.Fatal("GENBO_TEST_PG names no PostgreSQL servers: run ./check, or `./check postgres` in another terminal")
		}
		t.Log("left out PostgreSQL: GENBO_TEST_PG is not set (./check sets it)")
		return nil
	}
	return strings.Split(list, ",")
}

// Role and password of the role that tests run under.
const (
	Role     = "genbo_test"
	password = "only-for-tests"
)

// Postgres makes an empty migrated database on each server and returns the addresses, joined, under the
// role with Genbo's rights. The databases are dropped with the test.
func Postgres(t testing.TB, servers []string) string {
	t.Helper()
	_, run := databases(t, servers)
	return run
}

// Owned is [Postgres] under the role that owns the tables, as `genbo migrate` and `genbo move` run.
func Owned(t testing.TB, servers []string) string {
	t.Helper()
	owned, _ := databases(t, servers)
	return owned
}

func databases(t testing.TB, servers []string) (owner, role string) {
	t.Helper()
	name := "genbo_" + strings.ToLower(rand.Text()[:12])
	var owned, run []string
	for _, server := range servers {
		admin(t, server, fmt.Sprintf(`DO $$ BEGIN CREATE ROLE %s LOGIN PASSWORD '%s';
			EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`, Role, password))
		admin(t, server, "CREATE DATABASE "+name)
		t.Cleanup(func() { admin(t, server, "DROP DATABASE "+name+" WITH (FORCE)") })
		u, err := url.Parse(server)
		if err != nil {
			t.Fatal("GENBO_TEST_PG cannot be read")
		}
		u.Path = "/" + name
		owned = append(owned, u.String())
		u.User = url.UserPassword(Role, password)
		run = append(run, u.String())
	}
	d, err := db.Open(context.Background(), strings.Join(owned, ","))
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := d.Grant(context.Background(), Role); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(owned, ","), strings.Join(run, ",")
}

func admin(t testing.TB, server, statement string) {
	t.Helper()
	pool, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	if _, err := pool.ExecContext(context.Background(), statement); err != nil {
		t.Fatalf("%.40s…: %v", statement, err)
	}
}
