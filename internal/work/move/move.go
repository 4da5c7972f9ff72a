package move

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/work/house"
)

// Total is a control total of one table.
type Total struct {
	Table string
	Rows  int64
	Sum   [8]byte // over the contents of all rows, whatever their order
}

// Options are how a register is moved.
type Options struct {
	To       string                                     // addresses of PostgreSQL servers
	Progress func(table string, rows int64, whole bool) // called after each batch; may be nil
}

// batchRows is how many rows one transaction copies.
const batchRows = 5000

// Run moves a register. It returns the totals of the tables, which are the same on both sides.
func Run(ctx context.Context, o house.Options, m Options) ([]Total, error) {
	if !db.IsPostgres(m.To) {
		return nil, fmt.Errorf("the address to move to must begin with postgres://: %w", genbo.ErrInvalid)
	}
	h, err := house.Open(ctx, o)
	if err != nil {
		return nil, err
	}
	if h.DB.Engine() != db.SQLite {
		return nil, errors.Join(fmt.Errorf("the register is on PostgreSQL already: %w", genbo.ErrConflict), h.Close())
	}
	to, err := db.Open(ctx, m.To)
	if err != nil {
		return nil, errors.Join(err, h.Close())
	}
	var totals []Total
	err = to.Migrate(ctx)
	if err == nil {
		err = h.DB.Update(ctx, func(from *db.Tx) (err error) { // held to the end: nobody else writes
			totals, err = run(from, to, m)
			return err
		})
	}
	if err = errors.Join(err, to.Close(), h.Close()); err != nil {
		return nil, err
	}
	return totals, h.SwitchTo(m.To)
}

func run(from *db.Tx, to *db.DB, m Options) ([]Total, error) {
	list, err := tables(from)
	if err != nil {
		return nil, err
	}
	if err := claim(from, to); err != nil {
		return nil, err
	}
	for _, t := range list {
		if err := copyTable(from, to, t, m); err != nil {
			return nil, fmt.Errorf("copy %s: %w", t.name, err)
		}
	}
	return compare(from, to, list)
}

// whose is the row of move_progress that says which register is being moved; the others are tables.
const whose = "whose register"

// claim makes sure that the servers are empty or hold this register's unfinished move.
func claim(from *db.Tx, to *db.DB) error {
	var mine string
	if err := from.Home().Row("SELECT value FROM register WHERE name = ?", []any{"ring"}, &mine); err != nil {
		return fmt.Errorf("read whose register it is: %w", err)
	}
	return to.Update(from.Context(), func(tx *db.Tx) error {
		var there string
		err := tx.Home().Row("SELECT position FROM move_progress WHERE name = ?", []any{whose}, &there)
		if errors.Is(err, genbo.ErrNotFound) {
			var rows int64
			if err := tx.Everywhere(func(p *db.Part) error {
				var n int64
				err := p.Row("SELECT (SELECT count(*) FROM register) + (SELECT count(*) FROM person)", nil, &n)
				rows += n
				return err
			}); err != nil {
				return err
			}
			if rows > 0 {
				return fmt.Errorf("the servers hold a register already: %w", genbo.ErrConflict)
			}
			_, err = tx.Home().Exec("INSERT INTO move_progress (name, position, rows_in, done) VALUES (?, ?, 0, 0)", whose, mine)
			return err
		}
		if err == nil && there != mine {
			err = fmt.Errorf("the servers hold the unfinished move of another register: %w", genbo.ErrConflict)
		}
		return err
	})
}

// position is how far a table has come: the key of the last row, each column by its type.
type position struct {
	Key  []any
	Rows int64
	Done bool
}

// keyValue is a column of a key as JSON has it.
type keyValue struct {
	Int   *int64  `json:"i,omitempty"`
	Text  *string `json:"t,omitempty"`
	Bytes []byte  `json:"b,omitempty"`
}

func copyTable(from *db.Tx, to *db.DB, t table, m Options) error {
	var at position
	err := to.View(from.Context(), func(tx *db.Tx) (err error) {
		at, err = load(tx, t.name)
		return err
	})
	for err == nil && !at.Done {
		var rows [][]any
		if rows, err = readPage(from, t, at.Key); err != nil {
			return err
		}
		next := position{Key: at.Key, Rows: at.Rows + int64(len(rows)), Done: len(rows) < batchRows}
		if len(rows) > 0 {
			next.Key = t.keyOf(rows[len(rows)-1])
		}
		err = to.Update(from.Context(), func(tx *db.Tx) error {
			tx.Home() // touched first, so that how far the table has come commits last
			if err := writePage(tx, t, rows); err != nil {
				return err
			}
			return save(tx, t.name, next)
		})
		if err == nil && m.Progress != nil {
			m.Progress(t.name, next.Rows, next.Done)
		}
		at = next
	}
	return err
}

