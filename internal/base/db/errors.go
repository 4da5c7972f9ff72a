package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"genbo"
)

// ErrDuplicate is a row whose key is there already.
var ErrDuplicate = fmt.Errorf("there already: %w", genbo.ErrConflict)

// ErrAppendOnly is an attempt to change or remove a row of a table that only grows.
var ErrAppendOnly = errors.New("the table only grows: nothing in it is changed or removed")

// errRetry marks an error after which the same transaction may well succeed.
var errRetry = errors.New("another transaction was in the way")

// appendOnlyMessage is what the triggers of both engines say.
const appendOnlyMessage = "append-only"

// explain gives a driver's error its kind. The driver's own words stay inside; they hold SQL and table
// names, and never values.
func explain(err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	var lite *sqlite.Error
	var pg *pgconn.PgError
	switch {
	case errors.As(err, &lite):
		return explainSQLite(lite)
	case errors.As(err, &pg):
		return explainPostgres(pg)
	case errors.Is(err, driver.ErrBadConn), pgconn.SafeToRetry(err):
		return fmt.Errorf("%w: %w: %w", errRetry, genbo.ErrUnavailable, err)
	}
	return err
}

func explainSQLite(err *sqlite.Error) error {
	switch code := err.Code(); {
	case code == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY || code == sqlite3.SQLITE_CONSTRAINT_UNIQUE ||
		code == sqlite3.SQLITE_CONSTRAINT_ROWID:
		return ErrDuplicate
	case code == sqlite3.SQLITE_CONSTRAINT_TRIGGER && strings.Contains(err.Error(), appendOnlyMessage):
		return ErrAppendOnly
	case code&0xff == sqlite3.SQLITE_CONSTRAINT:
		return fmt.Errorf("a rule of the database refuses it: %w: %w", genbo.ErrConflict, err)
	case code&0xff == sqlite3.SQLITE_BUSY, code&0xff == sqlite3.SQLITE_LOCKED:
		return fmt.Errorf("%w: %w: %w", errRetry, genbo.ErrUnavailable, err)
	case code&0xff == sqlite3.SQLITE_FULL:
		return fmt.Errorf("the disk is full; nothing of this step was written: make room and try again: %w", genbo.ErrUnavailable)
	case code&0xff == sqlite3.SQLITE_IOERR, code&0xff == sqlite3.SQLITE_READONLY, code&0xff == sqlite3.SQLITE_CANTOPEN:
		return fmt.Errorf("the database file cannot be read or written: %w: %w", genbo.ErrUnavailable, err)
	case code&0xff == sqlite3.SQLITE_CORRUPT, code&0xff == sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("the file is no whole SQLite database: %w: %w", genbo.ErrTampered, err)
	}
	return err
}

func explainPostgres(err *pgconn.PgError) error {
	switch err.Code {
	case "23505":
		return ErrDuplicate
	case "40001", "40P01":
		return fmt.Errorf("%w: %w: %w", errRetry, genbo.ErrUnavailable, err)
	case "53100":
		return fmt.Errorf("the database's disk is full; nothing of this step was written: %w", genbo.ErrUnavailable)
	case "53300", "57P01", "57P02", "57P03":
		return fmt.Errorf("%w: %w", genbo.ErrUnavailable, err)
	case "P0001":
		if strings.Contains(err.Message, appendOnlyMessage) {
			return ErrAppendOnly
		}
	case "42501":
		return fmt.Errorf("the database role has no right to it: %w: %w", genbo.ErrForbidden, err)
	}
	if strings.HasPrefix(err.Code, "23") {
		return fmt.Errorf("a rule of the database refuses it: %w: %w", genbo.ErrConflict, err)
	}
	return err
}
