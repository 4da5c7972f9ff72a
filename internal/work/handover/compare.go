package handover

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/record/access"
	"genbo/internal/record/extract"
	"genbo/internal/record/journal"
	"genbo/internal/work/desk"
)

// Finding is a row of a returned file that is not as it was handed out. Rows and lines count from 1; the heading
// is line 1 of a file.
type Finding struct {
	Row     int      `json:"row,omitempty"`     // of the file that was handed out
	Line    int64    `json:"line,omitempty"`    // of the returned file
	Earlier int64    `json:"earlier,omitempty"` // the line where the row was already
	Other   int      `json:"other,omitempty"`   // the row whose content stands there instead
	Columns []string `json:"columns,omitempty"` // that differ
}

// Findings are some rows: how many, and the first of them.
type Findings struct {
	Count int       `json:"count"`
	First []Finding `json:"first"`
}

// maxFindings is how many of a kind are listed.
const maxFindings = 1000

func (f *Findings) add(one Finding) {
	if f.Count++; len(f.First) < maxFindings {
		f.First = append(f.First, one)
	}
}

// Comparison is a returned file beside what was handed out. It holds no personal data.
type Comparison struct {
	Extract string   `json:"extract"`
	Out     int      `json:"out"`     // rows handed out
	Back    int      `json:"back"`    // rows in the returned file
	Same    int      `json:"same"`    // as they were
	Missing Findings `json:"missing"` // handed out, not returned
	Added   Findings `json:"added"`   // returned, never handed out
	Doubled Findings `json:"doubled"` // returned twice
	Changed Findings `json:"changed"` // with another content
	Mixed   Findings `json:"mixed"`   // with the content of another's row
	Broken  Findings `json:"broken"`  // lines that do not read
}

// Right reports whether the file is what was handed out, row for row.
func (c Comparison) Right() bool { return c.Same == c.Out && c.Back == c.Out && c.Broken.Count == 0 }

// Returned is [Handover.Compare] for whoever asked for a list or was handed it.
func (h *Handover) Returned(ctx context.Context, v desk.Visit, id string, file io.Reader) (Comparison, error) {
	if err := h.Desk.Check(v.Identity, access.UseExtracts); err != nil {
		return Comparison{}, err
	}
	by := v.Identity.Actor()
	err := h.DB.View(ctx, func(tx *db.Tx) error {
		e, err := h.extracts.Get(tx, id)
		if err == nil && e.Asker != by.Staff && e.Recipient != by.Staff {
			err = fmt.Errorf("the list is another's: %w", genbo.ErrForbidden)
		}
		return err
	})
	if err != nil {
		return Comparison{}, err
	}
	return h.Compare(ctx, by, id, file)
}

// Compare sets a file that a contractor returned beside the extract that was handed to him, before anything of it
// is taken in. Somebody else's content on a row raises an alarm.
func (h *Handover) Compare(ctx context.Context, by journal.Actor, id string, file io.Reader) (c Comparison, err error) {
	var e extract.Extract
	var m marks
	var at []extract.Event
	err = h.DB.View(ctx, func(tx *db.Tx) error {
		if e, err = h.extracts.Get(tx, id); err != nil {
			return err
		}
		if at, err = h.extracts.Events(tx, id); err != nil {
			return err
		}
		m, err = h.kept(tx, id)
		return err
	})
	at = slices.DeleteFunc(at, func(e extract.Event) bool { return e.Kind != extract.EventReleased })
	if errors.Is(err, genbo.ErrNotFound) && e.ID != "" || err == nil && len(at) == 0 {
		err = conflict(genbo.NewFault("", "extract.nothanded"))
	}
	if err != nil {
		return c, err
	}
	in, err := readReturned(file, Columns(e.Fields))
	if err != nil {
		return c, err
	}
	receipt, err := h.Journal.Account(ctx, entry(by, e, journal.ExtractReturn), func(*db.Tx) error { return nil })
	if err != nil {
		return c, err
	}
	out, err := handedOut(h.rows(ctx, receipt, e, m, at[len(at)-1].At, true), len(Columns(e.Fields)))
	if err != nil {
		return c, err
	}
	if c, err = out.compare(ctx, in, Columns(e.Fields)); err != nil {
		return c, err
	}
	c.Extract = e.ID
	return c, h.DB.Update(ctx, func(tx *db.Tx) error {
		if c.Mixed.Count > 0 {
			detail := fmt.Sprintf(`{"extract":%q,"count":%d}`, e.ID, c.Mixed.Count)
			if err := access.Raise(tx, access.MixedAlarm, by.Staff, detail); err != nil {
				return err
			}
		}
		return h.extracts.Note(tx, e.ID, extract.EventReturned, by, receipt.Entry())
	})
}

