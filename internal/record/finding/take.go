package finding

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/record/access"
	"genbo/internal/record/journal"
)

// Receipt answers a report. It says nothing about persons, nor about other devices.
type Receipt struct {
	Received time.Time
	Due      genbo.Date // by which the device's office is asked to act; zero if it is not
	Allowed  int64      // unprotected cases that the rule allows
}

// ErrTooOften is that a device reports more often than it may.
var ErrTooOften = errors.New("too many reports")

const (
	maxHourly = 60 // reports of one device
	// maxAlarms bounds the alarms of one report: whoever holds a certificate cannot bury the others. The office's page
	// shows every copy.
	maxAlarms = 20
	// shrunkFrom is from how many files on it is told when a device watches less than half of them. A folder taken out of
	// the watch would otherwise look like one that was mended.
	shrunkFrom = 100
)

// head is how far a device has come.
type head struct {
	office         genbo.OfficeID
	seq            int64
	bareAt, fullAt int64
}

// Take takes the report of a device and answers it.
func (s *Store) Take(ctx context.Context, device genbo.DeviceID, r Report) (Receipt, error) {
	if device == "" || len(device) > 200 {
		return Receipt{}, fmt.Errorf("no device: %w", genbo.ErrForbidden)
	}
	if err := r.check(); err != nil {
		return Receipt{}, err
	}
	r = r.canonical()
	digest, err := r.digest()
	if err != nil {
		return Receipt{}, err
	}
	out := Receipt{Allowed: s.rule.Allowed}
	var other bool
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		other = false
		if err := s.directory.Admitted(tx, device); err != nil {
			return err
		}
		h, err := lockHead(tx, device)
		if err != nil {
			return err
		}
		at, same, err := taken(tx, device, r.Scan, digest)
		switch {
		case err == nil && !same:
			other = true
			return fmt.Errorf("scan %s was reported with other content: %w", r.Scan, genbo.ErrConflict)
		case errors.Is(err, genbo.ErrNotFound):
			at, err = tx.Now, s.add(tx, device, h, r, digest)
		}
		if err != nil {
			return err
		}
		out.Received = at
		ask, err := s.openAsk(tx, h.office)
		out.Due = ask.Due
		return err
	})
	if other {
		return Receipt{}, errors.Join(err, s.rewritten(context.WithoutCancel(ctx), device, r.Scan))
	}
	if err != nil {
		return Receipt{}, fmt.Errorf("take report: %w", err)
	}
	return out, nil
}

// rewritten tells of a report that came again with other content; the refusal undid its own transaction.
func (s *Store) rewritten(ctx context.Context, device genbo.DeviceID, scan string) error {
	return s.db.Update(ctx, func(tx *db.Tx) error {
		detail := fmt.Sprintf(`{"device":%q,"scan":%q}`, device, scan)
		_, err := s.journal.Write(tx, journal.Entry{Actor: agent(device), Action: journal.FindingReport, Outcome: journal.Refused, Detail: detail})
		if err != nil {
			return err
		}
		return access.Raise(tx, access.RewriteAlarm, "", detail)
	})
}

// lockHead reads how far a device has come. The row stays locked, so that its reports follow one another.
func lockHead(tx *db.Tx, device genbo.DeviceID) (h head, err error) {
	_, err = tx.Home().Exec(`INSERT INTO finding_device (device, office, placed, since, seq, bare_at, full_at) VALUES (?, '', 0, 0, 0, 0, 0)
		ON CONFLICT (device) DO NOTHING`, string(device))
	if err == nil {
		err = tx.Home().Row("UPDATE finding_device SET seq = seq WHERE device = ? RETURNING office, seq, bare_at, full_at", []any{string(device)},
			&h.office, &h.seq, &h.bareAt, &h.fullAt)
	}
	return h, err
}

// taken looks whether a report was taken before, when, and whether it was the same.
func taken(tx *db.Tx, device genbo.DeviceID, scan string, digest []byte) (at time.Time, same bool, err error) {
	var millis int64
	var before []byte
	err = tx.Home().Row("SELECT at, digest FROM finding WHERE device = ? AND scan = ?", []any{string(device), scan}, &millis, &before)
	return db.FromMillis(millis), bytes.Equal(before, digest), err
}

