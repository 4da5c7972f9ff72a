package db

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strconv"

	"github.com/pressly/goose/v3"

	"genbo"
)

//go:embed migrations
var migrations embed.FS

// migration is one step of the schema.
type migration struct {
	version int64
	name    string
	sum     string // SHA-256 of the file in hexadecimal
}

// migrationsFor lists the engine's migrations in order.
func migrationsFor(e Engine) ([]migration, error) {
	dir := path.Join("migrations", string(e))
	entries, err := fs.ReadDir(migrations, dir)
	if err != nil {
		return nil, err
	}
	var list []migration
	for _, entry := range entries {
		text, err := fs.ReadFile(migrations, path.Join(dir, entry.Name()))
		if err != nil {
			return nil, err
		}
		version, err := strconv.ParseInt(entry.Name()[:4], 10, 64)
		if err != nil {
			return nil, fmt.Errorf("migration %s: its name does not begin with four digits", entry.Name())
		}
		sum := sha256.Sum256(text)
		list = append(list, migration{version, entry.Name(), hex.EncodeToString(sum[:])})
	}
	return list, nil
}

// Migrate brings the schema of every server up to this program's. It only goes forward, and does nothing,
// not even under a role without the right to, where there is nothing to do.
func (d *DB) Migrate(ctx context.Context) error {
	if d.CheckSchema(ctx) == nil {
		return nil
	}
	list, err := migrationsFor(d.engine)
	if err != nil {
		return err
	}
	dialect := goose.DialectSQLite3
	if d.engine == Postgres {
		dialect = goose.DialectPostgres
	}
	files, err := fs.Sub(migrations, path.Join("migrations", string(d.engine)))
	if err != nil {
		return err
	}
	for i, s := range d.shards {
		if err := d.refuseNewer(ctx, i, list); err != nil {
			return err
		}
		provider, err := goose.NewProvider(dialect, s.pool, files)
		if err != nil {
			return fmt.Errorf("read migrations: %w", err)
		}
		if _, err := provider.Up(ctx); err != nil {
			return fmt.Errorf("migrate: %w", explain(err))
		}
		if err := d.recordSums(ctx, i, list); err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
	}
	return nil
}

// recordSums keeps the hash of each migration that has been applied.
func (d *DB) recordSums(ctx context.Context, shard int, list []migration) error {
	return d.Update(ctx, func(tx *Tx) error {
		var args []any
		for _, m := range list {
			args = append(args, m.version, m.name, m.sum)
		}
		_, err := tx.part(shard).Insert("INSERT INTO schema_checksum (version, name, sha256) VALUES", 3, args,
			"ON CONFLICT (version) DO NOTHING")
		return err
	})
}

func (d *DB) refuseNewer(ctx context.Context, shard int, list []migration) error {
	applied, err := d.applied(ctx, shard)
	if err != nil {
		return err
	}
	known := list[len(list)-1].version
	for version, sum := range applied {
		if version > known {
			return fmt.Errorf("the database has schema %d and this program knows %d: use a program at least as new as the one that wrote it: %w",
				version, known, genbo.ErrConflict)
		}
		for _, m := range list {
			if m.version == version && m.sum != sum {
				return fmt.Errorf("the database was migrated with another %s than this program's: %w", m.name, genbo.ErrConflict)
			}
		}
	}
	return nil
}

// applied reads the hashes of the applied migrations; an empty database has none.
func (d *DB) applied(ctx context.Context, shard int) (map[int64]string, error) {
	applied := map[int64]string{}
	err := d.View(ctx, func(tx *Tx) error {
		p := tx.part(shard)
		exists := "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_checksum'"
		if d.engine == Postgres {
			exists = "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'schema_checksum'"
		}
		var n int
		if err := p.Row(exists, nil, &n); err != nil || n == 0 {
			return err
		}
		return p.Each("SELECT version, sha256 FROM schema_checksum", nil, func(scan func(...any) error) error {
			var version int64
			var sum string
			if err := scan(&version, &sum); err != nil {
				return err
			}
			applied[version] = sum
			return nil
		})
	})
	return applied, err
}

// CheckSchema returns an error that says what to do unless every server has exactly this program's schema.
func (d *DB) CheckSchema(ctx context.Context) error {
	list, err := migrationsFor(d.engine)
	if err != nil {
		return err
	}
	for i := range d.shards {
		if err := d.refuseNewer(ctx, i, list); err != nil {
			return err
		}
		applied, err := d.applied(ctx, i)
		if err != nil {
			return err
		}
		if len(applied) < len(list) {
			return fmt.Errorf("the database has %d of %d migrations: run `genbo migrate` first: %w", len(applied), len(list), genbo.ErrConflict)
		}
	}
	return nil
}

//go:embed migrations/grants.sql
var grants string

var roleName = regexp.MustCompile(`^[a-z_][a-z0-9_]{0,62}$`)

// Grants is the SQL that gives a PostgreSQL role exactly the rights that Genbo needs to run: no UPDATE or
// DELETE on tables that only grow, and no right to change the schema.
func Grants(role string) (string, error) {
	if !roleName.MatchString(role) {
		return "", fmt.Errorf("role name: lower-case letters, digits and _ only: %w", genbo.ErrInvalid)
	}
	return regexp.MustCompile(`\bgenbo_app\b`).ReplaceAllString(grants, role), nil
}

// Grant runs [Grants] on every server, where role exists already.
func (d *DB) Grant(ctx context.Context, role string) error {
	text, err := Grants(role)
	if err != nil {
		return err
	}
	if d.engine != Postgres {
		return fmt.Errorf("only PostgreSQL has roles: %w", genbo.ErrInvalid)
	}
	var errs []error
	for _, s := range d.shards {
		_, err := s.pool.ExecContext(ctx, text)
		errs = append(errs, explain(err))
	}
	return errors.Join(errs...)
}
