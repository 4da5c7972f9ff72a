package move

import (
	"fmt"
	"slices"
	"strings"

	"genbo/internal/base/db"
)

// table is a table with its columns.
type table struct {
	name    string
	columns []string
	key     []string // columns of the primary key, in order
	bucket  int      // place of the column that says on which server a row lies, -1 for the home server
}

// ofDatabase are tables that belong to a database and not to the register in it.
var ofDatabase = []string{"goose_db_version", "schema_checksum", "move_progress"}

// overwritten are tables that a new schema has rows in already, for which the file's count.
var overwritten = []string{"counter"}

// tables reads the tables of the file, those that others refer to first.
func tables(tx *db.Tx) (list []table, err error) {
	var names []string
	err = tx.Home().Each("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name", nil,
		func(scan func(...any) error) error {
			var name string
			err := scan(&name)
			names = append(names, name)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("list tables: %w", err)
	}
	refers := map[string][]string{}
	for _, name := range names {
		if slices.Contains(ofDatabase, name) {
			continue
		}
		t, to, err := describe(tx, name)
		if err != nil {
			return nil, fmt.Errorf("describe table %s: %w", name, err)
		}
		refers[name] = to
		list = append(list, t)
	}
	return order(list, refers), nil
}

func describe(tx *db.Tx, name string) (table, []string, error) {
	t := table{name: name, bucket: -1}
	place := map[int]string{}
	err := tx.Home().Each("SELECT name, pk FROM pragma_table_info(?) ORDER BY cid", []any{name}, func(scan func(...any) error) error {
		var column string
		var pk int
		if err := scan(&column, &pk); err != nil {
			return err
		}
		if column == "bucket" {
			t.bucket = len(t.columns)
		}
		if pk > 0 {
			place[pk] = column
		}
		t.columns = append(t.columns, column)
		return nil
	})
	for i := 1; i <= len(place); i++ {
		t.key = append(t.key, place[i])
	}
	var to []string
	if err == nil {
		err = tx.Home().Each(`SELECT DISTINCT "table" FROM pragma_foreign_key_list(?)`, []any{name}, func(scan func(...any) error) error {
			var other string
			err := scan(&other)
			to = append(to, other)
			return err
		})
	}
	return t, to, err
}

// order puts a table behind those that it refers to.
func order(list []table, refers map[string][]string) (ordered []table) {
	done := map[string]bool{}
	for len(ordered) < len(list) {
		before := len(ordered)
		for _, t := range list {
			ready := !done[t.name]
			for _, other := range refers[t.name] {
				ready = ready && (done[other] || other == t.name)
			}
			if ready {
				ordered, done[t.name] = append(ordered, t), true
			}
		}
		if len(ordered) == before {
			panic("tables refer to each other in a circle")
		}
	}
	return ordered
}

// page is the query for the rows behind a key.
func (t table) page(first bool) string {
	where := ""
	if !first {
		where = " WHERE (" + strings.Join(t.key, ", ") + ") > (?" + strings.Repeat(", ?", len(t.key)-1) + ")"
	}
	return "SELECT " + strings.Join(t.columns, ", ") + " FROM " + t.name + where + " ORDER BY " + strings.Join(t.key, ", ") + " LIMIT ?"
}

// insert is the statement for rows, and what it does with one that is there.
func (t table) insert() (head, tail string) {
	head = "INSERT INTO " + t.name + " (" + strings.Join(t.columns, ", ") + ") VALUES"
	if !slices.Contains(overwritten, t.name) {
		return head, "ON CONFLICT DO NOTHING"
	}
	var set []string
	for _, c := range t.columns {
		if !slices.Contains(t.key, c) {
			set = append(set, c+" = excluded."+c)
		}
	}
	return head, "ON CONFLICT (" + strings.Join(t.key, ", ") + ") DO UPDATE SET " + strings.Join(set, ", ")
}
