package db_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/base/db/dbtest"
)

func update(t *testing.T, d *db.DB, fn func(tx *db.Tx) error) {
	t.Helper()
	if err := d.Update(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

func next(tx *db.Tx) (n int64, err error) {
	err = tx.Home().Row("SELECT next FROM counter WHERE name = ?", []any{"person"}, &n)
	return n, err
}

func TestUpdateCommitsOrUndoes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		stop := errors.New("stop")
		err := d.Update(context.Background(), func(tx *db.Tx) error {
			if _, err := tx.Home().Exec("UPDATE counter SET next = next + ? WHERE name = ?", 10, "person"); err != nil {
				return err
			}
			return stop
		})
		if !errors.Is(err, stop) {
			t.Fatalf("got %v, want the function's own error", err)
		}
		update(t, d, func(tx *db.Tx) error {
			n, err := next(tx)
			if n != 1 {
				t.Errorf("after an undone update next is %d, want 1", n)
			}
			return err
		})
	})
}

func TestConcurrentUpdatesLoseNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const workers, each = 8, 20
		errs := make(chan error, workers)
		for range workers {
			go func() {
				var err error
				for range each {
					err = errors.Join(err, d.Update(context.Background(), func(tx *db.Tx) error {
						_, err := tx.Home().Exec("UPDATE counter SET next = next + 1 WHERE name = ?", "person")
						return err
					}))
				}
				errs <- err
			}()
		}
		for range workers {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
		update(t, d, func(tx *db.Tx) error {
			n, err := next(tx)
			if n != workers*each+1 {
				t.Errorf("next is %d, want %d", n, workers*each+1)
			}
			return err
		})
	})
}

// A cancelled caller must leave the one writing connection usable.
func TestCancelledUpdateLeavesNothingBehind(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, cancel := context.WithCancel(context.Background())
		err := d.Update(ctx, func(tx *db.Tx) error {
			if _, err := tx.Home().Exec("UPDATE counter SET next = 99 WHERE name = ?", "person"); err != nil {
				return err
			}
			cancel()
			_, err := next(tx)
			return err
		})
		if err == nil {
			t.Fatal("an update under a cancelled context succeeded")
		}
		update(t, d, func(tx *db.Tx) error {
			n, err := next(tx)
			if n != 1 {
				t.Errorf("next is %d, want 1", n)
			}
			return err
		})
	})
}

func TestInsertWritesEveryRow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const rows = 1023 // takes statements of every size
		var args []any
		for i := range rows {
			args = append(args, 7, []byte{byte(i >> 8), byte(i)}, i)
		}
		update(t, d, func(tx *db.Tx) error {
			n, err := tx.On(7).Insert("INSERT INTO number_token (bucket, token, person) VALUES", 3, args, "")
			if n != rows {
				t.Errorf("wrote %d rows, want %d", n, rows)
			}
			return err
		})
		err := d.Update(context.Background(), func(tx *db.Tx) error {
			_, err := tx.On(7).Insert("INSERT INTO number_token (bucket, token, person) VALUES", 3, args[:3], "")
			return err
		})
		if !errors.Is(err, db.ErrDuplicate) || !errors.Is(err, genbo.ErrConflict) {
			t.Errorf("the same key twice gives %v, want ErrDuplicate", err)
		}
	})
}

func TestAppendOnlyTablesRefuseChange(t *testing.T) {
	tables := map[string]string{ // table → a column to change
		"journal_entry": "at", "journal_person": "at", "journal_leaf": "at", "journal_hash": "hash", "journal_checkpoint": "note",
		"person_fact": "sealed", "person_office": "office", "person_number": "sealed", "person_number_state": "state",
		"person_merge": "version", "person_absorbed": "active", "person_proposal": "sealed",
		"approval": "reason", "approval_person": "person", "approval_vote": "verdict", "approval_outcome": "outcome",
	}
	dbtest.EachAddress(t, func(t *testing.T, address string) {
		d, err := db.Open(context.Background(), address)
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		for table, column := range tables {
			for _, statement := range []string{"UPDATE " + table + " SET " + column + " = " + column, "DELETE FROM " + table} {
				if d.Engine() == db.SQLite {
					statement = strings.Replace(statement, "journal_leaf SET at", "journal_leaf SET seq", 1)
				}
				err := d.Update(context.Background(), func(tx *db.Tx) error {
					if d.Engine() == db.SQLite {
						plantRow(t, tx, table) // SQLite's triggers speak for rows, so there has to be one
					}
					_, err := tx.Home().Exec(statement)
					return err
				})
				wanted := db.ErrAppendOnly
				if d.Engine() == db.Postgres {
					wanted = genbo.ErrForbidden // the role has no right, before any trigger is asked
				}
				if !errors.Is(err, wanted) {
					t.Errorf("%s: got %v, want %v", statement, err, wanted)
				}
			}
		}
	})
}