// sent is what was handed out, as hashes: some dozen bytes a row, so that a million rows are compared in memory.
type sent struct {
	hash  func(string) uint64
	width int
	cells []uint64       // of all rows, one after another
	byKey map[string]int // row of a sheet key
	byOne map[uint64]int // row of a first column, which is the number where rows are told by it
	line  []int64        // where each row was found in the returned file
	rowOf map[place]int  // a row of each cell; made when it is first needed
}

func handedOut(rows iter.Seq2[[]string, error], width int) (*sent, error) {
	s := &sent{hash: hasher(), width: width, byKey: map[string]int{}, byOne: map[uint64]int{}}
	for row, err := range rows {
		if err != nil {
			return nil, err
		}
		n := len(s.line)
		for _, cell := range row[:width] {
			s.cells = append(s.cells, s.hash(cell))
		}
		s.byKey[row[width]] = n
		s.byOne[s.cells[n*width]] = n
		s.line = append(s.line, 0)
	}
	return s, nil
}

func (s *sent) row(n int) []uint64 { return s.cells[n*s.width : (n+1)*s.width] }

func (s *sent) compare(ctx context.Context, in *returned, columns []string) (c Comparison, err error) {
	c.Out = len(s.line)
	for ; ; c.Back++ {
		if err := ctx.Err(); err != nil {
			return c, err
		}
		got, line, err := in.next(s.hash)
		if errors.Is(err, io.EOF) {
			break
		}
		if errors.Is(err, genbo.ErrInvalid) {
			c.Broken.add(Finding{Line: line})
			continue
		}
		if err != nil {
			return c, err
		}
		s.judge(&c, got, line, columns)
	}
	for n, line := range s.line {
		if line == 0 {
			c.Missing.add(Finding{Row: n + 1})
		}
	}
	return c, nil
}

// judge puts a returned row to where it belongs.
func (s *sent) judge(c *Comparison, got sheet, line int64, columns []string) {
	n, found := s.byKey[got.key]
	if !found && got.key == "" {
		n, found = s.byOne[got.cells[0]]
	}
	if !found {
		c.Added.add(Finding{Line: line})
		return
	}
	f := Finding{Row: n + 1, Line: line, Earlier: s.line[n]}
	if f.Earlier > 0 {
		c.Doubled.add(f)
		return
	}
	s.line[n] = line
	for i, want := range s.row(n) {
		if got.cells[i] != 0 && got.cells[i] != want {
			f.Columns = append(f.Columns, columns[i])
		}
	}
	if len(f.Columns) == 0 {
		c.Same++
		return
	}
	if f.Other = s.whose(got, n); f.Other > 0 {
		c.Mixed.add(f)
		return
	}
	c.Changed.add(f)
}

// place is a column and what stands in it.
type place struct {
	column int
	cell   uint64
}

// whose returns the row, from 1, that everything which differs in a returned row was taken from; 0 for none.
func (s *sent) whose(got sheet, n int) int {
	if s.rowOf == nil {
		s.rowOf = map[place]int{}
		for i, cell := range s.cells {
			s.rowOf[place{i % s.width, cell}] = i / s.width
		}
	}
	want := s.row(n)
	for i, cell := range got.cells {
		other, found := s.rowOf[place{i, cell}]
		if !found || cell == want[i] || other == n {
			continue
		}
		his := s.row(other)
		all := true
		for k, cell := range got.cells {
			all = all && (cell == 0 || cell == want[k] || cell == his[k])
		}
		if all {
			return other + 1
		}
	}
	return 0
}
