package finding

import (
	"cmp"
	"context"
	"slices"

	"genbo"
	"genbo/internal/base/db"
)

// Day is the figure of an office at the end of a day in Japan.
type Day struct {
	Day         genbo.Date
	Unprotected int64
}

// Detail is an office with all that is known of it.
type Detail struct {
	Office
	List   []Device
	Sets   []Set // the sum of the latest reports, the most unprotected first
	Copies []FoundCopy
	Asks   []Ask // the newest first
}

// FoundCopy is a copy of an extract that lies on a device.
type FoundCopy struct {
	Copy
	Device genbo.DeviceID
}

// Office tells all that is known of an office; "" is the devices of no office.
func (s *Store) Office(ctx context.Context, id genbo.OfficeID) (o Detail, err error) {
	err = s.db.View(ctx, func(tx *db.Tx) error {
		o = Detail{}
		if id != "" {
			if err := s.known(tx, id); err != nil {
				return genbo.ErrNotFound
			}
		}
		var err error
		if o.List, err = s.devices(tx, "d.office = ?", string(id)); err != nil {
			return err
		}
		o.Office = s.rule.sum(id, o.List)
		if err := s.latest(tx, &o); err != nil {
			return err
		}
		o.Asks, err = s.asks(tx, "a.office = ?", string(id))
		if len(o.Asks) > 0 && o.Asks[0].ProvenAt.IsZero() {
			o.Ask = &o.Asks[0]
		}
		return err
	})
	return o, err
}

// latest adds up what the latest reports of an office's devices say.
func (s *Store) latest(tx *db.Tx, o *Detail) error {
	sums := map[genbo.FieldSet]*Set{}
	for _, d := range o.List {
		err := tx.Home().Each("SELECT fields, open, weak, locked, persons FROM finding_set WHERE device = ? AND seq = ?", []any{string(d.ID), d.Seq},
			func(scan func(...any) error) error {
				var fields int64
				var one Set
				if err := scan(&fields, &one.Open, &one.Weak, &one.Locked, &one.Persons); err != nil {
					return err
				}
				one.Fields = genbo.FieldSet(fields)
				sum := sums[one.Fields]
				if sum == nil {
					sum = &Set{Fields: one.Fields}
					sums[one.Fields] = sum
				}
				sum.Open, sum.Weak, sum.Locked, sum.Persons = sum.Open+one.Open, sum.Weak+one.Weak, sum.Locked+one.Locked, sum.Persons+one.Persons
				return nil
			})
		if err != nil {
			return err
		}
		copies, err := copiesOf(tx, d.ID, d.Seq)
		if err != nil {
			return err
		}
		for id, cases := range copies {
			o.Copies = append(o.Copies, FoundCopy{Copy{id, cases}, d.ID})
		}
	}
	for _, sum := range sums {
		o.Sets = append(o.Sets, *sum)
	}
	slices.SortFunc(o.Sets, func(a, b Set) int {
		return cmp.Or(cmp.Compare(b.Open+b.Weak, a.Open+a.Weak), cmp.Compare(a.Fields, b.Fields))
	})
	slices.SortFunc(o.Copies, func(a, b FoundCopy) int {
		return cmp.Or(cmp.Compare(a.Extract, b.Extract), cmp.Compare(a.Device, b.Device))
	})
	return nil
}

// moment is a report or a placing, as history folds them.
type moment struct {
	at     int64
	day    genbo.Date
	device genbo.DeviceID
	office genbo.OfficeID
	bare   int64
	report bool
}

// History is the figure of an office on each of the last days, today last, from the first day that there is one. What a
// device reported counts to the office in which it stood then.
func (s *Store) History(ctx context.Context, id genbo.OfficeID, days int) (list []Day, err error) {
	var today genbo.Date
	var moments []moment
	err = s.db.View(ctx, func(tx *db.Tx) (err error) {
		today = genbo.Date(dayOf(tx.Now))
		moments, err = momentsOf(tx, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return fold(moments, id, today.AddDays(1-days), today), nil
}

// momentsOf reads the last report of each day and every placing of the devices that ever counted to an office.
func momentsOf(tx *db.Tx, id genbo.OfficeID) (list []moment, err error) {
	read := func(report bool) func(scan func(...any) error) error {
		return func(scan func(...any) error) error {
			var m moment
			var day int64
			err := scan(&m.device, &m.at, &day, &m.office, &m.bare)
			m.day, m.report = genbo.Date(day), report
			list = append(list, m)
			return err
		}
	}
	const ever = "(SELECT office_device.device FROM finding office_device WHERE office_device.office = ? UNION SELECT p.device FROM finding_place p WHERE p.office = ?)"
	home, office := tx.Home(), string(id)
	err = home.Each(`SELECT f.device, f.at, f.day, f.office, f.bare FROM finding f WHERE f.device IN `+ever+`
		AND f.seq = (SELECT max(g.seq) FROM finding g WHERE g.device = f.device AND g.day = f.day)`, []any{office, office}, read(true))
	if err == nil {
		err = home.Each("SELECT q.device, q.at, q.day, q.office, 0 FROM finding_place q WHERE q.device IN "+ever, []any{office, office}, read(false))
	}
	slices.SortStableFunc(list, func(a, b moment) int { return cmp.Compare(a.at, b.at) })
	return list, err
}

func fold(moments []moment, id genbo.OfficeID, from, to genbo.Date) (list []Day) {
	stands, bare := map[genbo.DeviceID]genbo.OfficeID{}, map[genbo.DeviceID]int64{}
	var sum int64
	known := false
	add := func(device genbo.DeviceID, sign int64) {
		if stands[device] == id {
			sum += sign * bare[device]
		}
	}
	for day := from; day <= to; day = day.AddDays(1) {
		for len(moments) > 0 && moments[0].day <= day {
			m := moments[0]
			moments = moments[1:]
			add(m.device, -1)
			stands[m.device] = m.office
			if m.report {
				bare[m.device] = m.bare
			}
			_, reported := bare[m.device]
			known = known || reported && m.office == id
			add(m.device, 1)
		}
		if known {
			list = append(list, Day{day, sum})
		}
	}
	return list
}
