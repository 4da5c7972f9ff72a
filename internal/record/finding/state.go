package finding

import (
	"context"
	"time"

	"genbo"
	"genbo/internal/base/db"
)

// State is what is known of a device or an office. The states grow worse in this order.
type State int

// The states.
const (
	Clean       State = iota // everything was read, and no more is unprotected than allowed
	Never                    // no scan has ever been reported
	Silent                   // nothing was reported for longer than the rule allows: not known
	Incomplete               // something could not be read, or no full scan has come to its end
	Unprotected              // more is unprotected than allowed, at least
)

func (s State) String() string {
	return [...]string{"clean", "never", "silent", "incomplete", "unprotected"}[s]
}

// States is every state, the best first.
var States = []State{Clean, Never, Silent, Incomplete, Unprotected}

// Device is a device and its latest report.
type Device struct {
	ID                     genbo.DeviceID
	Office                 genbo.OfficeID
	Placed                 bool // a security officer said where it stands
	State                  State
	Seq                    int64 // of its latest report, 0 for none
	At                     time.Time
	Stale                  bool // nothing was reported for longer than the rule allows, or never: what it reported may be true no more
	Partial                bool // something could not be read, or no full scan has come to its end
	Full                   bool
	Files, Unread, Persons int64
	Unprotected            int64
	BareSince              time.Time     // since when it reports unprotected cases; zero if it does not
	Ahead                  time.Duration // how far its clock is ahead of the core's; zero if it fits
	Agent                  string
}

// clockSlack is how far the clock of a device may be ahead.
const clockSlack = 5 * time.Minute

const deviceColumns = `d.device, d.office, d.placed, d.since, d.bare_at, d.full_at, COALESCE(f.seq, 0), COALESCE(f.at, 0), COALESCE(f.ended, 0), COALESCE(f.kind, ''),
	COALESCE(f.complete, 0), COALESCE(f.files, 0), COALESCE(f.unread, 0), COALESCE(f.persons, 0), COALESCE(f.bare, 0), COALESCE(f.agent, '')
	FROM finding_device d LEFT JOIN finding f ON f.device = d.device AND f.seq = d.seq`

// devices reads devices that a condition chooses. Those that are watched no more, and keep to it, are left out.
func (s *Store) devices(tx *db.Tx, where string, args ...any) (list []Device, err error) {
	err = tx.Home().Each("SELECT "+deviceColumns+" WHERE "+where+" ORDER BY d.device", args, func(scan func(...any) error) error {
		var d Device
		var placed, since, bare, full, at, ended, complete int64
		var kind string
		if err := scan(&d.ID, &d.Office, &placed, &since, &bare, &full, &d.Seq, &at, &ended, &kind, &complete, &d.Files, &d.Unread, &d.Persons, &d.Unprotected, &d.Agent); err != nil {
			return err
		}
		if placed > 0 && d.Office == "" && at <= since {
			return nil
		}
		d.Placed, d.Full = placed > 0, kind == "full"
		if d.Seq > 0 {
			d.At = db.FromMillis(at)
			if ahead := db.FromMillis(ended).Sub(d.At); ahead > clockSlack {
				d.Ahead = ahead.Truncate(time.Minute)
			}
		}
		if bare > 0 {
			d.BareSince = db.FromMillis(bare)
		}
		d.Stale = d.Seq == 0 || tx.Now.Sub(d.At) > s.rule.silent()
		d.Partial = d.Seq > 0 && (complete == 0 || full == 0 || d.Unread > 0)
		d.State = s.rule.state(d)
		list = append(list, d)
		return nil
	})
	return list, err
}

// state judges a device by its latest report alone.
func (r Rule) state(d Device) State {
	switch {
	case d.Seq == 0:
		return Never
	case d.Unprotected > r.Allowed:
		return Unprotected
	case d.Stale:
		return Silent
	case d.Partial:
		return Incomplete
	}
	return Clean
}

// Office is what is known of an office: the sum over its devices.
type Office struct {
	ID          genbo.OfficeID // "" is no office: devices that nobody has placed
	State       State
	Devices     int
	Unknown     int  // devices that are silent or were never scanned, whatever they reported before
	Partial     bool // a device could not read something, or no full scan of it has come to its end
	Files       int64
	Unread      int64
	Unprotected int64
	WeekAgo     int64 // the same devices' figure a week ago
	Measured    bool  // there is a figure of a week ago
	BareSince   time.Time
	LastAt      time.Time
	Ask         *Ask // what is asked of it and not proven yet
}

// AtLeast reports whether the figure may be higher than what was counted.
func (o Office) AtLeast() bool { return o.State == Never || o.Unknown > 0 || o.Partial }

// sum makes an office out of its devices.
func (r Rule) sum(id genbo.OfficeID, devices []Device) Office {
	o := Office{ID: id, Devices: len(devices), State: Never}
	if len(devices) > 0 {
		o.State = Clean
	}
	for _, d := range devices {
		o.Files += d.Files
		o.Unread += d.Unread
		o.Unprotected += d.Unprotected
		o.State = max(o.State, d.State)
		o.Partial = o.Partial || d.Partial
		if d.Stale {
			o.Unknown++
		}
		if !d.BareSince.IsZero() && (o.BareSince.IsZero() || d.BareSince.Before(o.BareSince)) {
			o.BareSince = d.BareSince
		}
		if d.At.After(o.LastAt) {
			o.LastAt = d.At
		}
	}
	if o.Unprotected > r.Allowed { // each device may be within the rule, and their sum not
		o.State = Unprotected
	}
	return o
}

// Offices returns every office that there is, by its code, and last the devices of no office, if there are any.
func (s *Store) Offices(ctx context.Context) (list []Office, err error) {
	err = s.db.View(ctx, func(tx *db.Tx) error {
		list = nil
		devices, err := s.devices(tx, "1 = 1")
		if err != nil {
			return err
		}
		byOffice := map[genbo.OfficeID][]Device{}
		for _, d := range devices {
			byOffice[d.Office] = append(byOffice[d.Office], d)
		}
		asks, err := s.asks(tx, "p.ask IS NULL")
		if err != nil {
			return err
		}
		week, err := weekAgo(tx)
		if err != nil {
			return err
		}
		add := func(id genbo.OfficeID) {
			o := s.rule.sum(id, byOffice[id])
			for _, d := range byOffice[id] {
				n, measured := week[d.ID]
				o.WeekAgo, o.Measured = o.WeekAgo+n, o.Measured || measured
			}
			for _, a := range asks {
				if a.Office == id {
					o.Ask = &a
				}
			}
			list = append(list, o)
		}
		offices, err := s.directory.OfficeCodes(tx)
		if err != nil {
			return err
		}
		for _, id := range offices {
			add(id)
		}
		if len(byOffice[""]) > 0 {
			add("")
		}
		return nil
	})
	return list, err
}

// weekAgo is the unprotected cases of each device by its last report of a week ago or before.
func weekAgo(tx *db.Tx) (map[genbo.DeviceID]int64, error) {
	figures := map[genbo.DeviceID]int64{}
	err := tx.Home().Each(`SELECT f.device, f.bare FROM finding_device d JOIN finding f ON f.device = d.device
		AND f.seq = (SELECT max(g.seq) FROM finding g WHERE g.device = d.device AND g.day <= ?)`, []any{dayOf(tx.Now.AddDate(0, 0, -7))},
		func(scan func(...any) error) error {
			var device genbo.DeviceID
			var n int64
			err := scan(&device, &n)
			figures[device] = n
			return err
		})
	return figures, err
}
