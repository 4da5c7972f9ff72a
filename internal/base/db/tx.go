package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"genbo"
)

// Tx is a transaction with one fixed time. It is for one goroutine.
type Tx struct {
	// Now is the time of the transaction in UTC, whole milliseconds.
	Now time.Time

	ctx    context.Context
	db     *DB
	write  bool
	parts  []*Part // by shard; nil until touched
	opened []*Part // in the order in which they were touched
	after  []func()
	later  []collected
}

// collected is an item that waits for the end of its transaction.
type collected struct {
	item  any
	flush func(items []any) error
}

// Part is the share of a transaction on one server.
type Part struct {
	tx   *Tx
	free chan *conn // SQLite: where lite goes back to
	lite *conn      // SQLite
	pg   *sql.Tx    // PostgreSQL
	err  error      // why the part could not be begun
}

// Update runs fn in a writing transaction and commits it if fn returns nil. Where the database reports that
// another transaction was in the way, fn is run again: it must not change anything outside the transaction
// except through [Tx.AfterCommit].
func (d *DB) Update(ctx context.Context, fn func(tx *Tx) error) error {
	const tries = 6
	for i := 1; ; i++ {
		err := d.run(ctx, true, fn)
		if err == nil || i == tries || !errors.Is(err, errRetry) {
			return err
		}
		pause := time.Duration(rand.IntN(10<<i)) * time.Millisecond
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}

// View runs fn in a reading transaction that sees one state of each server.
func (d *DB) View(ctx context.Context, fn func(tx *Tx) error) error {
	return d.run(ctx, false, fn)
}

func (d *DB) run(ctx context.Context, write bool, fn func(tx *Tx) error) error {
	tx := &Tx{ctx: ctx, db: d, write: write, parts: make([]*Part, len(d.shards))}
	var err error
	if write {
		tx.Now, err = d.now()
	} else {
		tx.Now = d.clock().UTC().Truncate(time.Millisecond)
	}
	if err != nil {
		return err
	}
	defer tx.rollback()
	if err := fn(tx); err != nil {
		return err
	}
	if err := tx.flush(); err != nil {
		return err
	}
	return tx.commit()
}

// Collect keeps item until the transaction's own work is done; flush is then called once, inside the
// transaction, with every item collected. All items of a transaction have the same flush.
func (tx *Tx) Collect(item any, flush func(items []any) error) {
	tx.later = append(tx.later, collected{item, flush})
}

func (tx *Tx) flush() error {
	if len(tx.later) == 0 {
		return nil
	}
	items := make([]any, len(tx.later))
	for i, c := range tx.later {
		items[i] = c.item
	}
	return tx.later[0].flush(items)
}

// commit commits the part touched first last, so that what it anchors is complete once it is there.
func (tx *Tx) commit() error {
	for i := len(tx.opened) - 1; i >= 0; i-- {
		if err := tx.opened[i].commit(); err != nil {
			if i < len(tx.opened)-1 && errors.Is(err, errRetry) {
				// Parts are committed already: running fn again would write them twice.
				err = fmt.Errorf("%w: %w", genbo.ErrUnavailable, errors.Unwrap(err))
			}
			return fmt.Errorf("commit: %w", err)
		}
	}
	for _, fn := range tx.after {
		fn()
	}
	return nil
}

func (tx *Tx) rollback() {
	for _, p := range tx.opened {
		p.rollback()
	}
}

// AfterCommit has fn called once the transaction is durable, and never if it is not.
func (tx *Tx) AfterCommit(fn func()) { tx.after = append(tx.after, fn) }

// Context is the context that the transaction runs under.
func (tx *Tx) Context() context.Context { return tx.ctx }

// On returns the part of the transaction on the server that holds a bucket.
func (tx *Tx) On(b genbo.Bucket) *Part { return tx.part(tx.db.shardOf(b)) }

// Home returns the part that holds what belongs to no person.
func (tx *Tx) Home() *Part { return tx.On(genbo.HomeBucket) }

// Everywhere calls fn for each server: for questions about the whole register, never for one person.
func (tx *Tx) Everywhere(fn func(p *Part) error) error {
	for i := range tx.db.shards {
		if err := fn(tx.part(i)); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) part(i int) *Part {
	if p := tx.parts[i]; p != nil {
		return p
	}
	p := &Part{tx: tx}
	if err := p.begin(tx.db.shards[i]); err != nil {
		p.err = fmt.Errorf("begin: %w", err)
		return p
	}
	tx.parts[i] = p
	tx.opened = append(tx.opened, p)
	return p
}

func (p *Part) begin(s *shard) (err error) {
	ctx, write := p.tx.ctx, p.tx.write
	if s.writer == nil {
		options := &sql.TxOptions{}
		if !write {
			options.ReadOnly, options.Isolation = true, sql.LevelRepeatableRead
		}
		p.pg, err = s.pool.BeginTx(ctx, options)
		return explain(err)
	}
	begin := "BEGIN"
	p.free = s.readers
	if write {
		p.free, begin = s.writer, "BEGIN IMMEDIATE"
	}
	select {
	case p.lite = <-p.free:
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := p.lite.exec(ctx, begin); err != nil {
		p.free <- p.lite
		p.lite = nil
		return err
	}
	return nil
}

func (p *Part) commit() error {
	if p.pg != nil {
		return explain(p.pg.Commit())
	}
	// Not under the caller's context: a commit half way is neither done nor undone.
	if err := p.lite.exec(context.WithoutCancel(p.tx.ctx), "COMMIT"); err != nil {
		return err
	}
	p.free <- p.lite
	p.lite = nil
	return nil
}

// rollback undoes the part unless it is committed.
func (p *Part) rollback() {
	if p.pg != nil {
		_ = p.pg.Rollback() // after a commit this does nothing and says so
	}
	if p.lite != nil {
		_ = p.lite.exec(context.WithoutCancel(p.tx.ctx), "ROLLBACK") // refused where SQLite rolled back itself
		p.free <- p.lite
		p.lite = nil
	}
}

// Exec runs a statement and returns how many rows it changed.
func (p *Part) Exec(query string, args ...any) (int64, error) {
	if p.err != nil {
		return 0, p.err
	}
	var result sql.Result
	var err error
	if p.tx.db.engine == Postgres {
		result, err = p.pg.ExecContext(p.tx.ctx, rebind(query), args...)
	} else {
		var stmt *sql.Stmt
		if stmt, err = p.lite.prepare(p.tx.ctx, query); err == nil {
			result, err = stmt.ExecContext(p.tx.ctx, args...)
		}
	}
	if err != nil {
		return 0, explain(err)
	}
	n, err := result.RowsAffected()
	return n, explain(err)
}

// Row reads the one row that query gives into dest; no row is [genbo.ErrNotFound].
func (p *Part) Row(query string, args []any, dest ...any) error {
	rows, err := p.rows(query, args)
	if err != nil {
		return err
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return explain(err)
		}
		return genbo.ErrNotFound
	}
	if err := rows.Scan(dest...); err != nil {
		return fmt.Errorf("read row: %w", err)
	}
	return explain(rows.Close())
}

// Each calls fn for each row that query gives, to scan it.
func (p *Part) Each(query string, args []any, fn func(scan func(dest ...any) error) error) error {
	rows, err := p.rows(query, args)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := fn(rows.Scan); err != nil {
			return err
		}
	}
	return explain(rows.Err())
}

func (p *Part) rows(query string, args []any) (*sql.Rows, error) {
	if p.err != nil {
		return nil, p.err
	}
	if p.tx.db.engine == Postgres {
		rows, err := p.pg.QueryContext(p.tx.ctx, rebind(query), args...)
		return rows, explain(err)
	}
	stmt, err := p.lite.prepare(p.tx.ctx, query)
	if err != nil {
		return nil, explain(err)
	}
	rows, err := stmt.QueryContext(p.tx.ctx, args...)
	return rows, explain(err)
}