// add records a report and what follows from it.
func (s *Store) add(tx *db.Tx, device genbo.DeviceID, h head, r Report, digest []byte) error {
	var hourly int
	err := tx.Home().Row("SELECT count(*) FROM finding WHERE device = ? AND at > ?", []any{string(device), db.Millis(tx.Now.Add(-time.Hour))}, &hourly)
	if err != nil {
		return err
	}
	if hourly >= maxHourly {
		return ErrTooOften
	}
	entry, err := s.write(tx, journal.Entry{Actor: agent(device), Action: journal.FindingReport, Detail: fmt.Sprintf(
		`{"scan":%q,"office":%q,"complete":%t,"files":%d,"unread":%d,"persons":%d,"unprotected":%d,"copies":%d,"digest":"%x"}`,
		r.Scan, h.office, r.Complete, r.Files, r.Unread, r.Persons, r.Unprotected(), len(r.Copies), digest)})
	if err != nil {
		return err
	}
	if err := s.alarms(tx, device, h, r); err != nil {
		return err
	}
	if err := insert(tx, device, h, r, digest, entry); err != nil {
		return err
	}
	return s.prove(tx, device, h.office)
}

func insert(tx *db.Tx, device genbo.DeviceID, h head, r Report, digest, entry []byte) error {
	kind, complete, seq := "changes", 0, h.seq+1
	if r.Full {
		kind = "full"
	}
	if r.Complete {
		complete = 1
	}
	now, home := db.Millis(tx.Now), tx.Home()
	_, err := home.Exec(`INSERT INTO finding (device, seq, scan, office, at, day, begun, ended, kind, complete, files, bytes, unread, persons, bare, agent, digest, entry)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, string(device), seq, r.Scan, string(h.office), now, dayOf(tx.Now),
		db.Millis(r.Begun), db.Millis(r.Ended), kind, complete, r.Files, r.Bytes, r.Unread, r.Persons, r.Unprotected(), r.Agent, digest, entry)
	if err != nil {
		return err
	}
	var sets, copies []any
	for _, one := range r.Sets {
		sets = append(sets, string(device), seq, int64(one.Fields), one.Open, one.Weak, one.Locked, one.Persons)
	}
	for _, one := range r.Copies {
		copies = append(copies, string(device), seq, one.Extract, one.Cases)
	}
	if _, err := home.Insert("INSERT INTO finding_set (device, seq, fields, open, weak, locked, persons) VALUES", 7, sets, ""); err != nil {
		return err
	}
	if _, err := home.Insert("INSERT INTO finding_copy (device, seq, extract, cases) VALUES", 4, copies, ""); err != nil {
		return err
	}
	switch {
	case r.Unprotected() == 0:
		h.bareAt = 0
	case h.bareAt == 0:
		h.bareAt = now
	}
	if r.Full && r.Complete {
		h.fullAt = now
	}
	_, err = home.Exec("UPDATE finding_device SET seq = ?, bare_at = ?, full_at = ? WHERE device = ?", seq, h.bareAt, h.fullAt, string(device))
	return err
}

// alarms tells of copies of extracts that were not there before, and of a watch that became much smaller.
func (s *Store) alarms(tx *db.Tx, device genbo.DeviceID, h head, r Report) error {
	before, err := copiesOf(tx, device, h.seq)
	if err != nil {
		return err
	}
	raised := 0
	for _, c := range r.Copies {
		if _, there := before[c.Extract]; there || raised == maxAlarms {
			continue
		}
		raised++
		if err := access.Raise(tx, access.CopyAlarm, "", fmt.Sprintf(`{"device":%q,"extract":%q,"cases":%d}`, device, c.Extract, c.Cases)); err != nil {
			return err
		}
	}
	var files int64
	err = tx.Home().Row("SELECT files FROM finding WHERE device = ? AND seq = ?", []any{string(device), h.seq}, &files)
	if errors.Is(err, genbo.ErrNotFound) {
		return nil
	}
	if err == nil && files >= shrunkFrom && r.Files < files/2 {
		err = access.Raise(tx, access.ShrunkAlarm, "", fmt.Sprintf(`{"device":%q,"before":%d,"files":%d}`, device, files, r.Files))
	}
	return err
}

// copiesOf is the copies that a report of a device names, with their cases.
func copiesOf(tx *db.Tx, device genbo.DeviceID, seq int64) (map[string]int64, error) {
	copies := map[string]int64{}
	err := tx.Home().Each("SELECT extract, cases FROM finding_copy WHERE device = ? AND seq = ?", []any{string(device), seq}, func(scan func(...any) error) error {
		var id string
		var cases int64
		err := scan(&id, &cases)
		copies[id] = cases
		return err
	})
	return copies, err
}

func dayOf(t time.Time) int64 { return int64(genbo.DateOf(t.In(genbo.Japan))) }
