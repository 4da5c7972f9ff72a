package disclosure

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"genbo"
	"genbo/internal/base/bitmap"
	"genbo/internal/base/db"
	"genbo/internal/record/journal"
)

// Question chooses disclosures; zero fields choose all.
type Question struct {
	Device   genbo.DeviceID
	Staff    genbo.StaffID
	Office   genbo.OfficeID
	Purpose  string
	Extract  string
	From, To time.Time // To is excluded
}

// Count is how much was disclosed with one set of fields.
type Count struct {
	Fields  genbo.FieldSet
	Persons int
}

// Part is a segment of an answer.
type Part struct {
	Day            genbo.Date
	Device         genbo.DeviceID
	Staff          genbo.StaffID
	Office         genbo.OfficeID
	Purpose        string
	Extract        string
	Action         journal.Action
	Fields         genbo.FieldSet
	Persons, Cases int
	set            *bitmap.Set
}

// Answer is what was disclosed.
type Answer struct {
	Persons int
	Cases   int
	ByWidth []Count // persons by the widest set of fields of each, the most fields first
	Parts   []Part  // newest day first
}

// Ask answers a question, including all that was committed before it.
func (x *Index) Ask(ctx context.Context, q Question) (Answer, error) {
	if err := x.CatchUp(ctx); err != nil {
		return Answer{}, err
	}
	var a Answer
	err := x.db.View(ctx, func(tx *db.Tx) (err error) {
		a.Parts, err = x.parts(tx, q)
		return err
	})
	if err != nil {
		return Answer{}, fmt.Errorf("ask the disclosure index: %w", err)
	}
	t := bitmap.Count(members(a.Parts))
	a.Persons = t.Persons
	for mask, n := range t.ByMask {
		if n > 0 {
			a.ByWidth = append(a.ByWidth, Count{genbo.FieldSet(mask), n})
		}
	}
	slices.SortFunc(a.ByWidth, func(l, r Count) int {
		return cmp.Or(cmp.Compare(len(r.Fields.String()), len(l.Fields.String())), cmp.Compare(l.Fields, r.Fields))
	})
	for _, p := range a.Parts {
		a.Cases += p.Cases
	}
	return a, nil
}

func members(parts []Part) []bitmap.Member {
	list := make([]bitmap.Member, len(parts))
	for n, p := range parts {
		list[n] = bitmap.Member{Set: p.set, Mask: uint16(p.Fields)}
	}
	return list
}

// Roll calls fn with each person that a question chooses, ascending, and the widest set of his fields.
func (x *Index) Roll(ctx context.Context, q Question, fn func(genbo.PersonID, genbo.FieldSet) bool) error {
	a, err := x.Ask(ctx, q)
	if err != nil {
		return err
	}
	for id, mask := range bitmap.Roll(members(a.Parts)) {
		if !fn(genbo.PersonID(id), genbo.FieldSet(mask)) {
			break
		}
	}
	return nil
}

// window is the question's time in milliseconds.
func (q Question) window() (from, to int64) {
	from, to = 0, int64(1)<<62
	if !q.From.IsZero() {
		from = db.Millis(q.From)
	}
	if !q.To.IsZero() {
		to = db.Millis(q.To)
	}
	return from, to
}

// segments chooses the segments that a question touches.
func segments(tx *db.Tx, q Question) (list []Segment, err error) {
	from, to := q.window()
	query := "SELECT " + columns + " FROM disclosure WHERE last_at >= ? AND first_at < ?"
	args := []any{from, to}
	// The day leads the indexes; a day of slack lets it be computed without the zone.
	if !q.From.IsZero() {
		query, args = query+" AND day >= ?", append(args, int64(genbo.DateOf(q.From.In(genbo.Japan))))
	}
	if !q.To.IsZero() {
		query, args = query+" AND day <= ?", append(args, int64(genbo.DateOf(q.To.In(genbo.Japan))))
	}
	for _, c := range []struct{ column, value string }{{"device", string(q.Device)}, {"staff", string(q.Staff)}, {"office", string(q.Office)},
		{"purpose", q.Purpose}, {"extract", q.Extract}} {
		if c.value != "" {
			query, args = query+" AND "+c.column+" = ?", append(args, c.value)
		}
	}
	err = tx.Home().Each(query+" ORDER BY day DESC, first_at DESC", args, func(scan func(...any) error) error {
		s, err := scanSegment(scan)
		list = append(list, s)
		return err
	})
	return list, err
}

const columns = "day, device, staff, office, purpose, extract, action, fields, first_at, last_at, persons, cases"

func scanSegment(scan func(...any) error) (s Segment, err error) {
	var day, fields int64
	err = scan(&day, &s.device, &s.staff, &s.office, &s.purpose, &s.extract, &s.action, &fields, &s.FirstAt, &s.LastAt, &s.Persons, &s.Cases)
	s.day, s.fields = genbo.Date(day), genbo.FieldSet(fields)
	return s, err
}

// parts are the segments of a question with their people; those that its window cuts are made from the journal.
func (x *Index) parts(tx *db.Tx, q Question) (parts []Part, err error) {
	list, err := segments(tx, q)
	if err != nil {
		return nil, err
	}
	from, to := q.window()
	parts = make([]Part, 0, len(list))
	for _, s := range list {
		p := Part{s.day, s.device, s.staff, s.office, s.purpose, s.extract, s.action, s.fields, s.Persons, s.Cases, nil}
		if s.FirstAt >= from && s.LastAt < to {
			p.set, err = x.people(tx, s)
		} else {
			err = x.cut(tx, s, max(from, s.FirstAt), min(to, s.LastAt+1), &p)
		}
		if err != nil {
			return nil, err
		}
		if p.Cases > 0 {
			parts = append(parts, p)
		}
	}
	return parts, nil
}

// cut fills in the part of a segment that lies in a window, from the entries themselves.
func (x *Index) cut(tx *db.Tx, s Segment, from, to int64, p *Part) error {
	entries, err := x.journal.By(tx, s.staff, db.FromMillis(from), db.FromMillis(to))
	if err != nil {
		return err
	}
	g := &gathered{}
	for _, e := range entries {
		var d detail
		if !e.Action.Discloses() || e.Outcome != journal.Done || e.Detail != "" && json.Unmarshal([]byte(e.Detail), &d) != nil {
			continue
		}
		if keyOf(e, d.Extract, s.office) != s.key {
			continue
		}
		g.cases += e.People.Count()
		for person := range e.People.All() {
			g.people = append(g.people, person)
		}
	}
	b, persons := encode(g.people)
	p.Persons, p.Cases = persons, g.cases
	p.set, err = bitmap.Parse(b)
	return err
}
