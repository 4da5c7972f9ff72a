package db

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"sync"
	"time"
)

// rebound keeps the PostgreSQL form of each statement; the set of statements is the program's text.
var rebound sync.Map

// rebind turns "?" into $1, $2 … Statements hold no "?" but placeholders. Authored the other way round,
// numbered placeholders are quadratic in SQLite's drivers and silently swapped in one of them.
func rebind(query string) string {
	if q, ok := rebound.Load(query); ok {
		return q.(string)
	}
	var b strings.Builder
	n := 0
	for part := range strings.SplitSeq(query, "?") {
		if n > 0 {
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(n))
		}
		b.WriteString(part)
		n++
	}
	rebound.Store(query, b.String())
	return b.String()
}

// conn is a connection to SQLite with the statements prepared on it. The statements are the program's text,
// so there is a bounded number of them.
type conn struct {
	sql      *sql.Conn
	prepared map[string]*sql.Stmt
}

func (c *conn) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	if stmt, ok := c.prepared[query]; ok {
		return stmt, nil
	}
	stmt, err := c.sql.PrepareContext(ctx, query)
	if err == nil {
		c.prepared[query] = stmt
	}
	return stmt, err
}

func (c *conn) exec(ctx context.Context, query string) error {
	stmt, err := c.prepare(ctx, query)
	if err == nil {
		_, err = stmt.ExecContext(ctx)
	}
	return explain(err)
}

func (c *conn) close() error {
	var errs []error
	for _, stmt := range c.prepared {
		errs = append(errs, stmt.Close())
	}
	return errors.Join(append(errs, c.sql.Close())...)
}

// insertRows are the sizes of multi-row statements: few, so that few statements are prepared.
var insertRows = [...]int{256, 64, 16, 4, 1}

// Insert writes many rows with few statements. Head is "INSERT INTO t (a, b) VALUES"; args holds the
// columns of all rows one after another; tail may hold an ON CONFLICT clause. It returns how many rows
// were written.
func (p *Part) Insert(head string, columns int, args []any, tail string) (int64, error) {
	var total int64
	for len(args) > 0 {
		rows := len(args) / columns
		for _, size := range insertRows {
			if size <= rows {
				rows = size
				break
			}
		}
		n, err := p.Exec(insertText(head, columns, rows, tail), args[:rows*columns]...)
		if err != nil {
			return total, err
		}
		total += n
		args = args[rows*columns:]
	}
	return total, nil
}

type insertKey struct {
	head, tail    string
	columns, rows int
}

var insertTexts sync.Map

func insertText(head string, columns, rows int, tail string) string {
	key := insertKey{head, tail, columns, rows}
	if text, ok := insertTexts.Load(key); ok {
		return text.(string)
	}
	row := "(?" + strings.Repeat(",?", columns-1) + ")"
	text := head + " " + row + strings.Repeat(","+row, rows-1) + " " + tail
	insertTexts.Store(key, text)
	return text
}

// Millis is how an instant is stored: milliseconds since 1970 in UTC.
func Millis(t time.Time) int64 { return t.UnixMilli() }

// FromMillis reads what [Millis] gave.
func FromMillis(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