func load(tx *db.Tx, name string) (p position, err error) {
	var text string
	err = tx.Home().Row("SELECT position, rows_in, done FROM move_progress WHERE name = ?", []any{name}, &text, &p.Rows, &p.Done)
	if errors.Is(err, genbo.ErrNotFound) {
		return p, nil
	}
	var values []keyValue
	if err == nil {
		err = json.Unmarshal([]byte(text), &values)
	}
	for _, v := range values {
		switch {
		case v.Int != nil:
			p.Key = append(p.Key, *v.Int)
		case v.Text != nil:
			p.Key = append(p.Key, *v.Text)
		default:
			p.Key = append(p.Key, v.Bytes)
		}
	}
	return p, err
}

func save(tx *db.Tx, name string, p position) error {
	values := make([]keyValue, len(p.Key))
	for i, v := range p.Key {
		switch v := v.(type) {
		case int64:
			values[i].Int = &v
		case string:
			values[i].Text = &v
		case []byte:
			values[i].Bytes = v
		}
	}
	text, err := json.Marshal(values)
	if err != nil {
		return err
	}
	done := 0
	if p.Done {
		done = 1
	}
	_, err = tx.Home().Exec(`INSERT INTO move_progress (name, position, rows_in, done) VALUES (?, ?, ?, ?)
		ON CONFLICT (name) DO UPDATE SET position = excluded.position, rows_in = excluded.rows_in, done = excluded.done`, name, string(text), p.Rows, done)
	return err
}

func (t table) keyOf(row []any) (key []any) {
	for _, k := range t.key {
		for i, c := range t.columns {
			if c == k {
				key = append(key, row[i])
			}
		}
	}
	return key
}

func readPage(from *db.Tx, t table, behind []any) (rows [][]any, err error) {
	args := append(append([]any{}, behind...), batchRows)
	err = from.Home().Each(t.page(behind == nil), args, func(scan func(...any) error) error {
		row, err := scanRow(scan, len(t.columns))
		rows = append(rows, row)
		return err
	})
	return rows, err
}

func scanRow(scan func(...any) error, columns int) ([]any, error) {
	row, into := make([]any, columns), make([]any, columns)
	for i := range row {
		into[i] = &row[i]
	}
	err := scan(into...)
	for i, v := range row {
		if b, ok := v.([]byte); ok && b == nil {
			row[i] = []byte{} // SQLite's driver gives nil for an empty value, which would become NULL
		}
	}
	return row, err
}

func writePage(tx *db.Tx, t table, rows [][]any) error {
	by := map[*db.Part][]any{}
	for _, row := range rows {
		part := tx.Home()
		if t.bucket >= 0 {
			part = tx.On(genbo.Bucket(row[t.bucket].(int64)))
		}
		by[part] = append(by[part], row...)
	}
	head, tail := t.insert()
	for part, args := range by {
		if _, err := part.Insert(head, len(t.columns), args, tail); err != nil {
			return err
		}
	}
	return nil
}

// compare computes the totals of each table on both sides and returns them where they agree.
func compare(from *db.Tx, to *db.DB, list []table) (totals []Total, err error) {
	err = to.View(from.Context(), func(tx *db.Tx) error {
		for _, t := range list {
			here, err := total(from, t)
			if err != nil {
				return err
			}
			there, err := total(tx, t)
			if err != nil {
				return err
			}
			if here != there {
				return fmt.Errorf("the control totals of %s differ: %d rows with sum %x in the file, %d rows with sum %x on the servers: %w",
					t.name, here.Rows, here.Sum, there.Rows, there.Sum, genbo.ErrTampered)
			}
			totals = append(totals, here)
		}
		return nil
	})
	return totals, err
}

// total adds up the hashes of a table's rows. On several servers the home server alone has what belongs to no
// person; what the others have in such tables is their new schema's.
func total(tx *db.Tx, t table) (Total, error) {
	sum := Total{Table: t.name}
	var all uint64
	add := func(p *db.Part) error {
		return p.Each("SELECT "+strings.Join(t.columns, ", ")+" FROM "+t.name, nil, func(scan func(...any) error) error {
			row, err := scanRow(scan, len(t.columns))
			sum.Rows++
			all += hash(row)
			return err
		})
	}
	err := add(tx.Home())
	if t.bucket >= 0 {
		sum.Rows, all = 0, 0
		err = tx.Everywhere(add)
	}
	binary.BigEndian.PutUint64(sum.Sum[:], all)
	return sum, err
}

func hash(row []any) uint64 {
	var b []byte
	for _, v := range row {
		var content []byte
		kind := byte('0')
		switch v := v.(type) {
		case int64:
			kind, content = 'i', binary.BigEndian.AppendUint64(nil, uint64(v))
		case string:
			kind, content = 't', []byte(v)
		case []byte:
			kind, content = 'b', v
		}
		b = binary.AppendUvarint(append(b, kind), uint64(len(content)))
		b = append(b, content...)
	}
	h := sha256.Sum256(b)
	return binary.BigEndian.Uint64(h[:])
}