// plantRow inserts a row of zeros into a table, whatever its columns.
func plantRow(t *testing.T, tx *db.Tx, table string) {
	t.Helper()
	var columns, values []string
	err := tx.Home().Each("SELECT name, type FROM pragma_table_info(?)", []any{table}, func(scan func(...any) error) error {
		var name, kind string
		if err := scan(&name, &kind); err != nil {
			return err
		}
		value := map[string]string{"INTEGER": "1", "BLOB": "x'00'", "TEXT": "'x'"}[kind]
		switch {
		case table == "person_fact" && name == "kind":
			value = "'name'"
		case table == "person_number" && name == "kind":
			value = "'pension'"
		case name == "state":
			value = "'current'"
		case name == "verdict":
			value = "'approve'"
		case name == "outcome" && table == "approval_outcome":
			value = "'done'"
		case name == "voter":
			value = "'y'"
		case name == "into_person":
			value = "NULL"
		}
		columns, values = append(columns, name), append(values, value)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasPrefix(table, "approval_") {
		plantRow(t, tx, "approval")
	}
	if _, err := tx.Home().Exec("INSERT OR IGNORE INTO " + table + " (" + strings.Join(columns, ",") + ") VALUES (" + strings.Join(values, ",") + ")"); err != nil {
		t.Fatalf("plant a row in %s: %v", table, err)
	}
}

// The owner of the tables has the right, and is stopped by the triggers.
func TestAppendOnlyForTheOwnerToo(t *testing.T) {
	servers := dbtest.Servers(t)
	if len(servers) == 0 {
		return
	}
	owner := ownerAddress(t, servers[0], dbtest.Postgres(t, servers[:1]))
	pool, err := sql.Open("pgx", owner)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	for _, statement := range []string{"UPDATE journal_entry SET at = 1", "DELETE FROM person_fact", "TRUNCATE journal_leaf", "TRUNCATE person"} {
		if _, err := pool.Exec(statement); err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s as owner: got %v, want append-only", statement, err)
		}
	}
}

func ownerAddress(t *testing.T, server, address string) string {
	t.Helper()
	base, _, _ := strings.Cut(server, "?")
	name := address[strings.LastIndex(address, "/")+1:]
	return base[:strings.LastIndex(base, "/")+1] + name
}

func TestClockThatJumpsBack(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	d, err := db.Open(context.Background(), dbtest.SQLite(t), db.WithClock(func() time.Time { return now }))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	at := func() (got time.Time, err error) {
		err = d.Update(context.Background(), func(tx *db.Tx) error { got = tx.Now; return nil })
		return got, err
	}
	first, err := at()
	if err != nil {
		t.Fatal(err)
	}
	now = now.Add(-30 * time.Second)
	if second, err := at(); err != nil || second.Before(first) {
		t.Errorf("half a minute back: got %v, %v, want the last time again", second, err)
	}
	now = now.Add(-time.Hour)
	if _, err := at(); !errors.Is(err, genbo.ErrUnavailable) || !strings.Contains(err.Error(), "set the clock") {
		t.Errorf("an hour back: got %v, want a refusal that says what to do", err)
	}
}

func TestFileThatIsNoDatabase(t *testing.T) {
	file := filepath.Join(t.TempDir(), "genbo.db")
	if err := os.WriteFile(file, []byte(strings.Repeat("not a database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := db.Open(context.Background(), file)
	if !errors.Is(err, genbo.ErrTampered) {
		t.Errorf("got %v, want ErrTampered", err)
	}
}

func TestNewFileIsForItsOwnerOnly(t *testing.T) {
	file := dbtest.SQLite(t)
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode().Perm(); mode != 0o600 {
		t.Errorf("mode is %o, want 600", mode)
	}
}

func TestSharedCallsFailAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const callers = 40
		stop := errors.New("stop")
		errs := make(chan error, callers)
		for i := range callers {
			go func() {
				errs <- d.Share(context.Background(), func(tx *db.Tx) error {
					if _, err := tx.Home().Exec("UPDATE counter SET next = next + 1 WHERE name = ?", "person"); err != nil {
						return err
					}
					if i%4 == 0 {
						return stop
					}
					return nil
				})
			}()
		}
		failed := 0
		for range callers {
			if err := <-errs; errors.Is(err, stop) {
				failed++
			} else if err != nil {
				t.Error(err)
			}
		}
		update(t, d, func(tx *db.Tx) error {
			n, err := next(tx)
			if want := int64(1 + callers - callers/4); n != want || failed != callers/4 {
				t.Errorf("next is %d and %d failed, want %d and %d", n, failed, want, callers/4)
			}
			return err
		})
	})
}
