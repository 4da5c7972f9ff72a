package document

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"genbo/internal/base/charset"
)

// The format is SQLite's (sqlite.org/fileformat2.html): pages of one size, of which each table is a tree.
const (
	sqliteHead      = 100
	leastUsable     = 480
	mostTables      = 10_000
	leastPage       = 512
	mostPage        = 65536
	rowLimit        = 16 << 20 // bytes of a row that are read
	definitionLimit = 1 << 20  // bytes of a table's definition; the rows of one that is longer are read without names
	sqliteInternals = "sqlite_"
)

var (
	errSQLite  = errors.New("sqlite: damaged")
	errLongRow = fmt.Errorf("sqlite: rows of more than %d MiB were cut", rowLimit>>20)
)

// sqlite reads the tables of a database. What its write-ahead log holds lies in another file, and is not seen.
type sqlite struct {
	src      Source
	page     int
	usable   int // bytes of a page
	encoding charset.Encoding
	out      Sink
	seen     pageSet
	long     bool     // a row was cut
	files    int      // values that are files
	spare    [][]byte // pages that are not needed any more
	payload  []byte   // the last row that did not fit into its page
}

func readSQLite(src Source, out Sink) error {
	var head [sqliteHead]byte
	if _, err := src.ReadAt(head[:], 0); err != nil {
		return fmt.Errorf("%w: %w: head: %w", ErrNotRead, errSQLite, err)
	}
	d := &sqlite{src: src, out: out, page: int(binary.BigEndian.Uint16(head[16:])), seen: pageSet{}}
	if d.page == 1 {
		d.page = mostPage
	}
	d.usable = d.page - int(head[20])
	if d.page < leastPage || d.page&(d.page-1) != 0 || d.usable < leastUsable {
		return fmt.Errorf("%w: %w: size of pages", ErrNotRead, errSQLite)
	}
	switch binary.BigEndian.Uint32(head[56:]) {
	case 2:
		d.encoding = charset.UTF16LE
	case 3:
		d.encoding = charset.UTF16BE
	default:
		d.encoding = charset.UTF8
	}
	return d.read()
}

func (d *sqlite) read() error {
	var errs []error
	tables, err := d.schema()
	if err != nil {
		errs = append(errs, fmt.Errorf("%w: its list of tables: %w", ErrNotRead, err))
	}
	for _, t := range tables {
		if err := d.table(t); err != nil {
			errs = append(errs, fmt.Errorf("%w: a table: %w", ErrNotRead, err))
		}
	}
	if d.long {
		errs = append(errs, fmt.Errorf("%w: %w", ErrNotRead, errLongRow))
	}
	if d.files > 0 {
		errs = append(errs, fmt.Errorf("%w: %d files in the cells of a database", ErrNotRead, d.files))
	}
	return errors.Join(errs...)
}

// schema reads the list of tables, which is a table itself, in the first page.
func (d *sqlite) schema() (tables []*sqliteTable, err error) {
	err = d.tree(1, func(_ int64, payload []byte) error {
		values, err := d.values(payload, nil)
		if err != nil {
			return err
		}
		if len(values) < 5 || string(d.text(values[0])) != "table" || strings.HasPrefix(string(d.text(values[1])), sqliteInternals) {
			return nil
		}
		root := values[3].number()
		if root == 0 { // a virtual table: what it keeps lies in others
			return nil
		}
		if len(tables) >= mostTables {
			return fmt.Errorf("more than %d tables", mostTables)
		}
		t := &sqliteTable{}
		if sql := d.text(values[4]); len(sql) <= definitionLimit {
			t = tableOf(string(sql))
		}
		t.root = uint32(root)
		tables = append(tables, t)
		return nil
	})
	return tables, err
}

// table hands out the rows of a table, below the names of its columns.
func (d *sqlite) table(t *sqliteTable) error {
	d.out.Begin()
	heading := make([][]byte, len(t.columns))
	for i, c := range t.columns {
		heading[i] = []byte(c.name)
	}
	if len(heading) > 0 {
		d.out.Row(heading)
	}
	stored := t.stored()
	var values []sqliteValue
	row := make([][]byte, len(heading))
	return d.tree(t.root, func(id int64, payload []byte) (err error) {
		if values, err = d.values(payload, values[:0]); err != nil {
			return err
		}
		row = row[:len(heading)]
		for i, at := range stored {
			switch c := t.columns[at]; {
			case i >= len(values): // the column is younger than the row
				row[at] = c.unset
			case c.rowID && values[i].kind == 0:
				row[at] = fmt.Append(nil, id)
			default:
				row[at] = d.text(values[i])
			}
		}
		for _, more := range values[min(len(values), len(stored)):] {
			row = append(row, d.text(more))
		}
		d.out.Row(row)
		return nil
	})
}
