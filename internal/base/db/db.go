package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	_ "modernc.org/sqlite"             // the driver "sqlite"

	"genbo"
)

// Engine is a kind of database.
type Engine string

// The engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// DB is one register. It is safe for concurrent use.
type DB struct {
	engine Engine
	shards []*shard
	clock  func() time.Time

	mu   sync.Mutex
	last time.Time // the latest time given to a transaction

	sharing sharing
}

// shard is one server, or the one SQLite file.
type shard struct {
	pool *sql.DB
	// SQLite only: the one writing connection and the reading ones, each in its channel while it is free.
	writer, readers chan *conn
}

// Option changes how a register is opened.
type Option func(*DB)

// WithClock sets the clock; time.Now is the default.
func WithClock(now func() time.Time) Option { return func(d *DB) { d.clock = now } }

// Open opens the register at address: the path of an SQLite file, which is created where there is none, or
// one or more postgres:// addresses separated by commas, over which the buckets are spread evenly. It does
// not migrate; see [DB.Migrate] and [DB.CheckSchema].
func Open(ctx context.Context, address string, options ...Option) (*DB, error) {
	d := &DB{clock: time.Now, sharing: sharing{leader: make(chan struct{}, 1)}}
	for _, o := range options {
		o(d)
	}
	var err error
	if IsPostgres(address) {
		d.engine = Postgres
		for one := range strings.SplitSeq(address, ",") {
			var s *shard
			if s, err = openPostgres(ctx, one); err != nil {
				break
			}
			d.shards = append(d.shards, s)
		}
	} else {
		d.engine = SQLite
		var s *shard
		if s, err = openSQLite(ctx, address); err == nil {
			d.shards = []*shard{s}
		}
	}
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// IsPostgres reports whether address is of PostgreSQL.
func IsPostgres(address string) bool {
	return strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://")
}

func openPostgres(ctx context.Context, address string) (*shard, error) {
	pool, err := sql.Open("pgx", address)
	if err != nil {
		return nil, fmt.Errorf("open PostgreSQL: the address cannot be read: %w", genbo.ErrInvalid)
	}
	pool.SetMaxOpenConns(16)
	pool.SetMaxIdleConns(16)
	if err := pool.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open PostgreSQL at %s: %w: %w", redact(address), genbo.ErrUnavailable, err), pool.Close())
	}
	return &shard{pool: pool}, nil
}

// redact removes the password from an address.
func redact(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "postgres://…"
	}
	return u.Redacted()
}

// sqlitePragmas: see docs/design/0001-storage.md for the measurements behind them.
const sqlitePragmas = "_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" +
	"&_pragma=foreign_keys(1)&_pragma=cache_size(-131072)&_pragma=mmap_size(268435456)&_pragma=wal_autocheckpoint(16384)&_pragma=temp_store(MEMORY)"

func openSQLite(ctx context.Context, path string) (*shard, error) {
	// Created here, and so narrowly, because SQLite would create it readable by all; WAL and shared-memory
	// files take the mode of the database.
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open SQLite file: %w", err)
	}
	if err := file.Close(); err != nil {
		return nil, fmt.Errorf("open SQLite file: %w", err)
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open SQLite file: %w", err)
	}
	source := "file:" + (&url.URL{Path: absolute}).EscapedPath() + "?" + sqlitePragmas
	pool, err := sql.Open("sqlite", source)
	if err != nil {
		return nil, fmt.Errorf("open SQLite file %s: %w", path, err)
	}
	s := &shard{pool: pool, writer: make(chan *conn, 1), readers: make(chan *conn, sqliteReaders)}
	for i := range sqliteReaders + 1 {
		c, err := pool.Conn(ctx)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("open SQLite file %s: %w", path, explain(err)), pool.Close())
		}
		free := s.readers
		if i == 0 {
			free = s.writer
		} else if _, err := c.ExecContext(ctx, "PRAGMA query_only = 1"); err != nil {
			return nil, errors.Join(fmt.Errorf("open SQLite file %s: %w", path, explain(err)), pool.Close())
		}
		free <- &conn{sql: c, prepared: map[string]*sql.Stmt{}}
	}
	return s, nil
}

// sqliteReaders is how many reading transactions run at the same time. More than there are cores was
// measured to be slower.
var sqliteReaders = max(4, runtime.NumCPU())

// Close closes every connection, after the transactions that run; SQLite's log is folded into the file.
func (d *DB) Close() error {
	var errs []error
	for _, s := range d.shards {
		if s.writer != nil {
			errs = append(errs, (<-s.writer).close())
			for range sqliteReaders {
				errs = append(errs, (<-s.readers).close())
			}
		}
		errs = append(errs, s.pool.Close())
	}
	d.shards = nil
	return errors.Join(errs...)
}

// Engine tells which engine the register runs on.
func (d *DB) Engine() Engine { return d.engine }

// Shards is the number of servers that the buckets are spread over.
func (d *DB) Shards() int { return len(d.shards) }

// SingleWriter reports whether at most one transaction writes at a time, as in SQLite.
func (d *DB) SingleWriter() bool { return d.engine == SQLite }

// shardOf is the number of the server that holds a bucket.
func (d *DB) shardOf(b genbo.Bucket) int { return int(b) * len(d.shards) / genbo.Buckets }

// maxClockLag is how far the clock may stand behind the last transaction before nothing is written.
const maxClockLag = time.Minute

// now returns the time of the next transaction, which is never before the last one's.
func (d *DB) now() (time.Time, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	t := d.clock().UTC().Truncate(time.Millisecond)
	if t.Before(d.last) {
		if d.last.Sub(t) > maxClockLag {
			return time.Time{}, fmt.Errorf("the clock stands at %s, which is before the last transaction at %s: set the clock, then try again: %w",
				t.Format(time.RFC3339), d.last.Format(time.RFC3339), genbo.ErrUnavailable)
		}
		t = d.last
	}
	d.last = t
	return t, nil
}

// NotBefore tells the register of a time that it has reached already, as its owner knows from the last
// entry of the journal: transactions get no earlier time.
func (d *DB) NotBefore(t time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if t.After(d.last) {
		d.last = t
	}
}

// Now is the time that a transaction begun now would have, for pages that show the present.
func (d *DB) Now() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	if t := d.clock().UTC(); t.After(d.last) {
		return t
	}
	return d.last
}
